"""A comparison for a terminal and as Markdown: the worst first."""

from collections.abc import Iterator, Sequence

from companion.replay.comparison import ComparedSession, ComparedTurn, Verdict
from companion.replay.judge_report import say_count, tell_judged, tell_preferences
from companion.replay.summary import count_differences, find_figures, worst_first

Row = tuple[str, ...]

_SAID = 44
HEAD = ("session", "turn", "said", "what is wrong")


def list_rows(compared: Sequence[ComparedSession], limit: int) -> list[Row]:
    """Return a row for each turn that a tester should look at, the worst first."""
    several = len({session.mind for session in compared}) > 1
    return [
        (
            _name(session, several),
            str(turn.played.number),
            _shorten(turn.played.said.text),
            tell_wrong(turn),
        )
        for session, turn in worst_first(compared)[:limit]
    ]


def _name(session: ComparedSession, several: bool) -> str:
    """Return what a session is called, with who answered where several did."""
    return f"{session.name}, {session.mind}" if several else session.name


def tell_wrong(turn: ComparedTurn) -> str:
    """Return in one line what is wrong with a turn."""
    parts = [*turn.failures]
    reply = turn.played.reply
    if reply and reply.status == "failed":
        parts.append(f"no reply: {reply.error}")
    if turn.differences:
        parts.append("differs: " + ", ".join(each.what.value for each in turn.differences))
    parts += [f"new: {name}" for name in turn.new_faults]
    if turn.worse or (turn.judged and turn.judged.problem):
        parts.append(tell_judged(turn))
    return "; ".join(parts)


def list_figures(compared: Sequence[ComparedSession]) -> list[Row]:
    """Return the measures, before and after, as cells of a table."""
    return [(each.name, _tell(each.before), _tell(each.after)) for each in find_figures(compared)]


def list_diffs(compared: Sequence[ComparedSession], limit: int) -> Iterator[str]:
    """Yield what differs in the worst turns, as a unified diff."""
    several = len({session.mind for session in compared}) > 1
    for session, turn in worst_first(compared)[:limit]:
        for each in turn.differences:
            name = _name(session, several)
            yield f"--- {name}, turn {turn.played.number}, {each.what}: as it was"
            yield "+++ as it is now"
            yield from each.lines()
            yield ""


def list_problems(compared: Sequence[ComparedSession]) -> Iterator[str]:
    """Yield a line for each session of which not all was compared."""
    for session in compared:
        done, missing = len(session.turns), session.missing
        if session.problem or missing:
            rest = f", {missing} were not" if missing else ", the rest was not"
            yield f"{session.name}: {done} turns were compared{rest}. {session.problem}".rstrip()


def sum_up(compared: Sequence[ComparedSession], verdict: Verdict) -> str:
    """Return what it comes to, in one line."""
    turns = sum(len(session.turns) for session in compared)
    failed = sum(bool(turn.failures) for session in compared for turn in session.turns)
    parts = [f"{say_count(turns, 'turn')} of {say_count(len(compared), 'session')}"]
    found = count_differences(compared)
    if found:
        told = ", ".join(f"{name} in {times}" for name, times in found.items())
        parts.append(f"different: {told}")
    elif compared:
        parts.append("nothing differs")
    if failed:
        parts.append(f"expectations fail in {failed}")
    turns_judged = [turn.judged for session in compared for turn in session.turns if turn.judged]
    if unjudged := sum(bool(each.problem) for each in turns_judged):
        parts.append(f"not judged: {unjudged}")
    if verdict.unreadable:
        parts.append(f"not read: {say_count(len(verdict.unreadable), 'file')}")
    parts.append("passed" if verdict.passes(compared) else "not passed")
    return "; ".join(parts) + "."


def to_markdown(compared: Sequence[ComparedSession], verdict: Verdict) -> str:
    """Return a report as Markdown."""
    lines = ["# Replay", "", sum_up(compared, verdict), ""]
    lines += [f"- {line}" for line in list_problems(compared)]
    lines += _table(("measure", "before", "after"), list_figures(compared))
    lines += ["", *tell_preferences(compared)]
    lines += _table(HEAD, list_rows(compared, 100))
    for session, turn in worst_first(compared)[:20]:
        lines += ["", f"## {session.name}, turn {turn.played.number}", ""]
        lines += [f"> {line}" for line in turn.played.said.text.splitlines()]
        lines += ["", *(f"- {failure}" for failure in turn.failures)]
        if turn.judged:
            lines += [f"- {told}" for told in (tell_judged(turn), turn.judged.why) if told]
        for each in turn.differences:
            lines += ["", f"{each.what}:", "", "````diff", *each.lines(), "````"]
    return "\n".join(lines).rstrip() + "\n"


def _table(head: Sequence[str], rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    lines = ["", _line(head), _line(["---"] * len(head))]
    return [*lines, *(_line([cell.replace("|", "\\|") for cell in row]) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SAID else words[: _SAID - 1].rstrip() + "…"


def _tell(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
