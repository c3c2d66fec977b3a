"""The seams to moods."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from companion.domain.guidance import Guidance, NoticedTurn
from companion.domain.mood import Appraisal, MoodEntry, Source


class MoodReader(Protocol):
    """Judges how the writer of a message feels, without any network."""

    @property
    def problem(self) -> str:
        """What keeps it from judging, in one line; empty where nothing does."""
        ...

    def appraise(self, text: str, context: str = "") -> Appraisal:
        """Return how the writer of ``text`` feels; ``context`` is what was said to them.

        Never raises for any text. Blocks: the first call loads the model (0.2 s).
        """
        ...

    def appraise_word(self, words: str) -> Appraisal:
        """Return what the user's own words for their mood ("tired") mean, fully confident.

        ``known`` is false where the words name no feeling that it knows.
        """
        ...


class MoodLog(Protocol):
    """Every appraisal, kept with its source. All methods raise ``StoreError`` and block."""

    def together(self) -> AbstractContextManager[object]:
        """Keep all that is written inside, in the transcript too, or nothing of it."""
        ...

    def add(
        self,
        appraisal: Appraisal,
        source: Source,
        at: datetime,
        *,
        message_id: int | None = None,
        journal_id: int | None = None,
    ) -> MoodEntry:
        """Keep an appraisal of a message or of an entry of the journal."""
        ...

    def write_journal(self, text: str, at: datetime) -> int:
        """Keep what the user wrote by hand and return the number of that entry."""
        ...

    def entry(self, entry_id: int) -> MoodEntry:
        """Return one entry. Raises ``StoreError`` if there is none of that id."""
        ...

    def entries(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> list[MoodEntry]:
        """Return what counts, oldest first: one entry a message, one a journal entry.

        The user's word counts before a language model's, that before the mood model's.
        Messages that the user has said differently since do not count. ``since`` is
        included, ``until`` is not.
        """
        ...

    def felt(self, since: datetime) -> list[MoodEntry]:
        """Return ``entries``, bare of all but what following the mood needs.

        Texts, evidence, emotions and the user's words are left out. What was read before
        is given again, the same objects, where nothing about it has changed.
        """
        ...

    def of_message(self, message_id: int) -> list[MoodEntry]:
        """Return every appraisal of a message, in the order in which they were made."""
        ...

    def noticed(self, message_ids: Iterable[int]) -> Mapping[int, NoticedTurn]:
        """Return what was noticed in messages, by their ids, without those of no mood."""
        ...

    def delete(self, entry_id: int) -> None:
        """Erase what is known about the mood of a message, or a whole journal entry.

        Nothing of it stays in the file; a message itself stays.
        """
        ...

    def keep_guidance(self, message_id: int, guidance: Guidance) -> None:
        """Keep what guides the reply to a message; a second one takes its place."""
        ...

    def guidance(self, message_id: int) -> Guidance | None:
        """Return what guided the reply to a message, if anything did."""
        ...
