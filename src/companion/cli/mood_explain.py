"""What was seen in a message and what she was told because of it, laid open."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from companion.cli.mood_view import SOURCES, entry_object
from companion.domain.guidance import Guidance
from companion.domain.memory import Recalled
from companion.domain.mood import MoodEntry
from companion.mood.wording import name_appraisal

if TYPE_CHECKING:
    from companion.conversation.diary import Explanation

_LIKELIEST = 5


def print_explanation(found: "Explanation") -> None:
    """Print it for reading: the message, each appraisal, the guidance, the note."""
    message = found.message
    typer.echo(f"Turn {message.id}, {message.created_at.astimezone():%Y-%m-%d %H:%M}. You wrote:")
    typer.echo(_indent(message.text))
    typer.echo("\nWhat was seen in it:" if found.entries else "\nNothing was noted of its mood.")
    for entry in found.entries:
        _print_entry(entry)
    if found.guidance:
        typer.echo("\nWhat she was told because of it:")
        print_guidance(found.guidance)
    else:
        typer.echo("\nNothing guided her reply to it.")
    if found.recalled:
        typer.echo("\nWhat came back to her:")
        print_recalled(found.recalled)
    if message.note:
        typer.echo(f"\nThe note that went with it, letter for letter:\n--- note\n{message.note}")
        typer.echo("--- end")
    else:
        typer.echo("No note went with it.")


def explanation_object(found: "Explanation") -> dict[str, Any]:
    """Return it as it is printed in JSON."""
    message = found.message
    return {
        "turn": message.id,
        "conversation_id": message.conversation_id,
        "at": message.created_at.isoformat(),
        "text": message.text,
        "appraisals": [entry_object(entry) for entry in found.entries],
        "guidance": asdict(found.guidance) if found.guidance else None,
        "recalled": [recalled_object(item) for item in found.recalled],
        "note": message.note,
    }


def _print_entry(entry: MoodEntry) -> None:
    appraisal, affect = entry.appraisal, entry.appraisal.affect
    typer.echo(f"  {name_appraisal(appraisal)}, says {_name_source(entry)} (number {entry.id})")
    typer.echo(
        f"    confidence {appraisal.confidence:.2f}, intensity {appraisal.intensity:.2f}, "
        f"valence {affect.valence:+.2f}, arousal {affect.arousal:+.2f}, "
        f"dominance {affect.dominance:+.2f}"
    )
    if appraisal.evidence:
        pieces = ", ".join(f'"{" ".join(piece.split())}"' for piece in appraisal.evidence)
        typer.echo(f"    seen in: {pieces}")
    likeliest = sorted(appraisal.emotions.items(), key=lambda item: -item[1])[:_LIKELIEST]
    if likeliest:
        typer.echo("    likeliest: " + ", ".join(f"{name} {p:.2f}" for name, p in likeliest))


def _name_source(entry: MoodEntry) -> str:
    source = SOURCES[entry.source]
    return f"the {source}" if source.endswith("model") else "your own word"


def print_guidance(guidance: Guidance) -> None:
    """Print what she was told, and why."""
    typer.echo(f"  strategy: {guidance.strategy}")
    typer.echo(f"  stage: {guidance.stage}")
    typer.echo(f"  reason: {guidance.reason}")
    if guidance.mood:
        typer.echo(f"  mood: {guidance.mood}")
    if guidance.unsure:
        typer.echo("  unsure: she was told to ask how you feel")
    for example in guidance.exemplars:
        typer.echo(f"  example of {example.feeling}, {example.strategy}:")
        typer.echo(_indent(f"someone: {example.user}\nshe: {example.reply}", "    "))


def print_recalled(recalled: Sequence[Recalled]) -> None:
    """Print what was said before and told along, with its day."""
    for item in recalled:
        who = f"{item.speaker}: " if item.speaker else ""
        typer.echo(_indent(f"{item.at.astimezone():%Y-%m-%d %H:%M}  {who}{item.text}"))


def recalled_object(item: Recalled) -> dict[str, Any]:
    """Return it as it is printed in JSON."""
    return {
        "kind": item.kind.value,
        "source_id": item.source_id,
        "conversation": item.conversation,
        "speaker": item.speaker,
        "text": item.text,
        "score": item.score,
        "at": item.at.isoformat(),
    }


def _indent(text: str, by: str = "  ") -> str:
    return "\n".join(f"{by}{line}".rstrip() for line in text.split("\n"))
