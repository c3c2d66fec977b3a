"""What was summed up and holds no longer, because a memory changed or went."""

from companion.store.sqlite import Database

_REFLECTION = "SELECT id FROM summaries WHERE conversation_id IS NULL"
_CITES = """
SELECT sentence_id FROM summary_sources JOIN memory_sources USING (message_id) WHERE memory_id = ?
"""


def drop_reflection(database: Database) -> None:
    """Let what was thought of the user be thought anew: a memory was corrected or erased."""
    database.conn.execute(f"DELETE FROM summaries WHERE id IN ({_REFLECTION})")


def drop_corrected(database: Database, memory_id: int) -> None:
    """Take out every sentence that rests on the words of a memory that was wrong."""
    drop_reflection(database)
    database.conn.execute(f"DELETE FROM summary_sentences WHERE id IN ({_CITES})", (memory_id,))


def drop_outdated(database: Database, memory_id: int) -> None:
    """Take what no longer holds out of the reflection; what was said in a talk stays said.

    What rests on a memory that was written by hand has no message to be found by: then all
    of the reflection goes.
    """
    said = "SELECT 1 FROM memory_sources WHERE memory_id = ?"
    if not database.conn.execute(said, (memory_id,)).fetchone():
        drop_reflection(database)
        return
    database.conn.execute(
        f"DELETE FROM summary_sentences WHERE summary_id IN ({_REFLECTION}) AND id IN ({_CITES})",
        (memory_id,),
    )
