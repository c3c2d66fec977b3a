"""The small seams through which the core speaks to the world."""

from collections.abc import AsyncGenerator, Container, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from companion.domain.guidance import Guidance
from companion.domain.memory import ForeignTurn, ImportReport, Posting, Recalled, Turn
from companion.domain.message import ConversationSummary, Message, PromptMessage, Status, Timings
from companion.domain.model import JsonSchema, ModelProfile, ReplyPart
from companion.domain.mood import Appraisal, MoodEntry, Source
from companion.domain.preparation import Preparation


class Clock(Protocol):
    """Time as the program sees it; replay and tests bring their own."""

    def now(self) -> datetime:
        """Return the time of day, aware, in the user's own time zone."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start, for measuring how long things take."""
        ...


class Backend(Protocol):
    """A language model that continues a conversation."""

    @property
    def name(self) -> str:
        """The name that the settings give it."""
        ...

    @property
    def model(self) -> str:
        """The model that answers, as its server calls it."""
        ...

    @property
    def profile(self) -> ModelProfile:
        """How this model likes to be spoken to."""
        ...

    def prepare(self, prefix: Sequence[PromptMessage]) -> AsyncGenerator[Preparation, None]:
        """Get ready to answer, telling each step; ends with ``Ready`` or ``ModelNeeded``.

        ``prefix`` is the part of the prompt that stays the same from turn to turn;
        a backend may read it ahead. Raises ``BackendError`` or ``ModelError``.
        """
        ...

    def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Bring what ``prepare`` said is needed. Does nothing where nothing is.

        Raises ``ModelError``; what has come so far is kept for the next try.
        """
        ...

    def stream_reply(
        self, messages: Sequence[PromptMessage], *, form: JsonSchema | None = None
    ) -> AsyncGenerator[ReplyPart, None]:
        """Yield the reply to ``messages`` piece by piece.

        With ``form``, a JSON schema, the reply is JSON of that shape where the model's
        profile says ``structured``; elsewhere ``form`` does nothing.

        Closing the iterator ends the request. Raises ``ModelMissingError`` or
        ``BackendError``; retries happen only before the first piece.
        """
        ...

    async def check(self) -> str:
        """Find out cheaply whether it would answer and say so in one line.

        Starts nothing and downloads nothing. Raises ``BackendError`` or
        ``ModelError`` with what to do.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and processes. May be called twice."""
        ...


class Endpoint(Protocol):
    """Where an OpenAI-compatible server listens, and its key."""

    @property
    def base_url(self) -> str:
        """The address up to and including ``/v1``."""
        ...

    @property
    def api_key(self) -> str:
        """The bearer token; may be empty."""
        ...


class LocalEngine(Protocol):
    """An embedded engine that serves one model on loopback while we live."""

    @property
    def profile(self) -> ModelProfile:
        """How the model likes to be spoken to, from its catalogue entry."""
        ...

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        ...

    def missing(self) -> Preparation | None:
        """Return ``ModelNeeded`` if the weights are not on this machine, else ``None``."""
        ...

    def fetch(self) -> AsyncGenerator[Preparation, None]:
        """Download and verify the weights. Raises ``ModelError``."""
        ...

    async def start(self) -> Endpoint:
        """Start the engine if it does not run and return where it listens.

        Raises ``ModelMissingError`` or ``ModelError``.
        """
        ...

    async def warm(self, prefix: Sequence[PromptMessage]) -> None:
        """Let the running engine read ``prefix`` into its cache. Never raises for a failure."""
        ...

    async def stop(self) -> None:
        """End the process. May be called twice."""
        ...


class Transcript(Protocol):
    """Everything that was said, kept. All methods raise ``StoreError``.

    Calls block; the engine makes them in a worker thread.
    """

    def create_conversation(self, persona: str, at: datetime) -> ConversationSummary:
        """Begin an empty conversation."""
        ...

    def conversation(self, conversation_id: int) -> ConversationSummary:
        """Return one conversation. Raises ``StoreError`` if there is none of that id."""
        ...

    def conversations(self, limit: int | None = None) -> list[ConversationSummary]:
        """Return conversations, the most recently used first."""
        ...

    def rename_conversation(self, conversation_id: int, title: str) -> None:
        """Give a conversation a title of the user's own."""
        ...

    def delete_conversation(self, conversation_id: int) -> None:
        """Erase a conversation so that nothing of it stays in the file."""
        ...

    def add_user_message(
        self, conversation_id: int, text: str, note: str, at: datetime, *, parent_id: int | None
    ) -> Message:
        """Keep a user's message as unanswered, at the end of the branch of ``parent_id``."""
        ...

    def add_greeting(self, conversation_id: int, text: str, note: str, at: datetime) -> Message:
        """Keep her first words, in a conversation that has no message yet."""
        ...

    def keep_note(self, message_id: int, note: str) -> None:
        """Keep what the prompt tells the model along with a message."""
        ...

    def begin_reply(
        self, to: Message, backend: str, model: str, prompt_hash: str, at: datetime
    ) -> Message:
        """Open a reply that will be written piece by piece."""
        ...

    def keep_partial(self, message_id: int, text: str) -> None:
        """Keep what has come of a reply so far."""
        ...

    def end_reply(
        self,
        message_id: int,
        text: str,
        status: Status,
        timings: Timings,
        at: datetime,
        error: str | None = None,
    ) -> Message:
        """Close a reply; a complete one marks its question answered, in one transaction."""
        ...

    def message(self, message_id: int) -> Message:
        """Return one message."""
        ...

    def branch(
        self, conversation_id: int, *, before: int | None = None, limit: int | None = None
    ) -> list[Message]:
        """Return the active branch, oldest first: its last ``limit`` messages.

        With ``before``, those that precede the message of that id on its branch.
        """
        ...

    def choose_head(self, conversation_id: int, message_id: int | None) -> None:
        """Make the branch that ends in ``message_id`` the active one."""
        ...

    def draft(self, conversation_id: int) -> str:
        """Return what the user had typed but not sent."""
        ...

    def save_draft(self, conversation_id: int, text: str, at: datetime) -> None:
        """Keep what the user has typed but not sent; empty text forgets it."""
        ...

    def usual_wait(self, backend: str, model: str) -> float | None:
        """Return the median seconds to the first word over recent replies, if any."""
        ...

    def user_name(self, *, not_from: int | None = None) -> str | None:
        """Return the name by which the user asked to be called, if it is known.

        With ``not_from``, only if it was told in another conversation than that one.
        """
        ...

    def keep_user_name(self, name: str, message_id: int) -> None:
        """Keep the user's name and the message that told it."""
        ...


