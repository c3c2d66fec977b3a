"""Mood: judged from a message, drifting over time, put into words."""

# First, so that NumPy is told how many threads it may have before it is imported.
import companion.words  # noqa: F401
