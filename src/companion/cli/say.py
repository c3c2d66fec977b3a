"""``companion say``: one turn, without a screen."""

import asyncio
import sys
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from companion.cli.card import card_object, print_card
from companion.cli.input import read_words
from companion.cli.memory_view import memory_object
from companion.cli.mood_explain import print_guidance, print_recalled, recalled_object
from companion.cli.output import JsonFlag, format_bytes, print_json, print_notice
from companion.domain.errors import CompanionError
from companion.domain.memories import Memory
from companion.domain.memory import Recalled
from companion.domain.message import Message, PromptMessage, Role
from companion.domain.preparation import ModelNeeded
from companion.domain.turn_events import (
    CameToMind,
    CrisisCardShown,
    MemoriesTold,
    MoodNoticed,
    Notice,
    ReplyEnded,
    ReplyRestarted,
    ReplyStarted,
    ReplyText,
    TurnEvent,
    UserMessageSaved,
)

if TYPE_CHECKING:
    from companion.conversation.companion import Companion
    from companion.conversation.engine import Conversation


def say(
    text: Annotated[
        list[str] | None,
        typer.Argument(help="What to say. Without it, or with -, standard input is read."),
    ] = None,
    conversation: Annotated[
        int | None, typer.Option(help="Go on with this conversation, by its number.")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Begin a new conversation.")] = False,
    backend: Annotated[str | None, typer.Option(help="Who answers.")] = None,
    model: Annotated[str | None, typer.Option(help="Another model of that backend.")] = None,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Show the messages that the model reads.")
    ] = False,
    download: Annotated[
        bool,
        typer.Option(help="Fetch the embedded model first if it is not on this machine."),
    ] = True,
    as_json: JsonFlag = False,
) -> None:
    """Say one thing and print her answer.

    The latest conversation goes on, so that she knows what you said before.
    """
    if new and conversation is not None:
        raise typer.BadParameter("--new and --conversation exclude each other.")
    words = read_words(text, "What would you like to say?")
    asyncio.run(_say(words, conversation, new, backend, model, show_prompt, download, as_json))


async def _say(
    words: str,
    conversation_id: int | None,
    new: bool,
    backend: str | None,
    model: str | None,
    show_prompt: bool,
    download: bool,
    as_json: bool,
) -> None:
    from companion.assembly import open_companion
    from companion.installation import read_installation

    companion = open_companion(read_installation(), backend, model)
    try:
        conversation = await _choose(companion, conversation_id, new)
        notice = await _find_notice(companion, conversation)
        turn = _Turn(companion, conversation, show_prompt, download, as_json, notice)
        await turn.run(words)
        await _keep_safe(companion)
    finally:
        await companion.close()


async def _keep_safe(companion: "Companion") -> None:
    try:
        await companion.keep_safe()
    except CompanionError as error:
        # The answer is there: a backup that failed is told beside it.
        print_notice(f"No backup could be made: {error}")


async def _choose(companion: "Companion", conversation_id: int | None, new: bool) -> "Conversation":
    if conversation_id is not None:
        return await companion.open(conversation_id)
    latest = None if new else await companion.open_latest()
    return latest or await companion.begin(greet=False)


async def _find_notice(companion: "Companion", conversation: "Conversation") -> str:
    """Return what says that she is software, where it was not said not long ago."""
    said = [each for each in await conversation.history(limit=2) if each.role is Role.USER]
    return companion.disclosure.due_after(said[-1].created_at if said else None)


_Kept = UserMessageSaved | MoodNoticed | MemoriesTold | CameToMind | ReplyEnded


