"""The only place where concrete parts are joined."""

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from companion.conversation.archive import Archive
from companion.conversation.check_in import CheckIns
from companion.conversation.companion import Companion
from companion.conversation.mind import Mind
from companion.conversation.watch import Watch
from companion.domain.message import Role
from companion.domain.mood import Appraisal
from companion.domain.safety import Screening
from companion.locations import Locations, find_locations, find_prompts_folders
from companion.prompting.appraise import load_appraise_prompt
from companion.prompting.check_ins import load_check_ins
from companion.prompting.crisis import load_crisis_book
from companion.prompting.frame import load_reply_frame
from companion.prompting.guidebook import load_guidebook
from companion.prompting.personas import load_persona
from companion.protocols.model import Backend, LocalEngine
from companion.protocols.mood import MoodReader
from companion.protocols.safety import CrisisScreen, PlanBook, SafetyLog
from companion.settings import Settings, change_setting, load_settings


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
    from companion.store.safety_log import SqliteSafetyLog
    from companion.store.safety_plan import SqlitePlanBook
    from companion.store.transcript import SqliteTranscript

    settings, clock = installation.settings, SystemClock()
    persona = load_persona(installation.prompts, settings.persona)
    frame = load_reply_frame(installation.prompts)
    chosen = make_backend(installation, backend, model)
    store = Store(installation.locations.database)
    transcript = SqliteTranscript(store)
    transcript.mark_interrupted(clock.now())
    moods = SqliteMoodLog(store)
    watch = Watch(
        *(transcript, LateCrisisScreen(), SqliteSafetyLog(store), SqlitePlanBook(store)),
        book=load_crisis_book(installation.prompts),
        clock=clock,
        country=settings.safety.country,
        keep_country=partial(keep_country, installation),
    )
    mind = Mind(
        *(transcript, chosen, persona, frame, clock),
        moods=moods,
        reader=LateMoodReader(),
        guidebook=load_guidebook(installation.prompts),
        watch=watch,
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


def keep_country(installation: Installation, code: str) -> None:
    """Keep in the settings where the user is. Raises ``SettingsError``."""
    change_setting(installation.locations.settings_file, ("safety", "country"), code)


@contextmanager
def open_plan_book(installation: Installation) -> Iterator[PlanBook]:
    """Open the database for the user's safety plan. Raises ``StoreError``."""
    from companion.store.database import Store
    from companion.store.safety_plan import SqlitePlanBook

    with closing(Store(installation.locations.database)) as store:
        yield SqlitePlanBook(store)


@contextmanager
def open_safety_log(installation: Installation) -> Iterator[SafetyLog]:
    """Open the database for what the crisis screen found. Raises ``StoreError``."""
    from companion.store.database import Store
    from companion.store.safety_log import SqliteSafetyLog

    with closing(Store(installation.locations.database)) as store:
        yield SqliteSafetyLog(store)


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
