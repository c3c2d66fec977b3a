"""The chat and what may lie over it."""
