"""Companion: someone in your terminal who listens and remembers, on your own machine."""

__version__ = "0.1.0"
