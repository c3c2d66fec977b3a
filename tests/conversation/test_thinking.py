"""When nobody talks, an able model sums up and notices; what it makes up is not kept."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from companion.backends.kinds import Services
from companion.backends.local import LocalBackend
from companion.backends.openai_compatible import build
from companion.conversation.engine import Conversation
from companion.conversation.thinking import Thinking
from companion.domain.memories import MadeBy
from companion.domain.message import Role, Status, Timings
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.summaries import Cited, Summary
from companion.local_model.catalogue import find_entry
from companion.local_model.engine import EmbeddedEngine
from companion.prompting.thinking import NOTICING_FORM, SUMMARY_FORM
from companion.protocols.model import Backend, LocalEngine
from companion.store.summaries import SqliteSummaryShelf
from conversation_room import Room
from fakes import OpenDrawer
from loopback_server import Behaviour, Exchange, LoopbackServer, cut, good, hanging, refused
from real_model import REAL_MODEL

ABLE = ModelProfile(structured=True)
SAID = (
    "my landlord wants to sell the flat",
    "i was offered the head nurse post in Graz",
    "imagine I married a dragon in Madrid",
    "the cello and I go way back",
)
SHORT = "hm, yes"


def no_engine(_: str, __: int | None, ___: str) -> LocalEngine:
    raise AssertionError


def connect(server: LoopbackServer) -> Backend:
    table = {"base_url": server.base_url, "model": "m", "structured": True}
    return build("server", {**table, "retries": 0}, Services({}, no_engine, OpenDrawer()))


def talk(room: Room, said: Sequence[str], conversation: Conversation | None = None) -> Conversation:
    """Let a conversation be as if these words had been said and answered."""
    conversation = conversation or room.begin()
    for text in said:
        head = room.transcript.conversation(conversation.id).head_id
        at = room.clock.now()
        message = room.transcript.add_user_message(conversation.id, text, "", at, parent_id=head)
        reply = room.transcript.begin_reply(message, "local", "m", "", at)
        words = "You own a castle in Madrid."
        room.transcript.end_reply(reply.id, words, Status.COMPLETE, Timings(), at)
    return conversation


def sentences(*pairs: tuple[str, list[int]]) -> str:
    return json.dumps({"sentences": [{"text": text, "turns": turns} for text, turns in pairs]})


def memories(*found: dict[str, Any]) -> str:
    blank = {"kind": "fact", "subject": ""}
    return json.dumps({"memories": [blank | each for each in found]})


CELLO = {"turn": 4, "words": "cello and I", "value": "cello", "text": "I and the cello go way back"}
NOTHING = memories()


async def think(conversation: Conversation) -> int:
    """Let her think until there is nothing more; return how many jobs there were."""
    jobs = 0
    while await conversation.think():
        jobs += 1
        assert jobs < 20
    return jobs


def kept(room: Room, conversation: Conversation) -> list[tuple[str, tuple[int, ...]]]:
    found = SqliteSummaryShelf(room.store).of_conversation(conversation.id)
    return [(each.text, each.turns) for one in found for each in one.sentences]


async def test_a_model_on_a_server_sums_up_and_what_it_cannot_cite_goes(room: Room) -> None:
    answer = sentences(
        ("Their landlord wants to sell the flat.", [1]),
        ("They were offered a post as head nurse in Graz.", [3, 1]),
        ("They own a castle in Madrid.", [2]),
        ("They married a dragon in Madrid.", [5]),
        ("They are afraid of losing everything.", [1]),
        ("They go way back with the cello.", [7, 99]),
    )
    conversation = talk(room, [*SAID, *[SHORT] * 5])
    await conversation.reflect()
    with LoopbackServer(good(NOTHING), good(NOTHING), good(answer)) as server:
        room.mind.backend = connect(server)
        room.clock.advance(timedelta(hours=1))
        assert await think(conversation) == 3
        noticing, rest, summing = server.requests
        await room.mind.backend.close()
    assert kept(room, conversation) == [
        ("Their landlord wants to sell the flat.", (1,)),
        ("They were offered a post as head nurse in Graz.", (3,)),
    ]
    for request, form in (
        (noticing, NOTICING_FORM),
        (rest, NOTICING_FORM),
        (summing, SUMMARY_FORM),
    ):
        assert request.body["response_format"]["json_schema"]["schema"] == form
    assert "castle" not in noticing.body["messages"][0]["content"]
    assert "[2] Samantha: You own a castle" in summing.body["messages"][0]["content"]


async def test_a_model_notices_what_the_rules_missed(room: Room) -> None:
    echo = {"turn": 1, "words": "a castle in Madrid", "value": "castle", "text": "I own a castle"}
    story = {
        "turn": 3,
        "words": "I married a dragon",
        "value": "dragon",
        "text": "I married a dragon",
    }
    conversation = talk(room, SAID)
    await conversation.reflect()
    before = room.mind.memory.shelf.memories()
    with LoopbackServer(good(memories(CELLO, echo, story, CELLO))) as server:
        room.mind.backend = connect(server)
        assert await think(conversation) == 1
        assert await think(conversation) == 0
        assert len(server.requests) == 1
        await room.mind.backend.close()
    (new,) = [each for each in room.mind.memory.shelf.memories() if each not in before]
    assert (new.made_by, new.text) == (MadeBy.LLM, "They and the cello go way back.")
    assert [each.text for each in new.sources] == ["cello and I"]
    assert new.sources[0].message_id == 7


async def test_told_again_it_is_one_memory(room: Room) -> None:
    conversation = talk(room, SAID)
    await conversation.reflect()
    room.backend.profile, room.backend.script = ABLE, [TextDelta(memories(CELLO))]
    await think(conversation)
    talk(room, SAID, conversation)
    await conversation.reflect()
    await think(conversation)
    (cello,) = [m for m in room.mind.memory.shelf.memories() if m.made_by is MadeBy.LLM]
    assert [each.message_id for each in cello.sources] == [7, 15]


async def test_a_few_words_are_waited_for_and_read_later(room: Room) -> None:
    conversation = talk(room, [SAID[3]])
    await conversation.reflect()
    room.backend.profile, room.backend.script = ABLE, [TextDelta(memories({**CELLO, "turn": 1}))]
    assert await think(conversation) == 0
    room.clock.advance(timedelta(hours=1))
    assert await think(conversation) == 1
    assert [m.made_by for m in room.mind.memory.shelf.memories()] == [MadeBy.LLM]


async def test_the_next_message_ends_it_and_nothing_is_lost(room: Room) -> None:
    conversation = talk(room, SAID)
    await conversation.reflect()
    with LoopbackServer(hanging('{"memories": ['), good(memories(CELLO))) as server:
        room.mind.backend = connect(server)
        thinking = asyncio.create_task(conversation.think())
        await asyncio.to_thread(server.asked.wait)
        thinking.cancel()
        await asyncio.wait([thinking])
        assert thinking.cancelled()
        assert await asyncio.to_thread(server.left.wait, 10)
        assert not [m for m in room.mind.memory.shelf.memories() if m.made_by is MadeBy.LLM]
        assert await think(conversation) == 1
        await room.mind.backend.close()
    assert [m for m in room.mind.memory.shelf.memories() if m.made_by is MadeBy.LLM]


@pytest.mark.parametrize("behaviour", [cut("{"), refused(500)])
async def test_a_model_that_fails_is_left_in_peace(room: Room, behaviour: Behaviour) -> None:
    conversation = talk(room, SAID)
    await conversation.reflect()
    with LoopbackServer(behaviour, good(memories(CELLO))) as server:
        room.mind.backend = connect(server)
        assert not await conversation.think()
        assert await conversation.think()
        await room.mind.backend.close()


@pytest.mark.parametrize("answer", ["", "{", "[]", '{"sentences": 3}'])
async def test_nonsense_leaves_the_words_of_the_rules(room: Room, answer: str) -> None:
    conversation = talk(room, [*SAID, *[SHORT] * 5])
    await conversation.reflect()
    rules = kept(room, conversation)
    assert [turns for _, turns in rules] == [(3,), (1,), (7,)]
    room.backend.profile, room.backend.script = ABLE, [TextDelta(answer)]
    room.clock.advance(timedelta(hours=1))
    assert await think(conversation) == 3
    assert kept(room, conversation) == rules


async def test_without_leave_or_ability_nothing_is_asked(room: Room) -> None:
    conversation = talk(room, SAID)
    await conversation.reflect()
    assert not await conversation.think()
    room.backend.profile = ABLE
    old = room.mind.thinking
    room.mind.thinking = Thinking(old.shelf, old.words, old.earlier, allowed=False)
    assert not await conversation.think()
    assert room.backend.asked == []


async def test_what_is_forgotten_while_she_thinks_is_not_learned(room: Room) -> None:
    conversation = talk(room, SAID)
    await conversation.reflect()
    gate = threading.Event()

    def late(exchange: Exchange) -> None:
        assert gate.wait(60)
        good(memories(CELLO))(exchange)

    with LoopbackServer(late) as server:
        room.mind.backend = connect(server)
        thinking = asyncio.create_task(conversation.think())
        await asyncio.to_thread(server.asked.wait)
        room.mind.memory.shelf.forget((), [7])
        gate.set()
        assert await thinking
        await room.mind.backend.close()
    assert not [m for m in room.mind.memory.shelf.memories() if m.made_by is MadeBy.LLM]


async def test_once_a_week_she_writes_down_what_she_knows(room: Room) -> None:
    told = ["I live in Graz.", "My sister Ana is a nurse.", "I'm allergic to nuts."]
    told += ["I love sailing.", "I hate coriander.", "My cat is called Pushkin.", "I'm a baker."]
    conversation = talk(room, told)
    await conversation.reflect()
    by_rules = await room.companion.summaries.reflection()
    assert by_rules is not None
    assert by_rules.made_by is MadeBy.RULES
    assert ("They live in Graz.", (1,)) in [(each.text, each.turns) for each in by_rules.sentences]
    answer = sentences(
        ("They live in Graz and are a baker.", [1, 8]),
        ("They have a gift for kindness.", [2]),
    )
    room.backend.profile = ABLE
    room.backend.script, room.backend.second_script = [TextDelta(NOTHING)], [TextDelta(answer)]
    assert await think(conversation) == 2
    found = await room.companion.summaries.reflection()
    assert found is not None
    assert [(each.text, each.turns) for each in found.sentences] == [
        ("They live in Graz and are a baker.", (1, 13))
    ]
    room.clock.advance(timedelta(days=8))
    assert await think(conversation) == 0
    talk(room, ["I play the cello."], conversation)
    await conversation.reflect()
    assert await think(conversation) == 1


async def test_what_was_corrected_or_written_by_hand_is_thought_of_anew(room: Room) -> None:
    told = ["I live in Graz.", "My sister Ana is a nurse.", "I'm allergic to nuts."]
    told += ["I love sailing.", "I hate coriander.", "My cat is called Pushkin."]
    conversation, book = talk(room, told), room.companion.memories
    await conversation.reflect()
    room.clock.advance(timedelta(minutes=1))
    await book.add("I'm a baker.")
    await book.add("I play the oboe.")
    room.backend.profile = ABLE
    first = sentences(("They live in Graz.", [1]), ("They are a baker.", [8]))
    room.backend.script, room.backend.second_script = [TextDelta(NOTHING)], [TextDelta(first)]
    assert await think(conversation) == 2
    found = await room.companion.summaries.reflection()
    assert found is not None
    assert [(each.text, each.turns) for each in found.sentences] == [
        ("They live in Graz.", (1,)),
        ("They are a baker.", ()),
    ]
    (graz,) = [each for each in await book.memories() if "Graz" in each.text]
    await book.edit(graz.id, "I live in Linz.")
    corrected = await room.companion.summaries.reflection()
    assert corrected is not None
    assert corrected.made_by is MadeBy.RULES
    assert "Graz" not in str(corrected.sentences)
    then = sentences(("They live in Linz.", [9]))
    room.backend.script = room.backend.second_script = [TextDelta(then)]
    assert await think(conversation) == 1
    (baker,) = [each for each in await book.memories() if "baker" in each.text]
    found = await room.companion.summaries.reflection()
    assert found is not None
    assert [each.text for each in found.sentences] == ["They live in Linz."]
    await book.forget([baker.id])
    found = await room.companion.summaries.reflection()
    assert found is not None
    assert found.made_by is MadeBy.RULES


async def test_what_changed_in_a_talk_is_no_longer_said_of_now(room: Room) -> None:
    conversation = talk(room, ["I live in Graz.", "I love sailing."])
    await conversation.reflect()
    shelf = room.mind.thinking.shelf
    cited = (Cited("They live in Graz.", (1,)), Cited("They love sailing.", (3,)))
    read = room.transcript.branch(conversation.id)
    place = (read[0].id, read[-1].id, room.clock.now(), MadeBy.LLM, cited)
    assert shelf.keep(Summary(None, *place), read)
    assert shelf.keep(Summary(conversation.id, *place), read)
    talk(room, ["I live in Linz now."], conversation)
    await conversation.reflect()
    found = await room.companion.summaries.reflection()
    assert found is not None
    assert [each.text for each in found.sentences] == ["They love sailing."]
    assert kept(room, conversation) == [(each.text, each.turns) for each in cited]
    (linz,) = [each for each in await room.companion.memories.memories() if "Linz" in each.text]
    (sailing,) = [each for each in await room.companion.memories.memories() if each != linz]
    await room.companion.memories.edit(sailing.id, "I hate sailing.")
    assert kept(room, conversation) == [("They live in Graz.", (1,))]


async def test_what_fell_out_of_the_window_is_told_where_it_begins(room: Room) -> None:
    room.backend.profile = ModelProfile(context_tokens=1500, reply_tokens=100, summary_tokens=120)
    conversation = talk(room, [SAID[1], *["the rain goes on and on " * 4] * 40])
    await conversation.reflect()
    await conversation.reflect()
    fronts = []
    for _ in range(3):
        async for _event in conversation.take_turn("the rain again"):
            pass
        await conversation.reflect()
        told = [each for each in room.backend.asked[-1] if "Earlier in this" in each.content]
        fronts += [each.content for each in told]
    assert len(fronts) == 3
    assert len(set(fronts)) == 1
    assert "they wrote: “i was offered the head nurse post in Graz”" in fronts[0]
    first = next(
        each
        for each in room.backend.asked[-1]
        if each.role is Role.USER
        and each.content not in {example.user for example in room.mind.persona.examples}
    )
    assert first.content == fronts[0]


async def test_the_book_sums_up_what_was_not_summed_up_yet(room: Room) -> None:
    conversation = talk(room, [SAID[1]])
    (found,) = await room.companion.summaries.conversation(conversation.id)
    assert [(each.text, each.turns) for each in found.sentences] == [(SAID[1], (1,))]
    assert kept(room, conversation) == []


@pytest.fixture
async def small(tmp_path: Path, real_models: Path) -> AsyncIterator[Backend]:
    entry = find_entry(REAL_MODEL).model_copy(update={"structured": True, "reply_tokens": 60})
    engine = EmbeddedEngine(entry, real_models, tmp_path / "engine.log")
    backend = LocalBackend("local", entry.id, engine)
    yield backend
    await backend.close()


async def test_a_real_model_that_is_not_able_does_no_harm(room: Room, small: Backend) -> None:
    conversation = talk(room, SAID)
    await conversation.reflect()
    before = room.mind.memory.shelf.memories()
    room.mind.backend = small
    assert await conversation.think()
    assert room.mind.memory.shelf.unthought(9) == []
    new = [each for each in room.mind.memory.shelf.memories() if each not in before]
    said = " ".join(SAID)
    assert all(source.text in said for each in new for source in each.sources)
