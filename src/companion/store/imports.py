"""Taking in conversations that were held elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from companion.domain.memory import ForeignTurn, ImportReport
from companion.domain.message import Role
from companion.store.database import Store
from companion.store.sqlite import Database
from companion.store.times import to_text

_OPEN_CONVERSATIONS = 1000
_MANY = 1000


class _Outcome(Enum):
    ADDED = auto()
    KNOWN = auto()
    DIFFERENT = auto()


@dataclass(slots=True)
class _Thread:
    """A conversation that is being added to, and its last message."""

    id: int
    head: int | None
    depth: int


class SqliteImporter:
    """``protocols.Importer`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, turns: Iterable[ForeignTurn], persona: str) -> ImportReport:
        """Keep all of the turns, or none where reading them fails."""
        counts = dict.fromkeys(_Outcome, 0)
        with self._store.writing() as database:
            writer = _Writer(database, persona)
            for turn in turns:
                counts[writer.add(turn)] += 1
            writer.finish()
            if counts[_Outcome.ADDED] >= _MANY:
                # Else every question would look into some twenty pieces of the index.
                database.conn.execute("INSERT INTO turns (turns) VALUES ('optimize')")
        self._store.shorten_log()
        return ImportReport(
            counts[_Outcome.ADDED], counts[_Outcome.KNOWN], counts[_Outcome.DIFFERENT]
        )


class _Writer:
    """Adds turns inside one transaction; holds no more than the threads in use."""

    def __init__(self, database: Database, persona: str) -> None:
        self._connection = database.conn
        self._persona = persona
        self._threads: dict[str, _Thread] = {}

    def add(self, turn: ForeignTurn) -> _Outcome:
        thread = self._threads.get(turn.conversation) or self._open(turn)
        known = self._connection.execute(
            "SELECT text FROM imported_messages JOIN messages ON messages.id = message_id "
            "WHERE imported_messages.conversation_id = ? AND source_id = ?",
            (thread.id, turn.id),
        ).fetchone()
        if known:
            return _Outcome.KNOWN if known[0] == turn.text else _Outcome.DIFFERENT
        self._insert(thread, turn)
        return _Outcome.ADDED

    def finish(self) -> None:
        """Write down where each conversation now ends."""
        for thread in self._threads.values():
            self._connection.execute(
                "UPDATE conversations SET head_id = ?, updated_at = MAX(updated_at, IFNULL("
                "(SELECT created_at FROM messages WHERE id = ?), '')) WHERE id = ?",
                (thread.head, thread.head, thread.id),
            )
        self._threads.clear()

    def _open(self, turn: ForeignTurn) -> _Thread:
        if len(self._threads) >= _OPEN_CONVERSATIONS:
            self.finish()
        row = self._connection.execute(
            "SELECT c.id, c.head_id, IFNULL(m.depth, -1) FROM imported_conversations AS i "
            "JOIN conversations AS c ON c.id = i.conversation_id "
            "LEFT JOIN messages AS m ON m.id = c.head_id WHERE i.name = ?",
            (turn.conversation,),
        ).fetchone()
        thread = _Thread(*row) if row else self._begin(turn)
        self._threads[turn.conversation] = thread
        return thread

    def _begin(self, turn: ForeignTurn) -> _Thread:
        name, at = turn.conversation, to_text(turn.at)
        cursor = self._connection.execute(
            "INSERT INTO conversations (title, persona, created_at, updated_at) "
            "VALUES (?, ?, ?, ?)",
            (turn.title or name, self._persona, at, at),
        )
        conversation_id = cursor.lastrowid or 0
        self._connection.execute(
            "INSERT INTO imported_conversations VALUES (?, ?)", (conversation_id, name)
        )
        return _Thread(conversation_id, None, -1)

    def _insert(self, thread: _Thread, turn: ForeignTurn) -> None:
        status = "answered" if turn.role is Role.USER else "complete"
        thread.depth += 1
        cursor = self._connection.execute(
            "INSERT INTO messages (conversation_id, parent_id, depth, role, text, status, "
            "created_at, on_branch) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
            [
                *(thread.id, thread.head, thread.depth, turn.role, turn.text, status),
                to_text(turn.at),
            ],
        )
        thread.head = cursor.lastrowid
        self._connection.execute(
            "INSERT INTO imported_messages VALUES (?, ?, ?, ?)",
            (thread.head, thread.id, turn.id, turn.speaker),
        )
        if turn.speaker:
            self._connection.execute(
                "INSERT OR IGNORE INTO speakers VALUES (?, ?)", (turn.speaker, thread.id)
            )
