"""Mood: judged from a message, drifting over time, put into words."""
