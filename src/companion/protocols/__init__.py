"""The small seams through which the core speaks to the world."""
