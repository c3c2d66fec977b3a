"""What is remembered: kept with its source, closed when it changes."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime

from companion.domain.errors import StoreError
from companion.domain.memories import Kind, Learned, MadeBy, Memory, Use
from companion.store.database import Store
from companion.store.forgetting import Forgetting
from companion.store.learning import Learning
from companion.store.memory_rows import add_sources, insert, listed, select
from companion.store.outdating import drop_corrected
from companion.store.times import from_text, to_text
from companion.store.turn_index import quote

_HOLDS = "m.closed_at IS NULL"
_CHAIN = """
WITH RECURSIVE chain(id) AS (
    VALUES (:id)
    UNION
    SELECT m.id FROM memories AS m JOIN chain ON m.replaced_by = chain.id
    UNION
    SELECT m.replaced_by FROM memories AS m JOIN chain ON m.id = chain.id
    WHERE m.replaced_by IS NOT NULL
)
SELECT id FROM chain
"""


class SqliteMemoryShelf(Learning, Forgetting):
    """``protocols.MemoryShelf`` in SQLite."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)

    def memory(self, memory_id: int) -> Memory:
        """Return one memory."""
        with self._store.reading() as database:
            found = add_sources(database, select(database, "WHERE m.id = ?", [memory_id]))
        if not found:
            raise StoreError(
                f"There is no memory {memory_id}. companion memory list shows those that there are."
            )
        return found[0]

    def memories(self, *, closed: bool = False) -> list[Memory]:
        """Return what holds, oldest first; with ``closed``, what once held as well."""
        which = "" if closed else f"WHERE {_HOLDS}"
        with self._store.reading() as database:
            found = select(database, f"{which} ORDER BY m.said_at, m.id")
            return add_sources(database, found)

    def known(self) -> list[Memory]:
        """Return what holds, oldest first, without its sources."""
        with self._store.reading() as database:
            return select(database, f"WHERE {_HOLDS} ORDER BY m.said_at, m.id")

    def add_sources(self, memories: Sequence[Memory]) -> list[Memory]:
        """Return memories with their sources."""
        with self._store.reading() as database:
            return add_sources(database, memories)

    def history(self, memory_id: int) -> list[Memory]:
        """Return a memory, those that it replaced and those that replaced it, oldest first."""
        self.memory(memory_id)
        with self._store.reading() as database:
            ids = [row[0] for row in database.conn.execute(_CHAIN, {"id": memory_id})]
            which = "WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY m.said_at, m.id"
            return add_sources(database, select(database, which, [listed(ids)]))

    def find(self, words: Iterable[str], limit: int) -> list[Memory]:
        """Return memories that hold and have one of the words (folded), the best first."""
        query = " OR ".join(map(quote, words))
        if not query:
            return []
        which = (
            "JOIN (SELECT rowid AS found, rank AS fit FROM memory_words WHERE memory_words "
            f"MATCH ?) ON found = m.id WHERE {_HOLDS} ORDER BY fit LIMIT ?"
        )
        with self._store.reading() as database:
            return select(database, which, [query, limit])

    def always(self) -> list[Memory]:
        """Return what is told whatever is spoken of: pinned memories and wishes."""
        which = f"WHERE {_HOLDS} AND (m.pinned OR m.kind = ?) ORDER BY m.pinned DESC, m.id DESC"
        with self._store.reading() as database:
            return select(database, which, [Kind.WISH])

    def dated(self, since: date, until: date) -> list[Memory]:
        """Return what holds and falls into a stretch of days, and every birthday."""
        days = (since.isoformat(), until.isoformat())
        which = (
            f"WHERE {_HOLDS} AND (m.kind = ? OR (m.about_to >= ? AND m.about_from <= ?)) "
            "ORDER BY m.about_from, m.id"
        )
        with self._store.reading() as database:
            return select(database, which, [Kind.BIRTHDAY, *days])

    def of_kinds(self, kinds: Collection[Kind], limit: int) -> list[Memory]:
        """Return what holds of some kinds, those told last first."""
        which = (
            f"WHERE {_HOLDS} AND m.kind IN (SELECT value FROM json_each(?)) "
            "ORDER BY m.said_at DESC, m.id DESC LIMIT ?"
        )
        with self._store.reading() as database:
            return select(database, which, [listed(kinds), limit]) if kinds else []

    def told_in(self, message_ids: Collection[int]) -> frozenset[int]:
        """Return the memories that were told with one of these messages, or came from one."""
        those = "message_id IN (SELECT value FROM json_each(:ids))"
        query = (
            f"SELECT memory_id FROM memory_uses JOIN told_memories USING (message_id) WHERE {those}"
            f" UNION SELECT memory_id FROM memory_sources WHERE {those}"
        )
        with self._store.reading() as database:
            rows = database.conn.execute(query, {"ids": listed(message_ids)}).fetchall()
        return frozenset(row[0] for row in rows)

    def write(self, learned: Learned, at: datetime, replaces: int | None = None) -> Memory:
        """Keep what the user wrote by hand; it may take the place of another memory."""
        with self._store.writing() as database:
            memory_id = insert(database, learned, MadeBy.USER, to_text(at))
            database.conn.execute(
                "UPDATE memories SET pinned = (SELECT pinned FROM memories WHERE id = :old) "
                "WHERE id = :new AND :old IS NOT NULL",
                {"old": replaces, "new": memory_id},
            )
            database.conn.execute(
                "UPDATE memories SET closed_at = IFNULL(closed_at, ?), replaced_by = ? "
                "WHERE id = ?",
                (to_text(at), memory_id, replaces),
            )
            if replaces is not None:
                drop_corrected(database, replaces)
        return self.memory(memory_id)

    def together(self) -> AbstractContextManager[object]:
        """Keep all that is written inside, or nothing of it."""
        return self._store.writing()

    def pin(self, memory_id: int, pinned: bool) -> Memory:
        """Let a memory always be told, or only where it matters."""
        with self._store.writing() as database:
            database.conn.execute(
                "UPDATE memories SET pinned = ? WHERE id = ?", (pinned, memory_id)
            )
        return self.memory(memory_id)

    def keep_used(self, message_id: int, memory_ids: Collection[int], words: str) -> None:
        """Note which memories were told with a message, and in which ``words`` of its note."""
        with self._store.writing() as database:
            database.conn.executemany(
                "INSERT OR IGNORE INTO memory_uses VALUES (?, ?)",
                [(memory_id, message_id) for memory_id in memory_ids],
            )
            database.conn.execute(
                "INSERT OR REPLACE INTO told_memories VALUES (?, ?)", (message_id, words)
            )

    def used_for(self, message_id: int) -> list[Memory]:
        """Return the memories that were told with a message."""
        which = "JOIN memory_uses AS u ON u.memory_id = m.id WHERE u.message_id = ? ORDER BY m.id"
        with self._store.reading() as database:
            return select(database, which, [message_id])

    def uses(self, memory_id: int) -> list[Use]:
        """Return where a memory was told, the latest first."""
        with self._store.reading() as database:
            rows = database.conn.execute(
                "SELECT m.id, m.conversation_id, m.created_at FROM memory_uses AS u "
                "JOIN messages AS m ON m.id = u.message_id WHERE u.memory_id = ? "
                "ORDER BY m.id DESC",
                (memory_id,),
            ).fetchall()
        return [Use(row[0], row[1], from_text(row[2])) for row in rows]
