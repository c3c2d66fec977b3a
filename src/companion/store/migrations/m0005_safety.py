"""What the crisis screen found, the counts of it, and the user's safety plan."""

from companion.store.sqlite import Database

# The counts outlive the messages: they hold a day, a tier and nothing else.
_SCHEMA = (
    """
    CREATE TABLE screenings (
        message_id INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        tier INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 5),
        category TEXT NOT NULL,
        evidence TEXT NOT NULL,
        card_shown_at TEXT,
        card_put_aside_at TEXT
    )
    """,
    """
    CREATE TABLE safety_counts (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        tier INTEGER NOT NULL,
        card INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE safety_plan (
        part TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        updated_at TEXT NOT NULL
    )
    """,
    "ALTER TABLE messages ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0",
    # Her reply repeats what was said, so it shares the fate of the message.
    """
    CREATE TRIGGER replies_withheld AFTER INSERT ON messages
    WHEN new.role = 'assistant' AND EXISTS (
        SELECT 1 FROM messages WHERE id = new.parent_id AND withheld)
    BEGIN UPDATE messages SET withheld = 1 WHERE id = new.id; END
    """,
)


def apply(database: Database) -> None:
    """Add the tables of safety and the mark of what is not to be recalled."""
    for statement in _SCHEMA:
        database.execute(statement)
