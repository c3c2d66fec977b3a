"""What following the mood needs of the mood log, each row of it read once."""

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from companion.domain.mood import Affect, Appraisal, MoodEntry, Source
from companion.store.database import Store
from companion.store.sqlite import Database
from companion.store.times import from_text, to_text

# Said differently since: a later message of the user in the same place.
COUNTS = """
NOT EXISTS (
    SELECT 1 FROM moods AS better
    WHERE (better.message_id = moods.message_id OR better.journal_id = moods.journal_id)
    AND (better.source = 'user', better.source = 'llm', better.id)
      > (moods.source = 'user', moods.source = 'llm', moods.id)
) AND NOT EXISTS (
    SELECT 1 FROM messages AS later WHERE later.conversation_id = messages.conversation_id
    AND later.parent_id IS messages.parent_id AND later.role = 'user' AND later.id > messages.id
)
"""
_SELECT = f"""
SELECT moods.id, at, source, labels, valence, arousal, dominance, intensity, confidence,
       known, message_id, messages.conversation_id, journal_id
FROM moods LEFT JOIN messages ON messages.id = moods.message_id
WHERE moods.id > :after AND moods.id <= :last AND at >= :since AND {COUNTS}
ORDER BY at, moods.id
"""
_MARK = """
SELECT (SELECT count(*) FROM moods), (SELECT IFNULL(max(id), 0) FROM moods),
       (SELECT count(*) FROM messages), (SELECT IFNULL(max(id), 0) FROM messages)
"""
# A plus keeps SQLite from reading the whole conversation for one place in it.
_UNSETTLES = """
SELECT EXISTS (
    SELECT 1 FROM moods AS new WHERE new.id > :mood AND new.at < :latest
) OR EXISTS (
    SELECT 1 FROM moods AS new CROSS JOIN moods AS old
    ON old.message_id = new.message_id OR old.journal_id = new.journal_id
    WHERE new.id > :mood AND old.id <= :mood
) OR EXISTS (
    SELECT 1 FROM messages AS new CROSS JOIN messages AS old
    ON old.parent_id IS new.parent_id AND +old.conversation_id = new.conversation_id
    WHERE new.id > :message AND old.id <= :message AND new.role = 'user'
)
"""


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far the tables had come. Numbers are given once, and rows keep what counts here."""

    undone: int = 0
    moods: int = 0
    mood: int = 0
    messages: int = 0
    message: int = 0

    def only_grew(self, since: "_Mark") -> bool:
        """Whether nothing was taken away after ``since``."""
        return (
            self.undone == since.undone
            and 0 <= self.mood - since.mood == self.moods - since.moods
            and 0 <= self.message - since.message == self.messages - since.messages
        )


class FeltMoods:
    """Reads on from where it was where it can, and anew where something earlier changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._mark = _Mark()
        self._since = datetime.max.replace(tzinfo=UTC)
        self._kept: list[MoodEntry] = []

    def read(self, since: datetime) -> list[MoodEntry]:
        """Return what counts from ``since``, as ``protocols.MoodLog.felt`` does."""
        with self._store.reading() as database:
            mark = _Mark(self._store.undone, *database.conn.execute(_MARK).fetchone())
            if since < self._since or not self._goes_on(database, mark):
                self._mark, self._kept = _Mark(), []
            span = {"after": self._mark.mood, "last": mark.mood, "since": to_text(since)}
            first = bisect_left(self._kept, since, key=attrgetter("at"))
            read = [_to_felt(row) for row in database.query(_SELECT, span)]
            self._kept = self._kept[first:] + read
            self._mark, self._since = mark, since
            return self._kept.copy()

    def _goes_on(self, database: Database, mark: _Mark) -> bool:
        if not mark.only_grew(self._mark):
            return False
        latest = to_text(self._kept[-1].at) if self._kept else ""
        known = {"mood": self._mark.mood, "message": self._mark.message, "latest": latest}
        return not database.conn.execute(_UNSETTLES, known).fetchone()[0]


@lru_cache(maxsize=512)
def _read_labels(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _to_felt(row: Mapping[str, Any]) -> MoodEntry:
    appraisal = Appraisal(
        emotions={},
        labels=_read_labels(row["labels"]),
        affect=Affect(row["valence"], row["arousal"], row["dominance"]),
        intensity=row["intensity"],
        confidence=row["confidence"],
        known=bool(row["known"]),
    )
    return MoodEntry(
        id=row["id"],
        at=from_text(row["at"]),
        source=Source(row["source"]),
        appraisal=appraisal,
        text="",
        message_id=row["message_id"],
        conversation_id=row["conversation_id"],
        journal_id=row["journal_id"],
    )
