"""When each piece of a reply came."""

from companion.store.sqlite import Database

_SCHEMA = """
CREATE TABLE reply_chunks (
    message_id INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
    chunks TEXT NOT NULL
)
"""


def apply(database: Database) -> None:
    """Add the table of the pieces of replies."""
    database.execute(_SCHEMA)
