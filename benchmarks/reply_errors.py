"""Errors in a reply that can be found by rule; the same rules for every system.

The rules look for words, so they miss some errors and see a few that are none: they
compare systems and show where to look, and do not replace reading the replies.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial

from reply_sides import Said, Situation

from companion.replay.measures import FAULTS, condoles, congratulates

_GOOD = (
    *(1, 6, 7, 13, 14, 21, 22, 23, 26, 28, 31, 33, 34, 36, 37, 39, 40, 46, 50, 54, 58, 60),
    *(62, 66, 68, 73, 76, 78, 80, 82, 83, 84, 86, 87, 90, 92, 98, 99, 100, 102, 103, 105),
    *(106, 107, 108, 109, 114, 116),
)
_BAD = (
    *(3, 4, 8, 12, 15, 16, 17, 18, 19, 20, 24, 25, 27, 29, 32, 35, 38, 42, 43, 44, 47, 48),
    *(49, 51, 52, 53, 56, 57, 59, 63, 64, 65, 67, 70, 71, 74, 77, 79, 81, 85, 89, 93, 94),
    *(95, 96, 101, 104, 111, 112, 113, 115, 117, 118),
)
"""Which situations are good news and which hurt, by number, as we read them."""

_WORD = re.compile(r"[a-z']{4,}")


Rule = Callable[[Situation, Said], bool]


def _wrong_way(told: Situation, said: Said) -> bool:
    number = int(told.id[1:]) if told.id[1:].isdecimal() and told.id[0] == "s" else None
    if number in _GOOD:
        return condoles(said.reply)
    return number in _BAD and congratulates(said.reply)


def _shows(has: Callable[[str], bool], _: Situation, said: Said) -> bool:
    return has(said.reply)


def _loses_the_thread(told: Situation, said: Said) -> bool:
    """Whether it speaks of something that only the exchanges shown before it speak of.

    What ten other exchanges share is not a subject: only words that few of them have.
    """
    shown = _WORD.findall(said.shown.lower())
    subjects = {word for word in shown if shown.count(word) == 1 and word not in _COMMON}
    strange = _words(said.reply) & subjects - _words(" ".join((*told.lines, *told.memories)))
    return len(strange) > 1


def _ignores_memory(told: Situation, said: Said) -> bool:
    return bool(told.shows) and not _has_any(told.shows, said.reply)


def _invents(told: Situation, said: Said) -> bool:
    return _has_any(told.betrays, said.reply)


def _has_any(phrases: Iterable[str], reply: str) -> bool:
    """Whether one of some phrases stands in a reply, as whole words and in any case."""
    return any(re.search(rf"\b{re.escape(each)}\b", reply, re.IGNORECASE) for each in phrases)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


_COMMON = frozenset(
    (
        *("about", "after", "again", "always", "anything", "back", "because", "been", "before"),
        *("being", "best", "came", "come", "could", "days", "didn't", "does", "doing", "don't"),
        *("done", "each", "else", "even", "ever", "every", "everything", "feel", "feeling"),
        *("feels", "felt", "find", "first", "from", "gave", "gets", "getting", "give", "glad"),
        *("goes", "going", "gone", "good", "great", "happen", "happened", "happy", "hard"),
        *("have", "hear", "heard", "help", "here", "hope", "hurt", "i'll", "into", "isn't"),
        *("it's", "just", "keep", "kind", "knew", "know", "last", "less", "life", "like"),
        *("little", "long", "look", "lost", "love", "made", "make", "makes", "making", "many"),
        *("maybe", "mean", "mind", "more", "most", "much", "must", "need", "never", "next"),
        *("nice", "nobody", "nothing", "often", "only", "other", "over", "part", "people"),
        *("place", "proud", "quite", "really", "right", "said", "same", "scared", "seem"),
        *("sense", "should", "since", "some", "someone", "something", "sorry", "sound"),
        *("sounds", "start", "still", "such", "sure", "take", "talk", "tell", "than", "that"),
        *("that's", "their", "them", "then", "there", "these", "they", "thing", "things"),
        *("think", "this", "those", "thought", "time", "today", "told", "too", "tried", "under"),
        *("until", "very", "wait", "want", "wanted", "wants", "wasn't", "well", "went", "were"),
        *("what", "what's", "when", "where", "which", "while", "whole", "will", "with"),
        *("without", "wonder", "won't", "word", "words", "worst", "would", "year", "years"),
        *("you'd", "you'll", "you're", "you've", "your", "yours", "yourself", "yesterday"),
    )
)

ERRORS: dict[str, Rule] = {
    "condolence for good news or the reverse": _wrong_way,
    **{name: partial(_shows, has) for name, has in FAULTS.items()},
    "loses the thread": _loses_the_thread,
    "memory ignored": _ignores_memory,
    "memory invented": _invents,
}


def find_errors(told: Situation, said: Said) -> list[str]:
    """Return the names of the errors in a reply, in the order of ``ERRORS``."""
    return [name for name, has in ERRORS.items() if has(told, said)]
