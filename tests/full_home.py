"""A home with something of everything that is kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from companion.domain.guidance import Exemplar, Guidance, Stage, Strategy
from companion.domain.memories import Confirm, Keep, Kind, Learned, MadeBy, Settle
from companion.domain.memory import ForeignTurn
from companion.domain.message import Chunk, Message, Role, Status, Timings
from companion.domain.mood import Source
from companion.domain.summaries import Cited, Summary
from companion.store.database import Store
from companion.store.follow_ups import SqliteFollowUps
from companion.store.imports import SqliteImporter
from companion.store.memories import SqliteMemoryShelf
from companion.store.mood_log import SqliteMoodLog
from companion.store.summaries import SqliteSummaryShelf
from companion.store.transcript import SqliteTranscript
from fakes import feel

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HOME = Learned(Kind.PLACE, "", "home", "Zebrafinch", "They live in Zebrafinch.", 0, 22)
MOVED = Learned(Kind.PLACE, "", "home", "Lisbon", "They live in Lisbon.", 0, 17)
EXAM = Learned(
    *(Kind.EVENT, "", "event:exam", "an exam", "They have an exam on 27 November 2026."),
    *(0, 22, NOW.date(), NOW.date(), NOW.date()),
)


class FullHome:
    """Fills ``folder`` with a database; ``NOW`` goes on a minute with each message."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "companion.db"
        self.store = Store(self.path)
        self.transcript = SqliteTranscript(self.store)
        self.shelf = SqliteMemoryShelf(self.store)
        self.moods = SqliteMoodLog(self.store)
        self.now = NOW

    def fill(self) -> "FullHome":
        """Let some days pass."""
        gone = self.transcript.create_conversation("samantha", NOW).id
        self.say(gone, "a conversation that is erased leaves its number behind", None)
        self.transcript.delete_conversation(gone)
        self._talk()
        self._remember()
        self._sum_up()
        self._import()
        self._add_rows()
        journal = self.moods.write_journal("A quiet day. “Well…”", self.now)
        self.moods.add(feel("glad", evidence="quiet"), Source.MODEL, self.now, journal_id=journal)
        self.moods.add(feel("tired", said=True), Source.USER, self.now, journal_id=journal)
        return self

    def say(self, conversation: int, text: str, parent: int | None, note: str = "") -> Message:
        """Let the user say something."""
        self.now += timedelta(minutes=1)
        return self.transcript.add_user_message(
            conversation, text, note, self.now, parent_id=parent
        )

    def answer(self, to: Message, text: str, status: Status = Status.COMPLETE) -> Message:
        """Let her answer."""
        self.now += timedelta(minutes=1)
        reply = self.transcript.begin_reply(to, "local", "m-1", "hash", self.now)
        timings = Timings(0.5, 1.5, 100, 20, (Chunk(0.5, 3), Chunk(0.75, len(text) - 3)))
        return self.transcript.end_reply(reply.id, text, status, timings, self.now, "why")

    def _talk(self) -> None:
        talk = self.transcript.create_conversation("samantha", self.now).id
        self.transcript.add_greeting(talk, "Hi.", "It is Monday.", self.now)
        head = self.transcript.conversation(talk).head_id
        first = self.say(talk, "I live in Zebrafinch, and I am sad", head, "It is late.")
        self.answer(first, "Zebrafinch? Tell me\nmore.")
        self.answer(first, "Another answer", Status.STOPPED)
        edited = self.say(talk, "I lived in Zebrafinch", head)
        last = self.answer(edited, "Oh.")
        self.transcript.choose_head(talk, last.id)
        self.transcript.save_draft(talk, "half a thou", self.now)
        self.transcript.keep_user_name("Theo", first.id)
        self.transcript.rename_conversation(talk, "Where I live")
        self.moods.add(feel("sad", evidence="sad"), Source.MODEL, NOW, message_id=first.id)
        shown = (Exemplar("grief", Strategy.SIT, "she died", "Oh no."),)
        guidance = Guidance(Strategy.REFLECT, Stage.COMFORT, "you wrote “sad”", "sad", shown, True)
        self.moods.keep_guidance(first.id, guidance)
        self.shelf.learn(first, [Keep(HOME), Keep(EXAM)])

    def _remember(self) -> None:
        talk = self.transcript.create_conversation("samantha", self.now).id
        home, exam = self.shelf.memories()
        moved = self.say(talk, "I live in Lisbon. The exam went well", None, "They have an exam.")
        self.shelf.learn(moved, [Keep(MOVED, (home.id,)), Confirm(exam.id, EXAM), Settle(exam.id)])
        self.shelf.keep_used(moved.id, [exam.id], "They have an exam.")
        (lisbon,) = [each for each in self.shelf.memories() if each.slot == "home"]
        self.shelf.pin(lisbon.id, True)
        self.shelf.write(Learned(Kind.WISH, "", "wish", "brief", "They want few words."), self.now)
        due = Learned(Kind.PLAN, "", "plan", "a trip", "They plan a trip.", due=NOW.date())
        trip = self.say(talk, "I plan a trip", moved.id)
        self.shelf.learn(trip, [Keep(due)])
        asked = self.answer(trip, "How was the trip?")
        follow_ups = SqliteFollowUps(self.store)
        for each in follow_ups.due(NOW.date()):
            follow_ups.mark_asked(each.id, asked.id, self.now)
        self.shelf.forget((), [trip.id])

    def _sum_up(self) -> None:
        """Sum up a message that is cited, and what is known of the user."""
        (lisbon,) = [each for each in self.shelf.memories() if each.slot == "home"]
        source = lisbon.sources[0]
        place = (source.message_id, source.message_id, self.now)
        cited = Cited("They now call Lisbon home.", (source.message_id,))
        said = [self.transcript.message(source.message_id)]
        for talk, maker in ((source.conversation_id, MadeBy.RULES), (None, MadeBy.LLM)):
            summary = Summary(talk, *place, maker, (cited,))
            assert SqliteSummaryShelf(self.store).keep(summary, said)

    def _import(self) -> None:
        turns = [
            ForeignTurn("c1", "D1", NOW - timedelta(days=900), "Ada", Role.USER, "I have a parrot"),
            ForeignTurn("c1", "D2", NOW - timedelta(days=899), "Bo", Role.ASSISTANT, "It swears"),
        ]
        SqliteImporter(self.store).add(turns, "samantha")

    def _add_rows(self) -> None:
        """Put a row into tables that other parts of the program fill in their own way."""
        rows = self.store.database.query("SELECT id FROM messages ORDER BY id LIMIT 2")
        turn, message = (row["id"] for row in rows)
        present = set(self.store.database.table_names())
        with self.store.writing() as database:
            for table, values in {
                "screenings": (message, _AT, 3, "suicide", "zebra words", _AT, None),
                "safety_counts": (1, "2026-11-23", 3, 1),
                "safety_plan": ("what_helps", "Zebra stripes", _AT),
                "recalled": (message, turn, 0, 1.5, 0.5, "Zebra"),
                "told_turns": (message, "You wrote: zebra."),
            }.items():
                if table in present:
                    marks = ", ".join("?" * len(values))
                    database.conn.execute(f"INSERT INTO {table} VALUES ({marks})", values)


_AT = "2026-11-23T20:00:00.000000Z"
