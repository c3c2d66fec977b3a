"""A conversation as a file that can be replayed: a header, then one event a line.

docs/session-file.schema.json is generated from these models; docs/testing-with-replay.md
describes the format for people. Times are ISO 8601 in UTC, numbers of messages are those
of the database that the conversation comes from.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from companion.domain.memory_records import AnyRecord
from companion.domain.message import PromptMessage, Role
from companion.domain.records import ExemplarRecord, Moment, Number, Record

FORMAT = "companion-session"
VERSION = 1

TurnNumber = Annotated[int, Field(ge=1)]
Words = tuple[str, ...]


class Line(BaseModel):
    """One line. Unknown fields are an error: nothing is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class SessionProfile(Line):
    """What of a model's profile shapes its prompts; ``domain.model`` tells what it means."""

    context_tokens: int = Field(default=8192, ge=256)
    reply_tokens: int = Field(default=400, ge=1)
    examples: int = Field(default=6, ge=0)
    note_tokens: int = Field(default=400, ge=0)
    recall_tokens: int = Field(default=400, ge=0)
    summary_tokens: int = Field(default=300, ge=0)
    exemplars: int = Field(default=0, ge=0)
    brief: bool = False


class SessionMind(Line):
    """A model that answered, by the name of its backend."""

    backend: str
    model: str
    profile: SessionProfile = SessionProfile()


class SessionSettings(Line):
    """The settings that shape a prompt; of the user's age, whether they are under 18."""

    follow_ups: bool = True
    encoder: bool = False
    refine: bool = False
    minor: bool = False


class HeaderLine(Line):
    """The first line: who talked, with what, and from where the rest comes.

    ``zone`` is the IANA name of the user's time zone, or an offset such as ``+02:00``.
    ``prompts`` maps the prompt files to their SHA-256, ``mood_model`` is the SHA-256 of
    the files of the mood model. ``bare`` says that only words were recorded: a chat of
    another program. ``redacted`` says that names, numbers and addresses were replaced.
    """

    line: Literal["session"] = "session"
    format: Literal["companion-session"] = "companion-session"
    version: int = VERSION
    program: str = ""
    exported_at: Moment | None = None
    title: str = ""
    persona: str = ""
    zone: str = "UTC"
    seed: int | None = None
    minds: tuple[SessionMind, ...] = ()
    settings: SessionSettings = SessionSettings()
    prompts: dict[str, str] = {}
    mood_model: str = ""
    bare: bool = False
    redacted: bool = False


class PastLine(Line):
    """Something that was known before the conversation began, as an export holds it."""

    line: Literal["past"] = "past"
    record: AnyRecord


class GreetingLine(Line):
    """Her first words, with what the prompt tells along with them."""

    line: Literal["greeting"] = "greeting"
    id: Number
    at: Moment
    text: str
    note: str = ""


class SaidLine(Line):
    """What the user said: the first line of a turn."""

    line: Literal["user"] = "user"
    turn: TurnNumber
    id: Number
    at: Moment
    text: str = Field(min_length=1)


class ScreenedLine(Line):
    """What the crisis screen found, where it found something."""

    line: Literal["screened"] = "screened"
    turn: TurnNumber
    tier: int = Field(ge=1, le=5)
    category: str
    evidence: Words = ()
    put_aside_at: Moment | None = None


class MoodLine(Line):
    """One appraisal of what the user said, and who made it."""

    line: Literal["mood"] = "mood"
    turn: TurnNumber
    source: Literal["model", "llm", "user"]
    labels: Words
    emotions: dict[str, float] = {}
    valence: float
    arousal: float
    dominance: float
    intensity: float
    confidence: float
    evidence: Words = ()
    known: bool = True
    word: str = ""


