"""Forgetting on request: "forget what I said about my mother"."""

from collections.abc import Sequence

from companion.conversation.mind import Mind
from companion.domain.memories import Forgotten
from companion.domain.message import Message, Role, Status, Timings
from companion.memory.forgetting import (
    Wish,
    find_names,
    find_topic,
    follow_talk,
    match_memories,
    read_wish,
    say_back,
)
from companion.memory.words import split_words
from companion.protocols.memories import MemoryShelf

_BY_THE_PROGRAM = "program"


def let_go(mind: Mind, message: Message) -> Message | None:
    """Forget what a message wants to be forgotten, and return the answer; else nothing.

    The answer comes from the program, which knows what was done. Blocks; raises
    ``StoreError``.
    """
    wish = read_wish(message.text)
    if wish is None:
        return None
    shelf = mind.memory.shelf
    gone = forget_about(shelf, wish, except_for=message) if wish.about else Forgotten(0, 0)
    words = mind.memory.words.confess(say_back(wish.about), gone.memories, gone.messages)
    transcript, now = mind.transcript, mind.clock.now()
    reply = transcript.begin_reply(message, _BY_THE_PROGRAM, "", "", now)
    ended = transcript.end_reply(reply.id, words, Status.COMPLETE, Timings(), now)
    if gone.memories or gone.messages:
        # They name what was to be forgotten.
        shelf.forget((), (message.id, reply.id))
    return ended


def forget_about(shelf: MemoryShelf, wish: Wish, except_for: Message | None = None) -> Forgotten:
    """Erase the memories about something, and let what was said of it come to mind no more.

    Blocks; raises ``StoreError``.
    """
    known = shelf.memories(closed=True)
    names = find_names(wish, known)
    topic = find_topic(wish)
    memories = [memory.id for memory in match_memories(names, known)]
    memories += [m.id for m in known if m.kind is topic and not m.subject]
    begun = [
        each
        for each in shelf.said_with([split_words(name) for name in names])
        if except_for is None or each.id != except_for.id
    ]
    said = {each.id for each in follow_talk(begun, shelf.following)}
    return shelf.forget(memories, said - {except_for.id} if except_for else said)


def leave_out_forgotten(mind: Mind, history: Sequence[Message]) -> list[Message]:
    """Return what of a conversation the model may still read. Blocks; raises ``StoreError``.

    The message that is to be answered stays whatever it says.
    """
    if not history:
        return []
    forgotten = mind.memory.shelf.forgotten(history[-1].conversation_id)
    last = max((each.id for each in history if each.role is Role.USER), default=0)
    return [each for each in history if each.id not in forgotten or each.id >= last]
