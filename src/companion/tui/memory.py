"""Being a small guest."""

import sys


def give_back_memory() -> None:
    """Return to the system what loading the program needed only for a moment.

    glibc keeps it for later use: about 8 MB, of which we never have any.
    """
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
