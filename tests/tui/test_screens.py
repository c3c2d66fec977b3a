from textual.widgets import OptionList, Static

from companion.tui.screens.choice import ChoiceScreen
from companion.tui.screens.conversations import ConversationsScreen
from companion.tui.screens.help import HelpScreen
from conversation_room import Room
from tui.stage import Stage, fill, staged


async def listed(stage: Stage) -> list[str]:
    """Open the list and return the titles in it."""
    if not isinstance(stage.app.screen, ConversationsScreen):
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: isinstance(stage.app.screen, ConversationsScreen))
    await stage.pilot.pause()
    options = stage.app.screen.query_one(OptionList).options
    return [str(option.prompt).splitlines()[0] for option in options]


async def two_conversations(stage: Stage) -> None:
    await stage.say("apples")
    await stage.until_silent()
    await stage.pilot.press("ctrl+n")
    await stage.until(lambda: stage.shown == ["Again!"])
    await stage.say("pears")
    await stage.until_silent()


async def test_a_conversation_is_found_and_opened(room: Room) -> None:
    async with staged(room) as stage:
        await two_conversations(stage)
        assert sorted(await listed(stage)) == ["apples", "pears"]
        await stage.type("app")
        await stage.until(lambda: stage.app.screen.query_one(OptionList).option_count == 1)
        await stage.pilot.press("enter")
        await stage.until(lambda: "apples" in stage.shown)


async def test_a_conversation_is_renamed(room: Room) -> None:
    async with staged(room) as stage:
        await stage.say("apples")
        await stage.until_silent()
        await listed(stage)
        await stage.pilot.press("f2")
        await stage.pilot.pause()
        await stage.type("[red]and[/] more")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ConversationsScreen))
        await stage.pilot.pause()
        assert await listed(stage) == ["[red]and[/] more"]


async def test_a_conversation_is_deleted_after_a_second_yes(room: Room) -> None:
    async with staged(room) as stage:
        await two_conversations(stage)
        await listed(stage)
        await stage.pilot.press("delete")
        await stage.until(lambda: isinstance(stage.app.screen, ChoiceScreen))
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ConversationsScreen))
        assert len(await listed(stage)) == 2
        await stage.pilot.press("delete")
        await stage.until(lambda: isinstance(stage.app.screen, ChoiceScreen))
        assert "backups made so far" in str(stage.app.screen.query_one(".question", Static).content)
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, ConversationsScreen))
        options = stage.app.screen.query_one(OptionList)
        await stage.until(lambda: len(options.options) == 1)
        assert await listed(stage) == ["apples"]
        # The one that was open is gone: a new one is there on going back.
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.shown == ["Again!"])


async def test_another_backend_answers(room: Room) -> None:
    async with staged(room) as stage:
        await stage.pilot.press("ctrl+b")
        await stage.until(lambda: isinstance(stage.app.screen, ChoiceScreen))
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: "other-1" in stage.on_screen())
        assert room.companion.backend_name == "other"


async def test_help_lists_the_keys(room: Room) -> None:
    async with staged(room, size=(90, 40)) as stage:
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        await stage.until(lambda: "Ctrl+R" in stage.on_screen())


async def test_the_palette_offers_everything(room: Room) -> None:
    fill(room, 1)
    async with staged(room, size=(90, 40)) as stage:
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: "Answer again" in stage.on_screen())
        await stage.type("light")
        await stage.until(lambda: "Answer again" not in stage.on_screen())
        await stage.pilot.press("enter")
        await stage.until(lambda: not stage.app.current_theme.dark)
