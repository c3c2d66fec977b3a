"""What messages do to memories: one transaction a message."""

from collections.abc import Sequence
from datetime import datetime

from companion.domain.memories import Asked, Change, Close, Confirm, Keep, MadeBy, Settle
from companion.domain.message import Message
from companion.store.database import Store
from companion.store.memory_rows import insert, insert_source
from companion.store.outdating import drop_outdated
from companion.store.rows import MESSAGE, read_messages
from companion.store.sqlite import Database
from companion.store.times import to_text

# What is still being written is read when it is whole; nothing after it is read before.
_READABLE = """
m.on_branch AND NOT m.forgotten
AND NOT EXISTS (SELECT 1 FROM screenings WHERE message_id = m.id AND tier > 2)
AND NOT EXISTS (SELECT 1 FROM imported_messages WHERE message_id = m.id)
"""
_UNREAD = f"""
SELECT {MESSAGE} FROM messages AS m
WHERE m.id > (SELECT read_up_to FROM noticing) AND m.id < IFNULL(?, 9223372036854775807)
AND m.id < IFNULL((SELECT MIN(id) FROM messages WHERE status = 'writing'), 9223372036854775807)
AND {_READABLE} ORDER BY m.id LIMIT ?
"""
# What the rules have not read yet, they read first.
_UNTHOUGHT = f"""
SELECT {MESSAGE} FROM messages AS m
WHERE m.id > (SELECT thought_up_to FROM noticing) AND m.id <= (SELECT read_up_to FROM noticing)
AND m.role = 'user' AND NOT m.withheld AND {_READABLE} ORDER BY m.id LIMIT ?
"""
_STANDS = f"SELECT 1 FROM messages AS m WHERE m.id = ? AND m.text = ? AND {_READABLE}"
_MARK = {MadeBy.RULES: "read_up_to", MadeBy.LLM: "thought_up_to"}


class Learning:
    """Reads messages for the first time; part of ``protocols.MemoryShelf``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def unread(self, before: int | None = None, limit: int = 20) -> list[Message]:
        """Return messages that none looked at yet, the oldest first."""
        with self._store.reading() as database:
            return read_messages(database, _UNREAD, [before, limit])

    def unthought(self, limit: int) -> list[Message]:
        """Return messages of the user that no language model looked at yet, the oldest first."""
        with self._store.reading() as database:
            return read_messages(database, _UNTHOUGHT, [limit])

    def learn(self, message: Message, changes: Sequence[Change], by: MadeBy = MadeBy.RULES) -> bool:
        """Do what a message does to what is remembered, and mark it as read."""
        mark = _MARK[by]
        with self._store.writing() as database:
            marked = database.conn.execute(
                f"UPDATE noticing SET {mark} = ? WHERE {mark} < ?", (message.id, message.id)
            )
            if not marked.rowcount:
                return False
            if by is MadeBy.LLM and not self._stands(database, message):
                return False
            for change in changes:
                _apply(database, message, change)
        return True

    @staticmethod
    def _stands(database: Database, message: Message) -> bool:
        """Whether a message is still what it was when it was read, some seconds ago."""
        return bool(database.conn.execute(_STANDS, (message.id, message.text)).fetchone())

    def take_back(self, message_id: int) -> None:
        """Undo what was learned from a message which the user says differently now."""
        with self._store.writing() as database:
            database.conn.execute("DELETE FROM memory_sources WHERE message_id = ?", (message_id,))
            database.conn.execute(
                "UPDATE memories SET closed_at = NULL, closed_by = NULL, replaced_by = NULL "
                "WHERE closed_by = ?",
                (message_id,),
            )


def _apply(database: Database, message: Message, change: Change) -> None:
    match change:
        case Keep():
            _keep(database, message, change)
        case Confirm():
            insert_source(database, change.memory_id, message.id, change.learned)
            database.conn.execute(
                "UPDATE memories SET said_at = MAX(said_at, ?), confidence = "
                "MIN(1.0, confidence + (1.0 - confidence) / 2) WHERE id = ?",
                (to_text(message.created_at), change.memory_id),
            )
        case Close():
            _close(database, message, change.memory_id, change.at, None)
        case Asked():
            database.conn.execute(
                "UPDATE follow_ups SET asked_at = ?, asked_in = ? "
                "WHERE memory_id = ? AND asked_at IS NULL",
                (to_text(message.created_at), message.id, change.memory_id),
            )
        case Settle():
            database.conn.execute(
                "UPDATE follow_ups SET settled_at = ? WHERE memory_id = ?",
                (to_text(message.created_at), change.memory_id),
            )


def _keep(database: Database, message: Message, change: Keep) -> None:
    learned, at = change.learned, message.created_at
    memory_id = insert(database, learned, change.made_by, to_text(at))
    insert_source(database, memory_id, message.id, learned)
    for old in change.replaces:
        _close(database, message, old, at, memory_id)


def _close(
    database: Database, message: Message, memory_id: int, at: datetime, successor: int | None
) -> None:
    database.conn.execute(
        "UPDATE memories SET closed_at = ?, closed_by = ?, replaced_by = ? "
        "WHERE id = ? AND closed_at IS NULL",
        (to_text(at), message.id, successor, memory_id),
    )
    drop_outdated(database, memory_id)
