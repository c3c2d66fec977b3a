"""What she remembers, as the user sees, corrects and erases it."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from companion.conversation.letting_go import forget_about
from companion.conversation.remembering import Remembering
from companion.domain.errors import CompanionError
from companion.domain.memories import (
    LONGEST_MEMORY,
    Brought,
    Forgotten,
    Kind,
    Learned,
    Memory,
    TakenIn,
    Use,
)
from companion.memory.forgetting import match_memories, read_wish
from companion.memory.noticing.noticer import notice
from companion.memory.noticing.persons import to_third
from companion.memory.subjects import folded
from companion.memory.words import STOP_WORDS, forms_of, split_words
from companion.protocols.clock import Clock
from companion.safety.sanitise import make_harmless

_BY_HAND = "note"


@dataclass(frozen=True, slots=True)
class Provenance:
    """A memory with where it was told to the model, the latest first."""

    memory: Memory
    uses: tuple[Use, ...]


class MemoryBook:
    """Reads and changes what is remembered for a person. All methods raise ``StoreError``."""

    def __init__(self, remembering: Remembering, clock: Clock) -> None:
        self._shelf = remembering.shelf
        self._clock = clock

    async def memories(self, about: str = "", *, closed: bool = False) -> list[Memory]:
        """Return what holds, oldest first; with ``closed``, what once held as well.

        With ``about``, only what has all of its words.
        """
        found = await asyncio.to_thread(self._shelf.memories, closed=closed)
        return match_memories([about], found) if about else found

    async def search(self, words: str, limit: int) -> list[Memory]:
        """Return what holds and has any of the words, or others of their kin, the best first."""
        forms = {form for word in split_words(words) for form in forms_of(word)} - STOP_WORDS
        found = await asyncio.to_thread(self._shelf.find, sorted(forms), limit)
        return await asyncio.to_thread(self._shelf.add_sources, found)

    async def take_in(self, brought: Sequence[Brought]) -> TakenIn:
        """Keep memories that were written down elsewhere, as the user's own.

        All of them or none. What answers a question that is answered here already is passed over.
        """
        return await asyncio.to_thread(self._take_in, brought)

    def _take_in(self, brought: Sequence[Brought]) -> TakenIn:
        with self._shelf.together():
            return self._take_in_all(brought)

    def _take_in_all(self, brought: Sequence[Brought]) -> TakenIn:
        here = {each.slot: folded(each.text) for each in self._shelf.known()}
        added = known = different = 0
        for each in brought:
            learned = each.learned or self._understand(_tidy(each.text))
            text = folded(learned.text)
            if learned.slot in here:
                known += here[learned.slot] == text
                different += here[learned.slot] != text
                continue
            memory = self._shelf.write(learned, each.at or self._clock.now())
            if each.pinned:
                self._shelf.pin(memory.id, True)
            here[learned.slot] = text
            added += 1
        return TakenIn(added, known, different)

    async def show(self, memory_id: int) -> Provenance:
        """Return a memory with the words that it came from, and where it was told."""
        memory = await asyncio.to_thread(self._shelf.memory, memory_id)
        return Provenance(memory, tuple(await asyncio.to_thread(self._shelf.uses, memory_id)))

    async def history(self, memory_id: int) -> list[Memory]:
        """Return a memory, what it replaced and what replaced it, oldest first."""
        return await asyncio.to_thread(self._shelf.history, memory_id)

    async def used_for(self, message_id: int) -> list[Memory]:
        """Return the memories that shaped the reply to a message."""
        found = await asyncio.to_thread(self._shelf.used_for, message_id)
        return await asyncio.to_thread(self._shelf.add_sources, found)

    async def add(self, text: str) -> Memory:
        """Keep what the user writes by hand. Raises ``CompanionError`` for what is no memory.

        Where a sentence is understood, what it tells takes the place of what it changes.
        """
        learned = self._understand(_tidy(text))
        return await asyncio.to_thread(self._write, learned)

    def _write(self, learned: Learned) -> Memory:
        same = [each for each in self._shelf.known() if each.slot == learned.slot]
        for each in same:
            if folded(each.text) == folded(learned.text):
                return each
        replaced = same[-1].id if same else None
        return self._shelf.write(learned, self._clock.now(), replaced)

    async def edit(self, memory_id: int, text: str) -> Memory:
        """Put the user's own wording in the place of a memory; the old one is history.

        Raises ``CompanionError`` for a memory that no longer holds.
        """
        words = _tidy(text)
        old = await asyncio.to_thread(self._shelf.memory, memory_id)
        if not old.current:
            raise CompanionError(
                f"Memory {memory_id} no longer holds. companion memory history {memory_id} "
                "shows what took its place."
            )
        found = self._understand(words)
        if found.slot.startswith(_BY_HAND) or found.kind is not old.kind:
            found = Learned(old.kind, old.subject, old.slot, words, found.text, confidence=1.0)
        return await asyncio.to_thread(self._shelf.write, found, self._clock.now(), memory_id)

    async def pin(self, memory_id: int, pinned: bool = True) -> Memory:
        """Let a memory be told in every conversation, or only where it matters."""
        await asyncio.to_thread(self._shelf.memory, memory_id)
        return await asyncio.to_thread(self._shelf.pin, memory_id, pinned)

    async def forget(self, memory_ids: Collection[int]) -> Forgotten:
        """Erase memories; what was said of them no longer comes to mind."""
        for memory_id in memory_ids:
            await asyncio.to_thread(self._shelf.memory, memory_id)
        return await asyncio.to_thread(self._shelf.forget, memory_ids)

    async def forget_about(self, about: str) -> Forgotten:
        """Erase what is known about something, and let it come to mind no more.

        Raises ``CompanionError`` if ``about`` names nothing.
        """
        wish = read_wish(f"forget about {_tidy(about)}")
        if wish is None or not wish.about:
            raise CompanionError(f"{about!r} names nothing. Say what, for example: my mother.")
        return await asyncio.to_thread(forget_about, self._shelf, wish)

    def _understand(self, text: str) -> Learned:
        found = notice(text, self._clock.now().date())
        if len(found) == 1 and isinstance(found[0], Learned):
            return found[0]
        return Learned(
            *(Kind.FACT, "", f"{_BY_HAND}:{folded(text)}", text, to_third(text)), confidence=1.0
        )


def _tidy(text: str) -> str:
    words = " ".join(make_harmless(text[: 4 * LONGEST_MEMORY]).split())
    if not words:
        raise CompanionError("There is nothing in that memory. Write a sentence.")
    if len(words) > LONGEST_MEMORY or len(text) > 4 * LONGEST_MEMORY:
        raise CompanionError(
            f"That is more than {LONGEST_MEMORY} characters: a memory is a sentence. "
            "companion mood write keeps a longer entry."
        )
    return words
