"""Whether a sentence of a language model is borne out by the words that it cites."""

import re
from collections.abc import Iterable, Sequence

from companion.memory.noticing.clauses import find_requests
from companion.memory.words import FRAME_WORDS, STOP_WORDS, split_words, term_of, terms_of

_LEAST_SHARE = 0.6
_OF_THEIR_OWN = frozenset({*STOP_WORDS, *FRAME_WORDS, "person", "user", "someone"})
_NAME = re.compile(r"(?<=[\w,;:'\u2019] )[A-Z\u00c0-\u00d6\u00d8-\u00de][\w-]*|\b\w*\d\w*")
_NOT = re.compile(r"\b(?:not?|never|none|nothing|nobody|without|neither|nor)\b|n['\u2019]t\b", re.I)


def choose_borne_out(sentence: str, cited: Sequence[str]) -> list[int]:
    """Return the places of those ``cited`` texts that bear a sentence out; none if they do not.

    A text that shares no content word with it has nothing to do with it.
    """
    terms = _content(sentence)
    places = [n for n, text in enumerate(cited) if not terms.isdisjoint(terms_of(text))]
    return places if is_borne_out(sentence, [cited[n] for n in places]) else []


def is_borne_out(sentence: str, cited: Iterable[str]) -> bool:
    """Whether ``sentence`` says nothing but what the ``cited`` texts say, as far as words tell.

    Most of its content words stand there, all of its names and numbers, and it denies just
    what they deny of the things that it speaks of.
    """
    said = [part.text for text in cited for part in find_requests(text)]
    terms = _content(sentence)
    there = {term for text in said for term in terms_of(text)}
    if not terms or len(terms & there) < _LEAST_SHARE * len(terms):
        return False
    words = {word for text in said for word in split_words(text)}
    if any(word not in words for name in _NAME.findall(sentence) for word in split_words(name)):
        return False
    denied = {term for text in said for term in _denied(text)}
    return _denied(sentence) == denied.intersection(terms_of(sentence))


def _content(sentence: str) -> set[str]:
    return {term_of(word) for word in split_words(sentence) if word not in _OF_THEIR_OWN}


def _denied(text: str) -> set[str]:
    """Return the terms right after a denial: of "I haven't told him" it is *tell*."""
    after = (terms_of(text[match.end() :]) for match in _NOT.finditer(text))
    return {terms[0] for terms in after if terms}
