import asyncio
from pathlib import Path

from companion.domain.care import PlanPart
from companion.domain.message import Role
from companion.domain.model import ModelProfile, TextDelta
from companion.domain.preparation import Fetching
from companion.tui.screens.steady import SteadyScreen
from conversation_room import CRISIS_BOOK, Room, open_room
from tui.stage import AbsentBackend, staged


async def test_the_card_is_there_and_typing_goes_on(room: Room) -> None:
    room.backend.script = [asyncio.Event()]
    async with staged(room) as stage:
        await stage.say("i want to die")
        await stage.until(lambda: stage.chat.query("#help-card"))
        await stage.pilot.pause()
        seen = stage.on_screen()
        assert "You can talk to somebody right now." in seen
        assert "Call or text 988" in seen
        assert "F9 put this aside" in seen
        await stage.type("wait")
        assert stage.entry.text == "wait"
        assert stage.entry.has_focus


async def test_who_to_call_comes_first_and_how_to_put_it_aside_last(room: Room) -> None:
    room.plans.write(PlanPart.TRUSTED, "Ana, 0171 2345", room.clock.now())
    room.plans.write(PlanPart.COPING, "the river, tea", room.clock.now())
    async with staged(room) as stage:
        await stage.pilot.press("f9")
        seen = stage.on_screen()
        order = ("right now.", "988", "In danger at", "Ana, 0171", "the river", "F9 put")
        places = [seen.index(words) for words in order]
        assert places == sorted(places)


async def test_it_stays_until_it_is_put_aside(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("i want to die")
        await stage.until_silent()
        await stage.say("i don't know")
        await stage.until_silent()
        await stage.pilot.press("ctrl+n")
        assert stage.chat.query("#help-card")
        await stage.pilot.press("f9")
        assert not stage.chat.query("#help-card")
        assert "F9 brings it back" in stage.status
        await stage.pilot.press("f9")
        assert stage.chat.query("#help-card")


async def test_it_survives_the_end_of_the_program(room: Room, tmp_path: Path) -> None:
    async with staged(room) as stage:
        await stage.say("i want to die")
        await stage.until_silent()
    async with staged(open_room(tmp_path)) as stage:
        assert stage.chat.query("#help-card")
        await stage.pilot.press("f9")
    async with staged(open_room(tmp_path)) as stage:
        assert not stage.chat.query("#help-card")


async def test_the_card_does_not_wait_for_a_model_that_is_asked_for(room: Room) -> None:
    room.mind.backend = AbsentBackend(profile=ModelProfile(brief=True))
    async with staged(room) as stage:
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.say("i want to die")
        await stage.until(lambda: stage.chat.query("#help-card"))
        await stage.until_silent()
        history = await stage.history()
        assert (
            history[-1].text in CRISIS_BOOK.words[room.screen.screen("want to die").category].talk
        )


async def test_nobody_in_danger_waits_for_a_reply_or_a_download(room: Room) -> None:
    half = Fetching(1, 2, 1.0, 1.0)
    backend = AbsentBackend(profile=ModelProfile(brief=True), pieces=[half, asyncio.Event()])
    room.mind.backend = backend
    async with staged(room) as stage:
        await stage.until(lambda: "Fetch it" in stage.on_screen())
        await stage.pilot.press("ctrl+f")
        await stage.say("hello")
        await stage.until(lambda: stage.talk.talking)
        await stage.say("i want to die")
        await stage.until(lambda: stage.chat.query("#help-card"))
        await stage.until_silent()
        said = [each.text for each in await stage.history() if each.role is Role.USER]
        assert said == ["hello", "i want to die"]


async def test_everyday_words_wait_for_their_turn(room: Room) -> None:
    pause = asyncio.Event()
    room.backend.script = [TextDelta("Well"), pause, TextDelta(" then.")]
    async with staged(room) as stage:
        await stage.say("hello")
        await stage.until(lambda: stage.shown[-1] == "Well")
        await stage.say("this job is killing me")
        await stage.pilot.pause()
        assert len(await stage.history()) == 3
        pause.set()
        await stage.until_silent()
        texts = [message.text for message in await stage.history()]
        assert texts[1:] == ["hello", "Well then.", "this job is killing me", "Well then."]


async def test_the_country_is_asked_for_and_kept(room: Room) -> None:
    async with staged(room) as stage:
        await stage.pilot.press("f9")
        assert "Where are you?" in stage.on_screen()
        await stage.pilot.press("f8")
        await stage.until(lambda: "Australia" in stage.on_screen())
        await stage.pilot.press("enter")
        await stage.until(lambda: room.countries == ["AU"])
        await stage.until(lambda: "13 11 14" in stage.on_screen())
        assert "Where are you?" not in stage.on_screen()


async def test_a_way_to_steady_oneself_is_a_key_away(room: Room) -> None:
    room.plans.write(PlanPart.SAFER, "the pills are at Ana's", room.clock.now())
    async with staged(room, size=(80, 40)) as stage:
        await stage.pilot.press("f7")
        assert isinstance(stage.app.screen, SteadyScreen)
        await stage.pilot.pause()
        assert "5 things that you see" in stage.on_screen()
        assert "the pills are at Ana's" in stage.on_screen()
        await stage.pilot.press("escape")
        assert stage.entry.has_focus


async def test_on_a_small_screen_everything_that_matters_is_in_view(room: Room) -> None:
    room.plans.write(PlanPart.TRUSTED, "Ana, 0171 2345", room.clock.now())
    async with staged(room, size=(40, 15)) as stage:
        await stage.say("i want to die")
        await stage.until_silent()
        seen = stage.on_screen()
        for words in ("988", "116 123", "findahelpline.com", "112, 911", "Ana, 0171 2345", "F9"):
            assert words in seen
        assert stage.entry.region.bottom <= 15
        assert stage.view.size.height >= 1
