"""Moods: every appraisal with its source, and what guided the replies."""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from companion.domain.errors import StoreError
from companion.domain.guidance import Guidance, NoticedTurn
from companion.domain.mood import Appraisal, MoodEntry, Source
from companion.store.database import Store
from companion.store.felt_moods import COUNTS, FeltMoods
from companion.store.mood_rows import to_entry, to_guidance, to_row, to_turn
from companion.store.times import to_text

_SELECT = """
SELECT moods.*, IFNULL(messages.text, journal.text) AS text, messages.conversation_id
FROM moods LEFT JOIN messages ON messages.id = moods.message_id
LEFT JOIN journal ON journal.id = moods.journal_id
"""
_SELECT_GUIDED = """
SELECT moods.*, messages.text, messages.conversation_id, strategy, stage, reason,
       guidance.mood, exemplars, unsure
FROM moods JOIN messages ON messages.id = moods.message_id
LEFT JOIN guidance ON guidance.message_id = moods.message_id
"""


class SqliteMoodLog:
    """``protocols.MoodLog`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._felt = FeltMoods(store)

    def together(self) -> AbstractContextManager[object]:
        """Keep all that is written inside, in the transcript too, or nothing of it."""
        return self._store.writing()

    def add(
        self,
        appraisal: Appraisal,
        source: Source,
        at: datetime,
        *,
        message_id: int | None = None,
        journal_id: int | None = None,
    ) -> MoodEntry:
        """Keep an appraisal of a message or of an entry of the journal."""
        row = to_row(appraisal) | {
            "message_id": message_id,
            "journal_id": journal_id,
            "source": source.value,
            "at": to_text(at),
        }
        with self._store.writing() as database:
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            cursor = database.conn.execute(f"INSERT INTO moods ({names}) VALUES ({marks})", row)
        return self.entry(cursor.lastrowid or 0)

    def write_journal(self, text: str, at: datetime) -> int:
        """Keep what the user wrote by hand and return the number of that entry."""
        with self._store.writing() as database:
            cursor = database.conn.execute(
                "INSERT INTO journal (at, text) VALUES (?, ?)", (to_text(at), text)
            )
        return cursor.lastrowid or 0

    def entry(self, entry_id: int) -> MoodEntry:
        """Return one entry."""
        with self._store.reading() as database:
            rows = list(database.query(f"{_SELECT} WHERE moods.id = ?", [entry_id]))
        if not rows:
            raise StoreError(
                f"There is no mood entry {entry_id}. companion mood lists those that there are."
            )
        return to_entry(rows[0])

    def entries(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> list[MoodEntry]:
        """Return what counts, oldest first: one entry a message, one a journal entry."""
        begin = to_text(since) if since else ""
        end = to_text(until) if until else "~"
        span = f"moods.at >= ? AND moods.at < ? AND {COUNTS}"
        query = f"{_SELECT} WHERE {span} ORDER BY moods.at, moods.id"
        with self._store.reading() as database:
            return [to_entry(row) for row in database.query(query, [begin, end])]

    def felt(self, since: datetime) -> list[MoodEntry]:
        """Return ``entries``, bare of all but what following the mood needs."""
        return self._felt.read(since)

    def of_message(self, message_id: int) -> list[MoodEntry]:
        """Return every appraisal of a message, in the order in which they were made."""
        query = f"{_SELECT} WHERE message_id = ? ORDER BY moods.id"
        with self._store.reading() as database:
            return [to_entry(row) for row in database.query(query, [message_id])]

    def noticed(self, message_ids: Iterable[int]) -> Mapping[int, NoticedTurn]:
        """Return what was noticed in messages, by their ids, without those of no mood."""
        ids = list(message_ids)
        marks = ", ".join("?" * len(ids))
        query = f"{_SELECT_GUIDED} WHERE moods.message_id IN ({marks}) ORDER BY moods.id"
        with self._store.reading() as database:
            rows = list(database.query(query, ids))
        return {
            message_id: to_turn([row for row in rows if row["message_id"] == message_id])
            for message_id in dict.fromkeys(row["message_id"] for row in rows)
        }

    def delete(self, entry_id: int) -> None:
        """Erase what is known about the mood of a message, or a whole journal entry."""
        entry = self.entry(entry_id)
        with self._store.erasing() as database:
            database.conn.execute("DELETE FROM journal WHERE id = ?", (entry.journal_id,))
            database.conn.execute("DELETE FROM moods WHERE message_id = ?", (entry.message_id,))
            # The note that went with the message tells its mood, too.
            database.conn.execute("UPDATE messages SET note = '' WHERE id = ?", (entry.message_id,))
            database.conn.execute("DELETE FROM guidance WHERE message_id = ?", (entry.message_id,))

    def keep_guidance(self, message_id: int, guidance: Guidance) -> None:
        """Keep what guides the reply to a message; a second one takes its place."""
        exemplars = [
            {"feeling": e.feeling, "strategy": e.strategy, "user": e.user, "reply": e.reply}
            for e in guidance.exemplars
        ]
        with self._store.writing() as database:
            database.conn.execute(
                "INSERT OR REPLACE INTO guidance "
                "(message_id, strategy, stage, reason, mood, exemplars, unsure) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    *(message_id, guidance.strategy, guidance.stage, guidance.reason),
                    *(guidance.mood, json.dumps(exemplars, ensure_ascii=False), guidance.unsure),
                ],
            )

    def guidance(self, message_id: int) -> Guidance | None:
        """Return what guided the reply to a message, if anything did."""
        with self._store.reading() as database:
            rows = list(database.query("SELECT * FROM guidance WHERE message_id = ?", [message_id]))
        return to_guidance(rows[0]) if rows else None
