"""Companion: someone in your terminal who listens and remembers, on your own machine."""

import os

__version__ = "0.1.0"

# Before NumPy is first imported: one message is too little work for two threads, and the
# embedded model needs them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
