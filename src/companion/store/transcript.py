"""Messages: kept before anything else happens, and piece by piece while they come."""

import os
import statistics
from datetime import datetime, timedelta

from companion.domain.errors import StoreError
from companion.domain.message import Chunk, Message, Role, Status, Timings
from companion.store.branches import move_head
from companion.store.chunks import keep_chunks, read_chunks
from companion.store.conversations import ConversationTable
from companion.store.database import Store
from companion.store.processes import is_alive
from companion.store.rows import MESSAGE, read_messages
from companion.store.sqlite import Database
from companion.store.times import to_text
from companion.store.titles import title_of

_LONGEST_WRITING = timedelta(hours=1)
_MESSAGE = f"SELECT {MESSAGE} FROM messages AS m WHERE m.id = ?"
_BRANCH = f"""
WITH RECURSIVE branch(id, parent_id) AS (
    SELECT id, parent_id FROM messages WHERE id = ?
    UNION ALL
    SELECT m.id, m.parent_id FROM messages AS m JOIN branch ON m.id = branch.parent_id
)
SELECT {MESSAGE} FROM (SELECT id FROM branch LIMIT ?) AS b JOIN messages AS m ON m.id = b.id
ORDER BY m.depth
"""


class SqliteTranscript(ConversationTable):
    """``protocols.Transcript`` in SQLite."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)

    def add_user_message(
        self, conversation_id: int, text: str, note: str, at: datetime, *, parent_id: int | None
    ) -> Message:
        """Keep a user's message as unanswered, at the end of the branch of ``parent_id``."""
        with self._store.writing() as database:
            message_id = _insert(
                database, conversation_id, parent_id, Role.USER, text, note, Status.UNANSWERED, at
            )
            database.conn.execute(
                "UPDATE conversations SET title = ? WHERE id = ? AND title = ''",
                (title_of(text), conversation_id),
            )
        return self.message(message_id)

    def add_greeting(self, conversation_id: int, text: str, note: str, at: datetime) -> Message:
        """Keep her first words, in a conversation that has no message yet."""
        with self._store.writing() as database:
            message_id = _insert(
                database, conversation_id, None, Role.ASSISTANT, text, note, Status.COMPLETE, at
            )
        return self.message(message_id)

    def keep_note(self, message_id: int, note: str) -> None:
        """Keep what the prompt tells the model along with a message."""
        with self._store.writing() as database:
            database.conn.execute("UPDATE messages SET note = ? WHERE id = ?", (note, message_id))

    def begin_reply(
        self, to: Message, backend: str, model: str, prompt_hash: str, at: datetime
    ) -> Message:
        """Open a reply that will be written piece by piece."""
        with self._store.writing() as database:
            message_id = _insert(
                database, to.conversation_id, to.id, Role.ASSISTANT, "", "", Status.WRITING, at
            )
            database.conn.execute(
                "UPDATE messages SET backend = ?, model = ?, prompt_hash = ?, writer_pid = ? "
                "WHERE id = ?",
                (backend, model, prompt_hash, os.getpid(), message_id),
            )
        return self.message(message_id)

    def keep_partial(self, message_id: int, text: str) -> None:
        """Keep what has come of a reply so far; nothing once it has ended."""
        with self._store.writing() as database:
            database.conn.execute(
                "UPDATE messages SET text = ? WHERE id = ? AND status = 'writing'",
                (text, message_id),
            )

    def end_reply(
        self,
        message_id: int,
        text: str,
        status: Status,
        timings: Timings,
        at: datetime,
        error: str | None = None,
    ) -> Message:
        """Close a reply; a complete one marks its question answered, in one transaction."""
        with self._store.writing() as database:
            database.conn.execute(
                "UPDATE messages SET text = ?, status = ?, error = ?, ended_at = ?, "
                "first_token_seconds = ?, total_seconds = ?, prompt_tokens = ?, "
                "reply_tokens = ?, writer_pid = NULL WHERE id = ?",
                [
                    *(text, status, error, to_text(at), timings.first_token, timings.total),
                    *(timings.prompt_tokens, timings.reply_tokens, message_id),
                ],
            )
            keep_chunks(database, message_id, timings.chunks)
            if status in (Status.COMPLETE, Status.STOPPED):
                database.conn.execute(
                    "UPDATE messages SET status = 'answered' "
                    "WHERE id = (SELECT parent_id FROM messages WHERE id = ?)",
                    (message_id,),
                )
        return self.message(message_id)

    def message(self, message_id: int) -> Message:
        """Return one message."""
        with self._store.reading() as database:
            found = read_messages(database, _MESSAGE, [message_id])
        if not found:
            raise StoreError(f"There is no message {message_id}.")
        return found[0]

    def chunks(self, message_id: int) -> tuple[Chunk, ...]:
        """Return the pieces in which a reply came, if that is known."""
        with self._store.reading() as database:
            return read_chunks(database, message_id)

    def branch(
        self, conversation_id: int, *, before: int | None = None, limit: int | None = None
    ) -> list[Message]:
        """Return the active branch, oldest first: its last ``limit`` messages."""
        if before is None:
            end = self.conversation(conversation_id).head_id
        else:
            end = self.message(before).parent_id
        with self._store.reading() as database:
            return read_messages(database, _BRANCH, [end, -1 if limit is None else limit])

    def usual_wait(self, backend: str, model: str) -> float | None:
        """Return the median seconds to the first word over recent replies, if any."""
        with self._store.reading() as database:
            rows = database.conn.execute(
                "SELECT first_token_seconds FROM messages WHERE backend = ? AND model = ? "
                "AND first_token_seconds IS NOT NULL ORDER BY id DESC LIMIT 20",
                (backend, model),
            ).fetchall()
        return statistics.median(row[0] for row in rows) if rows else None

    def user_name(self, *, not_from: int | None = None) -> str | None:
        """Return the name by which the user asked to be called, if it is known."""
        with self._store.reading() as database:
            row = database.conn.execute(
                "SELECT name FROM user_names JOIN messages ON messages.id = message_id "
                "WHERE conversation_id IS NOT ? ORDER BY user_names.id DESC LIMIT 1",
                (not_from,),
            ).fetchone()
        return row[0] if row else None

    def keep_user_name(self, name: str, message_id: int) -> None:
        """Keep the user's name and the message that told it."""
        with self._store.writing() as database:
            database.conn.execute(
                "INSERT INTO user_names (name, message_id) VALUES (?, ?)", (name, message_id)
            )

    def mark_interrupted(self, now: datetime) -> None:
        """Mark the replies that a program which is gone left unfinished."""
        with self._store.writing() as database:
            rows = database.conn.execute(
                "SELECT id, writer_pid, created_at FROM messages WHERE status = 'writing'"
            ).fetchall()
            oldest = to_text(now - _LONGEST_WRITING)
            lost = [(row[0],) for row in rows if row[2] < oldest or not _is_writing(row[1])]
            database.conn.executemany(
                "UPDATE messages SET status = 'interrupted', writer_pid = NULL WHERE id = ?", lost
            )


def _insert(
    database: Database,
    conversation_id: int,
    parent_id: int | None,
    role: Role,
    text: str,
    note: str,
    status: Status,
    at: datetime,
) -> int:
    """Insert a message, make it its conversation's head, and return its id."""
    row = database.conn.execute("SELECT depth FROM messages WHERE id = ?", (parent_id,)).fetchone()
    cursor = database.conn.execute(
        "INSERT INTO messages (conversation_id, parent_id, depth, role, text, note, status, "
        "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(conversation_id, parent_id, row[0] + 1 if row else 0),
            *(role, text, note, status, to_text(at)),
        ],
    )
    message_id = cursor.lastrowid or 0
    move_head(database, conversation_id, message_id)
    database.conn.execute(
        "UPDATE conversations SET updated_at = ? WHERE id = ?", (to_text(at), conversation_id)
    )
    return message_id


def _is_writing(pid: int | None) -> bool:
    if pid is None or pid == os.getpid():
        return False
    return is_alive(pid)
