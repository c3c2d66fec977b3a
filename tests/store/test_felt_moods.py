"""Reading on in the mood log gives what reading all of it anew gives."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.message import Message
from companion.domain.mood import Appraisal, MoodEntry, Source
from companion.mood.drift import MEMORY, Follower, follow_mood
from companion.store.database import Store
from companion.store.erasing import SqliteEraser
from companion.store.mood_log import SqliteMoodLog
from companion.store.transcript import SqliteTranscript
from fakes import FEELINGS, feel

BEGIN = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
LATELY = timedelta(days=1)
DOINGS = (
    *(*("say",) * 12, "say otherwise", "correct", "refine", "write", "delete", "erase"),
    *("undo", "undo", "wait", "go back", "look back"),
)


class Life:
    """A log that two programs write to, and one of them reads."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance, self.now = random.Random(seed), BEGIN
        self.store, self.other = Store(path), Store(path)
        self.log = SqliteMoodLog(self.store)
        self.said: list[Message] = []
        self.begin()

    def begin(self) -> None:
        transcript = SqliteTranscript(self.store)
        self.conversation = transcript.create_conversation("samantha", self.now).id
        self.said.clear()

    def do(self, doing: str) -> None:
        store = self.chance.choice((self.store, self.store, self.other))
        match doing:
            case "say":
                self.say(store, self.said[-1].id if self.said else None)
            case "say otherwise" | "correct" | "refine" if self.said:
                self.change(store, self.chance.choice(self.said), doing)
            case "write":
                self.write(SqliteMoodLog(store))
            case "delete" | "erase":
                self.erase(store, doing)
            case "undo":
                with suppress(ZeroDivisionError), self.log.together():
                    self.write(self.log)
                    self.log.felt(self.now - LATELY)
                    raise ZeroDivisionError
            case "wait" | "go back":
                self.now += timedelta(hours=9 if doing == "wait" else -4)

    def say(self, store: Store, parent_id: int | None) -> None:
        self.now += timedelta(minutes=7)
        message = SqliteTranscript(store).add_user_message(
            self.conversation, "hm", "", self.now, parent_id=parent_id
        )
        self.said.append(message)
        for source in self.chance.choice(((Source.MODEL,), (Source.MODEL, Source.USER), ())):
            SqliteMoodLog(store).add(self.feel(), source, self.now, message_id=message.id)

    def change(self, store: Store, message: Message, doing: str) -> None:
        if doing == "say otherwise":
            self.say(store, message.parent_id)
            return
        source = Source.USER if doing == "correct" else Source.LLM
        log = SqliteMoodLog(store)
        log.add(self.feel(), source, message.created_at, message_id=message.id)

    def write(self, log: SqliteMoodLog) -> None:
        journal = log.write_journal("a quiet day", self.now)
        log.add(self.feel(), Source.MODEL, self.now, journal_id=journal)

    def erase(self, store: Store, doing: str) -> None:
        log = SqliteMoodLog(store)
        if doing == "erase":
            SqliteEraser(store).erase_conversation(self.conversation)
            self.begin()
        elif entries := log.entries():
            log.delete(self.chance.choice(entries).id)

    def feel(self) -> Appraisal:
        return feel(self.chance.choice([*FEELINGS, "hm"]), evidence="hm")

    def close(self) -> None:
        self.other.close()
        self.store.close()


@pytest.fixture(params=range(2))
def life(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Life]:
    opened = Life(tmp_path / "companion.db", request.param)
    yield opened
    opened.close()


def bare(entry: MoodEntry) -> MoodEntry:
    seen = replace(entry.appraisal, emotions={}, evidence=(), word="")
    return replace(entry, appraisal=seen, text="")


def test_whatever_happens_the_same_is_read_and_followed(life: Life) -> None:
    follower = Follower()
    for _ in range(150):
        doing = life.chance.choice(DOINGS)
        life.do(doing)
        since = life.now - (MEMORY if doing == "look back" else LATELY)
        entries = life.log.entries(since)
        felt = life.log.felt(since)
        assert felt == [bare(entry) for entry in entries]
        mood, whole = follower.follow(felt, life.now), follow_mood(entries, life.now)
        assert mood == replace(whole, latest=whole.latest and bare(whole.latest))


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    life = Life(tmp_path / "companion.db", 1)
    for _ in range(20):
        life.do("say")
    before = life.log.felt(BEGIN)
    life.do("write")
    after = life.log.felt(BEGIN)
    assert len(after) == len(before) + 1
    assert all(one is two for one, two in zip(before, after, strict=False))
    life.close()


def test_a_number_given_again_is_read_again(tmp_path: Path) -> None:
    life = Life(tmp_path / "companion.db", 1)
    for doing in ("write", "undo", "write"):
        life.now += timedelta(minutes=1)
        life.do(doing)
    assert life.log.felt(BEGIN) == [bare(entry) for entry in life.log.entries(BEGIN)]
    life.close()
