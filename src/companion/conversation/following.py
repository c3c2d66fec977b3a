"""The mood as it is now, after all that was felt."""

import threading
from dataclasses import replace
from datetime import datetime

from companion.domain.mood import Mood
from companion.mood.drift import MEMORY, Follower
from companion.protocols.mood import MoodLog


class Following:
    """Follows the mood of the user from turn to turn. Usable from several threads."""

    def __init__(self, moods: MoodLog) -> None:
        self._moods = moods
        self._follower = Follower()
        self._lock = threading.Lock()

    def look(self, now: datetime) -> Mood:
        """Return the mood at ``now``. Blocks; raises ``StoreError``."""
        felt = self._moods.felt(now - MEMORY)
        with self._lock:
            mood = self._follower.follow(felt, now)
        return replace(mood, latest=self._moods.entry(mood.latest.id)) if mood.latest else mood
