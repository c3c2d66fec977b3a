"""A comparison as JUnit XML, for the pages of a CI."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from companion.replay.comparison import ComparedSession, ComparedTurn, Verdict


def to_junit(compared: Sequence[ComparedSession], verdict: Verdict) -> str:
    """Return one test suite a session and one test case a turn."""
    root = Element("testsuites", name="companion replay")
    for session in compared:
        suite = SubElement(root, "testsuite", name=session.name)
        for turn in session.turns:
            _add_turn(suite, session, turn, verdict)
        if session.problem or session.missing:
            problem = session.problem or f"{session.missing} turns were not compared"
            _add_whole(suite, session.name, problem)
        _sum_up(suite)
    for problem in verdict.unreadable:
        suite = SubElement(root, "testsuite", name=problem)
        _add_whole(suite, "companion replay", problem)
        _sum_up(suite)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add_whole(suite: Element, classname: str, problem: str) -> None:
    case = SubElement(suite, "testcase", classname=classname, name="the whole file")
    SubElement(case, "error", message=problem)


def _sum_up(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))


def list_failures(turn: ComparedTurn, verdict: Verdict) -> list[str]:
    """Return why a turn fails: expectations first, then each difference that counts, as a diff."""
    counting = [each for each in turn.differences if each.what in verdict.counting]
    diffs = ["\n".join([f"{each.what} differs:", *each.lines()]) for each in counting]
    return [*turn.failures, *diffs]


def _add_turn(
    suite: Element, session: ComparedSession, turn: ComparedTurn, verdict: Verdict
) -> None:
    words = " ".join(turn.played.said.text.split())[:60]
    name = f"turn {turn.played.number}: {words}"
    case = SubElement(suite, "testcase", classname=session.name, name=name)
    failures = list_failures(turn, verdict)
    if failures:
        failure = SubElement(case, "failure", message=failures[0].splitlines()[0])
        failure.text = "\n".join(failures)
    elif problem := turn.broken or (turn.judged.problem if turn.judged else ""):
        SubElement(case, "error", message=problem)
