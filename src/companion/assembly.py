"""The only place where concrete parts are joined."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
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
from companion.conversation.safekeeping import Rescue, Safekeeping
from companion.conversation.session_book import SessionBook
from companion.conversation.thinking import Thinking
from companion.conversation.watch import Watch
from companion.domain.message import Role
from companion.domain.model import ModelProfile
from companion.installation import Installation, keep_age, keep_country, make_backend
from companion.library import Library, Stage, read_library
from companion.portable.exchange import Exchange
from companion.prompting.check_ins import load_check_ins
from companion.prompting.personas import load_persona
from companion.protocols.backups import Backups
from companion.protocols.clock import Clock
from companion.protocols.lock import Lock
from companion.protocols.memory import Recaller
from companion.protocols.model import Backend
from companion.protocols.safety import PlanBook, SafetyLog
from companion.settings import Settings
from companion.system_clock import SystemClock

if TYPE_CHECKING:
    from companion.domain.records import Record
    from companion.memory.fusion import Fusion
    from companion.store.database import Store


def open_companion(
    installation: Installation, backend: str | None = None, model: str | None = None
) -> Companion:
    """Open the database and join everything. Raises ``CompanionError``.

    Blocks for some tens of milliseconds; touches neither network nor model.
    """
    library = read_prompts(installation)
    chosen = make_backend(installation, backend, model)
    store = open_store(installation)
    try:
        return _join(installation, library, store, chosen)
    except BaseException:
        store.close()
        raise


def open_store(installation: Installation) -> "Store":
    """Open the database. Raises ``StoreError``, ``LockedError`` without its passphrase."""
    from companion.store.database import Store

    locations = installation.locations
    return Store(locations.database, installation.keys, quoting=(locations.replays,))


def _join(
    installation: Installation, library: Library, store: "Store", chosen: Backend
) -> Companion:
    from companion.store.transcript import SqliteTranscript

    settings, clock = installation.settings, SystemClock()
    SqliteTranscript(store).mark_interrupted(clock.now())
    mind = _make_mind(installation, library, store, chosen, clock)
    check_ins = CheckIns(mind.moods, load_check_ins(installation.prompts))
    return Companion(
        mind,
        lambda name: make_backend(installation, name),
        settings.backend_names(),
        store.close,
        greets=settings.chat.greet,
        check_ins=check_ins if settings.chat.check_in else None,
        sessions=_make_session_book(installation, mind, store),
        safekeeping=_make_safekeeping(installation) if settings.backups.daily else None,
    )


def read_prompts(installation: Installation, persona: str = "") -> Library:
    """Read all that shapes replies, of the chosen persona or another. Raises ``PromptError``."""
    settings = installation.settings
    return read_library(
        installation.prompts, persona or settings.persona, refine=settings.mood.refine
    )


def open_stage(
    installation: Installation,
    library: Library,
    folder: Path,
    backend: Backend,
    clock: Clock,
    past: "Iterable[Record]",
) -> Stage:
    """Open a database of its own, in which ``past`` is known, to play a session again.

    What is kept there may go with the power. Raises ``StoreError``, ``ImportFormatError``.
    """
    from companion.store.database import Store
    from companion.store.numbering import number_next_message
    from companion.store.restoring import SqliteRestorer

    store = Store(folder / "companion.db", durable=False)
    SqliteRestorer(store).restore(past)
    mind = _make_mind(installation, library, store, backend, clock)
    return Stage(mind, partial(number_next_message, store), store.close)


def _make_mind(
    installation: Installation, library: Library, store: "Store", backend: Backend, clock: Clock
) -> Mind:
    from companion.store.follow_ups import SqliteFollowUps
    from companion.store.memories import SqliteMemoryShelf
    from companion.store.mood_log import SqliteMoodLog
    from companion.store.recall_log import SqliteRecallLog
    from companion.store.safety_log import SqliteSafetyLog
    from companion.store.safety_plan import SqlitePlanBook
    from companion.store.summaries import SqliteSummaryShelf
    from companion.store.transcript import SqliteTranscript

    settings, transcript = installation.settings, SqliteTranscript(store)
    watch = Watch(
        *(transcript, library.screen, SqliteSafetyLog(store), SqlitePlanBook(store)),
        book=library.crisis_book,
        clock=clock,
        country=settings.safety.country,
        keep_country=partial(keep_country, installation),
    )
    fusion = _make_fusion(store, settings)
    recollection = Recollection(
        _make_recaller(store, transcript.user_name(), library.persona.name, fusion),
        SqliteRecallLog(store),
        library.recalled_words,
        fusion,
    )
    return Mind(
        *(transcript, backend, library.persona, library.frame, clock),
        moods=SqliteMoodLog(store),
        reader=library.reader,
        guidebook=library.guidebook,
        watch=watch,
        memory=Remembering(
            SqliteMemoryShelf(store),
            SqliteFollowUps(store),
            library.memory_words,
            asks=settings.chat.follow_ups,
            quiet=lambda _: watch.keeps_quiet(),
        ),
        recollection=recollection,
        thinking=Thinking(
            SqliteSummaryShelf(store),
            library.thinking_words,
            library.earlier_words,
            allowed=settings.memory.think,
        ),
        disclosure=Disclosure(
            *(clock, library.persona.name, settings.safety.age, partial(keep_age, installation)),
            library.minor_words,
        ),
        appraise_prompt=library.appraise_prompt,
    )


def _make_session_book(installation: Installation, mind: Mind, store: "Store") -> SessionBook:
    from companion.portable.past import find_past
    from companion.store.exporting import SqliteExporter

    settings = installation.settings
    return SessionBook(
        mind,
        partial(find_past, SqliteExporter(store)),
        installation.prompts,
        partial(_find_profile, installation),
        follow_ups=settings.chat.follow_ups,
        encoder=mind.recollection.encodes,
        refine=settings.mood.refine,
    )


def _find_profile(installation: Installation, name: str, model: str) -> ModelProfile:
    """Return the profile of a model of a backend; a kind may have only the one that it has."""
    backend = make_backend(installation, name)
    if backend.model != model:
        backend = make_backend(installation, name, model)
    return backend.profile


def open_backups(installation: Installation) -> Backups:
    """Return the backups of the database, which need not be whole; opens nothing."""
    from companion.store.backups import SqliteBackups

    return SqliteBackups(installation.locations.database, installation.keys)


def open_rescue(installation: Installation) -> Rescue:
    """Return the way back from a damaged database; opens nothing."""
    return Rescue(open_backups(installation), SystemClock())


def _make_safekeeping(installation: Installation) -> Safekeeping:
    keep = installation.settings.backups.keep
    return Safekeeping(open_backups(installation), SystemClock(), keep)


def open_lock(installation: Installation) -> Lock:
    """Return the lock of the database; opens nothing."""
    from companion.store.locking import SqliteLock

    locations = installation.locations
    return SqliteLock(locations.database, installation.keys, (locations.replays,))


@contextmanager
def open_plan_book(installation: Installation) -> Iterator[PlanBook]:
    """Open the database for the user's safety plan. Raises ``StoreError``."""
    from companion.store.safety_plan import SqlitePlanBook

    with closing(open_store(installation)) as store:
        yield SqlitePlanBook(store)


