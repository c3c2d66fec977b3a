"""The crisis screen: rules and two small readers judge a message, and what came before it.

Where a reader's file is damaged, the others go on; ``companion doctor`` says so.
"""

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from companion.domain.safety import CARD_FROM, Danger, Screening
from companion.safety.classifier import find_classifier
from companion.safety.context import Context
from companion.safety.reading import Reading, read
from companion.safety.rules import Finding, findings

_PIECE: Final = 2000
_REMEMBERED: Final = 12
_BUILDING_UP: Final = 6
_JUST_BEFORE: Final = 2
_NOTHING: Final = Screening(0, Danger.NONE)
_MOST_EVIDENCE: Final = 5
_PREFERRED: Final = (
    *(Danger.SOMEBODY_ELSE, Danger.HARM_TO_OTHERS, Danger.SELF_HARM, Danger.EATING),
    *(Danger.ABUSE, Danger.SUICIDE),
)
"""Which danger a message is about where several are equally grave."""
_Span = tuple[int, int]
_Weighed = tuple[Finding, int]


@dataclass(frozen=True, slots=True)
class _Judgement:
    """A message by itself, and what it would be after an errand, danger or low mood.

    ``errand``: it names somebody whom the writer is about to call.
    """

    alone: Screening
    going_on: Screening
    errand: bool
    after: Screening
    hint: Screening


class RuledScreen:
    """``CrisisScreen`` of rules beside a classifier, in code and offline."""

    def __init__(self) -> None:
        self._judge = lru_cache(maxsize=512)(judge)

    def screen(self, text: str, earlier: Sequence[str] = ()) -> Screening:
        """Return how grave ``text`` is, after what was said before. Never raises."""
        now = self._judge(text)
        recent, tiers = earlier[-_REMEMBERED:], list[int]()
        for place, one in enumerate(recent):
            tiers.append(self._in_place(one, recent[:place], tiers).tier)
        found = self._in_place(text, recent, tiers)
        if _was_danger(tiers):
            found = _graver(found, now.after)
            if found.tier == 0:
                found = Screening(1, Danger.SUICIDE, found.evidence)
        low = sum(tier == 1 for tier in tiers[-_BUILDING_UP:])
        if low >= 2:
            found = _graver(found, now.hint)
        if low >= 2 and found.tier == 1 and now.alone.tier == 1:
            found = Screening(2, found.category, found.evidence)
        return found

    def _in_place(self, text: str, before: Sequence[str], tiers: Sequence[int]) -> Screening:
        """Return what a message is by itself, or going on with an errand."""
        judged = self._judge(text)
        errand = any(self._judge(one).errand for one in (*before[-_JUST_BEFORE:], text))
        if not errand or _was_danger(tiers) or judged.alone.tier <= CARD_FROM:
            return judged.alone
        # People call to say goodbye, too: a card too many is the lesser evil.
        least = Screening(CARD_FROM, judged.alone.category, judged.alone.evidence)
        return _graver(least, judged.going_on)


def _was_danger(tiers: Sequence[int]) -> bool:
    return max(tiers, default=0) >= CARD_FROM


def load_screen() -> RuledScreen:
    """Return the screen, with its rules and its classifier read."""
    screen = RuledScreen()
    screen.screen("Hello")
    _spare_the_collector()
    return screen


@cache
def _spare_the_collector() -> None:
    """Keep what was read from the garbage collector, once.

    It walked through all the rules, a fifth of a second, while the first card waited.
    """
    gc.freeze()


def judge(text: str) -> _Judgement:
    """Return what a message is by itself; a long one is read piece by piece."""
    judged = [_judge_piece(piece) for piece in _pieces(text)]
    return _Judgement(
        _gravest(one.alone for one in judged),
        _gravest(one.going_on for one in judged),
        any(one.errand for one in judged),
        _gravest(one.after for one in judged),
        _gravest(one.hint for one in judged),
    )


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > _PIECE:
        end = max(text.rfind(" ", start, start + _PIECE), text.rfind("\n", start, start + _PIECE))
        end = end if end > start else start + _PIECE
        yield text[start:end]
        start = end
    yield text[start:]


def _judge_piece(text: str) -> _Judgement:
    reading = read(text)
    context = Context(reading)
    found = [(finding, context.tier(finding)) for finding in findings(reading)]
    plain = [one for one in found if not (one[0].rule.after or one[0].rule.hint)]
    ruled = _ruled(reading, plain, context.idioms)
    named = [one for one in plain if not one[0].rule.nameless]
    of_named = ruled if named == plain else _ruled(reading, named, context.idioms)
    # The readers give a card, and nothing graver.
    seen = of_named.tier >= CARD_FROM
    guess = _NOTHING if seen else _guessed(reading, plain, context)
    return _Judgement(
        _graver(ruled, guess),
        _graver(of_named, guess),
        context.has_errand,
        _ruled(reading, [one for one in found if one[0].rule.after]),
        _ruled(reading, [one for one in found if one[0].rule.hint]),
    )


def _ruled(reading: Reading, found: Sequence[_Weighed], idioms: Sequence[_Span] = ()) -> Screening:
    if not found:
        return Screening(0, Danger.NONE, _evidence(reading, idioms))
    tier = max(tier for _, tier in found)
    categories = {finding.rule.category for finding, each in found if each == tier}
    if tier < CARD_FROM and len(categories) > 1:
        # Where nobody is in danger, what the writer says of themselves counts first.
        categories.discard(Danger.SOMEBODY_ELSE)
    spans = [(one.start, one.end) for one, _ in sorted(found, key=_rank)]
    return Screening(tier, min(categories, key=_PREFERRED.index), _evidence(reading, spans))


def _guessed(reading: Reading, found: Sequence[_Weighed], context: Context) -> Screening:
    classifier = find_classifier()
    if classifier is None:
        return _NOTHING
    guess = classifier.guess(reading, context.idioms)
    tier = guess.tier
    if tier and (context.is_told or any(context.excuses(finding) for finding, _ in found)):
        tier -= 1
    if tier == 0:
        return _NOTHING
    return Screening(tier, guess.category, _evidence(reading, [guess.words]))


def _rank(pair: _Weighed) -> tuple[int, int]:
    finding, tier = pair
    return -tier, finding.start - finding.end


def _evidence(reading: Reading, spans: Sequence[_Span]) -> tuple[str, ...]:
    kept: list[tuple[int, int]] = []
    for start, end in (reading.place(*span) for span in spans):
        if not any(start < last and first < end for first, last in kept):
            kept.append((start, end))
    return tuple(reading.message[start:end] for start, end in kept[:_MOST_EVIDENCE])


def _graver(one: Screening, other: Screening) -> Screening:
    of_self = one.category is Danger.SOMEBODY_ELSE is not other.category
    if one.tier == other.tier < CARD_FROM and of_self:
        return other
    return other if other.tier > one.tier else one


def _gravest(found: Iterator[Screening]) -> Screening:
    best = _NOTHING
    for one in found:
        best = one if (one.tier, bool(one.evidence)) > (best.tier, bool(best.evidence)) else best
    return best