class GuidanceLine(Line):
    """What was decided about the reply, outside of the model."""

    line: Literal["guidance"] = "guidance"
    turn: TurnNumber
    strategy: Literal[
        "ask", "reflect", "affirm", "sit", "celebrate", "inform", "suggest", "lighten", "weigh"
    ]
    stage: Literal["explore", "comfort", "act"]
    reason: str = ""
    mood: str = ""
    exemplars: tuple[ExemplarRecord, ...] = ()
    unsure: bool = False


class MemoriesLine(Line):
    """What of her memories was told to the model, as whole sentences."""

    line: Literal["memories"] = "memories"
    turn: TurnNumber
    texts: Words


class Quoted(Line):
    """Something that was said before."""

    at: Moment
    speaker: str
    text: str


class RecalledLine(Line):
    """What was said before and came back to mind, best first."""

    line: Literal["recalled"] = "recalled"
    turn: TurnNumber
    quotes: tuple[Quoted, ...]


class PromptPart(Line):
    """One message of a prompt."""

    role: Role
    content: str


class PromptLine(Line):
    """What the model read.

    ``hash`` is the SHA-256 of the whole prompt; ``tokens`` is our estimate of its length.
    The text is the first ``keeps`` messages of the prompt before it in this file, then
    ``adds``. Where it could not be told any more, both are missing.
    """

    line: Literal["prompt"] = "prompt"
    turn: TurnNumber
    hash: str
    note: str = ""
    tokens: int | None = None
    keeps: int | None = Field(default=None, ge=0)
    adds: tuple[PromptPart, ...] | None = None


class ReplyLine(Line):
    """What she answered, how far it came, and how long it took.

    ``chunks`` are the pieces in which it came: seconds after the model was asked, and
    characters. Seconds are those of ``domain.message.Timings``.
    """

    line: Literal["reply"] = "reply"
    turn: TurnNumber
    id: Number
    at: Moment
    ended_at: Moment | None = None
    text: str
    status: Literal["complete", "stopped", "failed", "interrupted"] = "complete"
    error: str | None = None
    backend: str = ""
    model: str = ""
    first_token: float | None = None
    total: float | None = None
    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    chunks: tuple[tuple[float, int], ...] = ()


class EndLine(Line):
    """The last line: how many lines stand between the header and it."""

    line: Literal["end"] = "end"
    lines: int = Field(ge=0)


TurnLine = (
    ScreenedLine | MoodLine | GuidanceLine | MemoriesLine | RecalledLine | PromptLine | ReplyLine
)
AnyLine = Annotated[
    HeaderLine
    | PastLine
    | GreetingLine
    | SaidLine
    | ScreenedLine
    | MoodLine
    | GuidanceLine
    | MemoriesLine
    | RecalledLine
    | PromptLine
    | ReplyLine
    | EndLine,
    Field(discriminator="line"),
]
"""Any line of a session file."""


@dataclass(frozen=True, slots=True)
class SessionTurn:
    """One exchange with all that was recorded about it.

    ``messages`` is the whole prompt where its text is known. A message that nobody
    answered has no ``reply``.
    """

    said: SaidLine
    screened: ScreenedLine | None = None
    moods: tuple[MoodLine, ...] = ()
    guidance: GuidanceLine | None = None
    memories: MemoriesLine | None = None
    recalled: RecalledLine | None = None
    prompt: PromptLine | None = None
    reply: ReplyLine | None = None
    messages: tuple[PromptMessage, ...] | None = None

    @property
    def answer(self) -> str:
        """What was answered, or nothing."""
        return self.reply.text if self.reply else ""

    @property
    def number(self) -> int:
        """Its place in the conversation, from 1 on."""
        return self.said.turn


@dataclass(frozen=True, slots=True)
class Session:
    """A recorded conversation: the branch that is shown.

    ``past`` is what was known before it began. ``problem`` says in one line why turns are
    missing from the end, empty where the file is whole.
    """

    header: HeaderLine
    past: tuple[Record, ...] = ()
    greeting: GreetingLine | None = None
    turns: tuple[SessionTurn, ...] = ()
    problem: str = ""
