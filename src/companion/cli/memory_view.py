"""Memories as text and as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from companion.cli.mood_view import clip
from companion.cli.output import print_table
from companion.domain.memories import MadeBy, Memory

if TYPE_CHECKING:
    from companion.conversation.memory_book import Provenance

_MAKERS = {
    MadeBy.RULES: "noticed in what was said",
    MadeBy.LLM: "noticed by a language model",
    MadeBy.USER: "written by you",
}


def print_memories(memories: Sequence[Memory]) -> None:
    """Print memories in a table, the latest last."""
    print_table(
        ("number", "told", "kind", "memory"),
        [
            (
                str(memory.id),
                f"{memory.said_at.astimezone():%Y-%m-%d}",
                memory.kind.value,
                f"{say_to_user(memory)}{_describe_state(memory)}",
            )
            for memory in memories
        ],
    )


def print_provenance(found: "Provenance") -> None:
    """Print a memory, the words that it came from, and where it was told."""
    memory = found.memory
    typer.echo(f"{memory.id}. {say_to_user(memory)}{_describe_state(memory)}")
    typer.echo(f"  {memory.kind.value}, {_MAKERS[memory.made_by]}, sure to {memory.confidence:.0%}")
    for source in memory.sources:
        typer.echo(
            f'  from "{clip(source.text, 120)}" (message {source.message_id} of conversation '
            f"{source.conversation_id}, {source.said_at.astimezone():%Y-%m-%d %H:%M})"
        )
    for use in found.uses:
        typer.echo(
            f"  told with message {use.message_id} of conversation {use.conversation_id}, "
            f"{use.at.astimezone():%Y-%m-%d %H:%M}"
        )
    if not found.uses:
        typer.echo("  never told to the model yet")


def provenance_object(found: "Provenance") -> dict[str, Any]:
    """Return it as it is printed in JSON."""
    uses = [
        {
            "message_id": use.message_id,
            "conversation_id": use.conversation_id,
            "at": use.at.isoformat(),
        }
        for use in found.uses
    ]
    return {**memory_object(found.memory), "uses": uses}


def memory_object(memory: Memory) -> dict[str, Any]:
    """Return a memory as it is printed in JSON."""
    return {
        "id": memory.id,
        "kind": memory.kind.value,
        "subject": memory.subject,
        "slot": memory.slot,
        "value": memory.value,
        "text": memory.text,
        "made_by": memory.made_by.value,
        "said_at": memory.said_at.isoformat(),
        "since": memory.since.isoformat() if memory.since else None,
        "until": memory.until.isoformat() if memory.until else None,
        "confidence": memory.confidence,
        "pinned": memory.pinned,
        "closed_at": memory.closed_at.isoformat() if memory.closed_at else None,
        "replaced_by": memory.replaced_by,
        "sources": [
            {
                "message_id": source.message_id,
                "conversation_id": source.conversation_id,
                "start": source.start,
                "end": source.end,
                "text": source.text,
                "said_at": source.said_at.isoformat(),
            }
            for source in memory.sources
        ],
    }


def say_to_user(memory: Memory) -> str:
    """Return a memory as it is said to the user: ``Ana is your sister.``."""
    from companion.memory.noticing.persons import to_second
    from companion.memory.telling import tell

    return to_second(tell(memory, datetime.now().astimezone().date(), near=False))


def _describe_state(memory: Memory) -> str:
    if memory.closed_at:
        instead = f", replaced by {memory.replaced_by}" if memory.replaced_by else ""
        return f" (until {memory.closed_at.astimezone():%Y-%m-%d}{instead})"
    return " (pinned)" if memory.pinned else ""
