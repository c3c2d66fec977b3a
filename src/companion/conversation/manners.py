"""Keeping a small model to her manners, sentence by sentence.

The first sentence is shown as it comes. Each later one is held until it is whole, while
the user reads the first, and left out if it lectures, advises where no advice was asked
for, rejoices over what is sad ("Now I watch TV until I fall asleep." - "That's great."),
lists, claims a body, is a second question, or tells of somebody out of the examples.
Where enough is said, the reply ends.
What sends somebody to a doctor, a helpline or an ambulance is never left out.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from companion.conversation.borrowing import borrows
from companion.conversation.opening import CONGRATULATION
from companion.domain.model import ReplyPart, Restarted, TextDelta

_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)*]*(?=\s)|\n+")
_WHOLE = re.compile(r"[.!?\u2026][\"'\u201d\u2019)*]*\s*$")
_ENOUGH_WORDS = 45
_LECTURE = re.compile(
    r"\b(?:(?:it's|it is|that's) (?:\w+ )?(?:important|natural|normal|okay|ok|understandable"
    r"|essential|crucial|perfectly)\b|remember (?:that|to)|keep in mind|as an ai|language model"
    r"|(?:we|people|everyone|things) (?:all )?(?:have to|need to|should|must)\b"
    r"|let me know if|feel free|i'm here to (?:help|assist|support)|any(?:thing)? (?:else )?i can"
    r" (?:help|do)|anything else (?:you|that you)(?:'d| would| want| need)|if you (?:ever )?need)",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:you (?:should|could|might want|may want|need to|have to|can (?:try|also|always))"
    r"|try (?:to|not to|\w+ing)\b|have you (?:tried|considered|thought (?:of|about))"
    r"|consider \w+ing|make sure|i(?:'d)? (?:suggest|recommend)|why don't you|why not \w+"
    r"|it (?:might|may|could) (?:be (?:good|best|helpful|worth)|help)"
    r"|maybe (?:it's time|you (?:can|could|should)))",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:when i was (?:a|in|young|your)|(?:my|our) (?:own )?(?:mother|mom|father|dad|brother"
    r"|sister|wife|husband|boyfriend|girlfriend|kids?|son|daughter|dog|cat|house|job|boss|family)"
    r"|i (?:ate|slept|drove|grew up|walked|cooked|used to|once had|remember when|have been there"
    r"|was there)|me too\b|same here)",
    re.IGNORECASE,
)
_POLITE = r"(?:nice|good|great|lovely) to (?:meet|see|hear from)\b|what an? \w+ way\b"
_REJOICING = re.compile(
    rf"\s*(?!{_POLITE}|i'm \w+ to hear more\b)(?:{CONGRATULATION})", re.IGNORECASE
)
_LIST = re.compile(r"^\s*(?:[-*\u2022]\s+|\d+[.)]\s*$)")
_URGENT = re.compile(
    r"\b(?:911|999|112|988|116 ?123|111|000|emergency|ambulance|police|paramedics?|hospital"
    r"|doctor|medical|(?:help|hot|crisis )line|poison)\b",
    re.IGNORECASE,
)


class Manners:
    """Judges the sentences of one reply in turn.

    ``advises`` is true where advice is wanted, ``rejoices`` where joy may be
    fitting; ``borrowed`` are the names and words that only the examples have.
    """

    def __init__(self, *, advises: bool, rejoices: bool, borrowed: frozenset[str]) -> None:
        self._advises = advises
        self._rejoices = rejoices
        self._borrowed = borrowed
        self._words = 0
        self._asked = False
        self._listing = False

    @property
    def enough(self) -> bool:
        """Whether enough is said, or a list begins."""
        return self._words >= _ENOUGH_WORDS or self._listing

    def allow(self, sentence: str) -> bool:
        """Tell whether the next sentence may be said; the first one always is."""
        words = sentence.replace("\u2019", "'")
        asks = "?" in words
        self._listing = bool(_LIST.match(words))
        if _URGENT.search(words):
            self._listing = False
        elif self._words and (self._offends(words) or (asks and self._asked)):
            return False
        self._asked = self._asked or asks
        self._words += len(words.split())
        return True

    def _offends(self, words: str) -> bool:
        advises = not self._advises and _ADVICE.search(words)
        rejoices = not self._rejoices and _REJOICING.match(words)
        out_of_place = advises or rejoices or _LECTURE.search(words) or _BODY.search(words)
        return bool(out_of_place) or self._listing or borrows(words, self._borrowed)


async def mind_manners(
    parts: AsyncIterator[ReplyPart], make: Callable[[], Manners]
) -> AsyncGenerator[ReplyPart, None]:
    """Yield a reply without the sentences that are out of place.

    ``make`` gives the manners for a reply, and for one that begins again. A last sentence
    that the model did not finish is left out, too, unless it is the only one.
    """
    telling = _Telling(make())
    async for part in parts:
        if isinstance(part, TextDelta):
            if words := telling.hear(part.text):
                yield TextDelta(words)
            if telling.enough:
                return
            continue
        if isinstance(part, Restarted):
            telling = _Telling(make())
        yield part
    if words := telling.finish():
        yield TextDelta(words)


class _Telling:
    """A reply on its way: what was heard of it and not yet passed on."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._held = ""
        self._shown = 0
        self._first = True

    @property
    def enough(self) -> bool:
        return self._manners.enough

    def hear(self, text: str) -> str:
        """Take the next piece; return what may be shown now."""
        self._held += text
        words = ""
        while not self.enough and (end := _END.search(self._held)):
            sentence, self._held = self._held[: end.end()], self._held[end.end() :]
            if self._manners.allow(sentence):
                words += sentence[self._shown :]
            self._shown, self._first = 0, False
        if self._first:
            words += self._held[self._shown :]
            self._shown = len(self._held)
        return words

    def finish(self) -> str:
        """Return the last sentence, if it is whole and may be said."""
        whole = not self._first and _WHOLE.search(self._held)
        return self._held if whole and self._manners.allow(self._held) else ""
