"""A judge on a server of its own: what it prefers, what it says badly, and when it dies."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import session_stage
from companion.cli.main import app
from companion.domain.errors import CompanionError, PromptError
from companion.domain.model import ModelProfile
from companion.prompting.judging import Pair, compose_question, load_judge_prompt, read_opinion
from companion.replay.preferences import find_interval
from loopback_server import Behaviour, Exchange, LoopbackServer, cut, good

PROMPTS = Path(__file__).parents[2] / "prompts"
_REPLIES = re.compile(r"Reply A:\n(.*?)\n\nReply B:\n(.*?)\n\nAnswer", re.DOTALL)


def by(choose: Callable[[str, str], str]) -> Behaviour:
    """Judge by a rule that gets both replies and returns A, B or tie."""

    def behave(exchange: Exchange) -> None:
        question = exchange.request.body["messages"][0]["content"]
        found = _REPLIES.search(question)
        assert found
        verdict = choose(found[1], found[2])
        exchange.begin()
        exchange.choice({"content": json.dumps({"why": "It <listens>.", "better": verdict})})
        exchange.finish()

    return behave


def for_zebras(first: str, second: str) -> str:
    if ("zebra" in first) == ("zebra" in second):
        return "tie"
    return "A" if "zebra" in first else "B"


def against_zebras(first: str, second: str) -> str:
    return {"A": "B", "B": "A", "tie": "tie"}[for_zebras(first, second)]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return session_stage.record(tmp_path_factory.mktemp("talk"))


def settle(talk: Path, server: LoopbackServer, extra: str = "") -> None:
    settings = talk.parent / "home" / "config" / "settings.toml"
    given = settings.read_text().partition("\n[backends.zebra]")[0]
    settings.write_text(
        f'{given}\n[backends.zebra]\nkind = "scripted"\nreplies = ["A zebra, Nora."]\n'
        f'[backends.judge]\nkind = "openai"\nbase_url = "{server.base_url}"\n'
        f'model = "m"\nretries = 0\n{extra}'
    )


def replay(talk: Path, *arguments: str) -> tuple[int, str, str]:
    environ = {"COMPANION_HOME": str(talk.parent / "home")}
    result = CliRunner().invoke(app, ["replay", str(talk), *arguments], env=environ)
    error = result.exception
    if error is not None and not isinstance(error, SystemExit | CompanionError):
        raise error
    failed = f"companion: {error}\n" if isinstance(error, CompanionError) else ""
    return result.exit_code, result.stdout, result.stderr + failed


def judge(talk: Path, *behaviours: Behaviour, arguments: tuple[str, ...] = ()) -> Any:
    with LoopbackServer(*behaviours) as server:
        return ask(talk, server, *arguments)


def ask(talk: Path, server: LoopbackServer, *arguments: str) -> Any:
    settle(talk, server)
    before = len(server.requests)
    live = ("--live", "--backend", "zebra", "--judge", "judge", "--json")
    status, out, err = replay(talk, *live, *arguments)
    assert out, err
    return json.loads(out) | {"status": status, "asked": len(server.requests) - before}


def preferences(report: Any) -> Any:
    (found,) = report["preferences"]
    return found


@pytest.mark.parametrize(
    ("choose", "now", "recorded", "neither", "torn"),
    [
        (for_zebras, 4, 0, 0, 0),
        (against_zebras, 0, 4, 0, 0),
        (lambda first, second: "tie", 0, 0, 4, 0),
        (lambda first, second: "A", 0, 0, 4, 4),
        (lambda first, second: "B" if "zebra" in second else "tie", 0, 0, 4, 0),
    ],
    ids=["now", "recorded", "ties", "the first place", "sure in one order only"],
)
def test_both_orders_must_agree(
    talk: Path,
    choose: Callable[[str, str], str],
    now: int,
    recorded: int,
    neither: int,
    torn: int,
) -> None:
    report = judge(talk, by(choose))
    found = preferences(report)
    assert (found["now"], found["recorded"], found["neither"]) == (now, recorded, neither)
    assert (found["order_decided"], found["not_judged"], report["asked"]) == (torn, 0, 8)
    assert (report["status"], report["passed"]) == (0, True)


def test_the_judge_reads_the_talk_and_the_rubric(talk: Path) -> None:
    with LoopbackServer(by(for_zebras)) as server:
        settle(talk, server)
        replay(talk, "--live", "--backend", "zebra", "--judge", "judge")
        asked = [request.body["messages"][0]["content"] for request in server.requests]
    last = [each for each in asked if session_stage.TALK[3] in each]
    assert len(last) == 2
    for question in last:
        assert f"Person: {session_stage.TALK[1]}\nSamantha: {session_stage.REPLIES[1]}" in question
        assert "that person would rather have read just then" in question
        assert "{{" not in question
    orders = {_REPLIES.findall(question)[0] for question in last}
    recorded = session_stage.REPLIES[3]
    assert orders == {("A zebra, Nora.", recorded), (recorded, "A zebra, Nora.")}


def test_it_is_said_once_where_the_talk_goes(talk: Path) -> None:
    with LoopbackServer(by(for_zebras)) as server:
        settle(talk, server)
        _, out, err = replay(talk, "--live", "--backend", "zebra", "--judge", "judge")
        notice = f"The conversation goes to judge/m at {server.base_url}."
        assert err.count(notice) == 1
        assert notice not in out
        _, _, err = replay(talk, "--live", "--backend", "zebra", "--judge", "zebra")
    assert "The conversation goes to" not in err, "a judge in this process is told of nowhere"


def test_a_rubric_of_ones_own_wins(talk: Path) -> None:
    own = talk.parent / "home" / "config" / "prompts"
    own.mkdir()
    rubric = "Zoo.\n{{message}}\nReply A:\n{{first}}\n\nReply B:\n{{second}}\n\nAnswer."
    (own / "judge.md").write_text(rubric)
    try:
        with LoopbackServer(by(for_zebras)) as server:
            settle(talk, server)
            status, _, err = replay(talk, "--live", "--backend", "zebra", "--judge", "judge")
            assert status == 0, err
            assert all(
                each.body["messages"][0]["content"].startswith("Zoo.\n") for each in server.requests
            )
        (own / "judge.md").write_text("Zoo. {{message}} {{first}}")
        status, _, err = replay(talk, "--live", "--backend", "zebra", "--judge", "judge")
        assert status == 1
        assert "judge.md: the judge cannot do without {{second}}." in err
    finally:
        (own / "judge.md").unlink()
        own.rmdir()


def test_nonsense_is_reported_and_never_counted(talk: Path) -> None:
    right, nonsense = by(for_zebras), good("Both are lovely, aren't they?")
    behaviours = (nonsense, nonsense, right, right, right, nonsense, right)
    report = judge(talk, *behaviours)
    found = preferences(report)
    assert (found["now"], found["neither"], found["not_judged"]) == (2, 0, 2)
    assert found["interval"] == list(find_interval(2, 2))
    problems = [turn["judged"]["problem"] for turn in report["results"][0]["turns"]]
    wrong = "The judge did not answer in the form that was asked for."
    assert problems == [wrong, "", wrong, ""]
    assert (report["status"], report["passed"]) == (1, False)


def test_a_run_goes_on_where_the_judge_died(talk: Path, tmp_path: Path) -> None:
    right = by(for_zebras)
    junit = tmp_path / "junit.xml"
    with LoopbackServer(right, right, cut(), cut(), cut(), right) as server:
        report = ask(talk, server, "--junit", str(junit))
        again = ask(talk, server)
        fresh = ask(talk, server)
    assert (preferences(report)["now"], preferences(report)["not_judged"]) == (1, 3)
    assert (report["status"], report["asked"]) == (1, 5)
    assert report["results"][0]["turns"][1]["judged"]["problem"].startswith(
        "The judge did not answer: judge "
    )
    assert junit.read_text().count("<error") == 3
    assert (preferences(again)["now"], again["status"], again["asked"]) == (4, 0, 6)
    assert fresh["asked"] == 8, "a run that is whole keeps nothing"


def test_a_judge_that_is_gone_is_not_asked_for_ever(tmp_path: Path) -> None:
    talk = session_stage.record(tmp_path, (*session_stage.TALK, "And Nora?", "And I?"))
    report = judge(talk, cut())
    problems = [turn["judged"]["problem"] for turn in report["results"][0]["turns"]]
    assert report["asked"] == 3
    assert problems[3:] == ["The judge had not answered before and was not asked any more."] * 3


def test_the_reports_tell_what_is_preferred(talk: Path, tmp_path: Path) -> None:
    page, text = tmp_path / "report.html", tmp_path / "report.md"
    with LoopbackServer(by(against_zebras)) as server:
        settle(talk, server)
        status, out, err = replay(
            *(talk, "--live", "--backend", "zebra", "--judge", "judge"),
            *("--html", str(page), "--markdown", str(text)),
        )
    assert status == 0, err
    lines = (
        "The judge, judge/m, prefers what is said now in 0 turns, what was recorded in 4 turns, "
        "neither in 0 turns.",
        "Of the turns that it decided, 0% (95% Wilson score interval 0% to 49%) go to what is "
        "said now.",
    )
    for line in lines:
        assert line in out
        assert line in text.read_text()
        assert line in unescape(page.read_text())
    assert out.count("judged worse") == 4
    assert text.read_text().count("- judged worse") == 4
    assert 'data-what="reply judged-worse"' in page.read_text()
    assert (
        "<p class=failure>Judged worse. Its reason, A being what was recorded: " in page.read_text()
    )
    assert "It &lt;listens&gt;." in page.read_text()
    assert '<option value="judged-worse">judged worse</option>' in page.read_text()


def test_many_minds_have_one_judge(talk: Path) -> None:
    with LoopbackServer(by(for_zebras)) as server:
        settle(talk, server)
        status, out, err = replay(talk, "--against", "script,zebra", "--judge", "judge")
    assert status == 0, err
    (row,) = [line for line in out.splitlines() if line.startswith("judged better")]
    assert row.split() == ["judged", "better", "0", "4"]
    assert "prefers what zebra says in 4 turns" in out
    assert "In 4 turns both say the same, and it was not asked." in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--judge", "judge"), "needs --live or --against"),
        (("--live", "--freely", "--judge", "judge"), "leave out --freely"),
        (("--cassette", "replay", "--judge", "judge"), "does not hear a judge"),
    ],
)
def test_wrong_usage(talk: Path, arguments: tuple[str, ...], told: str) -> None:
    status, _, err = replay(talk, *arguments)
    assert status == 2
    assert told in " ".join(err.replace("│", " ").split())


def test_an_unknown_judge_is_told_before_anything_is_asked(talk: Path) -> None:
    with LoopbackServer(good("Hello.")) as server:
        settle(talk, server)
        status, out, err = replay(talk, "--live", "--backend", "judge", "--judge", "nobody")
        assert (status, out, server.requests) == (1, "", [])
    assert "There is no backend called nobody." in err


@pytest.mark.parametrize(
    ("answer", "better"),
    [
        ('{"why": "x", "better": "A"}', "A"),
        ('I think {this} is it.\n```json\n{"why": "x", "better": "b"}\n```', "B"),
        ('{"why": "{braces}", "better": "Tie."}', "tie"),
        ('{"why": "x", "better": "A"} no, {"why": "y", "better": "B"}', "B"),
        ('{"why": "x", "better": "C"}', None),
        ('{"better": "A"}', None),
        ("A", None),
        ("", None),
    ],
)
def test_answers_as_models_write_them(answer: str, better: str | None) -> None:
    opinion = read_opinion(answer)
    assert (opinion.better if opinion else None) == better


def test_a_question_fits_into_the_judges_context() -> None:
    prompt = load_judge_prompt([PROMPTS])
    pair = Pair("Samantha", ["Person: hello there"] * 500, "m" * 9000, "a" * 9000, "b" * 9000)
    profile = ModelProfile(context_tokens=2048, reply_tokens=200)
    (message,) = compose_question(prompt, pair, profile)
    assert len(message.content) / 3 < 2048 - 200
    assert "Person: hello there" in message.content
    assert compose_question(prompt, pair, replace(profile, context_tokens=700)) == ()


def test_what_a_reply_says_is_not_read_as_a_placeholder(tmp_path: Path) -> None:
    prompt = load_judge_prompt([PROMPTS])
    pair = Pair("Samantha", [], "Hi", "{{second}}", "Hello.")
    (message,) = compose_question(prompt, pair, ModelProfile())
    assert "Reply A:\n{{second}}\n" in message.content
    (tmp_path / "judge.md").write_text("{{message}} {{first}} {{second}} {{zebra}}")
    with pytest.raises(PromptError, match=r"judge.md:1: nothing fills \{\{zebra\}\}"):
        load_judge_prompt([tmp_path])


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [(7, 10, 0.3967781, 0.8922087), (0, 10, 0.0, 0.2775328), (5, 5, 0.5655175, 1.0)],
)
def test_the_interval_is_wilsons(successes: int, of: int, low: float, high: float) -> None:
    """As R's ``prop.test(successes, of, correct = FALSE)`` gives it."""
    assert find_interval(successes, of) == pytest.approx((low, high), abs=1e-6)
