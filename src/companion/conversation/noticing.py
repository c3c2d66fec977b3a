"""Reading what was said, to remember what matters: after the reply, and never in its way."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from companion.conversation.mind import Mind
from companion.domain.findings import Finding
from companion.domain.memories import Asked, Change, Close, Keep, Kind, Settle
from companion.domain.message import Message, Role
from companion.memory.merging import merge
from companion.memory.noticing.doubt import is_playing
from companion.memory.noticing.noticer import notice, notice_promises
from companion.memory.subjects import CALLED, asks_about, speaks_of, tells_outcome

_RECENT = 24


async def catch_up(mind: Mind, at_most: int) -> None:
    """Read what none has read yet, and let others have the disk after each message.

    Cancelling loses nothing: what was not read, for that or because there were more than
    ``at_most``, is read the next time. Raises ``StoreError``.
    """
    for message in await asyncio.to_thread(mind.memory.shelf.unread, None, at_most):
        await asyncio.to_thread(_read, mind, message)


def read_unread(mind: Mind, at_most: int, before: int) -> None:
    """Read what none has read yet, up to a message, which is not included.

    Each message is read in a transaction of its own. Blocks; raises ``StoreError``.
    """
    for message in mind.memory.shelf.unread(before, at_most):
        _read(mind, message)


def _read(mind: Mind, message: Message) -> None:
    said = message.created_at.astimezone(mind.clock.now().tzinfo)
    read = _read_user if message.role is Role.USER else _read_her
    changes = read(mind, message, said)
    with mind.moods.together():
        if mind.memory.shelf.learn(message, changes):
            for name in _other_names(changes):
                mind.transcript.keep_user_name(name, message.id)


def _other_names(changes: Sequence[Change]) -> list[str]:
    """Return what the user wants to be called now, where they were called otherwise before."""
    named = [c for c in changes if isinstance(c, Keep) and c.learned.slot == CALLED]
    return [change.learned.value for change in named if change.replaces]


def _read_user(mind: Mind, message: Message, said: datetime) -> list[Change]:
    findings: Sequence[Finding] = notice(message.text, said.date())
    if findings and is_playing([*earlier_words(mind, message), message.text]):
        findings = ()
    known = mind.memory.shelf.known() if findings else []
    changes = merge(findings, known, message.created_at, said.date())
    for each in mind.memory.follow_ups.open():
        begun = each.memory.since is None or each.memory.since <= said.date()
        on_the_day = said.date() < each.due
        if begun and tells_outcome(each.memory, message.text, on_the_day=on_the_day):
            changes.append(Settle(each.memory.id))
    return changes


def _read_her(mind: Mind, message: Message, said: datetime) -> list[Change]:
    """Read a reply: what she promises, and what she has asked about."""
    memory = mind.memory
    parent = message.parent_id
    told = {each.id for each in memory.shelf.used_for(parent)} if parent else set()
    changes: list[Change] = [
        Asked(each.memory.id)
        for each in memory.follow_ups.due(said.date())
        if asks_about(each.memory, message.text, told=each.memory.id in told)
    ]
    changes += [
        Close(each.id, message.created_at)
        for each in memory.shelf.of_kinds([Kind.PROMISE], _RECENT)
        if asks_about(each, message.text, told=False)
    ]
    promises = notice_promises(message.text, said.date())
    known = memory.shelf.known() if promises else []
    planned = [each.memory for each in memory.follow_ups.open()]
    for promise in promises:
        # What is asked about anyway is not to be asked about twice.
        if any(speaks_of(each, promise.value) for each in planned):
            promise = replace(promise, due=None)
        changes += merge([promise], known, message.created_at, said.date())
    return changes


def earlier_words(mind: Mind, message: Message) -> list[str]:
    """Return what the user wrote shortly before a message. Blocks; raises ``StoreError``."""
    branch = mind.transcript.branch(message.conversation_id, before=message.id, limit=_RECENT)
    return [each.text for each in branch if each.role is Role.USER]
