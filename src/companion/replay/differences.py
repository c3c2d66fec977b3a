"""What is different between a recorded turn and the same turn as it goes now."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from companion.domain.message import PromptMessage
from companion.domain.session import MoodLine, SessionTurn

_EXACT = 5e-4
"""Values are kept with four digits: what differs less, differs by rounding."""
_VALUES = ("valence", "arousal", "dominance", "intensity", "confidence")


class What(StrEnum):
    """What may differ."""

    CRISIS = "crisis"
    MOOD = "mood"
    STRATEGY = "strategy"
    MEMORIES = "memories"
    RECALLED = "recalled"
    PROMPT = "prompt"
    REPLY = "reply"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: what it was, and what it is, as lines of text."""

    what: What
    before: str
    after: str

    def lines(self) -> list[str]:
        """Return it as a unified diff, without its head."""
        old, new = self.before.splitlines(), self.after.splitlines()
        diff = difflib.unified_diff(old, new, n=1, lineterm="")
        return [line for line in diff if not line.startswith(("---", "+++"))]


def find_differences(recorded: SessionTurn, played: SessionTurn) -> tuple[Difference, ...]:
    """Return all that is not as it was, in the order in which it came about."""
    return tuple(
        Difference(what, before, after)
        for what, before, after in _pairs(recorded, played)
        if before != after
    )


def _pairs(recorded: SessionTurn, played: SessionTurn) -> Iterator[tuple[What, str, str]]:
    yield What.CRISIS, _tell_crisis(recorded), _tell_crisis(played)
    yield What.MOOD, *_tell_moods(recorded, played)
    yield What.STRATEGY, _tell_guidance(recorded), _tell_guidance(played)
    yield What.MEMORIES, _tell_memories(recorded), _tell_memories(played)
    yield What.RECALLED, _tell_recalled(recorded), _tell_recalled(played)
    yield What.PROMPT, *_tell_prompts(recorded, played)
    yield What.REPLY, _tell_reply(recorded), _tell_reply(played)
    yield What.ENDING, _tell_ending(recorded), _tell_ending(played)


def _tell_crisis(turn: SessionTurn) -> str:
    return f"tier {turn.screened.tier}: {turn.screened.category}" if turn.screened else "none"


def _tell_moods(recorded: SessionTurn, played: SessionTurn) -> tuple[str, str]:
    """Return the moods of both that the program judged, alike where they are as good as equal."""
    words = {line.word for line in played.moods if line.source == "user"}
    old = [
        line
        for line in recorded.moods
        if line.source == "model" or (line.source == "user" and _is_own(line, recorded, words))
    ]
    new = list(played.moods)
    if len(old) == len(new) and all(map(_are_alike, old, new)):
        return "", ""
    return _list_moods(old), _list_moods(new)


def _is_own(line: MoodLine, turn: SessionTurn, played: set[str]) -> bool:
    """Tell a word in the message from one that the user chose by hand."""
    return line.word in played or line.word.lower() in turn.said.text.lower()


def _are_alike(old: MoodLine, new: MoodLine) -> bool:
    near = all(abs(getattr(old, name) - getattr(new, name)) < _EXACT for name in _VALUES)
    same = (old.labels, old.known, old.word, old.source, old.evidence)
    return near and same == (new.labels, new.known, new.word, new.source, new.evidence)


def _list_moods(lines: Sequence[MoodLine]) -> str:
    return "\n".join(tell_mood(line) for line in lines) or "none"


def tell_mood(line: MoodLine) -> str:
    """Return an appraisal in one line."""
    felt = line.word or ", ".join(line.labels) or ("neutral" if line.known else "unknown")
    values = " ".join(f"{name} {getattr(line, name):+.3f}" for name in _VALUES)
    seen = f", from {' … '.join(line.evidence)!r}" if line.evidence else ""
    return f"{felt} ({line.source}; {values}{seen})"


def _tell_guidance(turn: SessionTurn) -> str:
    guidance = turn.guidance
    if guidance is None:
        return "none"
    unsure = ", unsure" if guidance.unsure else ""
    shown = [f"shown: {each.user!r}" for each in guidance.exemplars]
    told = [guidance.mood] if guidance.mood else []
    return "\n".join([f"{guidance.strategy}, {guidance.stage}{unsure}", *told, *shown])


def _tell_memories(turn: SessionTurn) -> str:
    return "\n".join(turn.memories.texts) if turn.memories else "none"


def _tell_recalled(turn: SessionTurn) -> str:
    quotes = turn.recalled.quotes if turn.recalled else ()
    return "\n".join(f"{each.at[:10]} {each.speaker}: {each.text}" for each in quotes) or "none"


def _tell_prompts(recorded: SessionTurn, played: SessionTurn) -> tuple[str, str]:
    old, new = recorded.prompt, played.prompt
    if (old.hash if old else "") == (new.hash if new else ""):
        return "", ""
    if recorded.messages and played.messages and recorded.messages != played.messages:
        return tell_prompt(recorded.messages), tell_prompt(played.messages)
    return _tell_note(recorded), _tell_note(played)


def _tell_note(turn: SessionTurn) -> str:
    """Return what can be said of a prompt without its text."""
    if turn.prompt is None:
        return "no model was asked"
    return f"prompt {turn.prompt.hash[:12]}\n[{turn.prompt.note}]"


def tell_prompt(messages: Sequence[PromptMessage]) -> str:
    """Return a prompt as lines of text, each with who says it."""
    return "\n".join(
        f"{message.role}: {line}" for message in messages for line in message.content.splitlines()
    )


def _tell_reply(turn: SessionTurn) -> str:
    return turn.reply.text if turn.reply else ""


def _tell_ending(turn: SessionTurn) -> str:
    reply = turn.reply
    if reply is None or reply.status in ("stopped", "interrupted"):
        return "stopped"
    return f"{reply.status}: {reply.error}" if reply.error else reply.status