@dataclass(slots=True)
class _Turn:
    """Prints one turn while it happens."""

    companion: "Companion"
    conversation: "Conversation"
    show_prompt: bool
    download: bool
    as_json: bool
    notice: str
    prompt: tuple[PromptMessage, ...] = ()
    noticed: MoodNoticed | None = None
    crisis: CrisisCardShown | None = None
    told: tuple[Memory, ...] = ()
    recalled: tuple[Recalled, ...] = ()
    asked: Message | None = None
    ended: Message | None = field(default=None)

    async def run(self, words: str) -> None:
        if self.notice and not self.as_json:
            print_notice(self.notice)
        async with aclosing(self.conversation.take_turn(words)) as events:
            async for event in events:
                await self._handle(event)
        if self.told and self.show_prompt and self.as_json and self.asked:
            # With where they were told, which a turn has no need of.
            self.told = tuple(await self.companion.memories.used_for(self.asked.id))
        self._finish()
        await self.conversation.reflect()

    async def _handle(self, event: TurnEvent) -> None:
        match event:
            case UserMessageSaved() | MoodNoticed() | MemoriesTold() | CameToMind() | ReplyEnded():
                self._keep(event)
            case CrisisCardShown():
                self._show_card(event)
            # Somebody in danger does not wait for a download: words are there without one.
            case ModelNeeded() if self.download and self.crisis is None:
                await self._fetch(event)
            case ReplyStarted() if self.show_prompt:
                self.prompt = event.prompt
                self._print_prompt()
            case ReplyText() if not self.as_json:
                typer.echo(event.text, nl=False)
                sys.stdout.flush()
            case ReplyRestarted():
                print_notice(f"\n{event.why}")
            case Notice():
                print_notice(event.text)
            case _:
                pass

    def _keep(self, event: _Kept) -> None:
        match event:
            case UserMessageSaved():
                self.asked = event.message
            case MoodNoticed():
                self.noticed = event
            case MemoriesTold():
                self.told = event.memories
            case CameToMind():
                self.recalled = event.recalled
            case ReplyEnded():
                self.ended = event.message

    def _show_card(self, event: CrisisCardShown) -> None:
        self.crisis = event
        if not self.as_json:
            print_card(event)
            sys.stdout.flush()

    async def _fetch(self, needed: ModelNeeded) -> None:
        from companion.cli.progress import show_fetching

        size = format_bytes(needed.size_bytes)
        print_notice(f"Fetching {needed.title} ({size}, {needed.licence}), once …")
        await show_fetching(self.companion.fetch_model())

    def _print_prompt(self) -> None:
        if self.as_json:
            return
        for message in self.prompt:
            typer.echo(f"--- {message.role}\n{message.content}")
        if self.noticed:
            typer.echo("--- why the model was told this")
            print_guidance(self.noticed.guidance)
        for memory in self.told:
            typer.echo(f"  memory {memory.id}: {memory.text}")
        if self.recalled:
            typer.echo("--- what came back to her")
            print_recalled(self.recalled)
        typer.echo("--- reply")

    def _finish(self) -> None:
        if self.ended is None or self.asked is None:
            raise CompanionError("The turn ended without an answer.")
        if self.as_json:
            print_json(self._as_object(self.asked, self.ended))
        elif self.ended.text:
            typer.echo()
        if self.ended.error:
            raise CompanionError(self.ended.error)

    def _as_object(self, asked: Message, ended: Message) -> dict[str, Any]:
        timings = ended.timings
        result: dict[str, Any] = {
            "reply": ended.text,
            "conversation": ended.conversation_id,
            "turn": asked.id,
            "model": ended.model,
            "backend": ended.backend,
            "timings": {
                "first_token": timings.first_token,
                "total": timings.total,
                "tokens_per_second": timings.tokens_per_second,
                "prompt_tokens": timings.prompt_tokens,
                "reply_tokens": timings.reply_tokens,
            },
        }
        if self.notice:
            result["notice"] = self.notice
        if self.crisis:
            found = self.crisis.screening
            result["crisis"] = {
                "tier": found.tier,
                "category": found.category.value,
                "card": card_object(self.crisis.card),
            }
        if self.show_prompt:
            result["prompt"] = [
                {"role": message.role.value, "content": message.content} for message in self.prompt
            ]
            result["recalled"] = [recalled_object(item) for item in self.recalled]
            result["guidance"] = asdict(self.noticed.guidance) if self.noticed else None
            result["memories"] = [memory_object(memory) for memory in self.told]
        if ended.error:
            result["error"] = ended.error
        return result
