"""What was summed up, with the messages that each sentence cites."""

import json
from collections.abc import Collection, Sequence

from companion.domain.memories import MadeBy
from companion.domain.message import Message
from companion.domain.summaries import STRETCH, Cited, Stretch, Summary
from companion.store.database import Store
from companion.store.memory_rows import listed
from companion.store.rows import MESSAGE, read_messages
from companion.store.sqlite import Database
from companion.store.times import from_text, to_text

_READABLE = """
m.on_branch AND m.status <> 'writing' AND m.text <> '' AND NOT m.forgotten AND NOT m.withheld
AND NOT EXISTS (SELECT 1 FROM imported_messages WHERE message_id = m.id)
"""
_BEGINNING = """
SELECT m.depth FROM messages AS m
WHERE m.conversation_id = :id AND m.on_branch AND m.depth % :size = 0
AND NOT EXISTS (SELECT 1 FROM summaries WHERE first_id = m.id AND made_by = :made_by)
AND NOT EXISTS (SELECT 1 FROM imported_messages WHERE message_id = m.id)
AND m.depth + :size <= (SELECT depth FROM messages
    WHERE id = (SELECT head_id FROM conversations WHERE id = :id))
ORDER BY m.depth DESC LIMIT 1
"""
_WITHIN = "m.conversation_id = :id AND m.on_branch AND m.depth BETWEEN :first AND :last"
_ENDS = f"SELECT MIN(m.id), MAX(m.id) FROM messages AS m WHERE {_WITHIN}"
_STRETCH = f"SELECT {MESSAGE} FROM messages AS m WHERE {_WITHIN} AND {_READABLE} ORDER BY m.depth"
_UNREAD = f"""
SELECT {MESSAGE} FROM messages AS m WHERE m.conversation_id = :id AND {_READABLE}
AND NOT EXISTS (SELECT 1 FROM summaries
    WHERE conversation_id = :id AND m.id BETWEEN first_id AND last_id) ORDER BY m.depth
"""
# Of one stretch there may be two: by the rules, and by a language model.
_OF_CONVERSATION = """
SELECT id FROM summaries WHERE conversation_id = ? ORDER BY first_id DESC LIMIT ?
"""
_LATEST = """
SELECT id FROM summaries WHERE conversation_id IS NOT NULL ORDER BY first_id DESC LIMIT ?
"""
_SENTENCES = """
SELECT s.summary_id, s.id, s.text, r.message_id
FROM summary_sentences AS s LEFT JOIN summary_sources AS r ON r.sentence_id = s.id
WHERE s.summary_id IN (SELECT value FROM json_each(?)) ORDER BY s.summary_id, s.place, r.message_id
"""
_THOSE = "IN (SELECT value FROM json_each(?))"
_SAME = f"""
SELECT COUNT(*) FROM messages AS m JOIN json_each(?) AS r ON m.id = r.value ->> 0
WHERE m.text = r.value ->> 1 AND {_READABLE}
"""


