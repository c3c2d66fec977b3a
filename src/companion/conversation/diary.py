"""The user's mood diary: what was noticed, what they said of it themselves."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from companion.conversation.following import Following
from companion.domain.errors import CompanionError
from companion.domain.guidance import Guidance, NoticedTurn
from companion.domain.memory import Recalled
from companion.domain.message import Message, Role
from companion.domain.mood import Appraisal, Mood, MoodEntry, Source
from companion.mood.drift import MEMORY, course
from companion.protocols.clock import Clock
from companion.protocols.memory import RecallLog
from companion.protocols.mood import MoodLog, MoodReader
from companion.protocols.transcript import Transcript
from companion.safety.sanitise import make_harmless

_WORD_LENGTH = 60
_NO_FEELING = "I found no feeling in those words. Try one such as tired, calm, sad, angry or glad."


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was seen in a message, by whom, and what she was told because of it."""

    message: Message
    entries: tuple[MoodEntry, ...]
    guidance: Guidance | None
    recalled: tuple[Recalled, ...]


class MoodDiary:
    """Reads and writes the mood log for a person. All methods raise ``StoreError``."""

    def __init__(
        self,
        log: MoodLog,
        reader: MoodReader,
        transcript: Transcript,
        clock: Clock,
        recalled: RecallLog,
        following: Following,
    ) -> None:
        self._log = log
        self._reader = reader
        self._transcript = transcript
        self._clock = clock
        self._recalled = recalled
        self._following = following

    async def entries(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> list[MoodEntry]:
        """Return what counts, oldest first: one entry a message, one a journal entry."""
        return await asyncio.to_thread(self._log.entries, since, until)

    async def entry(self, entry_id: int) -> MoodEntry:
        """Return one entry. Raises ``StoreError`` if there is none of that number."""
        return await asyncio.to_thread(self._log.entry, entry_id)

    async def now(self) -> Mood:
        """Return the mood as it is now."""
        return await asyncio.to_thread(lambda: self._following.look(self._clock.now()))

    async def course(self, moments: list[datetime]) -> list[Mood]:
        """Return the mood at each of ``moments``, faded between entries, for a curve.

        ``moments`` are in order of time.
        """
        if not moments:
            return []
        zone = self._clock.now().tzinfo
        entries = await self.entries(moments[0] - MEMORY, None)
        return await asyncio.to_thread(course, entries, [at.astimezone(zone) for at in moments])

    async def set(self, words: str) -> MoodEntry:
        """Keep the user's own word for how they are now.

        Raises ``CompanionError`` if the words name no feeling.
        """
        appraisal = await self._understand(words)
        return await self._journal(_tidy(words), appraisal, Source.USER)

    async def write(self, text: str) -> MoodEntry:
        """Keep a journal entry, appraised as a message would be."""
        text = make_harmless(text).strip()
        if not text:
            raise CompanionError("There is nothing in that entry. Write a few words.")
        appraisal = await asyncio.to_thread(self._reader.appraise, text)
        return await self._journal(text, appraisal, Source.MODEL)

    async def correct(self, entry_id: int, words: str) -> MoodEntry:
        """Let the user's own word stand instead of an appraisal; both are kept."""
        entry = await self.entry(entry_id)
        appraisal = await self._understand(words)
        return await asyncio.to_thread(
            lambda: self._log.add(
                *(appraisal, Source.USER, entry.at),
                message_id=entry.message_id,
                journal_id=entry.journal_id,
            )
        )

    async def delete(self, entry_id: int) -> None:
        """Erase what is known about the mood of a message, or a whole journal entry."""
        await asyncio.to_thread(self._log.delete, entry_id)

    async def explain(self, message_id: int) -> Explanation:
        """Return what was seen in a message of the user, and what she was told.

        Raises ``StoreError`` if there is no such message, ``CompanionError`` if it is hers.
        """
        message = await asyncio.to_thread(self._transcript.message, message_id)
        if message.role is not Role.USER:
            raise CompanionError(
                f"Message {message_id} is hers. Give the number of one of your own; "
                "companion mood lists them."
            )
        noticed = await asyncio.to_thread(self._log.noticed, [message_id])
        turn = noticed.get(message_id, NoticedTurn((), None))
        recalled = await asyncio.to_thread(self._recalled.of_message, message_id)
        return Explanation(message, turn.entries, turn.guidance, tuple(recalled))

    async def _understand(self, words: str) -> Appraisal:
        words = _tidy(words)
        if len(words) > _WORD_LENGTH:
            raise CompanionError(
                f"That is more than {_WORD_LENGTH} characters: a word or two will do. "
                "companion mood write keeps a longer entry."
            )
        appraisal = await asyncio.to_thread(self._reader.appraise_word, words)
        if not appraisal.known:
            raise CompanionError(self._reader.problem or _NO_FEELING)
        return appraisal

    async def _journal(self, text: str, appraisal: Appraisal, source: Source) -> MoodEntry:
        def keep() -> MoodEntry:
            now = self._clock.now()
            with self._log.together():
                journal_id = self._log.write_journal(text, now)
                return self._log.add(appraisal, source, now, journal_id=journal_id)

        return await asyncio.to_thread(keep)


def _tidy(words: str) -> str:
    return " ".join(make_harmless(words).split())
