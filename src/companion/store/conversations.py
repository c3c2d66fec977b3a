"""The list of conversations, their drafts and titles."""

from datetime import datetime

from companion.domain.errors import StoreError
from companion.domain.message import ConversationSummary
from companion.store.branches import move_head
from companion.store.database import Store
from companion.store.rows import to_conversation
from companion.store.times import to_text

_SELECT = """
SELECT c.*,
    IFNULL((SELECT depth + 1 FROM messages WHERE id = c.head_id), 0) AS messages,
    EXISTS (SELECT 1 FROM messages WHERE conversation_id = c.id AND role = 'user') AS user_spoke
FROM conversations AS c
"""


class ConversationTable:
    """Keeps conversations; part of ``protocols.Transcript``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create_conversation(self, persona: str, at: datetime) -> ConversationSummary:
        """Begin an empty conversation."""
        with self._store.writing() as database:
            cursor = database.conn.execute(
                "INSERT INTO conversations (persona, created_at, updated_at) VALUES (?, ?, ?)",
                (persona, to_text(at), to_text(at)),
            )
        return self.conversation(cursor.lastrowid or 0)

    def conversation(self, conversation_id: int) -> ConversationSummary:
        """Return one conversation."""
        with self._store.reading() as database:
            rows = list(database.query(f"{_SELECT} WHERE c.id = ?", [conversation_id]))
        if not rows:
            raise StoreError(
                f"There is no conversation {conversation_id}. "
                "companion history lists those that there are."
            )
        return to_conversation(rows[0])

    def conversations(self, limit: int | None = None) -> list[ConversationSummary]:
        """Return conversations, the most recently used first."""
        with self._store.reading() as database:
            rows = list(
                database.query(
                    f"{_SELECT} ORDER BY c.updated_at DESC, c.id DESC LIMIT ?",
                    [-1 if limit is None else limit],
                )
            )
        return [to_conversation(row) for row in rows]

    def rename_conversation(self, conversation_id: int, title: str) -> None:
        """Give a conversation a title of the user's own."""
        self.conversation(conversation_id)
        with self._store.writing() as database:
            database.conn.execute(
                "UPDATE conversations SET title = ? WHERE id = ?", (title, conversation_id)
            )

    def delete_conversation(self, conversation_id: int) -> None:
        """Erase a conversation so that nothing of it stays in the file."""
        self.conversation(conversation_id)
        with self._store.erasing() as database:
            database.conn.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
            # FTS5 notes that words are gone and keeps them until it merges its segments.
            database.conn.execute("INSERT INTO turns (turns) VALUES ('optimize')")
            database.conn.execute("INSERT INTO memory_words (memory_words) VALUES ('optimize')")

    def choose_head(self, conversation_id: int, message_id: int | None) -> None:
        """Make the branch that ends in ``message_id`` the active one."""
        with self._store.writing() as database:
            move_head(database, conversation_id, message_id)

    def draft(self, conversation_id: int) -> str:
        """Return what the user had typed but not sent."""
        with self._store.reading() as database:
            query = "SELECT text FROM drafts WHERE conversation_id = ?"
            row = database.conn.execute(query, (conversation_id,)).fetchone()
        return row[0] if row else ""

    def save_draft(self, conversation_id: int, text: str, at: datetime) -> None:
        """Keep what the user has typed but not sent; empty text forgets it."""
        with self._store.writing() as database:
            if text:
                database.conn.execute(
                    "INSERT INTO drafts VALUES (?, ?, ?) ON CONFLICT (conversation_id) "
                    "DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at",
                    (conversation_id, text, to_text(at)),
                )
            else:
                database.conn.execute(
                    "DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,)
                )
