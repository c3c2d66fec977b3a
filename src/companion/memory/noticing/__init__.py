"""Noticing what a message tells of its writer's life: precise rules, no model."""
