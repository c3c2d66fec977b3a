"""Conversations that teach a language model to talk like her, and their checks."""
