"""What a believed claim of a language model does to what is known: it adds, and no more."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from companion.domain.memories import Change, Confirm, Keep, Learned, MadeBy, Memory
from companion.domain.message import Message
from companion.memory.merging import merge
from companion.memory.words import terms_of


def merge_claims(
    learned: Iterable[Learned], known: Sequence[Memory], message: Message, today: date
) -> list[Change]:
    """Return what claims about a message do to what is ``known``, closed memories included.

    What the rules found in the same words, or what is known in other ones, is left alone.
    A model fills gaps: it neither closes nor replaces, and tells nothing again that was closed
    later.
    """
    changes: list[Change] = []
    for each in learned:
        if any(_covers(memory, each, message) for memory in known):
            continue
        current = [memory for memory in known if memory.current]
        added = [c for c in changes if isinstance(c, Keep)]
        if any(set(terms_of(each.value)) <= set(terms_of(c.learned.text)) for c in added):
            continue
        for change in merge([each], current, message.created_at, today):
            if isinstance(change, Confirm):
                changes.append(change)
            elif isinstance(change, Keep) and not change.replaces:
                changes.append(replace(change, made_by=MadeBy.LLM))
    return changes


def _covers(memory: Memory, learned: Learned, message: Message) -> bool:
    """Whether a memory makes a claim needless: from the same words, or saying it already.

    The same answer from another message is not needless: there it is told again.
    """
    here = [source for source in memory.sources if source.message_id == message.id]
    if any(source.start < learned.end and learned.start < source.end for source in here):
        return True
    if memory.closed_at and memory.closed_at < message.created_at:
        return False
    says = set(terms_of(f"{learned.subject} {learned.value}"))
    if not says <= set(terms_of(f"{memory.subject} {memory.text}")):
        return False
    return bool(here) or not memory.current or memory.slot != learned.slot
