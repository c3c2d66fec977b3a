"""The screen of what she remembers, on a real database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input, Static

from companion.domain.errors import StoreError
from companion.domain.memories import Keep, Kind, Learned, Memory
from companion.tui.screens.choice import ChoiceScreen
from companion.tui.screens.explanation import ExplanationScreen
from companion.tui.screens.help import HelpScreen
from companion.tui.screens.known import KnownScreen
from companion.tui.screens.memories import MemoriesScreen
from companion.tui.screens.memory import MemoryScreen
from companion.tui.screens.words import WordsScreen
from companion.tui.widgets.memory_list import MemoryList
from conversation_room import Room
from tui.mood_stage import answer, opened
from tui.stage import Stage, staged

TEXT = "My sister Ana is coming. I live in Berlin, and I love rain."
SISTER = Learned(Kind.PERSON, "Ana", "sister:ana", "Ana", "Ana is their sister.", 0, 23)
HOME = Learned(Kind.PLACE, "", "home", "Berlin", "They live in Berlin.", 25, 41)
RAIN = Learned(Kind.LIKE, "", "like:rain", "rain", "They love rain.", 43, 58)
LISBON = replace(HOME, value="Lisbon", text="They live in Lisbon.", start=0, end=17)


def tell(room: Room, text: str, *learned: Learned, replaces: tuple[int, ...] = ()) -> list[Memory]:
    conversation = room.begin()
    message = room.transcript.add_user_message(
        conversation.id, text, "", room.clock.now(), parent_id=None
    )
    room.clock.advance(timedelta(minutes=1))
    shelf = room.mind.memory.shelf
    assert shelf.learn(message, [Keep(each, replaces) for each in learned])
    return shelf.memories()


async def remembered(stage: Stage) -> MemoriesScreen:
    screen = await opened(stage, "f2", MemoriesScreen)
    await settled(stage)
    return screen


async def settled(stage: Stage) -> None:
    def loaded() -> bool:
        workers = [each for each in stage.app.workers if each.group == "load"]
        return isinstance(stage.app.screen, MemoriesScreen) and all(w.is_finished for w in workers)

    await stage.until(loaded)
    await stage.pilot.pause()


def listed(stage: Stage) -> list[str]:
    return [str(option.prompt) for option in stage.app.screen.query_one(MemoryList).options]


async def choose(stage: Stage, words: str) -> None:
    memories = stage.app.screen.query_one(MemoryList)
    memories.highlighted = next(n for n, line in enumerate(listed(stage)) if words in line)
    await stage.pilot.pause()


async def test_memories_stand_under_people_and_kinds(room: Room) -> None:
    tell(room, TEXT, SISTER, HOME, RAIN)
    async with staged(room) as stage:
        await remembered(stage)
        assert [line.partition("  2")[0].strip() for line in listed(stage)] == [
            *("Ana", "Ana is your sister."),
            *("Places", "You live in Berlin."),
            *("What you like", "You love rain."),
        ]
        head = str(stage.app.screen.query_one("#memories-head", Static).render())
        assert head == "What she remembers · 3 of your life"
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)


async def test_what_is_known_of_a_person_stands_together(room: Room) -> None:
    nurse = Learned(Kind.WORK, "sister", "sister ana's work", "nurse", "Their sister is a nurse.")
    ill = Learned(Kind.FACT, "mother", "mother's state", "ill", "Their mother is ill.")
    tell(room, TEXT, SISTER, nurse, ill)
    async with staged(room) as stage:
        await remembered(stage)
        assert [line.partition("  2")[0].strip() for line in listed(stage)] == [
            *("Ana", "Ana is your sister.", "Your sister is a nurse."),
            *("Your mother", "Your mother is ill."),
        ]


async def test_words_find_in_memories_and_where_they_came_from(room: Room) -> None:
    tell(room, TEXT, SISTER, HOME)
    async with staged(room) as stage:
        await remembered(stage)
        await stage.pilot.press("slash", *"coming")
        await stage.until(lambda: len(listed(stage)) == 2)
        assert "Ana is your sister." in listed(stage)[1]
        await stage.pilot.press(*"xyz")
        await stage.until(lambda: listed(stage) == ["Nothing has those words."])
        await stage.pilot.press("escape")
        await stage.until(lambda: len(listed(stage)) == 4)
        assert stage.app.screen.query_one(Input).value == ""


async def test_a_memory_shows_its_words_its_use_and_its_history(room: Room) -> None:
    (berlin,) = tell(room, TEXT, HOME)
    tell(room, "I live in Lisbon!", LISBON, replaces=(berlin.id,))
    async with staged(room) as stage:
        await remembered(stage)
        await opened(stage, "enter", MemoryScreen)
        shown = stage.on_screen()
        for part in ("You live in Lisbon.", "I live in Lisbon", "Not yet.", "(until 22 Nov 2026)"):
            assert part in shown, part
        await stage.pilot.press("escape")
        await settled(stage)
        await stage.pilot.press("o")
        await stage.until(lambda: "What once held" in listed(stage))
        assert "Berlin" in listed(stage)[-1]
        await choose(stage, "Berlin")
        await opened(stage, "enter", MemoryScreen)
        await stage.pilot.press("c", "p")
        assert isinstance(stage.app.screen, MemoryScreen)
        await stage.pilot.press("g")
        await stage.until(lambda: stage.app.screen is stage.chat and TEXT in stage.shown)


async def test_a_memory_is_pinned_corrected_and_forgotten(room: Room) -> None:
    tell(room, TEXT, SISTER, HOME)
    shelf = room.mind.memory.shelf
    async with staged(room) as stage:
        await remembered(stage)
        await choose(stage, "Berlin")
        await stage.pilot.press("p")
        await stage.until(lambda: any("pinned" in line for line in listed(stage)))
        await opened(stage, "c", WordsScreen)
        await answer(stage, "I live in Porto")
        await settled(stage)
        await stage.until(
            lambda: any("Porto" in line and "pinned" in line for line in listed(stage))
        )
        await choose(stage, "Ana is")
        await opened(stage, "delete", ChoiceScreen)
        await stage.pilot.press("enter")
        await settled(stage)
        assert len(shelf.memories()) == 2
        await opened(stage, "delete", ChoiceScreen)
        assert "backups made so far" in str(stage.app.screen.query_one(".question", Static).content)
        await stage.pilot.press("down", "enter")
        await settled(stage)
        await stage.until(lambda: not any("Ana" in line for line in listed(stage)))
        assert [each.value for each in shelf.memories()] == ["Porto"]


async def test_nothing_remembered_is_said_kindly(room: Room) -> None:
    async with staged(room) as stage:
        await remembered(stage)
        assert listed(stage) == ["Nothing yet. What you tell her about your life shows up here."]
        for key in ("enter", "c", "p", "delete", "o"):
            await stage.pilot.press(key)
            await settled(stage)
        await opened(stage, "f1", HelpScreen)


async def test_what_goes_wrong_is_said_in_one_line(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(room, TEXT, HOME)
    async with staged(room) as stage:
        await remembered(stage)

        def fail(*_: object) -> None:
            raise StoreError("The disk is full.")

        monkeypatch.setattr(room.mind.memory.shelf, "pin", fail)
        await stage.pilot.press("p")
        await stage.until(lambda: "The disk is full." in stage.on_screen())


async def test_the_explanation_tells_what_she_remembered(room: Room) -> None:
    tell(room, TEXT, SISTER)
    room.clock.advance(timedelta(days=1))
    async with staged(room, size=(100, 60)) as stage:
        await stage.say("How is my sister Ana, do you think?")
        await stage.until_silent()
        await opened(stage, "f6", ExplanationScreen)
        shown = stage.on_screen()
        assert "What she remembered" in shown
        assert "from “My sister Ana is coming”" in shown


@pytest.mark.parametrize("size", [(80, 24), (40, 15)])
async def test_it_fits_small_terminals(room: Room, size: tuple[int, int]) -> None:
    tell(room, TEXT, SISTER, HOME, RAIN)
    async with staged(room, size=size) as stage:
        await remembered(stage)
        lines = stage.on_screen().splitlines()
        assert "What she remembers" in lines[0]
        assert "Esc back" in lines[-1]
        assert any("Ana is your sister." in line for line in lines)
        await opened(stage, "enter", MemoryScreen)
        assert "Ana is your sister." in stage.on_screen()


async def test_what_she_knows_by_now_in_short(room: Room) -> None:
    tell(room, TEXT, SISTER, HOME, RAIN)
    async with staged(room) as stage:
        await remembered(stage)
        await stage.pilot.press("k")
        await stage.until(lambda: isinstance(stage.app.screen, KnownScreen))
        card = stage.on_screen()
        assert "Ana is your sister." in card
        assert "message 1" in card
        assert "Put together from what you told most often" in card
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, MemoriesScreen))
