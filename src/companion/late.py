"""Parts that load when they are first needed, so that the first frame does not wait."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from companion.domain.errors import ModelError
from companion.domain.mood import EMOTIONS, Affect, Appraisal
from companion.domain.safety import Screening
from companion.protocols.safety import CrisisScreen

if TYPE_CHECKING:
    from companion.mood.appraiser import Appraiser

_UNREADABLE = "Moods cannot be read: the mood model is damaged. companion doctor tells what to do."
_MEND = (
    "The mood model cannot be read ({reason}). Moods stay unknown until you install Companion "
    "again: pip install --force-reinstall companion"
)
_UNKNOWN = Appraisal(dict.fromkeys(EMOTIONS, 0.0), (), Affect(), 0.0, 0.0, known=False)


class LateMoodReader:
    """``MoodReader`` that loads the mood model with the first message, not before.

    Where the model cannot be read, every mood is unknown and ``problem`` says so.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reader: Appraiser | None = None
        self._failure = ""

    @property
    def problem(self) -> str:
        """What keeps it from judging, in one line; empty where nothing does."""
        return _UNREADABLE if self._failure else ""

    def appraise(self, text: str, context: str = "") -> Appraisal:
        """Return how the writer of ``text`` feels."""
        try:
            return self.load().appraise(text, context)
        except ModelError:
            return _UNKNOWN

    def appraise_word(self, words: str) -> Appraisal:
        """Return what the user's own words for their mood mean."""
        try:
            return self.load().appraise_word(words)
        except ModelError:
            return _UNKNOWN

    def load(self) -> "Appraiser":
        """Load the model, once. Raises ``ModelError`` with what to do if it cannot be read."""
        with self._lock:
            if self._reader is None and not self._failure:
                self._reader = self._read_model()
            if self._reader is None:
                raise ModelError(self._failure)
            return self._reader

    def _read_model(self) -> "Appraiser | None":
        try:
            from companion.mood.appraiser import load_appraiser

            reader = load_appraiser()
            reader.appraise("A word to find out whether all of its parts fit.")
            return reader
        except Exception as error:  # noqa: BLE001 - a damaged file fails in any way it likes
            self._failure = _MEND.format(reason=str(error) or type(error).__name__)
            return None


class LateCrisisScreen:
    """``CrisisScreen`` that loads with the first words, not before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._screen: CrisisScreen | None = None

    def screen(self, text: str, earlier: Sequence[str] = ()) -> Screening:
        """Return how grave ``text`` is."""
        with self._lock:
            if self._screen is None:
                from companion.safety.screen import load_screen

                self._screen = load_screen()
        return self._screen.screen(text, earlier)
