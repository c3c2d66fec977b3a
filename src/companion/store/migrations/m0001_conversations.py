"""Conversations, their messages and drafts, and the user's name."""

from companion.store.sqlite import Database

# Numbers are never given twice: another program may still hold one that was erased.
_SCHEMA = """
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL DEFAULT '',
    persona TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    head_id INTEGER REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX conversations_by_use ON conversations (updated_at);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    parent_id INTEGER REFERENCES messages(id) ON DELETE CASCADE,
    depth INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    text TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN (
        'unanswered', 'answered', 'writing', 'complete', 'stopped', 'failed', 'interrupted')),
    created_at TEXT NOT NULL,
    ended_at TEXT,
    error TEXT,
    backend TEXT,
    model TEXT,
    prompt_hash TEXT,
    writer_pid INTEGER,
    first_token_seconds REAL,
    total_seconds REAL,
    prompt_tokens INTEGER,
    reply_tokens INTEGER
);
CREATE INDEX messages_by_conversation ON messages (conversation_id);
CREATE INDEX messages_by_parent ON messages (parent_id);
CREATE INDEX messages_by_model ON messages (backend, model, id)
    WHERE first_token_seconds IS NOT NULL;
CREATE INDEX messages_in_writing ON messages (status) WHERE status = 'writing';

CREATE TABLE drafts (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE TABLE user_names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE
);
CREATE INDEX user_names_by_message ON user_names (message_id);
"""


def apply(database: Database) -> None:
    """Create the first schema in an empty file."""
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            database.execute(statement)
