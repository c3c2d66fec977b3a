"""What a judge prefers, in words and as plain values."""

from collections.abc import Iterator, Sequence
from typing import Any

from companion.replay.comparison import ComparedSession, ComparedTurn, group
from companion.replay.judged import Better
from companion.replay.preferences import CONFIDENCE, METHOD, Preferences, count_preferences

_WORDS = {Better.NOW: "better", Better.RECORDED: "worse", Better.NEITHER: "as good"}


def tell_preferences(compared: Sequence[ComparedSession]) -> Iterator[str]:
    """Yield what a judge prefers, line by line, mind by mind; nothing where none was asked."""
    sides = group(compared)
    for mind, side in sides.items():
        found = count_preferences(side)
        if found:
            now = f"what {mind} says" if len(sides) > 1 else "what is said now"
            yield from _tell(found, now)
            yield from _list_problems(side)


def _tell(found: Preferences, now: str) -> Iterator[str]:
    yield (
        f"The judge, {found.judge}, prefers {now} in {_turns(found.now)}, "
        f"what was recorded in {_turns(found.recorded)}, neither in {_turns(found.ties)}."
    )
    if found.share is not None:
        yield f"Of the turns that it decided, {_tell_share(found)} go to {now}."
    if found.torn:
        yield (
            f"In {_turns(found.torn)} it took the reply that stood in one place, whichever "
            "that was: this counts as neither."
        )
    if found.alike:
        yield f"In {_turns(found.alike)} both say the same, and it was not asked."
    if found.unjudged:
        yield f"Without a judgement, and not counted: {_turns(found.unjudged)}."


def tell_judged(turn: ComparedTurn) -> str:
    """Return what a judge made of a turn; nothing where it was not asked."""
    judged = turn.judged
    if judged is None:
        return ""
    if judged.better is None:
        return f"not judged: {judged.problem}"
    if judged.alike:
        return "the same words"
    return "judged as good: it depends on the order" if judged.torn else f"judged {_name(turn)}"


def mark_judged(turn: ComparedTurn) -> str:
    """Return one word by which turns are told apart that were judged alike."""
    return f"judged-{_name(turn).replace(' ', '-')}" if turn.judged else ""


JUDGED_MARKS = tuple(f"judged-{word.replace(' ', '-')}" for word in (*_WORDS.values(), "not"))
"""All such words."""


def list_preferences(sides: Sequence[Sequence[ComparedSession]]) -> list[tuple[str, ...]]:
    """Return rows of a matrix with a column a mind; nothing where no judge was asked."""
    found = [count_preferences(side) for side in sides]
    if not any(found):
        return []
    names = {
        "judged better": lambda each: str(each.now),
        "judged worse": lambda each: str(each.recorded),
        "judged as good": lambda each: str(each.ties),
        "not judged": lambda each: str(each.unjudged),
        "better, of those decided": _tell_share,
    }
    return [
        (name, "", *(tell(each) if each else "-" for each in found)) for name, tell in names.items()
    ]


def preferences_objects(compared: Sequence[ComparedSession]) -> list[dict[str, Any]]:
    """Return what a judge prefers as plain values, mind by mind."""
    counted = {mind: count_preferences(side) for mind, side in group(compared).items()}
    return [_to_object(mind, found) for mind, found in counted.items() if found]


def _to_object(mind: str, found: Preferences) -> dict[str, Any]:
    return {
        "mind": mind,
        "judge": found.judge,
        "now": found.now,
        "recorded": found.recorded,
        "neither": found.ties,
        "order_decided": found.torn,
        "alike": found.alike,
        "not_judged": found.unjudged,
        "share": found.share,
        "interval": found.interval,
        "confidence": CONFIDENCE,
        "method": METHOD,
    }


def judged_object(turn: ComparedTurn) -> dict[str, Any] | None:
    """Return what a judge made of a turn as plain values."""
    judged = turn.judged
    if judged is None:
        return None
    return {
        "better": judged.better,
        "recorded_first": judged.recorded_first,
        "now_first": judged.now_first,
        "why": judged.why,
        "problem": judged.problem,
    }


def _turns(number: int) -> str:
    return say_count(number, "turn")


def say_count(number: int, one: str) -> str:
    """Return a number with what it counts: ``1 turn``, ``2 turns``."""
    return f"{number} {one if number == 1 else f'{one}s'}"


def _name(turn: ComparedTurn) -> str:
    better = turn.judged.better if turn.judged else None
    return _WORDS[better] if better else "not"


def _tell_share(found: Preferences) -> str:
    if found.share is None or found.interval is None:
        return "-"
    low, high = found.interval
    return f"{found.share:.0%} ({CONFIDENCE:.0%} {METHOD} {low:.0%} to {high:.0%})"


def _list_problems(compared: Sequence[ComparedSession]) -> Iterator[str]:
    for session in compared:
        for turn in session.turns:
            if turn.judged and turn.judged.problem:
                yield f"{session.name}, turn {turn.played.number}: {turn.judged.problem}"
