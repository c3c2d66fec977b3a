import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.domain.errors import StoreError
from companion.domain.message import Chunk, Message, Status, Timings
from companion.store.database import Store
from companion.store.transcript import SqliteTranscript

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "companion.db"


@pytest.fixture
def transcript(path: Path) -> Iterator[SqliteTranscript]:
    store = Store(path)
    yield SqliteTranscript(store)
    store.close()


def exchange(transcript: SqliteTranscript, conversation: int, count: int) -> list[Message]:
    said: list[Message] = []
    for number in range(count):
        parent = said[-1].id if said else None
        said.append(
            transcript.add_user_message(conversation, f"say {number}", "", NOW, parent_id=parent)
        )
        reply = transcript.begin_reply(said[-1], "local", "tiny", "hash", NOW)
        said.append(
            transcript.end_reply(
                reply.id, f"answer {number}", Status.COMPLETE, Timings(number, 9.0, 5, 6), NOW
            )
        )
    return said


def test_what_was_kept_comes_back_the_same(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    said = exchange(transcript, conversation.id, 3)
    kept = transcript.branch(conversation.id)
    assert [message.text for message in kept] == [message.text for message in said]
    assert [message.depth for message in kept] == list(range(6))
    assert kept[-1] == said[-1]
    assert kept[-1].timings == Timings(2, 9.0, 5, 6)
    assert kept[0].created_at == NOW


def test_history_comes_in_pages(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    said = exchange(transcript, conversation.id, 10)
    page = transcript.branch(conversation.id, limit=4)
    assert [m.id for m in page] == [m.id for m in said[-4:]]
    page = transcript.branch(conversation.id, before=page[0].id, limit=4)
    assert [m.id for m in page] == [m.id for m in said[-8:-4]]
    assert transcript.branch(conversation.id, before=said[0].id, limit=4) == []


def test_branches_do_not_mix(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    said = exchange(transcript, conversation.id, 2)
    other = transcript.add_user_message(conversation.id, "else", "", NOW, parent_id=said[1].id)
    assert [m.id for m in transcript.branch(conversation.id)] == [said[0].id, said[1].id, other.id]
    transcript.choose_head(conversation.id, said[-1].id)
    assert [m.id for m in transcript.branch(conversation.id)] == [m.id for m in said]


def test_the_file_is_the_users_alone(transcript: SqliteTranscript, path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_deleted_conversation_leaves_no_byte(transcript: SqliteTranscript, path: Path) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    secret = "quetzalcoatlus"
    transcript.add_user_message(conversation.id, f"a {secret} " * 500, "", NOW, parent_id=None)
    transcript.save_draft(conversation.id, f"draft {secret}", NOW)
    transcript.delete_conversation(conversation.id)
    for file in path.parent.iterdir():
        assert secret.encode() not in file.read_bytes()
    with pytest.raises(StoreError, match="no conversation"):
        transcript.conversation(conversation.id)


def test_a_late_part_does_not_overwrite_the_whole(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    _, reply = exchange(transcript, conversation.id, 1)
    transcript.keep_partial(reply.id, "answ")
    assert transcript.message(reply.id).text == "answer 0"


def test_numbers_are_never_given_twice(transcript: SqliteTranscript) -> None:
    first = transcript.create_conversation("samantha", NOW)
    said = exchange(transcript, first.id, 1)
    transcript.delete_conversation(first.id)
    second = transcript.create_conversation("samantha", NOW)
    assert second.id > first.id
    assert exchange(transcript, second.id, 1)[0].id > said[-1].id


def test_drafts(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    assert transcript.draft(conversation.id) == ""
    transcript.save_draft(conversation.id, "I was", NOW)
    transcript.save_draft(conversation.id, "I was about", NOW)
    assert transcript.draft(conversation.id) == "I was about"
    transcript.add_user_message(conversation.id, "Something else", "", NOW, parent_id=None)
    assert transcript.draft(conversation.id) == "I was about"
    transcript.save_draft(conversation.id, "", NOW)
    assert transcript.draft(conversation.id) == ""


def test_titles_come_from_the_first_message(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    transcript.add_user_message(
        conversation.id,
        "The long\nstory of the garden behind the house of my aunt",
        "",
        NOW,
        parent_id=None,
    )
    title = transcript.conversation(conversation.id).title
    assert title == "The long story of the garden behind the house …"
    transcript.add_user_message(conversation.id, "More.", "", NOW, parent_id=None)
    assert transcript.conversation(conversation.id).title == title


def test_two_programs_may_write_at_once(transcript: SqliteTranscript, path: Path) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    code = f"""
from companion.store.database import Store
from companion.store.transcript import SqliteTranscript
from datetime import UTC, datetime
from pathlib import Path
t = SqliteTranscript(Store(Path({str(path)!r})))
for n in range(50):
    t.add_user_message({conversation.id}, f"child {{n}}", "", datetime.now(UTC), parent_id=None)
"""
    child = subprocess.Popen([sys.executable, "-c", code])
    for number in range(50):
        transcript.add_user_message(conversation.id, f"own {number}", "", NOW, parent_id=None)
    assert child.wait(60) == 0
    with Store(path).reading() as database:
        assert database["messages"].count == 100
        database.close()


def test_a_killed_writer_leaves_its_part_marked(path: Path) -> None:
    code = f"""
from companion.store.database import Store
from companion.store.transcript import SqliteTranscript
from datetime import UTC, datetime
from pathlib import Path
import time
t = SqliteTranscript(Store(Path({str(path)!r})))
now = datetime.now(UTC)
c = t.create_conversation("samantha", now)
m = t.add_user_message(c.id, "are you there?", "", now, parent_id=None)
r = t.begin_reply(m, "local", "tiny", "hash", now)
n = 0
while True:
    n += 1
    t.keep_partial(r.id, "word " * n)
    print(n, flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    for _ in range(20):
        kept = int(child.stdout.readline())
    os.kill(child.pid, 9)
    child.wait()
    child.stdout.close()

    store = Store(path)
    store.check()
    transcript = SqliteTranscript(store)
    (conversation,) = transcript.conversations()
    transcript.mark_interrupted(datetime.now(UTC))
    question, reply = transcript.branch(conversation.id)
    assert (question.text, question.status) == ("are you there?", Status.UNANSWERED)
    assert reply.status is Status.INTERRUPTED
    assert len(reply.text.split()) >= kept
    store.close()


def test_a_reply_of_a_living_program_is_left_alone(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    question = transcript.add_user_message(conversation.id, "?", "", NOW, parent_id=None)
    reply = transcript.begin_reply(question, "local", "tiny", "hash", NOW)
    with transcript._store.writing() as database:
        database.table("messages").update(reply.id, {"writer_pid": os.getppid()})
    transcript.mark_interrupted(NOW)
    assert transcript.message(reply.id).status is Status.WRITING
    transcript.mark_interrupted(NOW + timedelta(hours=2))
    assert transcript.message(reply.id).status is Status.INTERRUPTED


def test_the_pieces_of_a_reply_are_kept(transcript: SqliteTranscript) -> None:
    conversation = transcript.create_conversation("samantha", NOW)
    said = transcript.add_user_message(conversation.id, "Hi", "", NOW, parent_id=None)
    reply = transcript.begin_reply(said, "local", "tiny", "hash", NOW)
    chunks = (Chunk(0.25, 2), Chunk(0.4, 7))
    transcript.end_reply(reply.id, "Hello you", Status.COMPLETE, Timings(chunks=chunks), NOW)
    assert transcript.chunks(reply.id) == chunks
    assert transcript.chunks(said.id) == ()
    assert transcript.message(reply.id).prompt_hash == "hash"
