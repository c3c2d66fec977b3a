"""What must hold at a turn: a TOML file beside the session, written by a tester."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from companion.domain.errors import SessionError
from companion.domain.mood import EMOTIONS
from companion.domain.safety import CARD_FROM
from companion.domain.session import MoodLine, Session, SessionTurn
from companion.portable.session_file import ENDING
from companion.replay.comparison import ComparedTurn
from companion.replay.measures import ALL_FAULTS, count_tokens
from companion.settings import describe_invalid

_ENDING = ".expect.toml"
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][a-z\u00df-\u024f]{2,}\b")
_DAYS = frozenset(
    (
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    )
)


class Expected(BaseModel):
    """What must hold. Texts are looked for without regard to capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mood: tuple[str, ...] = ()
    """One of these is among the labels, or is the user's own word."""
    mood_not: tuple[str, ...] = ()
    """None of these is among the labels."""
    valence_below: float | None = None
    valence_above: float | None = None
    strategy: tuple[str, ...] = ()
    """What she does is one of these."""
    memory: tuple[str, ...] = ()
    """Each of these stands in a memory that is in the prompt."""
    recalled: tuple[str, ...] = ()
    """Each of these stands in something said before that is in the prompt."""
    prompt_has: tuple[str, ...] = ()
    prompt_lacks: tuple[str, ...] = ()
    prompt_tokens_below: int | None = None
    crisis_card: bool | None = None
    """Whether the card with whom to call came."""
    reply_has: tuple[str, ...] = ()
    reply_lacks: tuple[str, ...] = ()
    reply_words_below: int | None = None
    reply_names_nobody_new: bool = False
    """Whether every name in the reply was said, told or remembered before."""
    reply_without: tuple[str, ...] = ()
    """Faults that the reply must not have, by their names in a report; or ``any``."""

    @model_validator(mode="after")
    def _know_the_names(self) -> Self:
        for word in self.mood_not:
            if word not in EMOTIONS:
                raise ValueError(f"{word} is no mood; known: {', '.join(EMOTIONS)}")
        for fault in self.reply_without:
            if fault not in (*ALL_FAULTS, "any"):
                raise ValueError(f"{fault} is no fault; known: any, {', '.join(ALL_FAULTS)}")
        return self


class ExpectedTurn(Expected):
    """What must hold at one turn: that of a number, or those in which a text was said."""

    number: int | None = Field(default=None, ge=1)
    said: str = ""

    @model_validator(mode="after")
    def _name_a_turn(self) -> Self:
        if (self.number is None) == (not self.said):
            raise ValueError("give either number or said")
        return self


