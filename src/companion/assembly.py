"""The only place where concrete parts are joined."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from companion.conversation.archive import Archive
from companion.conversation.check_in import CheckIns
from companion.conversation.companion import Companion
from companion.conversation.disclosure import Disclosure
from companion.conversation.mind import Mind
from companion.conversation.recollection import Recollection
from companion.conversation.remembering import Remembering
from companion.conversation.watch import Watch
from companion.domain.disclosure import AgeGroup
from companion.domain.message import Role
from companion.late import LateCrisisScreen, LateMoodReader
from companion.locations import Locations, find_locations, find_prompts_folders
from companion.portable.exchange import Exchange
from companion.prompting.appraise import load_appraise_prompt
from companion.prompting.check_ins import load_check_ins
from companion.prompting.crisis import load_crisis_book
from companion.prompting.frame import load_reply_frame
from companion.prompting.guidebook import load_guidebook
from companion.prompting.memory_words import load_memory_words
from companion.prompting.minor import load_minor_words
from companion.prompting.personas import load_persona
from companion.prompting.recalled import load_recalled_words
from companion.protocols.memory import Recaller
from companion.protocols.model import Backend, LocalEngine
from companion.protocols.safety import PlanBook, SafetyLog
from companion.settings import Settings, change_setting, load_settings
from companion.system_clock import SystemClock

if TYPE_CHECKING:
    from companion.memory.fusion import Fusion
    from companion.store.database import Store


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
    from companion.store.follow_ups import SqliteFollowUps
    from companion.store.memories import SqliteMemoryShelf
    from companion.store.mood_log import SqliteMoodLog
    from companion.store.recall_log import SqliteRecallLog
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
        watch=watch,
        memory=Remembering(
            SqliteMemoryShelf(store),
            SqliteFollowUps(store),
            load_memory_words(installation.prompts),
            asks=settings.chat.follow_ups,
            quiet=lambda _: watch.keeps_quiet(),
        ),
        recollection=recollection,
        disclosure=Disclosure(
            *(clock, persona.name, settings.safety.age, partial(keep_age, installation)),
            load_minor_words(installation.prompts),
        ),
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


def keep_age(installation: Installation, age: AgeGroup) -> None:
    """Keep in the settings how old the user says they are. Raises ``SettingsError``."""
    change_setting(installation.locations.settings_file, ("safety", "age"), age.value)


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
    from companion.store.database import Store
    from companion.store.transcript import SqliteTranscript

    persona = load_persona(installation.prompts, installation.settings.persona)
    store = Store(installation.locations.database)
    fusion = _make_fusion(store, installation.settings)
    recaller = _make_recaller(store, SqliteTranscript(store).user_name(), persona.name, fusion)
    return Archive(recaller, SystemClock(), store.close)


def open_exchange(installation: Installation) -> Exchange:
    """Open the database to export, import or erase. Raises ``CompanionError``.

    Touches neither network nor model.
    """
    from companion.store.database import Store
    from companion.store.erasing import SqliteEraser
    from companion.store.exporting import SqliteExporter
    from companion.store.imports import SqliteImporter
    from companion.store.llm_logs import read_llm_logs
    from companion.store.restoring import SqliteRestorer

    persona = load_persona(installation.prompts, installation.settings.persona)
    locations = installation.locations
    store = Store(locations.database)
    return Exchange(
        SqliteExporter(store),
        SqliteRestorer(store),
        SqliteImporter(store),
        SqliteEraser(store, (locations.log_file, locations.prefixes)),
        read_llm_logs,
        SystemClock(),
        persona.id,
        store.close,
    )


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
