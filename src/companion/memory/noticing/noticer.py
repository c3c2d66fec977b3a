"""What a message tells of its writer, or promises, found by rules."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from companion.domain.findings import Ended, Finding, Moved, Renamed
from companion.domain.memories import Kind, Learned
from companion.memory.day_words import describe_days
from companion.memory.noticing.clauses import (
    Sentence,
    find_requests,
    find_statements,
    hide_foreign,
)
from companion.memory.noticing.days import Days, find_days
from companion.memory.noticing.doubt import (
    is_dark,
    is_doubtful,
    is_doubtful_message,
)
from companion.memory.noticing.filling import collect
from companion.memory.noticing.persons import from_her
from companion.memory.noticing.rules import DAY, Rule, load_rules

_DATED = (Kind.EVENT, Kind.PLAN, Kind.WORRY)
_LONGEST_VALUE = 80
# A capital letter within a sentence, "I" apart: then names are written with one.
_NAMES_SHOW = re.compile(r"(?<=[a-z,] )(?!I\b)[A-Z]|(?<=\bI )[A-Z]")
_FOR_NOW = re.compile(r"\b(?:right now|for now|today|tonight|at the moment|this time)\b", re.I)


@lru_cache(maxsize=64)
def notice(text: str, said: date) -> tuple[Finding, ...]:
    """Return what a message of the user tells, in its order.

    ``said`` is the day on which it was written, in the user's own time zone. Never raises
    for any text. Remembered, because what was read for memories is soon summed up.
    """
    plain = hide_foreign(text)
    if is_doubtful_message(plain):
        return ()
    plain = plain.lower() if plain.isupper() else plain
    fitting = {"", *_letters(plain)}
    rules = [
        rule
        for rule in (*load_rules("changes"), *load_rules("rules"))
        if rule.lower in fitting and (rule.given is None or rule.given.search(plain))
    ]
    stated = [rule for rule in rules if not rule.asked and not rule.across]
    found = [
        *_apply(stated, find_statements(plain), said),
        *_apply([rule for rule in rules if rule.asked], find_requests(plain), said),
        *_apply([rule for rule in rules if rule.across], iter([Sentence(plain, 0)]), said),
    ]
    return _without_doubles(found)


def _letters(plain: str) -> Iterator[str]:
    """Yield which rules for small letters a message is fit for."""
    if plain == plain.lower():
        yield "all"
    if not _NAMES_SHOW.search(plain):
        yield "names"


def notice_promises(text: str, said: date) -> list[Learned]:
    """Return what she promises in a reply of hers."""
    plain = hide_foreign(text)
    found = _apply(load_rules("promises"), find_statements(plain), said)
    return [_promised(each, said) for each in found if isinstance(each, Learned)]


def _promised(learned: Learned, said: date) -> Learned:
    due = learned.since or said + timedelta(days=1)
    value, text = from_her(learned.value), from_her(learned.text)
    # The template itself begins with "You", who is she.
    text = text.replace("Them promised them", "You promised them", 1)
    return replace(learned, value=value, text=text, due=due)


def _apply(rules: Sequence[Rule], sentences: Iterator[Sentence], said: date) -> Iterator[Finding]:
    for sentence in sentences:
        days = find_days(sentence.text, said)
        masked = _mask(sentence.text, days)
        coming = [each for each in days if each.until >= said]
        for rule in rules if days else filter(_needs_no_day, rules):
            for match in _matches(rule, masked):
                finding = _read(rule, match, days, coming, sentence.start)
                if isinstance(finding, Learned) and finding.kind is Kind.WISH:
                    for_now = _FOR_NOW.search(sentence.text)
                    finding = replace(finding, until=said) if for_now else finding
                if finding:
                    yield finding


def _needs_no_day(rule: Rule) -> bool:
    return rule.day != "must"


def _mask(text: str, days: Sequence[Days]) -> str:
    for each in days:
        text = text[: each.start] + DAY * (each.end - each.start) + text[each.end :]
    return text


def _matches(rule: Rule, masked: str) -> Iterator[re.Match[str]]:
    for find in rule.finds:
        for match in find.finditer(masked):
            if rule.unless and rule.unless.search(match[0]):
                continue
            if not rule.trusts and is_doubtful(masked, match.start(), match.end()):
                continue
            yield match


def _read(
    rule: Rule,
    match: re.Match[str],
    named: Sequence[Days],
    coming: Sequence[Days],
    offset: int,
) -> Finding | None:
    """Read what a rule matched; ``named`` are the days of its sentence, ``coming`` not over."""
    new, old = (_in_group(named, match, group) for group in ("new_day", "old_day"))
    days = (new or _nearest(coming, match)) if rule.day != "no" else None
    if rule.day == "must" and days is None:
        return None
    fields = collect(match, days)
    start, end = match.start() + offset, match.end() + offset
    if days and rule.day != "no":
        start, end = min(start, days.start + offset), max(end, days.end + offset)
    match rule.does:
        case "end":
            ends = tuple(slot.format_map(fields).lower() for slot in rule.ends)
            instead = _learn(rule, fields, None, start, end) if rule.text else None
            return Ended(
                ends, rule.what.format_map(fields).strip(), start, end, instead, rule.only_known
            )
        case "move":
            assert days is not None
            what, wrong = rule.what.format_map(fields), old.since if old else None
            return Moved(what, days.since, days.until, start, end, wrong)
        case "rename":
            return Renamed(fields.get("old", ""), fields["new"], start, end)
        case _:
            return _learn(rule, fields, days, start, end)


def _in_group(named: Sequence[Days], match: re.Match[str], group: str) -> Days | None:
    """Return the days that stand in a group of a rule, if the rule has it."""
    if match.groupdict().get(group) is None:
        return None
    return next((each for each in named if each.start == match.start(group)), None)


def _nearest(coming: Sequence[Days], match: re.Match[str]) -> Days | None:
    """Return the days that stand in what was matched, or nearest to it in its sentence."""

    def distance(days: Days) -> int:
        return max(days.start - match.end(), match.start() - days.end, 0)

    return min(coming, key=distance, default=None)


def _learn(
    rule: Rule, fields: dict[str, str], days: Days | None, start: int, end: int
) -> Learned | None:
    value = rule.value.format_map(fields)
    kind = Kind(rule.kind) if rule.kind else Kind.FACT
    if not value or len(value) > _LONGEST_VALUE or (kind in _DATED and is_dark(value)):
        return None
    text = rule.text.format_map(fields)
    dated = kind in (*_DATED, Kind.PROMISE)
    if dated:
        text = f"{text} {describe_days(days.since, days.until)}." if days else f"{text}."
    return Learned(
        kind=kind,
        subject=rule.subject.format_map(fields),
        slot=rule.slot.format_map(fields).lower(),
        value=value,
        text=text,
        start=start,
        end=end,
        since=days.since if days and dated else None,
        until=days.until if days and dated else None,
        due=days.until + timedelta(days=1) if days and kind in _DATED else None,
        closes=tuple(slot.format_map(fields).lower() for slot in rule.closes),
        confidence=rule.confidence,
    )


def _without_doubles(found: list[Finding]) -> tuple[Finding, ...]:
    """Return what was found, once each; of two dated things in one place, the first."""
    kept: list[Finding] = []
    for each in found:
        if not any(_is_same(each, other) for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: (each.start, each.end)))


def _is_same(one: Finding, other: Finding) -> bool:
    if not isinstance(one, Learned) or not isinstance(other, Learned):
        overlaps = one.start < other.end and other.start < one.end
        return overlaps and not isinstance(other, Learned)
    if one.kind in _DATED and other.kind in _DATED:
        return one.start < other.end and other.start < one.end
    return (one.slot, one.value.lower()) == (other.slot, other.value.lower())
