"""Trains an adapter of low rank (LoRA) that lets a small model talk like her."""
