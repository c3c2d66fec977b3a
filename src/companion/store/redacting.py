"""Taking the words of a memory out of what was said."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from companion.domain.erasing import Erased
from companion.store.memory_rows import listed
from companion.store.outdating import drop_reflection
from companion.store.sqlite import Database
from companion.store.titles import title_of

_BAR = "█"
_SHORTEST_WORD = 3
_THOSE = "IN (SELECT value FROM json_each(?))"
_CHAIN = """
WITH RECURSIVE chain(id) AS (
    VALUES (?) UNION SELECT m.id FROM memories AS m JOIN chain ON m.replaced_by = chain.id
)
SELECT m.id, m.value FROM memories AS m JOIN chain USING (id)
"""
_SPANS = f"""
SELECT message_id, first_character, last_character, value FROM memory_sources
WHERE memory_id {_THOSE}
"""
# The message, and what was answered to it: a reply often says it back.
_SAID = f"SELECT id, text FROM messages WHERE id {_THOSE} OR parent_id {_THOSE}"
_LEFT = """
SELECT DISTINCT conversation_id, text FROM messages WHERE INSTR(LOWER(text), LOWER(?))
"""


def redact_memory(database: Database, memory_id: int) -> Erased:
    """Erase a memory with those that it replaced; bar out the words they came from.

    A bar is as long as what it covers, so that other memories still know their words.
    What was noticed in those messages goes, too: it quotes them.
    """
    connection = database.conn
    chain = connection.execute(_CHAIN, (memory_id,)).fetchall()
    ids = listed(row[0] for row in chain)
    spans = connection.execute(_SPANS, (ids,)).fetchall()
    words = {row[1] for row in chain} | {row[3] for row in spans}
    words = {word for word in words if len(word) >= _SHORTEST_WORD}
    sources = {row[0] for row in spans}
    touched = 0
    said = connection.execute(_SAID, (listed(sources), listed(sources))).fetchall()
    for message_id, text in said:
        own = [(row[1], row[2]) for row in spans if row[0] == message_id]
        touched += _rewrite(database, message_id, text, _bar(text, own, words))
    _forget_judgements(database, sources)
    connection.execute(f"DELETE FROM memories WHERE id {_THOSE}", (ids,))
    drop_reflection(database)
    return Erased(0, touched, len(chain), _find_left(database, words))


def _bar(text: str, spans: Iterable[tuple[int, int]], words: Iterable[str]) -> str:
    for start, end in spans:
        text = text[:start] + _BAR * len(text[start:end]) + text[end:]
    for word in words:
        text = _cover(text, word)
    return text


def _cover(text: str, word: str) -> str:
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    return whole.sub(lambda match: _BAR * len(match[0]), text)


def _rewrite(database: Database, message_id: int, text: str, barred: str) -> bool:
    if barred == text:
        return False
    connection = database.conn
    connection.execute("UPDATE messages SET text = ? WHERE id = ?", (barred, message_id))
    connection.execute(
        "UPDATE conversations SET title = ? WHERE title = ? "
        "AND id = (SELECT conversation_id FROM messages WHERE id = ?)",
        (title_of(barred), title_of(text), message_id),
    )
    return True


def _forget_judgements(database: Database, messages: Iterable[int]) -> None:
    """Let go of what quotes a message: notes, evidence, reasons, the name that it told."""
    those = listed(messages)
    changes: Mapping[str, Any] = {
        "messages": "UPDATE messages SET note = '', forgotten = 1 WHERE id",
        "moods": "UPDATE moods SET evidence = '[]' WHERE message_id",
        "guidance": "DELETE FROM guidance WHERE message_id",
        "user_names": "DELETE FROM user_names WHERE message_id",
        "told_memories": "DELETE FROM told_memories WHERE message_id",
        "screenings": "UPDATE screenings SET evidence = '[]' WHERE message_id",
    }
    present = set(database.table_names())
    for name, change in changes.items():
        if name in present:
            database.conn.execute(f"{change} {_THOSE}", (those,))


def _find_left(database: Database, words: Iterable[str]) -> tuple[int, ...]:
    left = set()
    for word in words:
        for conversation_id, text in database.conn.execute(_LEFT, (word,)):
            if _cover(text, word) != text:
                left.add(conversation_id)
    return tuple(sorted(left))
