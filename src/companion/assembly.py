"""The only place where concrete parts are joined."""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from companion.conversation.archive import Archive
from companion.conversation.check_in import CheckIns
from companion.conversation.companion import Companion
from companion.conversation.mind import Mind
from companion.conversation.recollection import Recollection
from companion.domain.message import Role
from companion.domain.mood import Appraisal
from companion.locations import Locations, find_locations, find_prompts_folders
from companion.prompting.appraise import load_appraise_prompt
from companion.prompting.check_ins import load_check_ins
from companion.prompting.frame import load_reply_frame
from companion.prompting.guidebook import load_guidebook
from companion.prompting.personas import load_persona
from companion.prompting.recalled import load_recalled_words
from companion.protocols.memory import Recaller
from companion.protocols.model import Backend, LocalEngine
from companion.protocols.mood import MoodReader
from companion.settings import Settings, load_settings

if TYPE_CHECKING:
    from companion.memory.fusion import Fusion
    from companion.store.database import Store


class SystemClock:
    """The real time, in the time zone of this machine."""

    def now(self) -> datetime:
        """Return the time of day, aware, in the user's own time zone."""
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start."""
        return time.monotonic()


class LateMoodReader:
    """``MoodReader`` that loads the mood model with the first message, not before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reader: MoodReader | None = None

    def appraise(self, text: str, context: str = "") -> Appraisal:
        """Return how the writer of ``text`` feels."""
        return self._load().appraise(text, context)

    def appraise_word(self, words: str) -> Appraisal:
        """Return what the user's own words for their mood mean."""
        return self._load().appraise_word(words)

    def _load(self) -> MoodReader:
        with self._lock:
            if self._reader is None:
                from companion.mood.appraiser import load_appraiser

                self._reader = load_appraiser()
            return self._reader


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
    from companion.store.recall_log import SqliteRecallLog
    from companion.store.transcript import SqliteTranscript

    settings, clock = installation.settings, SystemClock()
    persona = load_persona(installation.prompts, settings.persona)
    frame = load_reply_frame(installation.prompts)
    chosen = make_backend(installation, backend, model)
    store = Store(installation.locations.database)
    transcript = SqliteTranscript(store)
    transcript.mark_interrupted(clock.now())
    moods = SqliteMoodLog(store)
    fusion = _make_fusion(store, settings)
    recollection = Recollection(
        _make_recaller(store, transcript.user_name(), persona.name, fusion),
        SqliteRecallLog(store),
        transcript,
        load_recalled_words(installation.prompts),
        fusion,
    )
    mind = Mind(
        *(transcript, chosen, persona, frame, clock),
        moods=moods,
        reader=LateMoodReader(),
        guidebook=load_guidebook(installation.prompts),
        recollection=recollection,
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
    from companion.store.database import Store
    from companion.store.imports import SqliteImporter
    from companion.store.transcript import SqliteTranscript

    persona = load_persona(installation.prompts, installation.settings.persona)
    store = Store(installation.locations.database)
    fusion = _make_fusion(store, installation.settings)
    recaller = _make_recaller(store, SqliteTranscript(store).user_name(), persona.name, fusion)
    return Archive(recaller, SqliteImporter(store), SystemClock(), persona.id, store.close)


def _make_fusion(store: "Store", settings: Settings) -> "Fusion | None":
    from companion.encoding.minilm import MiniLmEncoder, is_installed
    from companion.memory.fusion import Fusion
    from companion.store.vectors import SqliteVectorShelf

    if not (settings.memory.encoder and is_installed()):
        return None
    return Fusion(MiniLmEncoder(), SqliteVectorShelf(store))


def _make_recaller(
    store: "Store", user_name: str | None, her_name: str, fusion: "Fusion | None"
) -> Recaller:
    from companion.memory.recall import TurnRecaller
    from companion.prompting.budget import measure_passage
    from companion.store.turn_index import SqliteTurnIndex

    names = {Role.USER: user_name or "You", Role.ASSISTANT: her_name}
    return TurnRecaller(SqliteTurnIndex(store), names, measure_passage, fusion)


def _load_appraise_prompt(installation: Installation) -> str:
    return load_appraise_prompt(installation.prompts) if installation.settings.mood.refine else ""
