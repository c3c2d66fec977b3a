"""A conversation: its turns, its history, its beginnings."""