@contextmanager
def open_safety_log(installation: Installation) -> Iterator[SafetyLog]:
    """Open the database for what the crisis screen found. Raises ``StoreError``."""
    from companion.store.safety_log import SqliteSafetyLog

    with closing(open_store(installation)) as store:
        yield SqliteSafetyLog(store)


def open_archive(installation: Installation) -> Archive:
    """Open the database to look into what was said. Raises ``CompanionError``.

    Touches neither network nor model.
    """
    from companion.store.transcript import SqliteTranscript

    persona = load_persona(installation.prompts, installation.settings.persona)
    store = open_store(installation)
    fusion = _make_fusion(store, installation.settings)
    recaller = _make_recaller(store, SqliteTranscript(store).user_name(), persona.name, fusion)
    return Archive(recaller, SystemClock(), store.close)


def open_exchange(installation: Installation) -> Exchange:
    """Open the database to export, import or erase. Raises ``CompanionError``.

    Touches neither network nor model.
    """
    from companion.store.erasing import SqliteEraser
    from companion.store.exporting import SqliteExporter
    from companion.store.imports import SqliteImporter
    from companion.store.llm_logs import read_llm_logs
    from companion.store.restoring import SqliteRestorer

    persona = load_persona(installation.prompts, installation.settings.persona)
    locations = installation.locations
    store = open_store(installation)
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
