"""The only place where concrete parts are joined."""

import logging
import os
import threading
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from companion.conversation.archive import Archive
from companion.conversation.check_in import CheckIns
from companion.conversation.companion import Companion
from companion.conversation.mind import Mind
from companion.domain.errors import ModelError
from companion.domain.message import Role
from companion.domain.mood import EMOTIONS, Affect, Appraisal
from companion.locations import Locations, find_locations, find_prompts_folders
from companion.prompting.appraise import load_appraise_prompt
from companion.prompting.check_ins import load_check_ins
from companion.prompting.frame import load_reply_frame
from companion.prompting.guidebook import load_guidebook
from companion.prompting.personas import load_persona
from companion.protocols.model import Backend, LocalEngine
from companion.settings import Settings, load_settings

if TYPE_CHECKING:
    from companion.mood.appraiser import Appraiser

_UNREADABLE = "Moods cannot be read: the mood model is damaged. companion doctor tells what to do."
_MEND = (
    "The mood model cannot be read ({reason}). Moods stay unknown until you install Companion "
    "again: pip install --force-reinstall companion"
)
_UNKNOWN = Appraisal(dict.fromkeys(EMOTIONS, 0.0), (), Affect(), 0.0, 0.0, known=False)


class SystemClock:
    """The real time, in the time zone of this machine, with its summers and winters."""

    def __init__(self) -> None:
        self._zone = _find_zone()

    def now(self) -> datetime:
        """Return the time of day, aware, in the user's own time zone."""
        moment = datetime.now().astimezone()
        there = moment.astimezone(self._zone)
        # A zone that contradicts the system is not the one that the user lives by.
        return there if there.utcoffset() == moment.utcoffset() else moment

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start."""
        return time.monotonic()


def _find_zone() -> tzinfo | None:
    """Return the zone of this machine, or ``None`` where the system only tells an offset."""
    logging.getLogger("tzlocal").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from tzlocal import get_localzone

            return get_localzone()
    except Exception:  # noqa: BLE001 - whatever a system's files hold, time must be told
        return None


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


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything is and how it is set: what every command starts from."""

    locations: Locations
    settings: Settings
    prompts: tuple[Path, ...]
    environ: Mapping[str, str]


def read_installation(environ: Mapping[str, str] = os.environ) -> Installation:
    """Read locations and settings. Raises ``SettingsError``; opens and starts nothing."""
    locations = find_locations(environ)
    settings = load_settings(locations.settings_file, environ)
    return Installation(locations, settings, find_prompts_folders(locations), environ)


def make_backend(
    installation: Installation, name: str | None = None, model: str | None = None
) -> Backend:
    """Build the backend of a name, the chosen one by default; nothing is started.

    ``model`` takes the place of the model in the settings. Raises ``SettingsError``.
    """
    from companion.backends.kinds import Services, build_backend

    def local_engine(model_id: str, threads: int | None) -> LocalEngine:
        from companion.local_model.catalogue import find_entry
        from companion.local_model.engine import EmbeddedEngine

        locations = installation.locations
        return EmbeddedEngine(find_entry(model_id), locations.models, locations.log_file, threads)

    name = name or installation.settings.backend
    table = dict(installation.settings.backend_table(name))
    if model:
        table["model"] = model
    return build_backend(name, table, Services(installation.environ, local_engine))


def open_companion(
    installation: Installation, backend: str | None = None, model: str | None = None
) -> Companion:
    """Open the database and join everything. Raises ``CompanionError``.

    Blocks for some tens of milliseconds; touches neither network nor model.
    """
    from companion.store.database import Store
    from companion.store.mood_log import SqliteMoodLog
    from companion.store.transcript import SqliteTranscript

    settings, clock = installation.settings, SystemClock()
    persona = load_persona(installation.prompts, settings.persona)
    frame = load_reply_frame(installation.prompts)
    chosen = make_backend(installation, backend, model)
    store = Store(installation.locations.database)
    transcript = SqliteTranscript(store)
    transcript.mark_interrupted(clock.now())
    moods = SqliteMoodLog(store)
    mind = Mind(
        *(transcript, chosen, persona, frame, clock),
        moods=moods,
        reader=LateMoodReader(),
        guidebook=load_guidebook(installation.prompts),
        appraise_prompt=_load_appraise_prompt(installation),
    )
    check_ins = CheckIns(moods, load_check_ins(installation.prompts))
    return Companion(
        mind,
        lambda name: make_backend(installation, name),
        settings.backend_names(),
        store.close,
        greets=settings.chat.greet,
        check_ins=check_ins if settings.chat.check_in else None,
    )


def open_archive(installation: Installation) -> Archive:
    """Open the database to look into what was said. Raises ``CompanionError``.

    Touches neither network nor model.
    """
    from companion.memory.recall import TurnRecaller
    from companion.prompting.budget import estimate_tokens
    from companion.store.database import Store
    from companion.store.imports import SqliteImporter
    from companion.store.transcript import SqliteTranscript
    from companion.store.turn_index import SqliteTurnIndex

    persona = load_persona(installation.prompts, installation.settings.persona)
    store = Store(installation.locations.database)
    name = SqliteTranscript(store).user_name() or "You"
    names = {Role.USER: name, Role.ASSISTANT: persona.name}
    recaller = TurnRecaller(SqliteTurnIndex(store), names, estimate_tokens)
    return Archive(recaller, SqliteImporter(store), SystemClock(), persona.id, store.close)


def _load_appraise_prompt(installation: Installation) -> str:
    return load_appraise_prompt(installation.prompts) if installation.settings.mood.refine else ""
