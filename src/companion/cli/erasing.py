"""``companion memory erase``: gone for good, word for word."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.output import JsonFlag, count, print_json

if TYPE_CHECKING:
    from companion.domain.erasing import Erased

_MOST = 2**63 - 1
_EVERYTHING = (
    "Erase everything: all conversations, moods, the journal, memories, your safety plan? "
    "The backups in the data folder go as well; it cannot be brought back. "
    "(companion export keeps a copy.)"
)
_CONVERSATION = (
    "Erase conversation {number}, and what was learned from it alone, for good? "
    "Backups made so far go as well: they have it, too."
)
_MEMORY = (
    "Erase memory {number}, and cover the words that it came from, for good? "
    "Backups made so far go as well: they have it, too."
)


def erase(
    everything: Annotated[
        bool, typer.Option("--everything", help="All that is known about you.")
    ] = False,
    conversation: Annotated[
        int | None, typer.Option(min=1, max=_MOST, help="A conversation, by its number.")
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST, help="A memory, by its number, and the words it came from."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Erase so that no byte stays in the database, its indexes, its log or its backups.

    Backups in the data folder are removed; the next one is made when you talk again.

    companion memory forget is milder: what was said stays in the history.
    """
    from companion.assembly import open_exchange
    from companion.installation import read_installation

    if [everything, conversation is not None, memory is not None].count(True) != 1:
        raise typer.BadParameter("Say one of --everything, --conversation N and --memory N.")
    with open_exchange(read_installation()) as exchange:
        eraser = exchange.eraser
        eraser.look_up(conversation=conversation, memory=memory)
        act: Callable[[], Erased]
        if conversation is not None:
            question = _CONVERSATION.format(number=conversation)
            act = partial(eraser.erase_conversation, conversation)
        elif memory is not None:
            question = _MEMORY.format(number=memory)
            act = partial(eraser.erase_memory, memory)
        else:
            question, act = _EVERYTHING, eraser.erase_everything
        if not yes and not typer.confirm(question):
            typer.echo("It stays.")
            return
        _tell(act(), as_json)


def _tell(erased: "Erased", as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        print_json(asdict(erased))
        return
    counts = [
        f"{number:,} {what if number != 1 else one}"
        for number, what, one in (
            (erased.conversations, "conversations", "conversation"),
            (erased.memories, "memories", "memory"),
        )
        if number
    ]
    typer.echo(f"Erased: {', '.join(counts) or 'nothing was there'}.")
    if erased.messages and not erased.conversations:
        typer.echo(f"Its words are covered in {count(erased.messages, 'message')}.")
    if erased.backups:
        typer.echo(f"{_backups(erased.backups)}. Copies that you keep elsewhere still have it.")
    if erased.left_in:
        where = ", ".join(map(str, erased.left_in))
        typer.echo(
            f"The same word was said elsewhere, in conversation {where}. "
            "Erase that with --conversation, if you want it gone as well."
        )


def _backups(number: int) -> str:
    return "A backup went with it" if number == 1 else f"{number:,} backups went with it"
