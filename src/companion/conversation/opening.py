"""Asking again where a small model begins a reply the wrong way.

Models that were made for code answer "I'm sorry, but I can't assist with that" to a
father in hospital, "It's important to" to a heartache, and condole with a raise. Such an
opening is recognised before it is shown, and the reply is asked for once more with its
first words put into the model's mouth.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from enum import Enum

from companion.domain.message import PromptMessage, Role
from companion.domain.model import ModelProfile, ReplyPart, Restarted, TextDelta
from companion.domain.mood import Sentiment
from companion.protocols.model import Backend

_SORRY = "(?:i'm (?:really |very |so )?sorry|i am sorry|sorry|i apologi[sz]e)"
_UNABLE = "(?:can't|cannot|am unable|'m unable|am not able|'m not able|won't)"
_HELP = r"help(?! but\b| \w+ing\b)"
_DEEDS = rf"(?:assist|{_HELP}|provide|do that|fulfil|engage|discuss|continue|answer|judge)"
_REFUSAL = (
    rf"(?:{_SORRY}[,.]? (?:but )?)?"
    rf"(?:i ?{_UNABLE} (?:to )?{_DEEDS}|as an? (?:ai|artificial|language model|assistant)\b)"
)
_LECTURE = (
    r"(?:it's|it is) (?:\w+ )?(?:important|natural|normal|okay|ok|understandable|essential"
    r"|crucial)\b(?! (?:that )?you (?:call|see|go|get))|always remember (?:that|to)\b"
)
_CONDOLENCE = r"(?:oh,? )?(?:i'm (?:\w+ )?sorry|sorry\b|oh no\b|ouch\b|oh dear\b)"
_GREAT = r"(?:great|wonderful|fantastic|amazing|awesome|lovely|exciting|nice|beautiful|cool)"
CONGRATULATION = (
    rf"(?:oh,? |wow,? )?(?:congrat|how {_GREAT}|(?:that's|that is|what) (?:so |such )?(?:an? )?"
    rf"{_GREAT}|{_GREAT} (?:news|to)\b|wonderful\b|awesome\b|well done\b|good (?:for you|to hear)"
    r"|i'm (?:so )?(?:glad|happy) (?:for you|to hear))"
)
"""How a sentence begins that rejoices, in small letters."""
_BEGINNINGS = (
    *("i'm ", "i am ", "sorry", "i apolog", "i can", "i won", "as a", "it's ", "it is "),
    "always rem",
)
_CONDOLING = ("oh", "ouch")
_REJOICING = ("oh", "wow", "congrat", "how ", "that's ", "that is ", "what ", "great", "wonderful")
_REJOICING_TOO = ("fantastic", "amazing", "awesome", "lovely", "exciting", "nice", "well ", "good ")
_LONGEST = 60
"""Within so many characters a wrong opening has shown itself."""

_WRONG = {
    Sentiment.POSITIVE: (rf"{_REFUSAL}|{_LECTURE}|{_CONDOLENCE}", (*_BEGINNINGS, *_CONDOLING)),
    Sentiment.NEGATIVE: (
        rf"{_REFUSAL}|{_LECTURE}|{CONGRATULATION}",
        (*_BEGINNINGS, *_REJOICING, *_REJOICING_TOO),
    ),
}
_ANYWAY = (rf"{_REFUSAL}|{_LECTURE}", _BEGINNINGS)


class Opening(Enum):
    """What the first words of a reply turned out to be."""

    FINE = "fine"
    UNDECIDED = "undecided"
    WRONG = "wrong"


def judge_opening(text: str, sentiment: Sentiment = Sentiment.UNKNOWN) -> Opening:
    """Tell whether a reply that begins with ``text`` begins wrong, as soon as it shows.

    ``sentiment`` is that of the message it answers, where that is certain.
    """
    wrong, beginnings = _WRONG.get(sentiment, _ANYWAY)
    words = text.lstrip().replace("\u2019", "'").lower()
    if re.match(wrong, words):
        return Opening.WRONG
    may_be = any(words.startswith(known[: len(words)]) for known in beginnings)
    undecided = may_be and len(words) < _LONGEST and not re.search(r"[.!?]\s", words)
    return Opening.UNDECIDED if undecided else Opening.FINE


async def stream_willingly(
    backend: Backend, messages: Sequence[PromptMessage], sentiment: Sentiment
) -> AsyncGenerator[ReplyPart, None]:
    """Yield the reply; where it opens wrong, yield a second one instead.

    Only for models whose profile gives words to begin a second reply with: how a model
    that can be trusted begins is its own business.
    """
    held = "" if backend.profile.second_opening else None
    async with aclosing(backend.stream_reply(messages)) as parts:
        async for part in parts:
            if isinstance(part, Restarted) and held is not None:
                held = ""
            if held is None or not isinstance(part, TextDelta):
                yield part
                continue
            held += part.text
            judged = judge_opening(held, sentiment)
            if judged is Opening.WRONG:
                break
            if judged is Opening.FINE:
                yield TextDelta(held)
                held = None
        else:
            if held:
                yield TextDelta(held)
            return
    opening = _begin_again(backend.profile, sentiment)
    async with aclosing(go_on_from(backend, messages, opening)) as parts:
        async for part in parts:
            yield part


async def go_on_from(
    backend: Backend, messages: Sequence[PromptMessage], opening: str
) -> AsyncGenerator[ReplyPart, None]:
    """Yield a reply whose first words are put into the model's mouth."""
    yield TextDelta(opening)
    again = [*messages, PromptMessage(Role.ASSISTANT, opening)]
    async with aclosing(backend.stream_reply(again)) as parts:
        async for part in parts:
            yield part


def _begin_again(profile: ModelProfile, sentiment: Sentiment) -> str:
    if sentiment is Sentiment.POSITIVE and profile.glad_opening:
        return profile.glad_opening
    return profile.second_opening
