"""Summaries with the messages that each sentence cites; how far a language model noticed."""

from companion.store.sqlite import Database

_SCHEMA = (
    """
    CREATE TABLE summaries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER REFERENCES conversations(id) ON DELETE CASCADE,
        first_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        last_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        made_by TEXT NOT NULL CHECK (made_by IN ('rules', 'llm'))
    )
    """,
    "CREATE INDEX summaries_by_conversation ON summaries (conversation_id, first_id)",
    "CREATE INDEX summaries_by_first ON summaries (first_id)",
    "CREATE INDEX summaries_by_last ON summaries (last_id)",
    """
    CREATE TABLE summary_sentences (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        summary_id INTEGER NOT NULL REFERENCES summaries(id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        text TEXT NOT NULL
    )
    """,
    "CREATE INDEX sentences_by_summary ON summary_sentences (summary_id)",
    """
    CREATE TABLE summary_sources (
        sentence_id INTEGER NOT NULL REFERENCES summary_sentences(id) ON DELETE CASCADE,
        message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        PRIMARY KEY (sentence_id, message_id)
    )
    """,
    "CREATE INDEX summary_sources_by_message ON summary_sources (message_id)",
    # What a language model reads first is what is said from now on: nobody pays for years.
    "ALTER TABLE noticing ADD COLUMN thought_up_to INTEGER NOT NULL DEFAULT 0",
    "UPDATE noticing SET thought_up_to = (SELECT IFNULL(MAX(id), 0) FROM messages)",
)
# Whoever summed up has read all of the stretch, not only what is cited. A reflection has read
# what was noticed in any conversation.
_GOES = """
DELETE FROM summaries WHERE old.id BETWEEN first_id AND last_id
    AND (conversation_id = old.conversation_id OR conversation_id IS NULL)
"""
_CHANGES = {
    "erased": "BEFORE DELETE ON messages",
    "forgotten": "AFTER UPDATE OF forgotten ON messages WHEN new.forgotten AND NOT old.forgotten",
    "withheld": "AFTER UPDATE OF withheld ON messages WHEN new.withheld AND NOT old.withheld",
    "reworded": "AFTER UPDATE OF text ON messages WHEN new.text <> old.text "
    "AND old.status <> 'writing'",
    "left": "AFTER UPDATE OF on_branch ON messages WHEN old.on_branch AND NOT new.on_branch",
}


def apply(database: Database) -> None:
    """Add the tables of summaries, and let each go with what it was made of."""
    for statement in _SCHEMA:
        database.execute(statement)
    for name, when in _CHANGES.items():
        database.execute(f"CREATE TRIGGER summaries_{name} {when} BEGIN {_GOES}; END")
