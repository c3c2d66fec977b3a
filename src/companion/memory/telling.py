"""Which memories matter for a message, and how they are told to the model."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from companion.domain.memories import Kind, Memory
from companion.memory.day_words import describe_days, describe_near
from companion.memory.noticing.rules import kin_names
from companion.memory.subjects import CALLED, DATED
from companion.memory.words import FRAME_WORDS, STOP_WORDS, forms_of, split_words, terms_of
from companion.protocols.memories import MemoryShelf

_FOUND = 30
_SOON = timedelta(days=2)
_STALE = timedelta(days=14)
_LEAST = 1.0
_PINNED, _WISH, _NEAR, _NAMED, _WORD, _ASKED = 4.0, 3.0, 2.0, 3.0, 1.0, 1.5
_TOPICS = (
    (
        Kind.WORK,
        r"\b(?:job|work|office|boss|career|profession|trade|occupation|colleagues?"
        r"|for a living|report to|what (?:do|did) i do(?= (?:for|these|now|all)|\?|$))\b",
    ),
    (Kind.PLACE, r"\b(?:where (?:do|did|am) i|home|city|town|flat|neighbou?rhood)\b"),
    (Kind.LIKE, r"\b(?:what do i (?:like|love|enjoy)|my favou?rites?|hobb(?:y|ies)|gift|bored)\b"),
    (Kind.DISLIKE, r"\b(?:what do i (?:hate|dislike)|can't i stand)\b"),
    (Kind.PERSON, r"\b(?:my (?:family|relatives|siblings|kids|children|friends|pets?))\b"),
    (Kind.EVENT, r"\b(?:plans?|calendar|schedule|coming up|(?:this|next) week|weekend)\b"),
    (Kind.PLAN, r"\b(?:plans?|calendar|schedule|coming up|(?:this|next) week|weekend)\b"),
    (Kind.BIRTHDAY, r"\bbirthdays?\b"),
)
_FOOD = re.compile(
    r"\b(?:breakfast|lunch|dinner|supper|eat|cook|bake|recipes?|meals?|snacks?|desserts?|sweets?"
    r"|menu|restaurants?|hungry|takeaway|food)\b",
    re.IGNORECASE,
)
_DIET = re.compile(
    r"\b(?:allergic|do not (?:eat|drink)|vegan|vegetarian|pescatarian|gluten|lactose|coeliac|celiac"
    r"|diabetic)\b"
)
_ABOUT_ALL = re.compile(
    r"\b(?:(?:what|how much|anything) (?:do|did|can) you (?:still )?(?:know|remember) "
    r"(?:about|of) me|who am i)\b",
    re.IGNORECASE,
)
_PAST = {"have": "had", "are": "were", "plan": "planned", "promised": "promised", "want": "wanted"}


@dataclass(frozen=True, slots=True)
class Told:
    """Memories that are told with a message, and the sentences that tell them."""

    memories: tuple[Memory, ...] = ()
    sentences: tuple[str, ...] = ()


def choose_memories(
    shelf: MemoryShelf,
    text: str,
    today: date,
    tokens: int,
    cost: Callable[[str], int],
    known: Collection[int] = (),
) -> Told:
    """Return what matters for a message, most of all first, as much as fits into ``tokens``.

    ``known`` are memories that the model reads anyway. Blocks; raises ``StoreError``.
    """
    scores = _score(shelf, text, today)
    ranked = sorted(scores.values(), key=lambda pair: (-pair[1], -pair[0].id))
    chosen: list[Memory] = []
    sentences: list[str] = []
    for memory, score in ranked:
        sentence = tell(memory, today)
        price = cost(sentence)
        if memory.id in known or score < _LEAST or price > tokens:
            continue
        tokens -= price
        chosen.append(memory)
        sentences.append(sentence)
    return Told(tuple(chosen), tuple(sentences))


def tell(memory: Memory, today: date, *, near: bool = True) -> str:
    """Return a memory as it is told today: "They have an exam tomorrow."; later, they had.

    Without ``near`` days are told by their date.
    """
    if memory.since is None or memory.until is None or memory.kind not in (*DATED, Kind.PROMISE):
        return memory.text
    days = describe_days(memory.since, memory.until)
    stem = memory.text.removesuffix(".").removesuffix(days).rstrip()
    if memory.until < today:
        who, verb, *rest = stem.split(" ")
        stem = " ".join((who, _PAST.get(verb, verb), *rest))
    return f"{stem} {describe_near(memory.since, memory.until, today) if near else days}."


def _score(shelf: MemoryShelf, text: str, today: date) -> dict[int, tuple[Memory, float]]:
    scores: dict[int, tuple[Memory, float]] = {}
    for memory, points in _reasons(shelf, text, today):
        if not _is_over(memory, today):
            before = scores.get(memory.id, (memory, 0.0))[1]
            scores[memory.id] = (memory, before + points)
    return scores


def _reasons(shelf: MemoryShelf, text: str, today: date) -> Iterator[tuple[Memory, float]]:
    for memory in shelf.always():
        # Their name stands at the beginning of the prompt.
        if memory.pinned or memory.slot != CALLED:
            yield memory, _PINNED if memory.pinned else _WISH
    for memory in shelf.dated(today - timedelta(days=1), today + _SOON):
        near = memory.kind is not Kind.BIRTHDAY or _is_birthday(memory, today)
        yield memory, _NEAR if near else 0.0
    words = [word for word in split_words(text) if word not in STOP_WORDS | FRAME_WORDS]
    kin = _find_kin(text)
    words += kin
    terms = frozenset(terms_of(text)).union(*map(terms_of, kin))
    for memory in shelf.find({form for word in words for form in forms_of(word)}, _FOUND):
        named = not terms.isdisjoint(terms_of(memory.subject))
        shared = len(terms.intersection(terms_of(memory.text)))
        yield memory, _NAMED * named + _WORD * shared
    yield from ((memory, _ASKED) for memory in shelf.of_kinds(_kinds_asked(text), _FOUND))
    if _FOOD.search(text):
        facts = shelf.of_kinds([Kind.FACT], _FOUND)
        yield from ((memory, _ASKED) for memory in facts if _DIET.search(memory.text))


def _find_kin(text: str) -> list[str]:
    """Return what the people are kept as whom a text names otherwise: a little girl, a gran."""
    folded = f" {' '.join(split_words(text))} "
    kept = {kept for said, kept in kin_names().items() if said != kept and f" {said} " in folded}
    return [word for each in sorted(kept) for word in split_words(each)]


def _kinds_asked(text: str) -> Sequence[Kind]:
    if _ABOUT_ALL.search(text):
        return tuple(kind for kind in Kind if kind is not Kind.PROMISE)
    return tuple(kind for kind, cue in _TOPICS if re.search(cue, text, re.IGNORECASE))


def _is_over(memory: Memory, today: date) -> bool:
    """Whether it is of a day that is too long ago to matter; a wish ends with its day."""
    if memory.until is None:
        return False
    grace = timedelta(0) if memory.kind is Kind.WISH else _STALE
    return memory.until + grace < today


def _is_birthday(memory: Memory, today: date) -> bool:
    return memory.value in {f"{today + timedelta(days=days):%m-%d}" for days in (-1, 0, 1, 2)}
