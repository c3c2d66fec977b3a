"""The shelf of memories, in a real file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.errors import StoreError
from companion.domain.memories import Close, Confirm, Keep, Kind, Learned, MadeBy, Memory, Settle
from companion.domain.message import Message, Status, Timings
from companion.store.database import Store
from companion.store.follow_ups import SqliteFollowUps
from companion.store.memories import SqliteMemoryShelf
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TEXT = "My sister Ana is coming. I live in Berlin, by the way."
SISTER = Learned(Kind.PERSON, "Ana", "sister:ana", "Ana", "Ana is their sister.", 0, 13)
HOME = Learned(Kind.PLACE, "", "home", "Berlin", "They live in Berlin.", 25, 41)
LISBON = Learned(Kind.PLACE, "", "home", "Lisbon", "They live in Lisbon.", 0, 17)
EXAM = Learned(
    *(Kind.EVENT, "", "event:exam", "an exam", "They have an exam on Friday 27 November 2026."),
    since=date(2026, 11, 27),
    until=date(2026, 11, 27),
    due=date(2026, 11, 28),
)


class Kept:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "companion.db"
        self.store = Store(self.path)
        self.shelf = SqliteMemoryShelf(self.store)
        self.follow_ups = SqliteFollowUps(self.store)
        self.transcript = SqliteTranscript(self.store)
        self.conversation = self.transcript.create_conversation("samantha", NOW).id

    def say(self, text: str, note: str = "", at: datetime = NOW) -> Message:
        head = self.transcript.conversation(self.conversation).head_id
        return self.transcript.add_user_message(self.conversation, text, note, at, parent_id=head)

    def learn(self, text: str, *learned: Learned, at: datetime = NOW) -> list[Memory]:
        message = self.say(text, at=at)
        assert self.shelf.learn(message, [Keep(each) for each in learned])
        return self.shelf.memories()[-len(learned) :]

    def find(self, words: list[str]) -> list[Memory]:
        return self.shelf.add_sources(self.shelf.find(words, 5))

    def traces(self, word: str) -> bool:
        files = self.path.parent.glob("companion.db*")
        return any(word.encode() in file.read_bytes() for file in files)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    kept.store.close()


def test_a_memory_comes_back_whole_with_its_words(kept: Kept) -> None:
    said = kept.say(TEXT)
    assert kept.shelf.learn(said, [Keep(HOME), Keep(EXAM, made_by=MadeBy.LLM)])
    home, exam = kept.shelf.memories()
    assert (home.text, home.slot, home.value, home.made_by) == (
        *("They live in Berlin.", "home", "Berlin"),
        MadeBy.RULES,
    )
    (source,) = home.sources
    assert (source.text, source.message_id, source.said_at) == ("I live in Berlin", said.id, NOW)
    assert (exam.since, exam.until, exam.made_by) == (EXAM.since, EXAM.until, MadeBy.LLM)
    assert kept.shelf.memory(home.id) == home


def test_a_message_is_read_once(kept: Kept) -> None:
    first, second = kept.say("one"), kept.say("two")
    assert [message.id for message in kept.shelf.unread()] == [first.id, second.id]
    assert kept.shelf.unread(before=second.id) == [first]
    assert kept.shelf.learn(first, [Keep(HOME)])
    assert not kept.shelf.learn(first, [Keep(SISTER)])
    assert [message.id for message in kept.shelf.unread()] == [second.id]
    assert len(kept.shelf.memories()) == 1


def test_what_is_still_written_waits_and_so_does_what_follows(kept: Kept) -> None:
    asked = kept.say("hello")
    reply = kept.transcript.begin_reply(asked, "b", "m", "", NOW)
    assert [message.id for message in kept.shelf.unread()] == [asked.id]
    kept.transcript.end_reply(reply.id, "Hi.", Status.COMPLETE, Timings(), NOW)
    assert [message.id for message in kept.shelf.unread()] == [asked.id, reply.id]


def test_a_newer_answer_closes_the_older_one(kept: Kept) -> None:
    (berlin,) = kept.learn("I live in Berlin", HOME)
    later = NOW + timedelta(days=3)
    moved = kept.say("I moved to Lisbon", at=later)
    assert kept.shelf.learn(moved, [Keep(LISBON, (berlin.id,))])
    (lisbon,) = kept.shelf.memories()
    assert lisbon.value == "Lisbon"
    old, new = kept.shelf.history(berlin.id)
    assert (old.current, old.closed_at, old.replaced_by) == (False, later, lisbon.id)
    assert new == lisbon
    assert kept.shelf.history(lisbon.id) == [old, new]


def test_telling_again_strengthens_and_adds_nothing(kept: Kept) -> None:
    (memory,) = kept.learn(TEXT, HOME)
    again = kept.say("I live in Berlin!", at=NOW + timedelta(days=1))
    assert kept.shelf.learn(again, [Confirm(memory.id, replace(HOME, start=0, end=16))])
    (stronger,) = kept.shelf.memories()
    assert stronger.confidence > memory.confidence
    assert [source.text for source in stronger.sources] == ["I live in Berlin"] * 2
    assert stronger.said_at == NOW + timedelta(days=1)


def test_what_ends_is_closed_and_stays_to_be_seen(kept: Kept) -> None:
    (memory,) = kept.learn(TEXT, HOME)
    end = NOW - timedelta(days=30)
    assert kept.shelf.learn(kept.say("not any more"), [Close(memory.id, end)])
    assert kept.shelf.memories() == []
    assert [each.closed_at for each in kept.shelf.memories(closed=True)] == [end]


def test_words_find_what_holds(kept: Kept) -> None:
    home, sister = kept.learn(TEXT, HOME, SISTER)
    assert kept.find(["sister"]) == [sister]
    assert kept.find(["living"]) == [home]
    assert kept.shelf.find(['"', "AND", "x*"], 5) == []
    assert kept.shelf.find([], 5) == []
    kept.shelf.learn(kept.say("no"), [Close(home.id, NOW)])
    assert kept.shelf.find(["living"], 5) == []


def test_what_the_user_writes_takes_the_place_of_a_guess(kept: Kept) -> None:
    (guess,) = kept.learn(TEXT, HOME)
    kept.shelf.pin(guess.id, True)
    written = kept.shelf.write(LISBON, NOW, replaces=guess.id)
    assert (written.made_by, written.pinned, written.sources) == (MadeBy.USER, True, ())
    assert kept.shelf.memories() == [written]
    assert kept.shelf.memory(guess.id).replaced_by == written.id
    assert kept.shelf.always() == [written]
    assert kept.shelf.pin(written.id, False).pinned is False
    assert kept.shelf.always() == []


def test_days_find_what_falls_into_them(kept: Kept) -> None:
    (exam,) = kept.learn("exam on friday", EXAM)
    found = kept.shelf.dated(date(2026, 11, 26), date(2026, 11, 28))
    assert kept.shelf.add_sources(found) == [exam]
    assert kept.shelf.dated(date(2026, 11, 28), date(2026, 11, 30)) == []


def test_a_follow_up_comes_due_and_is_asked_once(kept: Kept) -> None:
    (exam,) = kept.learn("exam on friday", EXAM)
    assert kept.follow_ups.due(date(2026, 11, 27)) == []
    assert kept.shelf.add_sources([each.memory for each in kept.follow_ups.open()]) == [exam]
    (due,) = kept.follow_ups.due(date(2026, 12, 1))
    assert (due.memory.id, due.due) == (exam.id, date(2026, 11, 28))
    kept.follow_ups.mark_asked(due.id, kept.say("x").id, NOW)
    assert kept.follow_ups.due(date(2026, 12, 1)) == []


def test_what_is_told_or_called_off_is_not_asked(kept: Kept) -> None:
    first, second = kept.learn("exams", EXAM, replace(EXAM, slot="event:other"))
    kept.shelf.learn(kept.say("it went well"), [Settle(first.id), Close(second.id, NOW)])
    assert kept.follow_ups.due(date(2026, 12, 1)) == []


def test_a_conversation_takes_along_what_was_learned_from_it_alone(kept: Kept) -> None:
    home, sister = kept.learn("zebrafinch", HOME, replace(SISTER, text="A zebrafinch."))
    kept.conversation = kept.transcript.create_conversation("samantha", NOW).id
    again = kept.say("My sister Ana again", at=NOW + timedelta(days=1))
    kept.shelf.learn(again, [Confirm(sister.id, SISTER)])
    first = home.sources[0].conversation_id
    kept.transcript.delete_conversation(first)
    (left,) = kept.shelf.memories()
    assert (left.id, left.text) == (sister.id, "Ana is their sister.")
    assert [source.message_id for source in left.sources] == [again.id]
    assert not kept.traces("zebrafinch")


def test_taking_a_message_back_undoes_what_it_did(kept: Kept) -> None:
    (berlin,) = kept.learn(TEXT, HOME)
    moved = kept.say("I moved to Lisbon")
    kept.shelf.learn(moved, [Keep(LISBON, (berlin.id,))])
    kept.shelf.take_back(moved.id)
    assert kept.shelf.memories() == [berlin]
    assert kept.shelf.memories(closed=True) == [berlin]


def test_where_a_memory_was_told_is_kept(kept: Kept) -> None:
    home, sister = kept.learn(TEXT, HOME, SISTER)
    message = kept.say("hm", note="It is Monday. Ana is their sister. Ask.")
    kept.shelf.keep_used(message.id, [sister.id], "Ana is their sister.")
    assert kept.shelf.add_sources(kept.shelf.used_for(message.id)) == [sister]
    assert [use.message_id for use in kept.shelf.uses(sister.id)] == [message.id]
    assert kept.shelf.uses(home.id) == []


@pytest.mark.parametrize("how", ["closed", "erased"])
def test_what_no_longer_holds_goes_out_of_the_notes(kept: Kept, how: str) -> None:
    (home,) = kept.learn(TEXT, HOME)
    message = kept.say("hm", note="It is Monday. They live in Berlin.")
    kept.shelf.keep_used(message.id, [home.id], "They live in Berlin.")
    if how == "closed":
        kept.shelf.learn(message, [Keep(LISBON, (home.id,))])
        assert [use.message_id for use in kept.shelf.uses(home.id)] == [message.id]
    else:
        kept.shelf.forget([home.id])
    assert kept.transcript.message(message.id).note == "It is Monday."


def test_what_is_forgotten_leaves_no_byte_and_does_not_come_back(kept: Kept) -> None:
    secret = replace(HOME, value="Zebrafinch", text="They live in Zebrafinch.", start=0, end=9)
    (old,) = kept.learn("I live where I live", secret)
    kept.shelf.learn(kept.say("I moved"), [Keep(replace(LISBON, end=7), (old.id,))])
    (lisbon,) = kept.shelf.memories()
    told = kept.say("hm", note="They live in Zebrafinch.")
    kept.shelf.keep_used(told.id, [old.id], "They live in Zebrafinch.")
    other = kept.say("unrelated zebra")
    gone = kept.shelf.forget([lisbon.id], [other.id])
    assert (gone.memories, gone.messages) == (2, 3)
    assert kept.shelf.memories(closed=True) == []
    assert not kept.traces("Zebrafinch")
    index = SqliteTurnIndex(kept.store)
    silent = kept.shelf.forgotten(kept.conversation)
    assert other.id in silent
    assert told.id not in silent
    assert index.turns(silent) == []
    assert [turn.id for turn in index.turns([told.id, other.id])] == [told.id]


def test_messages_are_found_by_words_and_followed(kept: Kept) -> None:
    first, second = kept.say("My mother is ill"), kept.say("she is in hospital")
    kept.transcript.choose_head(kept.conversation, first.id)
    found = kept.shelf.said_with([["mother", "ill"], ["hospital"]])
    assert {message.id for message in found} == {first.id, second.id}
    assert [message.id for message in kept.shelf.following([first.id])] == [second.id]
    assert kept.shelf.said_with([]) == []
    assert kept.shelf.said_with([["mother", "hospital"]]) == []


def test_a_memory_that_is_not_there_is_named(kept: Kept) -> None:
    with pytest.raises(StoreError, match="no memory 7"):
        kept.shelf.memory(7)
    with pytest.raises(StoreError, match="no memory 7"):
        kept.shelf.history(7)
