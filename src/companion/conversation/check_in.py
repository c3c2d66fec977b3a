"""First words that fit the last mood and the time since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.conversation.when import describe_day
from companion.domain.mood import MoodFamily
from companion.mood.family import find_family, find_lasting_impression
from companion.prompting.fill import fill
from companion.protocols.mood import MoodLog

_SOONEST, _LATEST = timedelta(hours=6), timedelta(days=13)


@dataclass(frozen=True, slots=True)
class CheckIns:
    """Her words for coming back to somebody's mood, by the kind of mood."""

    moods: MoodLog
    words: Mapping[MoodFamily, tuple[str, ...]]

    def choose(self, now: datetime, turn: int) -> str | None:
        """Return words that fit, or nothing: too soon, too late, or nothing to come back to.

        ``turn`` counts up, so that the same words do not come twice running. Blocks;
        raises ``StoreError``.
        """
        talked = [e for e in self.moods.entries(now - _LATEST) if e.message_id is not None]
        entry = find_lasting_impression(talked)
        if entry is None or now - entry.at < _SOONEST:
            return None
        family = find_family(entry.appraisal)
        variants = self.words.get(family, ()) if family else ()
        if not variants:
            return None
        when = describe_day(now, entry.at.astimezone(now.tzinfo))
        return fill(variants[turn % len(variants)], {"when": when})
