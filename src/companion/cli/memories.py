"""``companion memory list`` and its like: what she keeps of what you told her."""

from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.input import read_words
from companion.cli.memory_view import (
    memory_object,
    print_memories,
    print_provenance,
    provenance_object,
    say_to_user,
)
from companion.cli.opening import with_companion
from companion.cli.output import JsonFlag, print_json
from companion.domain.memories import Forgotten, Memory

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

Number = Annotated[
    int, typer.Argument(min=1, max=2**63 - 1, help="A memory's number in companion memory list.")
]
Words = Annotated[
    list[str] | None,
    typer.Argument(help="One sentence. Without it, or with -, standard input is read."),
]
About = Annotated[list[str] | None, typer.Argument(help="Only what has these words.")]


def list_memories(
    about: About = None,
    closed: Annotated[bool, typer.Option("--all", help="What no longer holds as well.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """List what she keeps of what you told her, the latest last."""

    async def work(companion: "Companion") -> None:
        found = await companion.memories.memories(" ".join(about or ()), closed=closed)
        if as_json:
            print_json([memory_object(memory) for memory in found])
        elif found:
            print_memories(found)
        else:
            typer.echo("Nothing yet." if not about else "Nothing of that kind.")

    with_companion(work)


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 10,
    as_json: JsonFlag = False,
) -> None:
    """Find what she keeps that has any of some words, or others of their kin, the best first."""

    async def work(companion: "Companion") -> None:
        found = await companion.memories.search(" ".join(words), limit)
        if as_json:
            print_json([memory_object(memory) for memory in found])
        elif found:
            print_memories(found)
        else:
            typer.echo("Nothing of that kind. companion memory recall searches all that was said.")

    with_companion(work)


def show(number: Number, as_json: JsonFlag = False) -> None:
    """Show the words that a memory came from, and when it was used."""

    async def work(companion: "Companion") -> None:
        found = await companion.memories.show(number)
        if as_json:
            print_json(provenance_object(found))
        else:
            print_provenance(found)

    with_companion(work)


def history(number: Number, as_json: JsonFlag = False) -> None:
    """Show what a memory was before, and what it is now."""

    async def work(companion: "Companion") -> None:
        found = await companion.memories.history(number)
        if as_json:
            print_json([memory_object(memory) for memory in found])
        else:
            print_memories(found)

    with_companion(work)


def add(text: Words = None, as_json: JsonFlag = False) -> None:
    """Let her know something, without chatting."""
    words = read_words(text, "What should she remember?")

    async def work(companion: "Companion") -> None:
        _print_kept(await companion.memories.add(words), as_json)

    with_companion(work)


def edit(number: Number, text: Words = None, as_json: JsonFlag = False) -> None:
    """Put a memory right; what it was before stays in its history."""
    words = read_words(text, "How is it really?")

    async def work(companion: "Companion") -> None:
        _print_kept(await companion.memories.edit(number, words), as_json)

    with_companion(work)


def pin(
    number: Number,
    off: Annotated[bool, typer.Option("--off", help="Only where it matters again.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Let her have a memory in mind in every conversation."""

    async def work(companion: "Companion") -> None:
        memory = await companion.memories.pin(number, not off)
        if as_json:
            print_json(memory_object(memory))
        else:
            state = "is no longer pinned" if off else "is pinned"
            typer.echo(f"Memory {number} {state}: {say_to_user(memory)}")

    with_companion(work)


def forget(
    numbers: Annotated[
        list[int] | None, typer.Argument(min=1, max=2**63 - 1, help="Memories, by number.")
    ] = None,
    about: Annotated[
        str | None, typer.Option(metavar="WORDS", help='All about something: "my mother".')
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Erase memories. What was said stays in your history, but she does not think of it.

    Backups in the data folder are removed, because they still have them.
    """
    if bool(numbers) == bool(about):
        raise typer.BadParameter('Give numbers of memories, or --about "my mother".')

    async def work(companion: "Companion") -> None:
        for number in numbers or ():
            found = await companion.memories.show(number)
            typer.echo(f"{number}. {say_to_user(found.memory)}", err=True)
        what = f"what she knows about {about}" if about else "this"
        if not yes and not typer.confirm(
            f"Erase {what} for good, and the backups, which have it?", err=True
        ):
            typer.echo("It stays.")
            return
        book = companion.memories
        gone = await (book.forget_about(about) if about else book.forget(numbers or ()))
        _print_gone(gone, as_json)

    with_companion(work)


def _print_gone(gone: Forgotten, as_json: bool) -> None:
    if as_json:
        print_json({"memories": gone.memories, "messages": gone.messages})
        return
    if not gone.memories and not gone.messages:
        typer.echo("There was nothing to forget.")
        return
    typer.echo(
        f"Erased: {gone.memories} memories. {gone.messages} messages come to mind no more; "
        "they stay in companion history until you delete their conversation."
    )


def _print_kept(memory: Memory, as_json: bool) -> None:
    if as_json:
        print_json(memory_object(memory))
    else:
        typer.echo(f"Kept as number {memory.id}: {say_to_user(memory)}")
