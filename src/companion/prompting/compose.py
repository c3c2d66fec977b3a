"""Composing the messages that the model reads.

What never changes comes first and what is new comes last, so that a server that
caches the prompt's prefix reads only what is new (design, section 3).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from companion.domain.guidance import Exemplar
from companion.domain.message import Message, PromptMessage, Role
from companion.domain.model import ModelProfile
from companion.domain.persona import Example, Persona
from companion.prompting.budget import clip_middle, estimate_tokens
from companion.prompting.earlier import Earlier
from companion.prompting.frame import ReplyFrame

_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Prompt:
    """A whole prompt. ``clipped`` says that the newest message did not fit.

    ``examples`` are those of ``messages`` that only show how she talks.
    """

    messages: tuple[PromptMessage, ...]
    clipped: bool = False
    examples: tuple[PromptMessage, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of the messages, hexadecimal."""
        listed = [[message.role.value, message.content] for message in self.messages]
        return hashlib.sha256(json.dumps(listed, ensure_ascii=False).encode()).hexdigest()


def compose_prefix(
    persona: Persona, frame: ReplyFrame, profile: ModelProfile, about_user: str
) -> tuple[PromptMessage, ...]:
    """Return what stands in front of every turn: who she is, and how she talks."""
    system = frame.fill_stable(
        persona=persona.name,
        history=persona.history,
        manner=persona.manner,
        about_user=about_user,
    )
    return (PromptMessage(Role.SYSTEM, system), *_show(persona.examples[: profile.examples]))


def compose_prompt(
    prefix: Sequence[PromptMessage],
    history: Sequence[Message],
    profile: ModelProfile,
    exemplars: Sequence[Exemplar] = (),
    earlier: Earlier | None = None,
) -> Prompt:
    """Return the prompt for a reply to the last message of ``history``.

    ``exemplars`` are shown as if they had been said just before the conversation.
    The oldest messages are left out where the model's context is too small, in
    blocks: a window that slid with every turn would be read anew with every turn.
    What ``earlier`` tells of them stands where the window begins, and changes with it.
    """
    prefix = (*prefix, *_show(exemplars[: profile.exemplars]))
    room = _find_room(prefix, profile)
    rendered = [_render(message) for message in history]
    newest = rendered[-1][-1]
    last = PromptMessage(newest.role, clip_middle(newest.content, room))
    rendered[-1] = [last]
    first = _begin_window(history, [_cost(messages) for messages in rendered], room, profile)
    kept = [message for messages in rendered[first:] for message in messages]
    told = earlier.tell(history[first].id, _find_summary_room(room, profile)) if earlier else ""
    if told:
        kept.insert(0, PromptMessage(Role.USER, told))
    examples = tuple(each for each in prefix if each.role is not Role.SYSTEM)
    return Prompt((*prefix, *_in_turns(kept)), clipped=last != newest, examples=examples)


def find_window(
    prefix: Sequence[PromptMessage], history: Sequence[Message], profile: ModelProfile
) -> Sequence[Message]:
    """Return the end of ``history`` that a prompt has room for; recent turns go first."""
    if not history:
        return ()
    room = _find_room(prefix, profile) - profile.note_tokens - profile.recall_tokens
    costs = [_cost(_render(each)) for each in history]
    return history[_begin_window(history, costs, room, profile) :]


def _find_summary_room(room: int, profile: ModelProfile) -> int:
    return min(profile.summary_tokens, room // 4)


def _find_room(prefix: Sequence[PromptMessage], profile: ModelProfile) -> int:
    return profile.context_tokens - profile.reply_tokens - _cost(prefix)


def _show(exchanges: Sequence[Example] | Sequence[Exemplar]) -> list[PromptMessage]:
    return [
        message
        for each in exchanges
        for message in (
            PromptMessage(Role.USER, each.user),
            PromptMessage(Role.ASSISTANT, each.reply),
        )
    ]


def _cost(messages: Sequence[PromptMessage]) -> int:
    return sum(estimate_tokens(message.content) for message in messages)


def _render(message: Message) -> list[PromptMessage]:
    """Return a message as the model reads it, its note in brackets on the user's side."""
    if not message.note:
        return [PromptMessage(message.role, message.text)]
    note = f"[{message.note}]"
    if message.role is Role.USER:
        return [PromptMessage(Role.USER, f"{note}\n{message.text}")]
    return [PromptMessage(Role.USER, note), PromptMessage(message.role, message.text)]


def _begin_window(
    history: Sequence[Message], costs: Sequence[int], room: int, profile: ModelProfile
) -> int:
    """Return how many of the oldest messages to leave out, with room for what is told of them."""
    first = _first_that_fits(history, costs, room)
    if first == 0 and history[0].depth == 0:
        return 0
    return _first_that_fits(history, costs, room - _find_summary_room(room, profile))


def _first_that_fits(history: Sequence[Message], costs: Sequence[int], room: int) -> int:
    """Return how many of the oldest messages to leave out.

    The window begins at a message whose depth is a multiple of ``_BLOCK`` where it
    can, so that it stays where it is for several turns.
    """
    fitting = len(costs) - 1
    total = costs[-1]
    while fitting > 0 and total + costs[fitting - 1] <= room:
        fitting -= 1
        total += costs[fitting]
    if fitting == 0 and history[0].depth == 0:
        return 0
    aligned = (i for i in range(fitting, len(costs)) if history[i].depth % _BLOCK == 0)
    return next(aligned, fitting)


def _in_turns(messages: Sequence[PromptMessage]) -> list[PromptMessage]:
    """Make user and assistant alternate, beginning with the user: templates want it so.

    Neighbours of one role (after a failed reply) are joined; what she said before
    the first word of the user that is kept is left out.
    """
    turns: list[PromptMessage] = []
    for message in messages:
        if not message.content.strip():
            continue
        if turns and turns[-1].role is message.role:
            last = turns.pop()
            message = PromptMessage(message.role, f"{last.content}\n\n{message.content}")
        if turns or message.role is Role.USER:
            turns.append(message)
    return turns
