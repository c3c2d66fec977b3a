"""Memories, what they came from, where they were told, and what is asked about later."""

from companion.store.sqlite import Database

# What a note told of a memory that is gone or no longer holds goes out of the note.
_UNTELL = """
UPDATE messages SET note = TRIM(REPLACE(note,
    (SELECT words FROM told_memories WHERE message_id = messages.id), ''))
WHERE id IN (SELECT message_id FROM memory_uses JOIN told_memories USING (message_id)
    WHERE memory_id = {row}.id);
DELETE FROM told_memories
WHERE message_id IN (SELECT message_id FROM memory_uses WHERE memory_id = {row}.id);
"""

_SCHEMA = (
    "ALTER TABLE messages ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX messages_forgotten ON messages (conversation_id) WHERE forgotten",
    """
    CREATE TABLE memories (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        slot TEXT NOT NULL,
        value TEXT NOT NULL,
        text TEXT NOT NULL,
        made_by TEXT NOT NULL CHECK (made_by IN ('rules', 'llm', 'user')),
        said_at TEXT NOT NULL,
        about_from TEXT,
        about_to TEXT,
        confidence REAL NOT NULL,
        pinned INTEGER NOT NULL DEFAULT 0,
        closed_at TEXT,
        closed_by INTEGER REFERENCES messages(id) ON DELETE SET NULL,
        replaced_by INTEGER REFERENCES memories(id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX memories_by_kind ON memories (kind) WHERE closed_at IS NULL",
    "CREATE INDEX memories_by_day ON memories (about_from) WHERE closed_at IS NULL",
    "CREATE INDEX memories_by_closer ON memories (closed_by)",
    "CREATE INDEX memories_by_successor ON memories (replaced_by)",
    """
    CREATE TABLE memory_sources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        memory_id INTEGER NOT NULL REFERENCES memories(id) ON DELETE CASCADE,
        message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        first_character INTEGER NOT NULL,
        last_character INTEGER NOT NULL,
        value TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (memory_id, message_id)
    )
    """,
    "CREATE INDEX memory_sources_by_message ON memory_sources (message_id)",
    """
    CREATE TABLE memory_uses (
        memory_id INTEGER NOT NULL REFERENCES memories(id) ON DELETE CASCADE,
        message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        PRIMARY KEY (memory_id, message_id)
    )
    """,
    "CREATE INDEX memory_uses_by_message ON memory_uses (message_id)",
    "CREATE TABLE told_memories (message_id INTEGER PRIMARY KEY "
    "REFERENCES messages(id) ON DELETE CASCADE, words TEXT NOT NULL)",
    """
    CREATE TABLE follow_ups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        memory_id INTEGER NOT NULL UNIQUE REFERENCES memories(id) ON DELETE CASCADE,
        due_on TEXT NOT NULL,
        asked_at TEXT,
        asked_in INTEGER REFERENCES messages(id) ON DELETE SET NULL,
        settled_at TEXT
    )
    """,
    "CREATE INDEX follow_ups_open ON follow_ups (due_on) "
    "WHERE asked_at IS NULL AND settled_at IS NULL",
    "CREATE INDEX follow_ups_by_question ON follow_ups (asked_in)",
    "CREATE TABLE noticing (id INTEGER PRIMARY KEY CHECK (id = 1), read_up_to INTEGER NOT NULL)",
    "INSERT INTO noticing VALUES (1, 0)",
    "CREATE VIRTUAL TABLE memory_words USING fts5(subject, text, content='memories', "
    "content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE TRIGGER memories_kept AFTER INSERT ON memories BEGIN "
    "INSERT INTO memory_words (rowid, subject, text) VALUES (new.id, new.subject, new.text); END",
    "CREATE TRIGGER memories_reworded AFTER UPDATE OF subject, text ON memories BEGIN "
    "INSERT INTO memory_words (memory_words, rowid, subject, text) "
    "VALUES ('delete', old.id, old.subject, old.text); "
    "INSERT INTO memory_words (rowid, subject, text) VALUES (new.id, new.subject, new.text); END",
    "CREATE TRIGGER memories_erased AFTER DELETE ON memories BEGIN "
    "INSERT INTO memory_words (memory_words, rowid, subject, text) "
    "VALUES ('delete', old.id, old.subject, old.text); END",
    f"CREATE TRIGGER memories_untold BEFORE DELETE ON memories BEGIN "
    f"{_UNTELL.format(row='old')} END",
    f"CREATE TRIGGER memories_closed AFTER UPDATE OF closed_at ON memories "
    f"WHEN old.closed_at IS NULL AND new.closed_at IS NOT NULL BEGIN "
    f"{_UNTELL.format(row='new')} END",
    # A memory is worded as its first source has it, and goes with its last one.
    """
    CREATE TRIGGER memory_sources_erased AFTER DELETE ON memory_sources BEGIN
        DELETE FROM memories WHERE id = old.memory_id AND made_by <> 'user'
            AND NOT EXISTS (SELECT 1 FROM memory_sources WHERE memory_id = old.memory_id);
        UPDATE memories SET (value, text) = (SELECT value, text FROM memory_sources
            WHERE memory_id = old.memory_id ORDER BY id LIMIT 1)
        WHERE id = old.memory_id AND made_by <> 'user' AND (value, text) <> (
            SELECT value, text FROM memory_sources WHERE memory_id = old.memory_id
            ORDER BY id LIMIT 1);
    END
    """,
)


def apply(database: Database) -> None:
    """Add the tables of memories; what was said before is read when there is time."""
    for statement in _SCHEMA:
        database.execute(statement)
