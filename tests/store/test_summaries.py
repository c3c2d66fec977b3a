"""Summaries go with the messages that they were made of, and leave no byte."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.domain.care import Kept
from companion.domain.memories import MadeBy
from companion.domain.message import Message, Status, Timings
from companion.domain.safety import Danger, Screening
from companion.domain.summaries import STRETCH, Cited, Summary
from companion.store.database import Store
from companion.store.erasing import SqliteEraser
from companion.store.memories import SqliteMemoryShelf
from companion.store.safety_log import SqliteSafetyLog
from companion.store.summaries import SqliteSummaryShelf
from companion.store.transcript import SqliteTranscript

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
SECRET = "They keep a zebrafinch"


class Talk:
    """A long conversation with its summaries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "companion.db")
        self.transcript = SqliteTranscript(self.store)
        self.shelf = SqliteSummaryShelf(self.store)
        self.id = self.transcript.create_conversation("samantha", NOW).id

    def go_on(self, turns: int) -> "Talk":
        for _ in range(turns):
            said = self.say(f"my zebrafinch sang {self.transcript.conversation(self.id).messages}")
            reply = self.transcript.begin_reply(said, "local", "m", "", NOW)
            self.transcript.end_reply(reply.id, "Oh?", Status.COMPLETE, Timings(), NOW)
        return self

    def say(self, text: str) -> Message:
        head = self.transcript.conversation(self.id).head_id
        return self.transcript.add_user_message(self.id, text, "", NOW, parent_id=head)

    def sum_up(self, made_by: MadeBy = MadeBy.LLM, text: str = SECRET) -> bool:
        stretch = self.shelf.next_stretch(self.id, made_by)
        assert stretch is not None
        cited = (Cited(text, (stretch.messages[0].id, stretch.messages[2].id)),)
        place = (stretch.conversation_id, stretch.first_id, stretch.last_id)
        return self.shelf.keep(Summary(*place, NOW, made_by, cited), stretch.messages)

    def reflect(self) -> bool:
        first, *_, last = read = self.transcript.branch(self.id)
        cited = (Cited(SECRET, (first.id,)),)
        return self.shelf.keep(Summary(None, first.id, last.id, NOW, MadeBy.LLM, cited), read)

    @property
    def texts(self) -> list[str]:
        found = self.shelf.of_conversation(self.id)
        return [sentence.text for each in found for sentence in each.sentences]

    def leaves_traces(self) -> bool:
        raw = b"".join(file.read_bytes() for file in self.folder.iterdir())
        return SECRET.encode() in raw


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    talk = Talk(tmp_path)
    yield talk
    talk.store.close()


