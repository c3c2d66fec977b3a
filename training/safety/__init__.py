"""How the classifier of the crisis screen is built."""
