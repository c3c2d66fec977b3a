"""Language models, one file a kind."""
