"""What a played life shows: what must hold, and whether it did."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from companion.domain.memories import Kind, MadeBy, Memory, Quote
from companion.domain.message import Message, Role
from companion.memory.noticing.rules import kin_names
from life import WantedFollowUp
from life_player import Moment, Played

SHARES = ("recalled", "kept", "expected", "follow_ups")
"""Measures of which a share is right."""
ZEROES = (
    *("stale", "wrong", "invented", "echo", "untraceable", "double"),
    *("not_forgotten", "asked_again", "asked_wrongly"),
)
"""Measures that must have no failure at all."""

_NO_LONGER = (
    r"\b(?:used to|until|no longer|any ?more|formerly|moved (?:from|away)|was|were|left|had)\b"
)
_SENTENCE = re.compile(r"(?<=[.!?\"”])\s+|\n")
_SUGGESTION = re.compile(r"\bAsk (?:gently )?(?:how|what became)\b")
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 4
_OF_THE_RULES = ("their", "they", "left")
"""Words that stand in a value because its rule puts it so."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something that must hold did; ``told`` is what was found or missed."""

    measure: str
    holds: bool
    life: str
    at: str
    said: str
    told: str


def judge(played: Played) -> list[Verdict]:
    """Return everything that a life was looked at for, failures and what holds."""
    verdicts = [
        verdict
        for number, moment in enumerate(played.moments)
        for verdict in (
            *_judge_prompt(played, moment),
            *_judge_learned(played, moment),
            *_judge_forgotten(played, number),
        )
    ]
    last = played.moments[-1]
    for memory in last.memories:
        verdicts += _judge_memory(played, memory)
    for wanted in played.life.follow_ups:
        verdicts += _judge_follow_up(played, wanted)
    return verdicts


def _say(
    played: Played, moment: Moment, measure: str, told: str, *, holds: bool = False
) -> Verdict:
    at = f"{moment.turn.at:%Y-%m-%d %H:%M}"
    return Verdict(measure, holds, played.life.name, at, moment.turn.say, told)


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _judge_prompt(played: Played, moment: Moment) -> Iterator[Verdict]:
    turn, told = moment.turn, moment.told
    for wanted in turn.recall:
        read = moment.prompt
        yield _say(played, moment, "recalled", f"{wanted} in {read!r}", holds=_has(wanted, read))
    for stale in turn.stale:
        lines = [line for line in _SENTENCE.split(told) if _has(stale, line)]
        current = [line for line in lines if not _has(_NO_LONGER, line)]
        yield _say(played, moment, "stale", f"{stale} in {current}", holds=not current)
    for wrong in turn.absent:
        yield _say(played, moment, "wrong", f"{wrong} in {told!r}", holds=not _has(wrong, told))
    if turn.crisis:
        asks = _SUGGESTION.search(told)
        yield _say(played, moment, "asked_wrongly", f"in a crisis: {told!r}", holds=not asks)


def _describe(memory: Memory) -> str:
    days = f"{memory.since or ''} {memory.until or ''}".strip()
    return " | ".join(filter(None, (memory.kind, memory.slot, memory.value, memory.text, days)))


def _learned_from(moment: Moment) -> list[Memory]:
    return [m for m in moment.memories if any(q.message_id == moment.message.id for q in m.sources)]


def _judge_learned(played: Played, moment: Moment) -> Iterator[Verdict]:
    """Compare what was kept from a message with what it tells."""
    turn, learned = moment.turn, _learned_from(moment)
    ended = [m for m in moment.memories if m.closed_at == moment.message.created_at]
    for wanted in turn.tells:
        holds = any(_has(wanted, _describe(memory)) for memory in (*learned, *ended))
        yield _say(played, moment, "kept", f"{wanted} in {_list(learned)}", holds=holds)
    for memory in learned:
        text = _describe(memory)
        holds = any(_has(wanted, text) for wanted in (*turn.tells, *turn.may))
        measure, why = ("invented", f"from a {turn.trap}: ") if turn.trap else ("expected", "")
        yield _say(played, moment, measure, f"{why}{text}", holds=holds)


def _list(memories: Iterable[Memory]) -> str:
    return str([_describe(memory) for memory in memories])