class MoodReader(Protocol):
    """Judges how the writer of a message feels, without any network."""

    def appraise(self, text: str, context: str = "") -> Appraisal:
        """Return how the writer of ``text`` feels; ``context`` is what was said to them.

        Never raises for any text. Blocks: the first call loads the model (0.2 s).
        """
        ...

    def appraise_word(self, words: str) -> Appraisal:
        """Return what the user's own words for their mood ("tired") mean, fully confident.

        ``known`` is false where the words name no feeling that it knows.
        """
        ...


class MoodLog(Protocol):
    """Every appraisal, kept with its source. All methods raise ``StoreError`` and block."""

    def add(
        self,
        appraisal: Appraisal,
        source: Source,
        at: datetime,
        *,
        message_id: int | None = None,
        journal_id: int | None = None,
    ) -> MoodEntry:
        """Keep an appraisal of a message or of an entry of the journal."""
        ...

    def write_journal(self, text: str, at: datetime) -> int:
        """Keep what the user wrote by hand and return the number of that entry."""
        ...

    def entry(self, entry_id: int) -> MoodEntry:
        """Return one entry. Raises ``StoreError`` if there is none of that id."""
        ...

    def entries(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> list[MoodEntry]:
        """Return what counts, oldest first: one entry a message, one a journal entry.

        The user's word counts before a language model's, that before the mood model's.
        Messages that the user has said differently since do not count. ``since`` is
        included, ``until`` is not.
        """
        ...

    def of_message(self, message_id: int) -> list[MoodEntry]:
        """Return every appraisal of a message, in the order in which they were made."""
        ...

    def delete(self, entry_id: int) -> None:
        """Erase what is known about the mood of a message, or a whole journal entry.

        Nothing of it stays in the file; a message itself stays.
        """
        ...

    def keep_guidance(self, message_id: int, guidance: Guidance) -> None:
        """Keep what guides the reply to a message; a second one takes its place."""
        ...

    def guidance(self, message_id: int) -> Guidance | None:
        """Return what guided the reply to a message, if anything did."""
        ...


class TurnIndex(Protocol):
    """The words of everything that was said on active branches. Calls block.

    All methods raise ``StoreError``. Words are folded ones: lower case, no accents.
    """

    def size(self) -> int:
        """Return about how many turns there are, rather too many than too few."""
        ...

    def speakers(self) -> frozenset[str]:
        """Return the names of those who speak in imported conversations."""
        ...

    def find(self, words: Sequence[Iterable[str]], limit: int) -> Posting:
        """Return the turns that have one of the words of every group."""
        ...

    def said_between(self, since: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Return the last turns of a stretch of time; ``until`` is not included."""
        ...

    def turns(self, ids: Iterable[int]) -> list[Turn]:
        """Return the turns of these numbers, in no particular order."""
        ...

    def following(self, ids: Iterable[int]) -> list[Turn]:
        """Return the turns that come right after these."""
        ...


class Recaller(Protocol):
    """Brings back to mind what fits what is being said."""

    def recall(
        self,
        question: str,
        at: datetime,
        limit: int = 10,
        tokens: int | None = None,
        known: Container[int] = (),
    ) -> list[Recalled]:
        """Return at most ``limit`` memories, best first. Any text may be asked.

        With ``tokens``, only what fits into that part of a prompt. ``at`` is the moment
        from which "last summer" is seen. Messages in ``known`` are left out: they stand
        in the prompt already. Blocks; raises ``StoreError``.
        """
        ...


class Importer(Protocol):
    """Takes in what was said elsewhere."""

    def add(self, turns: Iterable[ForeignTurn], persona: str) -> ImportReport:
        """Keep all of the turns, in their order, or none where reading them fails.

        A turn whose name its conversation already has is passed over. ``persona`` is
        who goes on with new conversations. Blocks; raises ``StoreError`` and whatever
        ``turns`` raises.
        """
        ...
