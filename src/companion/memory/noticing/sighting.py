"""Whether to believe what a language model says that a message tells."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from companion.domain.memories import Kind, Learned
from companion.memory.citing import is_borne_out
from companion.memory.day_words import describe_days
from companion.memory.noticing.clauses import Sentence, find_statements, hide_foreign
from companion.memory.noticing.days import find_days
from companion.memory.noticing.doubt import is_dark, is_doubtful, is_doubtful_message
from companion.memory.noticing.noticer import notice
from companion.memory.noticing.persons import to_third
from companion.memory.subjects import DATED, folded
from companion.memory.words import terms_of

_CONFIDENCE = 0.7
_LONGEST = 120
_OF_SELF = re.compile(r"\b(?:i|my|me|we|our|us)\b", re.IGNORECASE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says that a message tells; ``words`` should stand in the message.

    ``text`` says it in a sentence as its writer would: "I play the cello."
    """

    words: str
    kind: Kind
    subject: str
    value: str
    text: str


def believe(claim: Claim, message: str, said: date) -> Learned | None:
    """Return what is learned, or nothing where the message does not bear it out.

    The words have to stand in a statement of the message, in earnest and of its writer, and
    the sentence may say nothing but what that statement says. Where the rules understand the
    sentence, they tell what it means. ``said`` is the day of the message.
    """
    statement = _find(claim.words, message)
    text = " ".join(claim.text.split())
    if statement is None or len(text) > _LONGEST or not _OF_SELF.search(text):
        return None
    there = set(terms_of(statement.text))
    named = set(terms_of(f"{claim.value} {claim.subject}"))
    if not (named and named <= there and is_borne_out(text, [statement.text])):
        return None
    start = statement.start + statement.text.index(_plain(claim.words))
    end = start + len(claim.words.strip())
    understood = notice(text, said)
    if understood:
        first = understood[0]
        return replace(first, start=start, end=end) if isinstance(first, Learned) else None
    learned = _word(claim, text, statement, said)
    return replace(learned, start=start, end=end) if learned else None


def _find(words: str, message: str) -> Sentence | None:
    """Return the statement in which the words stand and are meant."""
    plain, sought = hide_foreign(message), _plain(words)
    if not sought or is_doubtful_message(plain):
        return None
    for statement in find_statements(plain):
        at = statement.text.find(sought)
        if at >= 0 and not is_doubtful(statement.text, at, at + len(sought)):
            return statement
    return None


def _plain(words: str) -> str:
    return hide_foreign(words.strip())


def _word(claim: Claim, text: str, statement: Sentence, said: date) -> Learned | None:
    value = to_third(claim.value.strip(" ."))
    learned = Learned(
        kind=claim.kind,
        subject=claim.subject.strip(),
        slot=f"{claim.kind}:{folded(claim.subject)}:{' '.join(sorted(set(terms_of(value))))}",
        value=value,
        text=to_third(text).rstrip(".!") + ".",
        confidence=_CONFIDENCE,
    )
    if claim.kind not in DATED:
        return learned
    coming = [days for days in find_days(statement.text, said) if days.until >= said]
    if not coming or is_dark(statement.text):
        # What has no day is never over, and she would never know.
        return None
    days = coming[0]
    return replace(
        learned,
        text=f"{to_third(_without_days(text, said))} {describe_days(days.since, days.until)}.",
        since=days.since,
        until=days.until,
        due=days.until + _DAY,
    )


def _without_days(text: str, said: date) -> str:
    for days in reversed(find_days(text, said)):
        text = text[: days.start] + text[days.end :]
    return " ".join(text.split()).rstrip(" .!,")
