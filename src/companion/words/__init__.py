"""Words as the networks read them: what mood and safety share."""

import os

# Before NumPy is first imported: one message is too little work for two threads, and the
# embedded model needs them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
