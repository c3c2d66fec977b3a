"""What was said before and fits what is being said: chosen, worded and kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from companion.conversation.when import describe_past
from companion.domain.memory import Recalled
from companion.domain.message import Message, PromptMessage
from companion.domain.model import ModelProfile
from companion.memory.fusion import Fusion
from companion.memory.quoting import shorten
from companion.memory.words import terms_of
from companion.memory.worth import asks_about_before, choose_worthy
from companion.prompting.budget import measure_passage
from companion.prompting.compose import find_window
from companion.prompting.recalled import RecalledWords
from companion.protocols.memory import Recaller, RecallLog

_LOOKED_AT = 30
_LONGEST_QUOTE = 80
_LEAST_ROOM = 20
_LEARNT_AT_ONCE = 32


class Recollection:
    """Tells past turns with a message, within the budget of the model. All of it blocks."""

    def __init__(
        self,
        recaller: Recaller,
        log: RecallLog,
        words: RecalledWords,
        fusion: Fusion | None = None,
    ) -> None:
        self.log = log
        self._recaller = recaller
        self._words = words
        self._fusion = fusion

    @property
    def encodes(self) -> bool:
        """Whether a sentence encoder has a say."""
        return self._fusion is not None

    def learn(self) -> None:
        """Let the encoder, if there is one, read some of what it has not read yet."""
        if self._fusion:
            self._fusion.learn(_LEARNT_AT_ONCE)

    def learn_all(self) -> None:
        """Let the encoder, if there is one, read all that it has not read yet."""
        while self._fusion and self._fusion.learn(_LEARNT_AT_ONCE):
            pass

    def tell(
        self,
        message: Message,
        history: Sequence[Message],
        now: datetime,
        profile: ModelProfile,
        prefix: Sequence[PromptMessage],
    ) -> str:
        """Return the part of a note that tells what came back, and keep it; often nothing.

        ``history`` is what was said before the message, ``now`` is in the user's time zone,
        ``prefix`` is what stands before the conversation in the prompt.
        """
        if profile.recall_tokens < _LEAST_ROOM:
            return ""
        known = self._find_known([*history, message], profile, prefix)
        found = self._recaller.recall(message.text, now, _LOOKED_AT, known=known)
        if not asks_about_before(message.text):
            outdated = self.log.outdated(item.message_id for item in found)
            found = [item for item in found if item.message_id not in outdated]
        told = dict(self._quote(choose_worthy(message.text, found), message, now, profile))
        note = self._words.tell(list(told.values()), brief=profile.brief)
        if told:
            self.log.keep(message.id, list(told), note)
        return note

    def _find_known(
        self, history: Sequence[Message], profile: ModelProfile, prefix: Sequence[PromptMessage]
    ) -> set[int]:
        """Return what the prompt has already: the window, and what was told in its notes."""
        window = {each.id for each in find_window(prefix, history, profile)}
        return window | {history[-1].id} | self.log.told_with(window)

    def _quote(
        self, chosen: Sequence[Recalled], message: Message, now: datetime, profile: ModelProfile
    ) -> Iterator[tuple[Recalled, str]]:
        """Yield what fits into the budget, best first, each with the words that tell it."""
        sought = frozenset(terms_of(message.text))
        left = profile.recall_tokens - measure_passage(self._words.tell(["-"], brief=profile.brief))
        for item in chosen:
            when = describe_past(now, item.at.astimezone(now.tzinfo))
            frame = measure_passage(self._words.quote(item, "", when))
            room = min(_LONGEST_QUOTE, left - frame)
            words = " ".join(shorten(item.text, sought, room, measure_passage).split())
            if words:
                quote = self._words.quote(item, words, when)
                left -= measure_passage(quote)
                yield item, quote
            if left < _LEAST_ROOM:
                return
