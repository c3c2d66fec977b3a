"""A message as sentences of its writer, without questions, quotations and pasted text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LONGEST = 4000
_LONGEST_SENTENCE = 600
HIDDEN = "\x00"
"""Stands, letter by letter, for what is not the writer's own."""

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'"})
# "Chapter two opens like this: I live in Vermont": all that follows is a text, or a speech.
_INTRODUCED = re.compile(
    r"\b(?:(?:begin|open|start|end|read|say|run)s?|goes|said|wrote|like (?:this|so)|as follows"
    r"|(?:first|opening|last|next) (?:line|sentence|paragraph|verse|scene)s?(?: is| are)?"
    r"|chapter \w+|act \w+|scene \w+|draft|monologue|caption)"
    r"(?: (?:off|out|like|with|as follows|this|that|so|thus|something|more or less)){0,3}:(?=\s)"
    r".*?(?=\n\s*\n|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# Fenced code, quoted lines, lines of a chat log, words between double quotation marks or
# asterisks around a played gesture.
_NOT_THEIRS = re.compile(
    r"```.*?(?:```|\Z)|^[ \t]*>[^\n]*"
    r"|^[ \t]*(?!(?:btw|ps|update|edit|fyi|note|today|anyway|correction|sorry|news)\b)"
    r"[A-Za-z][\w ]{1,20}:(?=\s)[^\n]*"
    r"|[\"\u201c\u201e\u00ab][^\"\u201d\u201c\u00bb]*[\"\u201d\u201c\u00bb]"
    r"|(?<![\w'])'(?=[A-Za-z])[^'\n]*(?:'\w[^'\n]*)*[.,!?]'|\*[^*\n]{3,80}\*",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)[.!](?=\s|$)|[!?\u2026]+|\.{2,}|\n+"
)
# What a question asks begins here; before it something may have been told.
_ASKS = re.compile(
    r"[,;\u2013\u2014-]+ *(?:and |but |so |now )?(?:what|how|do|did|does|can|could|should|would"
    r"|will|is|are|any|why|when|where|who|which|have|has|isn't|aren't|don't|want|wish me|think"
    r"|right|you know|ok|okay|remember|got)\b",
    re.IGNORECASE,
)
_BEGINS_QUESTION = re.compile(
    r"\s*(?:and |but |so |ok |well |hey |um |wait,? )*(?:what|how|do|did|does|can|could|should"
    r"|would|will|is|are|am|was|were|why|when|where|who|whose|which|have|has|isn't|aren't|don't|doesn't"
    r"|didn't|won't|shall|may|might)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something the writer states. ``start`` is its place in the message, in characters."""

    text: str
    start: int


@lru_cache(maxsize=64)
def hide_foreign(text: str) -> str:
    """Return a message, as long as before, with what is not its writer's own blotted out."""
    plain = text[:_LONGEST].translate(_APOSTROPHES)
    for foreign in (_NOT_THEIRS, _INTRODUCED):
        plain = foreign.sub(lambda match: HIDDEN * len(match[0]), plain)
    return plain


def find_statements(plain: str) -> Iterator[Sentence]:
    """Yield the sentences that state something, from what ``hide_foreign`` left."""
    start = 0
    for match in _END.finditer(plain + "\n"):
        end = min(match.start(), len(plain))
        sentence = plain[start:end]
        if "?" in match[0]:
            sentence = _told_before_asking(sentence)
        if sentence.strip(f" \t{HIDDEN}"):
            yield Sentence(sentence[:_LONGEST_SENTENCE], start)
        start = match.end()


def find_requests(plain: str) -> Iterator[Sentence]:
    """Yield all sentences, questions too: "could you keep it short?" is a wish."""
    start = 0
    for match in _END.finditer(plain + "\n"):
        sentence = plain[start : min(match.start(), len(plain), start + _LONGEST_SENTENCE)]
        if sentence.strip(f" \t{HIDDEN}"):
            yield Sentence(sentence, start)
        start = match.end()


def _told_before_asking(sentence: str) -> str:
    if _BEGINS_QUESTION.match(sentence):
        return ""
    asks = list(_ASKS.finditer(sentence))
    return sentence[: asks[0].start()] if asks else ""