class SqliteSummaryShelf:
    """``protocols.SummaryShelf`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_conversation(self, conversation_id: int, limit: int | None = None) -> list[Summary]:
        """Return the (last) summaries of a conversation, one a stretch, in the talk's order."""
        most = -1 if limit is None else 2 * limit
        found = self._select(f"id IN ({_OF_CONVERSATION})", conversation_id, most)
        return _choose(found)[-limit if limit else None :]

    def next_stretch(self, conversation_id: int, made_by: MadeBy) -> Stretch | None:
        """Return the latest stretch that was not summed up so; the talk has gone on after it."""
        values = {"id": conversation_id, "size": STRETCH, "made_by": made_by.value}
        with self._store.reading() as database:
            row = database.conn.execute(_BEGINNING, values).fetchone()
            if row is None:
                return None
            span = {"id": conversation_id, "first": row[0], "last": row[0] + STRETCH - 1}
            ends = database.conn.execute(_ENDS, span).fetchone()
            messages = tuple(read_messages(database, _STRETCH, span))
        return Stretch(conversation_id, ends[0], ends[1], messages)

    def rest(self, conversation_id: int) -> list[Message]:
        """Return the messages of a conversation that may be read and are in no summary."""
        with self._store.reading() as database:
            return read_messages(database, _UNREAD, {"id": conversation_id})

    def latest(self, limit: int) -> list[Summary]:
        """Return the last summaries of any conversations, the latest first."""
        found = self._select(f"id IN ({_LATEST})", 2 * limit)
        return _choose(found)[::-1][:limit]

    def readable(self, message_ids: Collection[int]) -> list[Message]:
        """Return those of some messages that may be read for a summary, oldest first."""
        which = f"m.id {_THOSE} AND {_READABLE} ORDER BY m.id"
        query = f"SELECT {MESSAGE} FROM messages AS m WHERE {which}"
        with self._store.reading() as database:
            return read_messages(database, query, [listed(message_ids)])

    def reflection(self) -> Summary | None:
        """Return what was last thought about the user, if anything was."""
        found = self._select("conversation_id IS NULL")
        return found[-1] if found else None

    def keep(self, summary: Summary, read: Sequence[Message]) -> bool:
        """Keep a summary, unless what was read for it has changed since."""
        words = json.dumps([[each.id, each.text] for each in read])
        with self._store.writing() as database:
            if database.conn.execute(_SAME, (words,)).fetchone()[0] < len(read):
                return False
            if summary.conversation_id is None:
                database.conn.execute("DELETE FROM summaries WHERE conversation_id IS NULL")
            _insert(database, summary)
        return True

    def _select(self, which: str, *values: int) -> list[Summary]:
        query = f"SELECT * FROM summaries WHERE {which} ORDER BY made_by DESC, at, id"
        with self._store.reading() as database:
            rows = list(database.query(query, list(values)))
            sentences = _sentences(database, [row["id"] for row in rows])
        return [
            Summary(
                conversation_id=row["conversation_id"],
                first_id=row["first_id"],
                last_id=row["last_id"],
                at=from_text(row["at"]),
                made_by=MadeBy(row["made_by"]),
                sentences=sentences.get(row["id"], ()),
            )
            for row in rows
        ]


def _choose(found: Sequence[Summary]) -> list[Summary]:
    """Return one summary a stretch: a language model's, where it says anything."""
    best: dict[int, Summary] = {}
    for each in found:
        if each.first_id not in best or (each.made_by is MadeBy.LLM and each.sentences):
            best[each.first_id] = each
    return sorted(best.values(), key=lambda each: each.first_id)


def _sentences(database: Database, ids: Sequence[int]) -> dict[int, tuple[Cited, ...]]:
    found: dict[int, dict[int, Cited]] = {}
    for summary, sentence, text, turn in database.conn.execute(_SENTENCES, (listed(ids),)):
        those = found.setdefault(summary, {})
        known = those[sentence].turns if sentence in those else ()
        those[sentence] = Cited(text, known if turn is None else (*known, turn))
    return {summary: tuple(those.values()) for summary, those in found.items()}


def _insert(database: Database, summary: Summary) -> None:
    connection = database.conn
    kept = connection.execute(
        "INSERT INTO summaries (conversation_id, first_id, last_id, at, made_by) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            *(summary.conversation_id, summary.first_id, summary.last_id),
            *(to_text(summary.at), summary.made_by),
        ],
    ).lastrowid
    for place, each in enumerate(summary.sentences):
        sentence = connection.execute(
            "INSERT INTO summary_sentences (summary_id, place, text) VALUES (?, ?, ?)",
            (kept, place, each.text),
        ).lastrowid
        connection.executemany(
            "INSERT INTO summary_sources VALUES (?, ?)", [(sentence, turn) for turn in each.turns]
        )
