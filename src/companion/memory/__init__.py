"""Recall of what was said: ranking without any database."""