def _judge_forgotten(played: Played, number: int) -> Iterator[Verdict]:
    """See that what was to be forgotten is in no memory from then on, and in no later prompt."""
    asked, later = played.moments[number], played.moments[number + 1 :]
    for gone in asked.turn.gone:
        kept = [_describe(m) for moment in (asked, *later) for m in moment.memories]
        read = [moment.prompt for moment in later]
        found = next((each for each in (*kept, *read) if _has(gone, each)), "")
        yield _say(played, asked, "not_forgotten", f"{gone} in {found!r}", holds=not found)


def _judge_memory(played: Played, memory: Memory) -> Iterator[Verdict]:
    """See where a memory came from, whatever it tells."""
    life, text = played.life, _describe(memory)
    at, said = f"{memory.said_at:%Y-%m-%d %H:%M}", " / ".join(q.text for q in memory.sources)
    sources = [(quote, played.said[quote.message_id]) for quote in memory.sources]

    def say(measure: str, told: str, *, holds: bool = False) -> Verdict:
        return Verdict(measure, holds, life.name, at, said, told)

    never = next((each for each in life.never if _has(each, text)), None)
    yield say("invented", f"{never}: {text}", holds=never is None)
    hers = memory.kind is not Kind.PROMISE and any(m.role is not Role.USER for _, m in sources)
    yield say("echo", text, holds=not hers)
    traced = bool(sources) and all(_is_quoted(quote, message) for quote, message in sources)
    yield say("untraceable", text, holds=traced and memory.made_by is MadeBy.RULES)
    if memory.kind is not Kind.PROMISE and memory.kind is not Kind.BIRTHDAY and traced:
        unheard = _unheard(memory, played.said.values())
        yield say("invented", f"never said {unheard}: {text}", holds=not unheard)
    others = [m for m in played.moments[-1].memories if m.id < memory.id and m.current]
    double = memory.current and any(_is_double(memory, other) for other in others)
    yield say("double", text, holds=not double)


def _is_quoted(quote: Quote, message: Message) -> bool:
    return bool(quote.text) and message.text[quote.start : quote.end] == quote.text


def _unheard(memory: Memory, said: Iterable[Message]) -> list[str]:
    """Return words of a memory's value that the user had not said by then."""
    heard = " ".join(
        message.text.lower()
        for message in said
        if message.role is Role.USER and message.created_at <= memory.said_at
    )
    kept = (kept for said, kept in kin_names().items() if said in heard)
    heard = " ".join((heard, *kept))
    words = _WORD.findall(f"{memory.subject} {memory.value}".lower())
    return [word for word in words if word[:_STEM] not in heard and word not in _OF_THE_RULES]


def _is_double(one: Memory, other: Memory) -> bool:
    if (one.kind, one.since, one.until) != (other.kind, other.since, other.until):
        return False
    answers = (one.slot, one.value.lower()) == (other.slot, other.value.lower())
    return answers or one.text.lower() == other.text.lower()


def _judge_follow_up(played: Played, wanted: WantedFollowUp) -> Iterator[Verdict]:
    """See that she asks in the days when she should, once."""
    greetings = {m.greeting.id: m.greeting for m in played.moments if m.turn.begins}
    days = {g.id: g.created_at for g in greetings.values() if _has(wanted.about, g.text)}
    days |= {ask.message_id: ask.at for ask in played.asks if _has(wanted.about, ask.memory)}
    zone = played.moments[0].turn.at.tzinfo
    asked = sorted(at.astimezone(zone).date() for at in days.values())
    told = f"{wanted.about} on {[str(day) for day in asked]}"

    def say(measure: str, *, holds: bool) -> Verdict:
        return Verdict(measure, holds, played.life.name, str(wanted.by), wanted.about, told)

    if not wanted.asked:
        yield say("asked_wrongly", holds=not asked)
        return
    yield say("follow_ups", holds=any(wanted.after <= day <= wanted.by for day in asked))
    yield say("asked_wrongly", holds=all(day >= wanted.after for day in asked))
    yield say("asked_again", holds=len(asked) <= 1)


def figures(verdicts: Sequence[Verdict]) -> dict[str, dict[str, float]]:
    """Return for each measure how many there were and how many failed."""
    return {
        measure: {
            "of": sum(each.measure == measure for each in verdicts),
            "failed": sum(each.measure == measure and not each.holds for each in verdicts),
        }
        for measure in (*SHARES, *ZEROES)
    }
