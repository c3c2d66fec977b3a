"""Appraisals of the user's mood, journal entries, and what guided each reply."""

from companion.store.sqlite import Database

_SCHEMA = """
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    text TEXT NOT NULL
);

CREATE TABLE moods (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER REFERENCES messages(id) ON DELETE CASCADE,
    journal_id INTEGER REFERENCES journal(id) ON DELETE CASCADE,
    source TEXT NOT NULL CHECK (source IN ('model', 'llm', 'user')),
    at TEXT NOT NULL,
    labels TEXT NOT NULL,
    emotions TEXT NOT NULL,
    valence REAL NOT NULL,
    arousal REAL NOT NULL,
    dominance REAL NOT NULL,
    intensity REAL NOT NULL,
    confidence REAL NOT NULL,
    evidence TEXT NOT NULL,
    known INTEGER NOT NULL,
    word TEXT NOT NULL DEFAULT '',
    CHECK ((message_id IS NULL) <> (journal_id IS NULL))
);
CREATE INDEX moods_by_time ON moods (at);
CREATE INDEX moods_by_message ON moods (message_id);
CREATE INDEX moods_by_journal ON moods (journal_id);

CREATE TABLE guidance (
    message_id INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
    strategy TEXT NOT NULL,
    stage TEXT NOT NULL,
    reason TEXT NOT NULL,
    mood TEXT NOT NULL,
    exemplars TEXT NOT NULL,
    unsure INTEGER NOT NULL
);
"""


def apply(database: Database) -> None:
    """Add the tables of mood."""
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            database.execute(statement)
