"""Conversations that went wrong or were grave come out as they were, too."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from companion.conversation.companion import Companion
from companion.conversation.engine import Conversation
from companion.domain.disclosure import AgeGroup
from companion.domain.session import Session
from companion.installation import keep_age, read_installation
from companion.replay.batch import Job, Place, compare_recorded
from loopback_server import Behaviour, LoopbackServer, cut, good
from session_stage import export, open_home

SETTINGS = """
backend = "server"
[backends.server]
kind = "openai"
base_url = "{url}"
model = "m"
retries = 0
brief = {brief}
exemplars = 2
"""


class Evening:
    """A home with a model that behaves as it is told, and an open conversation."""

    def __init__(self, home: Path, server: LoopbackServer, *, brief: bool) -> None:
        self.home = home
        (home / "config").mkdir(parents=True)
        settings = SETTINGS.format(url=server.base_url, brief=str(brief).lower())
        (home / "config" / "settings.toml").write_text(settings)
        self.companion: Companion = open_home(home)
        self.conversation: Conversation | None = None

    async def say(self, *texts: str) -> None:
        self.conversation = self.conversation or await self.companion.begin()
        for text in texts:
            async with aclosing(self.conversation.take_turn(text)) as events:
                async for _ in events:
                    pass
            await self.conversation.reflect()

    async def again(self) -> None:
        assert self.conversation
        async with aclosing(self.conversation.answer_again()) as events:
            async for _ in events:
                pass

    async def edit(self, text: str) -> None:
        assert self.conversation
        async with aclosing(self.conversation.edit_last(text)) as events:
            async for _ in events:
                pass

    async def end(self) -> Session:
        assert self.conversation
        session = await self.companion.session(self.conversation.id)
        await self.companion.close()
        return session


def play(home: Path, session: Session) -> list[str]:
    """Return what differs."""
    place = Place({"COMPANION_HOME": str(home)})
    (compared,) = compare_recorded(place, [Job("talk", session)])
    assert compared.problem == ""
    assert compared.missing == 0
    return [
        f"{turn.played.number} {each.what}: {each.lines()}"
        for turn in compared.turns
        for each in turn.differences
    ]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize("brief", [True, False])
def test_somebody_in_danger_who_puts_the_card_aside(home: Path, brief: bool) -> None:
    async def talk(server: LoopbackServer) -> Session:
        evening = Evening(home, server, brief=brief)
        await evening.say("I lost my job today.", "I want to kill myself.", "I don't know.")
        await evening.companion.care.put_aside()
        await evening.say("I called my brother. He is coming over.")
        return await evening.end()

    with LoopbackServer(good("I am here with you. What happened?")) as server:
        session = asyncio.run(talk(server))
    assert [bool(turn.screened) for turn in session.turns[:2]] == [False, True]
    assert session.turns[1].screened
    assert session.turns[1].screened.put_aside_at
    assert play(home, session) == []


def test_replies_that_failed_were_repeated_or_edited(home: Path) -> None:
    async def talk(server: LoopbackServer) -> Session:
        evening = Evening(home, server, brief=False)
        await evening.say("My name is Ada. I have a cat called Plum.", "It is raining.")
        await evening.again()
        await evening.say("I live in Lisbon.")
        await evening.edit("I live in Porto.")
        await evening.say("Where do I live?")
        return await evening.end()

    behaviours: list[Behaviour] = [
        good("A cat. Nice."),
        cut("It is"),
        good("Rain is fine."),
        good("Oh."),
    ]
    with LoopbackServer(*behaviours) as server:
        session = asyncio.run(talk(server))
    said = [turn.said.text for turn in session.turns]
    assert said[2:] == ["I live in Porto.", "Where do I live?"]
    assert play(home, session) == []


def test_a_reply_that_failed_stays_failed(home: Path) -> None:
    async def talk(server: LoopbackServer) -> Session:
        evening = Evening(home, server, brief=False)
        await evening.say("Hello there.", "Are you still here?")
        return await evening.end()

    with LoopbackServer(cut("Hel"), good("Yes.")) as server:
        session = asyncio.run(talk(server))
    assert session.turns[0].reply
    assert (session.turns[0].reply.status, session.turns[0].reply.text) == ("failed", "Hel")
    assert play(home, session) == []


def test_a_backend_that_is_not_the_chosen_one_is_read_as_it_was(home: Path) -> None:
    async def talk(server: LoopbackServer) -> Session:
        evening = Evening(home, server, brief=True)
        with (home / "config" / "settings.toml").open("a") as settings:
            settings.write('[backends.odd]\nkind = "scripted"\nreplies = ["I see."]\n')
        await evening.companion.close()
        evening.companion = open_home(home)
        await evening.companion.use_backend("odd")
        await evening.say("I lost my job today.", "Nobody called me.")
        assert evening.conversation
        number = evening.conversation.id
        await evening.companion.close()
        return await export(home, number)

    with LoopbackServer(good("I hear you.")) as server:
        session = asyncio.run(talk(server))
        assert session.turns[0].reply
        assert session.turns[0].reply.backend == "odd"
        assert play(home, session) == []


def test_what_was_forgotten_on_request(home: Path) -> None:
    async def talk(server: LoopbackServer) -> Session:
        evening = Evening(home, server, brief=False)
        await evening.say("My sister Nora is ill.", "Forget what I said about Nora.", "It is late.")
        return await evening.end()

    with LoopbackServer(good("I hear you.")) as server:
        session = asyncio.run(talk(server))
    assert session.turns[1].reply
    assert session.turns[1].reply.backend == "program"
    differing = play(home, session)
    assert [each for each in differing if not each.startswith("1 ")] == []


def test_a_second_conversation_knows_the_first_as_it_was(home: Path) -> None:
    """What was learned, changed and asked in the second one is not known before it."""

    async def talk(server: LoopbackServer) -> Session:
        evening = Evening(home, server, brief=False)
        await evening.say("My name is Ada. I live in Lisbon.", "My exam is tomorrow.")
        evening.conversation = await evening.companion.begin()
        await evening.say(
            "I moved, I live in Porto now.", "The exam went well!", "Where do I live?"
        )
        return await evening.end()

    with LoopbackServer(good("I hear you.")) as server:
        session = asyncio.run(talk(server))
    assert session.past
    assert play(home, session) == []


@pytest.mark.parametrize(
    ("age", "tester"), [(AgeGroup.MINOR, AgeGroup.ADULT), (AgeGroup.ADULT, AgeGroup.MINOR)]
)
def test_the_age_is_that_of_who_talked_not_of_who_plays_it(
    home: Path, age: AgeGroup, tester: AgeGroup
) -> None:
    async def talk(server: LoopbackServer) -> Session:
        evening = Evening(home, server, brief=False)
        await evening.companion.disclosure.choose_age(age)
        await evening.say("I lost my job today.", "It is late.")
        session = await evening.end()
        keep_age(read_installation({"COMPANION_HOME": str(home)}), tester)
        return session

    with LoopbackServer(good("I hear you.")) as server:
        session = asyncio.run(talk(server))
    assert session.header.settings.minor is (age is AgeGroup.MINOR)
    assert play(home, session) == []