class Expectations(BaseModel):
    """A whole file: what must hold at every turn, and at some."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every: Expected = Expected()
    turn: tuple[ExpectedTurn, ...] = ()


def find_expectations(path: Path) -> Path:
    """Return where the expectations of a session file stand: ``talk.expect.toml``."""
    name = path.name
    stem = name.removesuffix(ENDING) if name.endswith(ENDING) else path.stem
    return path.with_name(f"{stem}{_ENDING}")


def load_expectations(path: Path) -> Expectations:
    """Read and check expectations. Raises ``SessionError`` naming file and place."""
    try:
        return Expectations.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise SessionError(f"{path} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise SessionError(f"{path} is not valid TOML: {error}. Mend it.") from None
    except ValidationError as error:
        raise SessionError(f"{path}: {describe_invalid(error)}") from None


def check_names(expected: Expectations, session: Session, path: Path) -> None:
    """Raise ``SessionError`` where a turn is named that the session does not have."""
    for each in expected.turn:
        if not any(_is_meant(each, turn) for turn in session.turns):
            which = each.number or f"in which {each.said!r} was said"
            raise SessionError(f"{path}: the session has no turn {which}.")


def expect(
    expected: Expectations, turns: Sequence[ComparedTurn], session: Session
) -> tuple[ComparedTurn, ...]:
    """Return the turns with what does not hold in them."""
    known = set(re.findall(r"\w+", session.greeting.text)) if session.greeting else set()
    known |= {session.header.persona.title()} | _DAYS
    checked = []
    for turn in turns:
        known |= _list_words(turn.played)
        asked = [expected.every, *(e for e in expected.turn if _is_meant(e, turn.played))]
        failures = [words for each in asked for words in _check(each, turn, known)]
        checked.append(replace(turn, failures=tuple(failures)))
        known |= set(re.findall(r"\w+", turn.recorded.reply.text if turn.recorded.reply else ""))
    return tuple(checked)


def _is_meant(expected: ExpectedTurn, turn: SessionTurn) -> bool:
    if expected.number is not None:
        return turn.number == expected.number
    return expected.said.lower() in turn.said.text.lower()


def _check(expected: Expected, turn: ComparedTurn, known: set[str]) -> Iterator[str]:
    yield from _check_mood(expected, turn.played)
    yield from _check_prompt(expected, turn.played)
    yield from _check_reply(expected, turn, known)
    card = turn.played.screened is not None and turn.played.screened.tier >= CARD_FROM
    if expected.crisis_card not in (None, card):
        yield "the crisis card came" if card else "the crisis card did not come"


def _check_mood(expected: Expected, turn: SessionTurn) -> Iterator[str]:
    mood = turn.moods[-1] if turn.moods else None
    felt = (*mood.labels, mood.word) if mood else ()
    told = ", ".join(filter(None, felt)) or "unknown"
    if expected.mood and not set(expected.mood) & set(felt):
        yield f"the mood is {told} and not {' or '.join(expected.mood)}"
    for label in expected.mood_not:
        if label in felt:
            yield f"the mood is {told}"
    yield from _check_valence(expected, mood)
    strategy = turn.guidance.strategy if turn.guidance else "none"
    if expected.strategy and strategy not in expected.strategy:
        yield f"the strategy is {strategy} and not {' or '.join(expected.strategy)}"


def _check_valence(expected: Expected, mood: MoodLine | None) -> Iterator[str]:
    valence = mood.valence if mood else 0.0
    if expected.valence_below is not None and not valence < expected.valence_below:
        yield f"valence is {valence:+.2f} and not below {expected.valence_below:+.2f}"
    if expected.valence_above is not None and not valence > expected.valence_above:
        yield f"valence is {valence:+.2f} and not above {expected.valence_above:+.2f}"


def _check_prompt(expected: Expected, turn: SessionTurn) -> Iterator[str]:
    memories = "\n".join(turn.memories.texts) if turn.memories else ""
    quotes = "\n".join(each.text for each in turn.recalled.quotes) if turn.recalled else ""
    prompt = "\n".join(message.content for message in turn.messages or ())
    yield from _lack(expected.memory, memories, "no memory in the prompt has {!r}")
    yield from _lack(expected.recalled, quotes, "nothing recalled has {!r}")
    yield from _lack(expected.prompt_has, prompt, "the prompt lacks {!r}")
    yield from _have(expected.prompt_lacks, prompt, "the prompt has {!r}")
    tokens, limit = count_tokens(turn) or 0, expected.prompt_tokens_below
    if limit is not None and tokens >= limit:
        yield f"the prompt has about {tokens} tokens and not fewer than {limit}"


def _check_reply(expected: Expected, turn: ComparedTurn, known: set[str]) -> Iterator[str]:
    reply = turn.played.reply.text if turn.played.reply else ""
    yield from _lack(expected.reply_has, reply, "the reply lacks {!r}")
    yield from _have(expected.reply_lacks, reply, "the reply has {!r}")
    words, limit = len(reply.split()), expected.reply_words_below
    if limit is not None and words >= limit:
        yield f"the reply has {words} words and not fewer than {limit}"
    if expected.reply_names_nobody_new:
        strange = [name for name in _NAME.findall(reply) if name not in known]
        yield from (f"the reply names {name}, whom nobody spoke of" for name in strange)
    unwanted = ALL_FAULTS if "any" in expected.reply_without else expected.reply_without
    yield from (f"the reply has a fault: {each}" for each in turn.after.faults if each in unwanted)


def _lack(sought: Sequence[str], text: str, words: str) -> Iterator[str]:
    yield from (words.format(each) for each in sought if not _has(text, each))


def _have(sought: Sequence[str], text: str, words: str) -> Iterator[str]:
    yield from (words.format(each) for each in sought if _has(text, each))


def _has(text: str, sought: str) -> bool:
    return sought.lower() in text.lower()


def _list_words(turn: SessionTurn) -> set[str]:
    told = [turn.said.text, *(turn.memories.texts if turn.memories else ())]
    told += [each.text for each in turn.recalled.quotes] if turn.recalled else []
    return {
        word.removesuffix("'s").title() for text in told for word in re.findall(r"[\w']+", text)
    }
