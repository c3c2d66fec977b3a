"""What the crisis screen found, on a real file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.care import Kept, PlanPart, SafetyCount
from companion.domain.message import Message, Status, Timings
from companion.domain.safety import Danger, Screening
from companion.store.database import Store
from companion.store.safety_log import SqliteSafetyLog
from companion.store.safety_plan import SqlitePlanBook
from companion.store.transcript import SqliteTranscript
from companion.store.turn_index import SqliteTurnIndex

NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
GRAVE = Screening(3, Danger.SUICIDE, ("quinquereme",))


@dataclass
class Shelf:
    path: Path
    store: Store
    transcript: SqliteTranscript
    log: SqliteSafetyLog
    plans: SqlitePlanBook

    def say(self, text: str, found: Screening, at: datetime = NOW, *, card: bool = True) -> Message:
        conversation = self.transcript.create_conversation("samantha", at)
        said = self.transcript.add_user_message(conversation.id, text, "", at, parent_id=None)
        self.log.keep(Kept(said.id, found, at, at if card else None))
        return said

    def bytes_on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.path.parent.glob("companion.db*"))


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    path = tmp_path / "companion.db"
    store = Store(path)
    transcript, log, plans = SqliteTranscript(store), SqliteSafetyLog(store), SqlitePlanBook(store)
    yield Shelf(path, store, transcript, log, plans)
    store.close()


def test_what_was_found_is_kept(shelf: Shelf) -> None:
    said = shelf.say("quinquereme of Nineveh", GRAVE)
    assert shelf.log.of_message(said.id) == GRAVE
    assert shelf.log.of_message(said.id + 1) == Screening(0, Danger.NONE)
    assert shelf.log.last_crisis() == NOW


def test_a_hint_is_no_crisis(shelf: Shelf) -> None:
    shelf.say("pointless", Screening(1, Danger.SUICIDE), card=False)
    assert shelf.log.last_crisis() is None
    assert not shelf.log.card_is_open(NOW)


def test_the_card_is_open_until_it_is_put_aside(shelf: Shelf) -> None:
    shelf.say("quinquereme", GRAVE)
    assert shelf.log.card_is_open(NOW - timedelta(hours=1))
    assert not shelf.log.card_is_open(NOW + timedelta(seconds=1))
    shelf.log.put_card_aside(NOW)
    assert not shelf.log.card_is_open(NOW - timedelta(hours=1))


def test_counts_by_month_and_tier_without_a_word(shelf: Shelf) -> None:
    shelf.say("quinquereme", GRAVE)
    shelf.say("quinquereme", GRAVE, card=False)
    shelf.say("hint", Screening(1, Danger.SUICIDE), NOW - timedelta(days=60), card=False)
    shelf.say("long ago", GRAVE, NOW - timedelta(days=400))
    assert shelf.log.count(2026) == [SafetyCount(9, 1, 1, 0), SafetyCount(11, 3, 2, 1)]
    assert shelf.log.count(2024) == []
    with shelf.store.reading() as database:
        assert database["safety_counts"].columns_dict.keys() == {"id", "day", "tier", "card"}


def test_a_crisis_and_the_reply_to_it_do_not_come_back_to_mind(shelf: Shelf) -> None:
    index = SqliteTurnIndex(shelf.store)
    said = shelf.say("quinquereme of Nineveh", GRAVE)
    reply = shelf.transcript.begin_reply(said, "b", "m", "", NOW)
    shelf.transcript.end_reply(reply.id, "A quinquereme?", Status.COMPLETE, Timings(), NOW)
    calm = shelf.say("the quinquereme was a ship", Screening(1, Danger.SUICIDE), card=False)
    ids = index.find([["quinquereme"]], 10).ids
    assert [turn.id for turn in index.turns(ids)] == [calm.id]
    assert index.following([said.id]) == []
    assert index.said_between(NOW - timedelta(hours=1), NOW + timedelta(hours=1), 10) == (calm.id,)


def test_erasing_a_conversation_leaves_no_word_but_the_count(shelf: Shelf) -> None:
    said = shelf.say("quinquereme of Nineveh", GRAVE)
    assert b"quinquereme" in shelf.bytes_on_disk()
    shelf.transcript.delete_conversation(said.conversation_id)
    assert b"quinquereme" not in shelf.bytes_on_disk()
    assert shelf.log.last_crisis() is None
    assert shelf.log.count(2026) == [SafetyCount(11, 3, 1, 1)]
    copy = shelf.store.path.parent / "backups" / "companion-20261123T200000Z.db"
    copy.parent.mkdir()
    copy.touch()
    shelf.log.forget_counts()
    assert shelf.log.count(2026) == []
    assert copy.exists()


def test_a_plan_is_written_part_by_part_in_its_order(shelf: Shelf) -> None:
    shelf.plans.write(PlanPart.TRUSTED, "Ana", NOW)
    shelf.plans.write(PlanPart.WARNING_SIGNS, "no sleep", NOW)
    shelf.plans.write(PlanPart.TRUSTED, "Ana, 0171", NOW)
    assert list(shelf.plans.plan().items()) == [
        (PlanPart.WARNING_SIGNS, "no sleep"),
        (PlanPart.TRUSTED, "Ana, 0171"),
    ]


def test_what_is_taken_out_of_a_plan_is_gone_from_the_file(shelf: Shelf) -> None:
    shelf.plans.write(PlanPart.SAFER, "quinquereme key", NOW)
    shelf.plans.write(PlanPart.FRIENDS, "trireme Ana", NOW)
    shelf.plans.write(PlanPart.SAFER, "", NOW)
    assert b"quinquereme" not in shelf.bytes_on_disk()
    shelf.plans.erase()
    assert b"trireme" not in shelf.bytes_on_disk()
    assert shelf.plans.plan() == {}


def test_a_part_that_this_version_does_not_know_hides_no_other(shelf: Shelf) -> None:
    shelf.plans.write(PlanPart.TRUSTED, "Ana", NOW)
    with shelf.store.writing() as database:
        database.conn.execute("INSERT INTO safety_plan VALUES ('later', 'x', ?)", (f"{NOW}",))
    assert shelf.plans.plan() == {PlanPart.TRUSTED: "Ana"}
