"""sqlite-utils, loaded without NumPy.

It loads NumPy wherever that is installed, to map types of columns that we do not have:
20 MB and a fifth of a second before the first word, in a chat that may never need it.
"""

import sys
from collections.abc import Generator, Sequence
from functools import lru_cache
from typing import Any

_absent = "numpy" not in sys.modules
if _absent:
    sys.modules["numpy"] = None  # type: ignore[assignment]

from sqlite_utils import Database  # noqa: E402
from sqlite_utils.migrations import Migrations  # noqa: E402
from sqlite_utils.utils import dedupe_keys  # noqa: E402

if _absent:
    del sys.modules["numpy"]

__all__ = ["Database", "Migrations", "QuickDatabase"]


@lru_cache(maxsize=256)
def _name_columns(columns: tuple[str, ...]) -> list[str]:
    return list(dedupe_keys(columns))


class QuickDatabase(Database):
    """A database whose ``query`` only reads, so that it needs no savepoint around it.

    A turn reads some forty times: the savepoints were a twentieth of its time.
    """

    def query(
        self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """Return rows by the names of their columns, as ``sqlite_utils.Database.query``."""
        cursor = self.conn.execute(sql, params or ())
        names = _name_columns(tuple(column[0] for column in cursor.description))
        return (dict(zip(names, row, strict=True)) for row in cursor)
