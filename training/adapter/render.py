"""Exchanges as the program gives them to a model: the same frame, notes and prompt."""

import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from companion.conversation.when import describe_moment
from companion.domain.message import Message, PromptMessage, Role, Status
from companion.domain.model import ModelProfile
from companion.memory.noticing.persons import from_her
from companion.mood.wording import ADJECTIVES
from companion.prompting.compose import compose_prefix, compose_prompt
from companion.prompting.crisis import load_crisis_book
from companion.prompting.frame import load_reply_frame
from companion.prompting.memory_words import load_memory_words
from companion.prompting.personas import load_persona
from companion.prompting.strategies import load_strategies
from training.exchanges.conversations import Conversation, Turn

_TOLD = 0.75
"""How often a mood or a strategy is told: the program does not always see one."""
_FIRST_DAY = datetime(2026, 1, 1, 6, tzinfo=UTC)
_ROOMY = ModelProfile(context_tokens=100_000, examples=0, brief=True)
_DANGER = "danger:"
_YOU_ACT = re.compile(
    r"(?:^|(?<=[.!?] ))You\b|\byou(?= (?:are|were|have|haven't|had|came|changed)\b)"
)


class Renderer:
    """Writes conversations with a persona as prompts, after the files in ``prompts``.

    ``system`` is the message that stands before every conversation. Raises ``PromptError``
    where a file is broken.

    What chance decides (the hour, whether a mood is told) depends on ``seed`` and the place
    of a conversation alone, so that every run reads the same.
    """

    def __init__(self, prompts: Path, persona: str, seed: int) -> None:
        folders = [prompts]
        self._frame = load_reply_frame(folders)
        prefix = compose_prefix(load_persona(folders, persona), self._frame, _ROOMY, "")
        self.system = prefix[0]
        self._memories = load_memory_words(folders)
        self._strategies = load_strategies(folders)
        self._danger = load_crisis_book(folders).staying
        self._seed = seed

    def render(self, conversation: Conversation) -> tuple[PromptMessage, ...]:
        """Return what is said, from the first message of the user to the last reply."""
        chance = random.Random(f"{self._seed}:{conversation.where}")
        begun = _FIRST_DAY + timedelta(minutes=chance.randrange(2 * 365 * 24 * 60))
        notes = self._note(conversation, begun, chance)
        history: list[Message] = []
        for turn, note in zip(conversation.turns, notes, strict=True):
            history.append(_message(history, Role.USER, turn.user, note, begun))
            history.append(_message(history, Role.ASSISTANT, turn.reply, "", begun))
        return compose_prompt([self.system], history, _ROOMY).messages[1:]

    def _note(
        self, conversation: Conversation, begun: datetime, chance: random.Random
    ) -> list[str]:
        turns = conversation.turns
        if conversation.about.startswith(_DANGER):
            return [self._danger] * len(turns)
        memories = [_as_kept(each) for each in conversation.memories]
        known = _when_told(turns, chance) if memories else -1
        notes, before = [], ""
        for at, turn in enumerate(turns):
            mood = _name_mood(turn) if chance.random() < _TOLD else ""
            words = self._strategies[turn.strategy].brief if chance.random() < _TOLD else ""
            parts = {
                "when": "" if at else describe_moment(begun, None),
                "memories": self._memories.tell(memories) if at == known else "",
                "mood": "" if mood == before else mood,
                "strategy": words,
            }
            before = mood or before
            notes.append(self._frame.fill_changing(**parts))
        return notes


def _when_told(turns: Sequence[Turn], chance: random.Random) -> int:
    """Return the turn with which memories are told: the first that uses any, or just one."""
    using = [at for at, turn in enumerate(turns) if turn.uses]
    return using[0] if using else chance.randrange(len(turns))


def _as_kept(memory: str) -> str:
    """Return a memory as the program keeps it: what is told of "you" is told of "them"."""
    acting = _YOU_ACT.sub(lambda found: "They" if found[0] == "You" else "they", memory)
    return from_her(acting)


def _name_mood(turn: Turn) -> str:
    felt = turn.feels[0]
    return "" if felt == "neutral" else f"They seem {ADJECTIVES[felt]}."


def _message(before: Sequence[Message], role: Role, text: str, note: str, at: datetime) -> Message:
    number = len(before) + 1
    return Message(
        id=number,
        conversation_id=1,
        parent_id=number - 1 or None,
        depth=len(before),
        role=role,
        text=text,
        status=Status.COMPLETE,
        created_at=at,
        note=note,
    )
