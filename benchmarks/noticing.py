"""How right noticing is: precision and recall over sentences with what they tell.

The held-out half was written before the rules and never tuned on; the other half is the
one to work with. A finding is right if its kind, its words and its days are.

    uv run python benchmarks/noticing.py [--errors] [--json]
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from companion.cli.output import print_json, print_table
from companion.domain.findings import Ended, Finding, Moved, Renamed
from companion.memory.noticing.noticer import notice, notice_promises

SENTENCES = Path(__file__).parents[1] / "tests/memory/sentences"
SAID = date(2026, 11, 25)
HERS = "SHE: "
DATED = {"event": "dated", "plan": "dated"}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and what is to be noticed in it: kind, words, days ("" for any)."""

    text: str
    wanted: tuple[tuple[str, str, str], ...]


def read_cases(name: str) -> list[Case]:
    """Return the sentences of a file in ``tests/memory/sentences``."""
    lines = (SENTENCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_to_case(line) for line in lines if line and not line.startswith("#")]


def _to_case(line: str) -> Case:
    text, *wanted = (part.strip() for part in line.split(" | "))
    return Case(text, tuple(_to_wanted(each) for each in wanted))


def _to_wanted(words: str) -> tuple[str, str, str]:
    kind, _, rest = words.partition(": ")
    value, _, days = rest.partition(" @ ")
    return kind, value.lower(), days


def find(text: str) -> Sequence[Finding]:
    """Notice what a sentence tells, or what she promises in it."""
    if text.startswith(HERS):
        return notice_promises(text.removeprefix(HERS), SAID)
    return notice(text, SAID)


def describe(finding: Finding) -> tuple[str, str, str]:
    """Return a finding in the terms of a case."""
    match finding:
        case Ended():
            return "end", " ".join((*finding.slots, finding.what)).lower(), ""
        case Moved():
            return "moved", _days(finding.since, finding.until), ""
        case Renamed():
            return "renamed", f"{finding.old} > {finding.new}".lower(), ""
    days = _days(finding.since, finding.until) if finding.since and finding.until else ""
    return finding.kind.value, f"{finding.value} {finding.text}".lower(), days


def _days(since: date, until: date) -> str:
    return str(since) if since == until else f"{since} .. {until}"


def is_right(found: tuple[str, str, str], wanted: tuple[str, str, str]) -> bool:
    """Whether a finding is what was wanted; a dated thing may count as event or plan."""
    kinds = {DATED.get(each[0], each[0]) for each in (found, wanted)}
    return len(kinds) == 1 and wanted[1] in found[1] and wanted[2] in ("", found[2])


def judge(cases: list[Case]) -> tuple[Counter[str], Iterator[str]]:
    """Return counts of right, wrong and missed findings, and lines that tell the errors."""
    counts: Counter[str] = Counter()
    errors: list[str] = []
    for case in cases:
        missing = list(case.wanted)
        for found in map(describe, find(case.text)):
            right = next((each for each in missing if is_right(found, each)), None)
            if right:
                missing.remove(right)
            else:
                errors.append(f"wrong  {case.text!r}: {found}")
            counts["right" if right else "wrong"] += 1
        counts["missed"] += len(missing)
        errors += [f"missed {case.text!r}: {each}" for each in missing]
        counts["told" if case.wanted else "silent"] += 1
    return counts, iter(errors)


def figures(counts: Counter[str]) -> dict[str, float]:
    """Return precision and recall with what they are counted from."""
    return {
        "sentences_that_tell": counts["told"],
        "sentences_that_do_not": counts["silent"],
        "precision": counts["right"] / max(1, counts["right"] + counts["wrong"]),
        "recall": counts["right"] / max(1, counts["right"] + counts["missed"]),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--errors", action="store_true", help="Errors in the half to work with.")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = {}
    for name in ("held_out", "development"):
        counts, errors = judge(read_cases(name))
        results[name] = figures(counts)
        if arguments.errors and name == "development":
            print("\n".join(errors))
    if arguments.json:
        print_json(results)
        return
    rows = [
        (name, *(f"{value:.3f}" if value <= 1 else f"{value:.0f}" for value in each.values()))
        for name, each in results.items()
    ]
    print_table(("half", "tell", "do not", "precision", "recall"), rows)


if __name__ == "__main__":
    main()
