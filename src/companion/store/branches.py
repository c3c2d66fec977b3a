"""Which messages are on the active branch of their conversation."""

from companion.store.sqlite import Database

_MARK = """
WITH RECURSIVE branch(id, parent_id) AS (
    SELECT id, parent_id FROM messages
    WHERE id = (SELECT head_id FROM conversations WHERE id = :conversation)
    UNION ALL
    SELECT m.id, m.parent_id FROM messages AS m JOIN branch ON m.id = branch.parent_id
)
UPDATE messages SET on_branch = NOT on_branch
WHERE conversation_id = :conversation AND on_branch <> (id IN (SELECT id FROM branch))
"""


def move_head(database: Database, conversation_id: int, message_id: int | None) -> None:
    """Make ``message_id`` the last message of the active branch and mark what is on it."""
    row = database.conn.execute(
        "SELECT head_id IS (SELECT parent_id FROM messages WHERE id = ?) "
        "FROM conversations WHERE id = ?",
        (message_id, conversation_id),
    ).fetchone()
    database.conn.execute(
        "UPDATE conversations SET head_id = ? WHERE id = ?", (message_id, conversation_id)
    )
    if message_id is not None and row and row[0]:
        # The branch only grows: the usual case must not depend on its length.
        database.conn.execute("UPDATE messages SET on_branch = 1 WHERE id = ?", (message_id,))
    else:
        database.conn.execute(_MARK, {"conversation": conversation_id})
