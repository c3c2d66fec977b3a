"""Full-text search over what was said, and the names that imports bring along."""

from companion.store.sqlite import Database

# Only the active branch is remembered: it is what the user sees as having been said.
# A reply that was replaced or a sentence that was taken back comes back to mind only
# when its branch is chosen again.
_COUNTS = "{row}.on_branch AND {row}.status <> 'writing' AND {row}.text <> ''"
_OLD, _NEW = _COUNTS.format(row="old"), _COUNTS.format(row="new")
_FORGET = "INSERT INTO turns (turns, rowid, text) VALUES ('delete', old.id, old.text);"
_REMEMBER = "INSERT INTO turns (rowid, text) VALUES (new.id, new.text);"
_CHANGED = f"(old.text <> new.text OR ({_OLD}) <> ({_NEW}))"

_SCHEMA = (
    "ALTER TABLE messages ADD COLUMN on_branch INTEGER NOT NULL DEFAULT 0",
    """
    WITH RECURSIVE branch(id, parent_id) AS (
        SELECT id, parent_id FROM messages WHERE id IN (SELECT head_id FROM conversations)
        UNION ALL
        SELECT m.id, m.parent_id FROM messages AS m JOIN branch ON m.id = branch.parent_id
    )
    UPDATE messages SET on_branch = 1 WHERE id IN (SELECT id FROM branch)
    """,
    "CREATE INDEX messages_by_time ON messages (created_at)",
    """
    CREATE TABLE imported_conversations (
        conversation_id INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
        name TEXT NOT NULL UNIQUE
    )
    """,
    """
    CREATE TABLE imported_messages (
        message_id INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
        conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        source_id TEXT NOT NULL,
        speaker TEXT NOT NULL,
        UNIQUE (conversation_id, source_id)
    )
    """,
    "CREATE TABLE speakers (name TEXT NOT NULL, conversation_id INTEGER NOT NULL "
    "REFERENCES conversations(id) ON DELETE CASCADE, PRIMARY KEY (name, conversation_id))",
    "CREATE INDEX speakers_by_conversation ON speakers (conversation_id)",
    f"CREATE VIEW remembered AS SELECT id, text FROM messages WHERE "
    f"{_COUNTS.format(row='messages')}",
    "CREATE VIRTUAL TABLE turns USING fts5(text, content='remembered', content_rowid='id', "
    "tokenize='porter unicode61 remove_diacritics 2')",
    "INSERT INTO turns (turns) VALUES ('rebuild')",
    f"CREATE TRIGGER turns_added AFTER INSERT ON messages WHEN {_NEW} BEGIN {_REMEMBER} END",
    f"CREATE TRIGGER turns_erased AFTER DELETE ON messages WHEN {_OLD} BEGIN {_FORGET} END",
    # Before, not after: of two triggers after an update either may run first.
    f"CREATE TRIGGER turns_forgotten BEFORE UPDATE OF text, status, on_branch ON messages "
    f"WHEN {_OLD} AND {_CHANGED} BEGIN {_FORGET} END",
    f"CREATE TRIGGER turns_remembered AFTER UPDATE OF text, status, on_branch ON messages "
    f"WHEN {_NEW} AND {_CHANGED} BEGIN {_REMEMBER} END",
)


def apply(database: Database) -> None:
    """Add the index with everything that was said before, and the tables of imports."""
    for statement in _SCHEMA:
        database.execute(statement)
