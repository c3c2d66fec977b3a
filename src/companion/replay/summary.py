"""What a comparison comes to, in numbers and as plain values for JSON."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from companion.domain.session import SessionTurn
from companion.replay.comparison import ComparedSession, ComparedTurn, Verdict
from companion.replay.judge_report import judged_object, preferences_objects
from companion.replay.measures import Measures


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure over all turns: before and after, ``None`` where nothing told it."""

    name: str
    before: float | None
    after: float | None


def worst_first(compared: Sequence[ComparedSession]) -> list[tuple[ComparedSession, ComparedTurn]]:
    """Return the turns that a tester should look at, those in which most is wrong first."""
    turns = [(session, turn) for session in compared for turn in session.turns if turn.badness]
    return sorted(turns, key=lambda each: -each[1].badness)


def count_differences(compared: Sequence[ComparedSession]) -> dict[str, int]:
    """Return in how many turns each thing differs, only those that do."""
    found = Counter(
        each.what.value
        for session in compared
        for turn in session.turns
        for each in turn.differences
    )
    return dict(found)


def find_figures(compared: Sequence[ComparedSession]) -> list[Figure]:
    """Return the measures of the replies: means, and how many have each fault."""
    pairs = [(turn.before, turn.after) for session in compared for turn in session.turns]
    figures = [
        Figure(name, *(_mean(map(read, side)) for side in zip(*pairs, strict=True)))
        for name, read in _MEANS.items()
        if pairs
    ]
    names = sorted({name for pair in pairs for side in pair for name in side.faults})
    figures += [
        Figure(
            name,
            *(
                float(sum(name in side.faults for side in sides))
                for sides in zip(*pairs, strict=True)
            ),
        )
        for name in names
    ]
    return [each for each in figures if (each.before, each.after) != (None, None)]


_MEANS: dict[str, Callable[[Measures], float | None]] = {
    "words in a reply": lambda side: side.words,
    "questions in a reply": lambda side: side.questions,
    "tokens in a prompt": lambda side: side.prompt_tokens,
    "seconds to the first word": lambda side: side.first_token,
    "tokens a second": lambda side: side.tokens_per_second,
}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(statistics.fmean(known), 3) if known else None


def to_object(compared: Sequence[ComparedSession], verdict: Verdict) -> dict[str, Any]:
    """Return all of it as plain values, the sessions in their order."""
    return {
        "passed": verdict.passes(compared),
        "sessions": len(compared),
        "turns": sum(len(session.turns) for session in compared),
        "not_compared": sum(session.missing for session in compared),
        "differing": verdict.count(compared),
        "differences": count_differences(compared),
        "preferences": preferences_objects(compared),
        "measures": [asdict(each) for each in find_figures(compared)],
        "results": [_session_object(each) for each in compared],
        "unreadable": list(verdict.unreadable),
    }


def _session_object(session: ComparedSession) -> dict[str, Any]:
    return {
        "file": session.file,
        "title": session.session.header.title,
        "mind": session.mind,
        "run": session.run,
        "problem": session.problem,
        "not_compared": session.missing,
        "turns": [_turn_object(each) for each in session.turns],
    }


def _turn_object(turn: ComparedTurn) -> dict[str, Any]:
    return {
        "number": turn.played.number,
        "said": turn.played.said.text,
        "badness": turn.badness,
        "failures": list(turn.failures),
        "judged": judged_object(turn),
        "differences": [
            {"what": each.what.value, "before": each.before, "after": each.after}
            for each in turn.differences
        ],
        "before": _side_object(turn.recorded, turn.before),
        "after": _side_object(turn.played, turn.after),
    }


def _side_object(turn: SessionTurn, measures: Measures) -> dict[str, Any]:
    mood, guidance, reply = turn.moods[-1] if turn.moods else None, turn.guidance, turn.reply
    return {
        "reply": reply.text if reply else None,
        "status": reply.status if reply else None,
        "error": reply.error if reply else None,
        "labels": list(mood.labels) if mood else [],
        "valence": mood.valence if mood else None,
        "strategy": guidance.strategy if guidance else None,
        "prompt_hash": turn.prompt.hash if turn.prompt else None,
        **asdict(measures),
    }
