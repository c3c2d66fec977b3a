"""Giving messages the numbers that they had elsewhere."""

from companion.store.database import Store

_RAISE = "UPDATE sqlite_sequence SET seq = ? WHERE name = 'messages' AND seq < ?"
_BEGIN = "INSERT INTO sqlite_sequence SELECT 'messages', ? WHERE NOT EXISTS (" + (
    "SELECT 1 FROM sqlite_sequence WHERE name = 'messages')"
)


def number_next_message(store: Store, number: int) -> None:
    """Let the next message have a number, or a higher one where that is already given."""
    with store.writing() as database:
        database.conn.execute(_BEGIN, (number - 1,))
        database.conn.execute(_RAISE, (number - 1, number - 1))
