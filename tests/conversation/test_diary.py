"""The mood diary: the user's own words, a journal, corrections, explanations."""

from datetime import timedelta

import pytest

from companion.domain.errors import CompanionError, StoreError
from companion.domain.guidance import Strategy
from companion.domain.mood import Source
from conversation_room import Room


async def talk(room: Room, text: str) -> int:
    conversation = room.begin()
    async for _ in conversation.take_turn(text):
        pass
    return (await conversation.history())[0].id


async def test_ones_own_word_is_kept_and_is_the_mood_now(room: Room) -> None:
    entry = await room.companion.diary.set("  tired ")
    assert (entry.source, entry.appraisal.word, entry.text) == (Source.USER, "tired", "tired")
    mood = await room.companion.diary.now()
    assert mood.latest == entry
    assert mood.affect.valence < 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [("quantum", "no feeling in those words"), ("tired " * 20, "more than 60"), ("", "no feeling")],
)
async def test_words_that_name_no_feeling_are_refused(
    room: Room, words: str, complaint: str
) -> None:
    with pytest.raises(CompanionError, match=complaint):
        await room.companion.diary.set(words)
    assert await room.companion.diary.entries() == []


async def test_nothing_that_drives_a_terminal_is_kept(room: Room) -> None:
    await room.companion.diary.set("tired\x1b")
    await room.companion.diary.write("sad\x1b]52;c;x\x07 day")
    texts = [entry.text for entry in await room.companion.diary.entries()]
    assert not any(letter in text for text in texts for letter in "\x1b\x07")


async def test_a_journal_entry_is_appraised_like_a_message(room: Room) -> None:
    entry = await room.companion.diary.write("A sad, long day.")
    assert (entry.source, entry.appraisal.labels, entry.message_id) == (
        *(Source.MODEL, ("sadness",), None),
    )
    with pytest.raises(CompanionError, match="nothing in that entry"):
        await room.companion.diary.write(" \n ")


async def test_a_journal_entry_is_never_kept_without_its_mood(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(room.moods, "add", fail)
    with pytest.raises(StoreError, match="disk is full"):
        await room.companion.diary.write("A sad, long day.")
    with room.moods._store.reading() as database:
        assert list(database.query("SELECT * FROM journal")) == []


async def test_a_correction_stands_and_what_was_seen_stays(room: Room) -> None:
    turn = await talk(room, "I feel so sad.")
    (entry,) = await room.companion.diary.entries()
    room.clock.advance(timedelta(hours=2))
    better = await room.companion.diary.correct(entry.id, "tired")
    assert (better.at, better.message_id) == (entry.at, turn)
    assert await room.companion.diary.entries() == [better]
    explained = await room.companion.diary.explain(turn)
    assert [each.source for each in explained.entries] == [Source.MODEL, Source.USER]


async def test_a_journal_entry_can_be_corrected_and_erased(room: Room) -> None:
    entry = await room.companion.diary.write("A sad, long day.")
    better = await room.companion.diary.correct(entry.id, "glad")
    assert (better.text, await room.companion.diary.entries()) == (entry.text, [better])
    await room.companion.diary.delete(better.id)
    assert await room.companion.diary.entries() == []


async def test_a_turn_is_explained(room: Room) -> None:
    turn = await talk(room, "I feel so sad.")
    explained = await room.companion.diary.explain(turn)
    assert explained.guidance is not None
    assert explained.guidance.strategy is Strategy.REFLECT
    assert explained.entries[0].appraisal.evidence == ("sad",)
    with pytest.raises(CompanionError, match="is hers"):
        await room.companion.diary.explain(turn + 1)
    with pytest.raises(StoreError, match="no message 99"):
        await room.companion.diary.explain(99)


async def test_a_course_fades_between_entries(room: Room) -> None:
    await room.companion.diary.set("sad")
    start = room.clock.now()
    moments = [start + timedelta(hours=hours) for hours in (0, 6, 48)]
    valences = [mood.affect.valence for mood in await room.companion.diary.course(moments)]
    assert valences == sorted(valences)
    assert await room.companion.diary.course([]) == []
