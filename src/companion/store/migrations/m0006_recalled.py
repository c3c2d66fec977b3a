"""What came back to mind with each message, in which words, and vectors of what was said."""

from companion.store.sqlite import Database

# Marks of messages that are not to come back to mind; other steps of the schema set them.
_MARKS = ("forgotten", "withheld")

# What a note told of a turn that is gone goes out of the note.
_UNTELL = """
UPDATE messages SET note = TRIM(REPLACE(note,
    (SELECT words FROM told_turns WHERE message_id = messages.id), ''))
WHERE id IN (SELECT message_id FROM recalled JOIN told_turns USING (message_id)
    WHERE turn_id = old.id);
DELETE FROM told_turns WHERE message_id IN (SELECT message_id FROM recalled WHERE turn_id = old.id);
DELETE FROM recalled WHERE turn_id = old.id;
"""

_SCHEMA = (
    """
    CREATE TABLE recalled (
        message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        turn_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        score REAL NOT NULL,
        tie REAL NOT NULL,
        speaker TEXT NOT NULL,
        PRIMARY KEY (message_id, turn_id)
    )
    """,
    "CREATE INDEX recalled_by_turn ON recalled (turn_id)",
    "CREATE TABLE told_turns (message_id INTEGER PRIMARY KEY "
    "REFERENCES messages(id) ON DELETE CASCADE, words TEXT NOT NULL)",
    """
    CREATE TABLE vectors (
        message_id INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
        encoder TEXT NOT NULL,
        vector BLOB NOT NULL
    )
    """,
    "CREATE TRIGGER vectors_outdated AFTER UPDATE OF text ON messages "
    "WHEN old.text <> new.text BEGIN DELETE FROM vectors WHERE message_id = new.id; END",
    f"CREATE TRIGGER turns_untold BEFORE DELETE ON messages BEGIN {_UNTELL} END",
)


def apply(database: Database) -> None:
    """Add the tables of what was recalled and that of vectors."""
    for statement in _SCHEMA:
        database.execute(statement)
    for mark in _MARKS:
        if mark in database["messages"].columns_dict:
            database.execute(
                f"CREATE TRIGGER turns_untold_{mark} AFTER UPDATE OF {mark} ON messages "
                f"WHEN new.{mark} AND NOT old.{mark} BEGIN {_UNTELL} END"
            )
