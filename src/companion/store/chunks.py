"""The pieces in which a reply came: one JSON list of seconds and lengths a reply."""

import json
from collections.abc import Iterable

from companion.domain.message import Chunk
from companion.store.sqlite import Database


def keep_chunks(database: Database, message_id: int, chunks: Iterable[Chunk]) -> None:
    """Keep the pieces of a reply, if there are any."""
    listed = [[chunk.seconds, chunk.characters] for chunk in chunks]
    if listed:
        database.conn.execute(
            "INSERT OR REPLACE INTO reply_chunks VALUES (?, ?)", (message_id, json.dumps(listed))
        )


def read_chunks(database: Database, message_id: int) -> tuple[Chunk, ...]:
    """Return the pieces of a reply; none where they are not known."""
    query = "SELECT chunks FROM reply_chunks WHERE message_id = ?"
    row = database.conn.execute(query, (message_id,)).fetchone()
    return tuple(Chunk(seconds, length) for seconds, length in json.loads(row[0])) if row else ()
