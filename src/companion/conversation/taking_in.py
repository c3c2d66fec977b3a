"""All that is done with a new message once it was screened, before she answers it."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.conversation.guide import Guide, Noticed
from companion.conversation.letting_go import let_go
from companion.conversation.mind import Mind
from companion.conversation.noticing import read_unread
from companion.conversation.window import WINDOW
from companion.domain.care import Stance
from companion.domain.memories import Memory
from companion.domain.memory import Recalled
from companion.domain.message import Message

_AT_ONCE = 8
"""How many messages are read for memories before a reply."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a message was found to be, and what was said ``before`` it, oldest first.

    ``told`` are the memories and ``recalled`` the turns that came to mind with it.
    """

    stance: Stance
    noticed: Noticed
    before: Sequence[Message]
    told: Sequence[Memory]
    recalled: Sequence[Recalled]


def take_in(mind: Mind, message: Message) -> TakenIn | Message:
    """Notice how the user feels in a message, and what comes to mind with it.

    One who asks her to forget something is answered by the program: then that reply is
    returned. Blocks, in one go: each hop between threads costs a turn as much as a query.
    Raises ``StoreError``.
    """
    stance = mind.watch.meet(message)
    read_unread(mind, _AT_ONCE, before=message.id)
    answer = None if stance.screening.card else let_go(mind, message)
    if answer:
        return answer
    before = read_before(mind, message)
    noticed = Guide(mind).notice(message, before, mind.watch.book.frame(stance))
    told = mind.memory.shelf.used_for(message.id)
    recalled = mind.recollection.log.of_message(message.id)
    return TakenIn(stance, noticed, before, told, recalled)


def read_before(mind: Mind, message: Message) -> list[Message]:
    """Return what was said before a message, as far as a prompt may reach back. Blocks."""
    return mind.transcript.branch(message.conversation_id, before=message.id, limit=WINDOW)