def test_a_stretch_is_summed_up_once_when_the_talk_went_on(talk: Talk) -> None:
    talk.go_on(STRETCH // 2)
    assert talk.shelf.next_stretch(talk.id, MadeBy.LLM) is None
    talk.go_on(STRETCH)
    latest = talk.shelf.next_stretch(talk.id, MadeBy.LLM)
    assert latest is not None
    assert [each.depth for each in latest.messages] == list(range(STRETCH, 2 * STRETCH))
    assert talk.sum_up(text="later")
    assert talk.sum_up(text="sooner")
    assert talk.shelf.next_stretch(talk.id, MadeBy.LLM) is None
    assert talk.texts == ["sooner", "later"]
    (last,) = talk.shelf.of_conversation(talk.id, 1)
    assert last.sentences[0].text == "later"
    assert [each.sentences[0].text for each in talk.shelf.latest(1)] == ["later"]
    assert talk.shelf.rest(talk.id)[0].depth == 2 * STRETCH


def test_a_models_words_count_before_the_rules_where_there_are_any(talk: Talk) -> None:
    talk.go_on(STRETCH)
    talk.sum_up(MadeBy.RULES, "by rules")
    stretch = talk.shelf.next_stretch(talk.id, MadeBy.LLM)
    assert stretch is not None
    place = (stretch.conversation_id, stretch.first_id, stretch.last_id)
    talk.shelf.keep(Summary(*place, NOW, MadeBy.LLM, ()), stretch.messages)
    assert talk.texts == ["by rules"]
    talk.shelf.keep(Summary(*place, NOW, MadeBy.LLM, (Cited("by a model", (1,)),)), ())
    assert talk.texts == ["by a model"]


def forget(talk: Talk) -> None:
    SqliteMemoryShelf(talk.store).forget((), [3])


def erase_everything(talk: Talk) -> None:
    SqliteEraser(talk.store).erase_everything()


def erase_conversation(talk: Talk) -> None:
    SqliteEraser(talk.store).erase_conversation(talk.id)


@pytest.mark.parametrize("let_go", [forget, erase_everything, erase_conversation])
def test_what_is_let_go_leaves_no_byte_in_a_summary(
    talk: Talk, let_go: Callable[[Talk], None]
) -> None:
    talk.go_on(STRETCH)
    assert talk.sum_up()
    assert talk.reflect()
    assert talk.leaves_traces()
    let_go(talk)
    assert not talk.leaves_traces()
    assert talk.texts == []
    assert talk.shelf.reflection() is None
    talk.store.check()


def test_what_another_conversation_told_stays(talk: Talk) -> None:
    talk.go_on(STRETCH).sum_up()
    other = talk.transcript.create_conversation("samantha", NOW).id
    said = talk.transcript.add_user_message(other, "hello", "", NOW, parent_id=None)
    SqliteMemoryShelf(talk.store).forget((), [said.id])
    assert talk.texts == [SECRET]


def test_what_is_said_in_danger_is_in_no_summary(talk: Talk) -> None:
    talk.go_on(2)
    said = talk.say("no way out")
    found = Screening(3, Danger.SUICIDE, ("no way out",))
    SqliteSafetyLog(talk.store).keep(Kept(said.id, found, NOW, None))
    reply = talk.transcript.begin_reply(said, "local", "m", "", NOW)
    talk.transcript.end_reply(reply.id, "I am here.", Status.COMPLETE, Timings(), NOW)
    talk.go_on(STRETCH)
    stretch = talk.shelf.next_stretch(talk.id, MadeBy.LLM)
    while stretch and stretch.first_id != 1:
        talk.sum_up()
        stretch = talk.shelf.next_stretch(talk.id, MadeBy.LLM)
    assert stretch is not None
    assert not {said.id, reply.id} & {each.id for each in stretch.messages}
    assert len(stretch.messages) == STRETCH - 2
    assert talk.shelf.readable([said.id, 1]) == [talk.transcript.message(1)]


def test_danger_that_is_seen_later_takes_the_summary_along(talk: Talk) -> None:
    talk.go_on(STRETCH).sum_up()
    found = Screening(3, Danger.SUICIDE, ("sang",))
    SqliteSafetyLog(talk.store).keep(Kept(3, found, NOW, None))
    assert talk.texts == []


def test_what_is_said_differently_is_summed_up_anew(talk: Talk) -> None:
    talk.go_on(STRETCH).sum_up()
    assert talk.texts == [SECRET]
    talk.transcript.add_user_message(talk.id, "my cat sang", "", NOW, parent_id=2)
    assert talk.texts == []


def test_nothing_is_kept_of_what_changed_meanwhile(talk: Talk) -> None:
    talk.go_on(STRETCH)
    stretch = talk.shelf.next_stretch(talk.id, MadeBy.LLM)
    assert stretch is not None
    forget(talk)
    place = (stretch.conversation_id, stretch.first_id, stretch.last_id)
    late = Summary(*place, NOW, MadeBy.LLM, (Cited(SECRET, (1,)),))
    assert not talk.shelf.keep(late, stretch.messages)
    assert not talk.leaves_traces()


def test_there_is_one_reflection(talk: Talk) -> None:
    talk.go_on(2)
    talk.reflect()
    talk.reflect()
    with talk.store.reading() as database:
        count = database.conn.execute("SELECT COUNT(*) FROM summaries").fetchone()[0]
    assert count == 1
