"""The embedded model: what there is, how it is fetched, how it is run."""
