"""Playing recorded conversations again, and comparing."""
