"""Asking again where a small model refuses to talk.

Models that were made for code answer "I'm sorry, but I can't assist with that" to a
father in hospital. Such an opening is recognised before it is shown, and the reply is
asked for once more with its first word put into the model's mouth.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from enum import Enum

from companion.domain.message import PromptMessage, Role
from companion.domain.model import ReplyPart, Restarted, TextDelta
from companion.protocols import Backend

_SORRY = "(?:i'm (?:really |very |so )?sorry|i am sorry|sorry|i apologi[sz]e)"
_UNABLE = "(?:can't|cannot|am unable|'m unable|am not able|'m not able|won't)"
_HELP = r"help(?! but\b| \w+ing\b)"
_DEEDS = rf"(?:assist|{_HELP}|provide|do that|fulfil|engage|discuss|continue|answer|judge)"
_REFUSAL = re.compile(
    rf"(?:{_SORRY}[,.]? (?:but )?)?"
    rf"(?:i ?{_UNABLE} (?:to )?{_DEEDS}|as an? (?:ai|artificial|language model|assistant)\b)"
)
_LONGEST = 60
"""Within so many characters a refusal has shown itself."""
_BEGINNINGS = ("i'm sorry", "i am sorry", "sorry", "i apolog", "i can", "i'm ", "i am ", "as an a")


class Opening(Enum):
    """What the first words of a reply turned out to be."""

    FINE = "fine"
    UNDECIDED = "undecided"
    REFUSAL = "refusal"


def judge_opening(text: str) -> Opening:
    """Tell whether a reply that begins with ``text`` is a refusal, as soon as it shows."""
    words = text.lstrip().replace("\u2019", "'").lower()
    if _REFUSAL.match(words):
        return Opening.REFUSAL
    may_be = any(words.startswith(known[: len(words)]) for known in _BEGINNINGS)
    undecided = may_be and len(words) < _LONGEST and not re.search(r"[.!?]\s", words)
    return Opening.UNDECIDED if undecided else Opening.FINE


async def stream_willingly(
    backend: Backend, messages: Sequence[PromptMessage]
) -> AsyncGenerator[ReplyPart, None]:
    """Yield the reply; where it opens with a refusal, yield a second one instead.

    Only for models whose profile gives words to begin a second reply with: the
    refusal of a model that can be trusted is its own business.
    """
    opening = backend.profile.second_opening
    held = "" if opening else None
    async with aclosing(backend.stream_reply(messages)) as parts:
        async for part in parts:
            if isinstance(part, Restarted) and held is not None:
                held = ""
            if held is None or not isinstance(part, TextDelta):
                yield part
                continue
            held += part.text
            judged = judge_opening(held)
            if judged is Opening.REFUSAL:
                break
            if judged is Opening.FINE:
                yield TextDelta(held)
                held = None
        else:
            if held:
                yield TextDelta(held)
            return
    yield TextDelta(opening)
    again = [*messages, PromptMessage(Role.ASSISTANT, opening)]
    async with aclosing(backend.stream_reply(again)) as parts:
        async for part in parts:
            yield part
