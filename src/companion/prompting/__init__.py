"""From prompt files and history to the messages a model reads."""
