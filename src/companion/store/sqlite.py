"""sqlite-utils, loaded without NumPy.

It loads NumPy wherever that is installed, to map types of columns that we do not have:
20 MB and a fifth of a second before the first word, in a chat that may never need it.
"""

import sys

_absent = "numpy" not in sys.modules
if _absent:
    sys.modules["numpy"] = None  # type: ignore[assignment]

from sqlite_utils import Database  # noqa: E402
from sqlite_utils.migrations import Migrations  # noqa: E402

if _absent:
    del sys.modules["numpy"]

__all__ = ["Database", "Migrations"]
