"""What the crisis screen found, and what is counted of it."""

import json
from datetime import datetime

from companion.domain.care import Kept, SafetyCount
from companion.domain.safety import CARD_FROM, Danger, Screening
from companion.store.database import Store
from companion.store.times import from_text, to_text

_CALM = Screening(0, Danger.NONE)
_COUNT = """
SELECT CAST(substr(day, 6, 2) AS INTEGER) AS month, tier, COUNT(*), SUM(card)
FROM safety_counts WHERE substr(day, 1, 4) = ? GROUP BY month, tier ORDER BY month, tier
"""
_OPEN = """
SELECT EXISTS (
    SELECT 1 FROM screenings AS s JOIN messages AS m ON m.id = s.message_id
    JOIN conversations AS c ON c.id = m.conversation_id
    WHERE s.card_shown_at IS NOT NULL AND s.card_put_aside_at IS NULL AND c.updated_at >= ?
)
"""


class SqliteSafetyLog:
    """``protocols.SafetyLog`` in SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, kept: Kept) -> None:
        """Keep what was found in a message of the user, and count it."""
        found, shown = kept.screening, kept.card_shown_at
        with self._store.writing() as database:
            database.conn.execute(
                "INSERT OR REPLACE INTO screenings "
                "(message_id, at, tier, category, evidence, card_shown_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [
                    *(kept.message_id, to_text(kept.at), found.tier, found.category),
                    json.dumps(found.evidence, ensure_ascii=False),
                    to_text(shown) if shown else None,
                ],
            )
            database.conn.execute(
                "INSERT INTO safety_counts (day, tier, card) VALUES (?, ?, ?)",
                (to_text(kept.at)[:10], found.tier, shown is not None),
            )
            database.conn.execute(
                "UPDATE messages SET withheld = ? WHERE id = ?",
                (found.tier >= CARD_FROM, kept.message_id),
            )

    def of_message(self, message_id: int) -> Screening:
        """Return what was found in a message; tier 0 where nothing was."""
        with self._store.reading() as database:
            row = database.conn.execute(
                "SELECT tier, category, evidence FROM screenings WHERE message_id = ?",
                (message_id,),
            ).fetchone()
        if row is None:
            return _CALM
        return Screening(row[0], Danger(row[1]), tuple(json.loads(row[2] or "[]")))

    def last_crisis(self, tier: int = CARD_FROM) -> datetime | None:
        """Return when a message last reached a tier, by default that of the card."""
        with self._store.reading() as database:
            row = database.conn.execute(
                "SELECT MAX(at) FROM screenings WHERE tier >= ?", (tier,)
            ).fetchone()
        return from_text(row[0]) if row[0] else None

    def card_is_open(self, since: datetime) -> bool:
        """Return whether a card was not put aside in a talk that was used ``since``."""
        with self._store.reading() as database:
            return bool(database.conn.execute(_OPEN, (to_text(since),)).fetchone()[0])

    def put_card_aside(self, at: datetime) -> None:
        """Keep that the user put the card aside."""
        with self._store.writing() as database:
            database.conn.execute(
                "UPDATE screenings SET card_put_aside_at = ? "
                "WHERE card_shown_at IS NOT NULL AND card_put_aside_at IS NULL",
                (to_text(at),),
            )

    def put_aside_at(self, message_id: int) -> datetime | None:
        """Return when the card that a message called for was put aside, if it was."""
        query = "SELECT card_put_aside_at FROM screenings WHERE message_id = ?"
        with self._store.reading() as database:
            row = database.conn.execute(query, (message_id,)).fetchone()
        return from_text(row[0]) if row and row[0] else None

    def count(self, year: int) -> list[SafetyCount]:
        """Count the messages of a year (UTC) by month and tier, from tier 1 on."""
        with self._store.reading() as database:
            rows = database.conn.execute(_COUNT, (f"{year:04}",)).fetchall()
        return [SafetyCount(*row) for row in rows]

    def forget_counts(self) -> None:
        """Erase all counts, so that nothing of them stays in the file.

        Copies stay: no word is in a count.
        """
        with self._store.writing() as database:
            database.conn.execute("DELETE FROM safety_counts")
        self._store.forget_traces()
