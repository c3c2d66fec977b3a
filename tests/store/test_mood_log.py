from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.errors import StoreError
from companion.domain.guidance import Exemplar, Guidance, NoticedTurn, Stage, Strategy
from companion.domain.message import Message
from companion.domain.mood import Source
from companion.store.database import Store
from companion.store.mood_log import SqliteMoodLog
from companion.store.transcript import SqliteTranscript
from fakes import feel

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
GUIDANCE = Guidance(
    *(Strategy.SIT, Stage.COMFORT, 'because you wrote "sad"', "They seem sad."),
    exemplars=(Exemplar("sadness", Strategy.SIT, "i'm low", "I'm here."),),
    unsure=True,
)


class Kept:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "companion.db"
        self.store = Store(self.path)
        self.log = SqliteMoodLog(self.store)
        self.transcript = SqliteTranscript(self.store)
        self.conversation = self.transcript.create_conversation("samantha", NOW).id

    def say(self, text: str, after: Message | None = None) -> Message:
        parent = after.id if after else None
        return self.transcript.add_user_message(
            self.conversation, text, "a note", NOW, parent_id=parent
        )


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    kept.store.close()


def test_an_appraisal_comes_back_whole(kept: Kept) -> None:
    said = kept.say("i'm so sad")
    entry = kept.log.add(feel("sad", evidence="sad"), Source.MODEL, NOW, message_id=said.id)
    assert kept.log.entries() == [entry]
    assert entry.appraisal == feel("sad", evidence="sad")
    assert (entry.text, entry.conversation_id, entry.at) == ("i'm so sad", kept.conversation, NOW)


def test_the_users_word_counts_whenever_it_came(kept: Kept) -> None:
    said = kept.say("hm")
    kept.log.add(feel("sad"), Source.MODEL, NOW, message_id=said.id)
    word = kept.log.add(feel("tired", said=True), Source.USER, NOW, message_id=said.id)
    kept.log.add(feel("angry"), Source.LLM, NOW, message_id=said.id)
    assert kept.log.entries() == [word]
    sources = [entry.source for entry in kept.log.of_message(said.id)]
    assert sources == [Source.MODEL, Source.USER, Source.LLM]


def test_journal_entries_count_beside_messages(kept: Kept) -> None:
    journal = kept.log.write_journal("a long quiet day", NOW)
    kept.log.add(feel("tired"), Source.MODEL, NOW, journal_id=journal)
    better = kept.log.add(feel("glad", said=True), Source.USER, NOW, journal_id=journal)
    assert kept.log.entries() == [better]
    assert better.text == "a long quiet day"


def test_what_was_said_differently_no_longer_counts(kept: Kept) -> None:
    first, second = kept.say("i'm sad"), kept.say("i'm glad")
    for said, word in ((first, "sad"), (second, "glad")):
        kept.log.add(feel(word), Source.MODEL, NOW, message_id=said.id)
    assert [entry.message_id for entry in kept.log.entries()] == [second.id]


def test_only_a_span_of_time(kept: Kept) -> None:
    for days in range(3):
        said = kept.say("hm", None)
        kept.log.add(feel("sad"), Source.MODEL, NOW + timedelta(days=days), message_id=said.id)
    # The first two have a later sibling; only the last counts.
    assert len(kept.log.entries(NOW + timedelta(days=2))) == 1
    assert kept.log.entries(NOW + timedelta(days=1), NOW + timedelta(days=2)) == []


def test_guidance_comes_back_and_is_replaced(kept: Kept) -> None:
    said = kept.say("i'm sad")
    assert kept.log.guidance(said.id) is None
    kept.log.keep_guidance(said.id, Guidance(Strategy.ASK, Stage.EXPLORE, "first"))
    kept.log.keep_guidance(said.id, GUIDANCE)
    assert kept.log.guidance(said.id) == GUIDANCE


def test_what_was_noticed_in_several_turns_comes_in_one_query(
    kept: Kept,
) -> None:
    said = [kept.say(text) for text in ("i'm sad", "hm", "tired, rather", "nothing")]
    sad = kept.log.add(feel("sad"), Source.MODEL, NOW, message_id=said[0].id)
    word = kept.log.add(feel("tired", said=True), Source.USER, NOW, message_id=said[0].id)
    tired = kept.log.add(feel("tired"), Source.MODEL, NOW, message_id=said[2].id)
    kept.log.keep_guidance(said[0].id, GUIDANCE)
    asked: list[str] = []
    kept.store.database.conn.set_trace_callback(asked.append)
    found = kept.log.noticed(each.id for each in said)
    kept.store.database.conn.set_trace_callback(None)
    assert found == {
        said[0].id: NoticedTurn((sad, word), GUIDANCE),
        said[2].id: NoticedTurn((tired,), None),
    }
    assert [query.split()[0] for query in asked].count("SELECT") == 1
    assert kept.log.noticed([]) == {}


def test_what_is_erased_leaves_no_byte(kept: Kept) -> None:
    said = kept.say("hello there")
    entry = kept.log.add(feel("sad", evidence="zebrafinch"), Source.MODEL, NOW, message_id=said.id)
    kept.log.keep_guidance(said.id, Guidance(Strategy.SIT, Stage.COMFORT, "wrote zebrafinch"))
    kept.transcript.keep_note(said.id, "they said zebrafinch")
    journal = kept.log.write_journal("zebrafinch again", NOW)
    page = kept.log.add(feel("sad"), Source.MODEL, NOW, journal_id=journal)
    kept.log.delete(entry.id)
    kept.log.delete(page.id)
    assert kept.log.entries() == []
    assert kept.transcript.message(said.id).text == "hello there"
    files = kept.path.parent.glob("companion.db*")
    assert not any(b"zebrafinch" in file.read_bytes() for file in files)


def test_an_entry_that_is_not_there_is_named(kept: Kept) -> None:
    with pytest.raises(StoreError, match="no mood entry 7"):
        kept.log.delete(7)


def test_moods_go_with_their_conversation(kept: Kept) -> None:
    said = kept.say("i'm sad")
    kept.log.add(feel("sad"), Source.MODEL, NOW, message_id=said.id)
    kept.log.keep_guidance(said.id, GUIDANCE)
    kept.transcript.delete_conversation(kept.conversation)
    assert kept.log.entries() == []
    assert kept.log.guidance(said.id) is None
