"""Training of the mood model."""
