"""The bank of exchanges that shows how she talks."""

import re
import tomllib
from collections import Counter
from pathlib import Path

from companion.domain.guidance import Strategy

FOLDER = Path(__file__).parents[2] / "prompts/exemplars"
EXEMPLARS = [
    (path.stem, exemplar)
    for path in sorted(FOLDER.glob("*.toml"))
    for exemplar in tomllib.loads(path.read_text(encoding="utf-8"))["exemplar"]
]
REPLIES = [exemplar["reply"] for _, exemplar in EXEMPLARS]
STRATEGIES = {strategy.value for strategy in Strategy}
BANNED = re.compile(
    r"i understand how|sorry to hear|as an ai|everything happens for a reason|time heals"
    r"|it sounds like|here are some|^\s*[-*\d]+[.)]?\s",
    re.IGNORECASE | re.MULTILINE,
)


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def test_there_are_enough_of_each_kind() -> None:
    assert len(EXEMPLARS) >= 300
    counts = Counter(exemplar["strategy"] for _, exemplar in EXEMPLARS)
    assert set(counts) == STRATEGIES
    assert min(counts.values()) >= 20
    feelings = Counter(exemplar["feeling"] for _, exemplar in EXEMPLARS)
    assert len(feelings) == 28
    assert min(feelings.values()) >= 4


def is_hers(exemplar: dict[str, str]) -> bool:
    reply = exemplar["reply"]
    return (
        set(exemplar) == {"feeling", "strategy", "user", "reply"}
        and len(words(reply)) <= 45
        and reply.count("?") <= (0 if exemplar["strategy"] == "sit" else 1)
        and not BANNED.search(reply)
    )


def test_each_is_short_specific_and_hers() -> None:
    assert [exemplar for _, exemplar in EXEMPLARS if not is_hers(exemplar)] == []


def test_no_two_begin_or_run_alike() -> None:
    openings = Counter(tuple(words(reply)[:3]) for reply in REPLIES)
    assert [opening for opening, count in openings.items() if count > 1] == []
    first = Counter(words(reply)[0] for reply in REPLIES)
    assert max(first.values()) <= 0.05 * len(REPLIES)
    runs = Counter(
        run
        for reply in REPLIES
        for run in set(zip(*(words(reply)[n:] for n in range(5)), strict=False))
    )
    assert [run for run, count in runs.items() if count > 1] == []
