"""Erasing memories, and keeping messages from coming back to mind."""

from collections.abc import Collection, Iterable, Sequence

from companion.domain.memories import Forgotten
from companion.domain.message import Message
from companion.store.database import Store
from companion.store.memory_rows import listed
from companion.store.outdating import drop_reflection
from companion.store.rows import MESSAGE, read_messages
from companion.store.turn_index import quote

_MESSAGES = f"SELECT {MESSAGE} FROM messages AS m WHERE"
_THOSE = "IN (SELECT value FROM json_each(?))"
_WITH_PREDECESSORS = """
WITH RECURSIVE chain(id) AS (
    SELECT value FROM json_each(?)
    UNION
    SELECT m.id FROM memories AS m JOIN chain ON m.replaced_by = chain.id
)
SELECT memories.id FROM memories JOIN chain USING (id)
"""


class Forgetting:
    """Lets go of things; part of ``protocols.MemoryShelf``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def forget(self, memory_ids: Collection[int], message_ids: Collection[int] = ()) -> Forgotten:
        """Erase memories, with what they replaced, so that no byte of them stays.

        Where nothing is named nothing is touched, not even the backups.
        """
        if not memory_ids and not message_ids:
            return Forgotten(0, 0)
        with self._store.erasing() as database:
            connection = database.conn
            rows = connection.execute(_WITH_PREDECESSORS, (listed(memory_ids),)).fetchall()
            gone = listed(row[0] for row in rows)
            sources = connection.execute(
                f"SELECT message_id FROM memory_sources WHERE memory_id {_THOSE}", (gone,)
            ).fetchall()
            silent = {*message_ids, *(row[0] for row in sources)}
            marked = connection.execute(
                f"UPDATE messages SET forgotten = 1 WHERE NOT forgotten AND id {_THOSE}",
                (listed(silent),),
            )
            connection.execute(f"DELETE FROM memories WHERE id {_THOSE}", (gone,))
            drop_reflection(database)
            connection.execute("INSERT INTO memory_words (memory_words) VALUES ('optimize')")
        return Forgotten(len(rows), marked.rowcount)

    def said_with(self, names: Iterable[Sequence[str]]) -> list[Message]:
        """Return messages of every branch that have all words of one of the names."""
        sought = [words for words in names if words]
        query = " OR ".join(f"({' AND '.join(map(quote, words))})" for words in sought)
        if not query:
            return []
        indexed = "m.id IN (SELECT rowid FROM turns WHERE turns MATCH ?)"
        with self._store.reading() as database:
            found = read_messages(database, f"{_MESSAGES} {indexed}", [query])
            # Only what is on an active branch is in the index; of the rest there is little.
            others = read_messages(database, f"{_MESSAGES} NOT m.on_branch")
            return found + [
                message
                for message in others
                if any(all(word in message.text.lower() for word in words) for words in sought)
            ]

    def following(self, message_ids: Collection[int]) -> list[Message]:
        """Return the messages that come right after these."""
        with self._store.reading() as database:
            query = f"{_MESSAGES} m.parent_id {_THOSE}"
            return read_messages(database, query, [listed(message_ids)])

    def forgotten(self, conversation_id: int) -> frozenset[int]:
        """Return the messages of a conversation that are not to be recalled."""
        with self._store.reading() as database:
            rows = database.conn.execute(
                "SELECT id FROM messages WHERE conversation_id = ? AND forgotten",
                (conversation_id,),
            ).fetchall()
        return frozenset(row[0] for row in rows)
