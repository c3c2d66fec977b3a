"""A comparison as one page that needs nothing else: side by side, with filters."""

import difflib
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from companion.domain.session import SessionTurn
from companion.replay.comparison import ComparedSession, ComparedTurn, Verdict, group
from companion.replay.differences import Difference, What, tell_mood
from companion.replay.judge_report import (
    JUDGED_MARKS,
    mark_judged,
    tell_judged,
    tell_preferences,
)
from companion.replay.matrix import list_matrix
from companion.replay.measures import Measures
from companion.replay.text_report import list_figures, list_problems, sum_up

_TEMPLATE = Path(__file__).with_name("report.html")
_PIECE = re.compile(r"\{\{(\w+)\}\}")
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_WIDTH, _HEIGHT = 600, 100


def to_html(compared: Sequence[ComparedSession], verdict: Verdict) -> str:
    """Return the whole page."""
    wrong = any(turn.badness for session in compared for turn in session.turns)
    pieces = {
        "summary": escape(sum_up(compared, verdict)),
        "problems": "".join(f"<p class=failure>{escape(x)}</p>" for x in list_problems(compared)),
        "figures": _figures(compared),
        "judge": "".join(f"<p class=judged>{escape(x)}</p>" for x in tell_preferences(compared)),
        "checked": "checked" if wrong else "",
        "options": _options(compared),
        "sessions": "\n".join(map(_section, compared)),
    }
    template = _TEMPLATE.read_text(encoding="utf-8")
    return _PIECE.sub(lambda match: pieces[match[1]], template)


def _figures(compared: Sequence[ComparedSession]) -> str:
    if len(group(compared)) > 1:
        return _table(*list_matrix(compared))
    return _table(("measure", "recorded", "now"), list_figures(compared))


def _table(head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    names = "".join(f"<th>{escape(name)}" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{names}</tr>{body}</table>"


def _options(compared: Sequence[ComparedSession]) -> str:
    judged = any(turn.judged for session in compared for turn in session.turns)
    marks = [*(each.value for each in What), *(JUDGED_MARKS if judged else ())]
    return "".join(f'<option value="{mark}">{mark.replace("-", " ")}</option>' for mark in marks)


def _section(session: ComparedSession) -> str:
    turns = "\n".join(map(_turn, session.turns))
    name = escape(f"{session.name}, {session.mind}")
    return f"<section><h2>{name}</h2>{_curves(session.turns)}{turns}</section>"


def _curves(turns: Sequence[ComparedTurn]) -> str:
    """Return the valence of the user over the turns, before and after."""
    if len(turns) < 2:
        return ""
    before = _curve([turn.recorded for turn in turns], "before")
    after = _curve([turn.played for turn in turns], "after")
    middle = _HEIGHT // 2
    axis = f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{middle}" y2="{middle}"/>'
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img">'
        "<title>Valence of the user's messages: recorded dashed, now solid</title>"
        f"{axis}{before}{after}</svg>"
        "<p class=legend>How the user felt, turn by turn, pleasant above the line: "
        "recorded dashed, now solid.</p>"
    )


def _curve(turns: Sequence[SessionTurn], kind: str) -> str:
    step = _WIDTH / (len(turns) - 1)
    points = " ".join(
        f"{place * step:.1f},{(1 - turn.moods[-1].valence) * _HEIGHT / 2:.1f}"
        for place, turn in enumerate(turns)
        if turn.moods
    )
    return f'<polyline class="{kind}" vector-effect="non-scaling-stroke" points="{points}"/>'


def _turn(turn: ComparedTurn) -> str:
    what = " ".join([*(each.what.value for each in turn.differences), mark_judged(turn)]).strip()
    failures = "".join(f"<p class=failure>{escape(each)}</p>" for each in turn.failures)
    old, new = _mark(_reply(turn.recorded), _reply(turn.played))
    diffs = "".join(map(_diff, turn.differences))
    return (
        f'<article class="turn" data-bad="{turn.badness}" data-what="{what}">'
        f'<p class="said"><b>{turn.played.number}</b> {escape(turn.played.said.text)}</p>{failures}'
        f'<div class="sides">{_side("recorded", turn.recorded, turn.before, old)}'
        f"{_side('now', turn.played, turn.after, new)}</div>{_judged(turn)}{diffs}</article>"
    )


def _judged(turn: ComparedTurn) -> str:
    if turn.judged is None:
        return ""
    kind = "failure" if turn.worse or turn.judged.problem else "judged"
    why = f" Its reason, A being what was recorded: {turn.judged.why}" if turn.judged.why else ""
    told = tell_judged(turn).rstrip(".")
    return f"<p class={kind}>{escape(told[0].upper() + told[1:])}.{escape(why)}</p>"


def _side(name: str, turn: SessionTurn, measures: Measures, reply: str) -> str:
    facts = [tell_mood(turn.moods[-1])] if turn.moods else []
    if turn.guidance:
        facts.append(": ".join(filter(None, (turn.guidance.strategy, turn.guidance.mood))))
    facts += [f"told: {text}" for text in turn.memories.texts] if turn.memories else []
    facts += list(measures.faults)
    listed = "".join(f'<p class="fact">{escape(fact)}</p>' for fact in facts)
    return f"<div><h4>{name}</h4><p>{reply}</p>{listed}</div>"


def _diff(difference: Difference) -> str:
    if difference.what is What.REPLY:
        return ""
    lines = "\n".join(map(_diff_line, difference.lines()))
    return f"<details><summary>{difference.what} differs</summary><pre>{lines}</pre></details>"


def _diff_line(line: str) -> str:
    tag = {"-": "del", "+": "ins"}.get(line[:1])
    return f"<{tag}>{escape(line)}</{tag}>" if tag else escape(line)


def _mark(old: str, new: str) -> tuple[str, str]:
    """Return both texts as HTML, with the words marked that the other does not have."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if before == after:
        return escape(old), escape(new)
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    left = "".join(_marked(before[a:b], "del", kind) for kind, a, b, _, _ in steps)
    right = "".join(_marked(after[a:b], "ins", kind) for kind, _, _, a, b in steps)
    return left, right


def _marked(tokens: Sequence[str], tag: str, kind: str) -> str:
    words = escape("".join(tokens))
    return words if kind == "equal" or not words else f"<{tag}>{words}</{tag}>"


def _reply(turn: SessionTurn) -> str:
    reply = turn.reply
    if reply is None:
        return ""
    return "\n".join(filter(None, (reply.text, reply.error and f"({reply.error})")))
