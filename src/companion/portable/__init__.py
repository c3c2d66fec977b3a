"""Files that leave and files that come in."""
