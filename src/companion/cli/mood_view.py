"""Moods as text, as JSON and as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import typer

from companion.cli.output import print_notice, print_table
from companion.conversation.when import describe_pause
from companion.domain.mood import Affect, Appraisal, Direction, Mood, MoodEntry, Source
from companion.mood.wording import name_appraisal, name_mood

SOURCES = {Source.MODEL: "mood model", Source.LLM: "language model", Source.USER: "you"}
"""Who judged, in plain words."""

_SHOWN = 30
_CLIPPED = 56
_NOTABLE = 0.1
_COLUMNS = (
    *("id", "at", "source", "message_id", "conversation_id", "journal_id", "word", "labels"),
    *("valence", "arousal", "dominance", "intensity", "confidence", "known", "evidence", "text"),
)


def print_moods(mood: Mood, entries: Sequence[MoodEntry], *, all_of_them: bool) -> None:
    """Print the mood now, then the entries, the latest last."""
    typer.echo(describe_now(mood))
    shown = entries if all_of_them else entries[-_SHOWN:]
    if not shown:
        if all_of_them:
            typer.echo("Nothing was noted in that time.")
        return
    typer.echo()
    print_table(
        ("number", "turn", "when", "word", "valence", "who says so", "what you wrote"),
        [_to_cells(entry) for entry in shown],
    )
    if len(shown) < len(entries):
        print_notice(
            f"{len(entries) - len(shown)} earlier ones are not shown. "
            "To see more: companion mood --since 1y"
        )


def describe_now(mood: Mood) -> str:
    """Return the mood now and where it is going, in words for the user."""
    if mood.latest is None:
        return 'Now: not known yet. Say how you are with: companion mood set "tired"'
    pause = describe_pause(mood.at - mood.latest.at)
    trend = _describe_trend(mood)
    return f"Now: {name_mood(mood)}. The last sign of it came {pause} ago.{trend}"


def clip(text: str, length: int = _CLIPPED) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text[: 4 * length].split())
    if len(line) <= length and len(text) <= 4 * length:
        return line
    return f"{line[:length].rstrip()}…"


def signed(appraisal: Appraisal) -> str:
    """Return the valence as a small signed figure, nothing where it is not known."""
    if not appraisal.known:
        return ""
    # Adding zero makes -0.0 a plain zero.
    return f"{round(appraisal.affect.valence, 1) + 0.0:+.1f}"


def mood_object(mood: Mood) -> dict[str, Any]:
    """Return a mood as it is printed in JSON."""
    return {
        "at": mood.at.isoformat(),
        "word": name_mood(mood),
        **asdict(mood.affect),
        "baseline": asdict(mood.baseline),
        "presence": mood.presence,
        "trend": asdict(mood.trend),
    }


def entry_object(entry: MoodEntry) -> dict[str, Any]:
    """Return an entry as it is printed in JSON."""
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "source": entry.source.value,
        "message_id": entry.message_id,
        "conversation_id": entry.conversation_id,
        "journal_id": entry.journal_id,
        "text": entry.text,
        "word": name_appraisal(entry.appraisal),
        **appraisal_object(entry.appraisal),
    }


def appraisal_object(appraisal: Appraisal) -> dict[str, Any]:
    """Return an appraisal as it is printed in JSON."""
    return {
        "emotions": dict(appraisal.emotions),
        "labels": list(appraisal.labels),
        **_affect_object(appraisal.affect),
        "intensity": appraisal.intensity,
        "confidence": appraisal.confidence,
        "evidence": list(appraisal.evidence),
        "known": appraisal.known,
    }


def to_csv(entries: Iterable[MoodEntry]) -> bytes:
    """Return entries as a table after RFC 4180, in UTF-8."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, _COLUMNS, extrasaction="ignore")
    table.writeheader()
    for entry in entries:
        row = entry_object(entry)
        row["labels"] = " ".join(row["labels"])
        row["evidence"] = " | ".join(row["evidence"])
        row["known"] = "yes" if row["known"] else "no"
        table.writerow(row)
    return text.getvalue().encode()


def _affect_object(affect: Affect) -> dict[str, float]:
    return {
        "valence": affect.valence,
        "arousal": affect.arousal,
        "dominance": affect.dominance,
    }


def _to_cells(entry: MoodEntry) -> tuple[str, ...]:
    return (
        str(entry.id),
        str(entry.message_id) if entry.message_id else "journal",
        f"{entry.at.astimezone():%Y-%m-%d %H:%M}",
        name_appraisal(entry.appraisal),
        signed(entry.appraisal),
        SOURCES[entry.source],
        clip(entry.text),
    )


def _describe_trend(mood: Mood) -> str:
    trend = mood.trend
    if trend.lasting is not Direction.USUAL:
        return (
            f"\nYou have been {trend.lasting.value} than usual on {trend.days} of the last 7 days."
        )
    if trend.week is None or trend.week == trend.month:
        # All that is known is this week: there is nothing yet to compare it with.
        return ""
    if abs(trend.week) < _NOTABLE:
        return "\nThis week has been about as usual for you."
    side = "brighter" if trend.week > 0 else "heavier"
    return f"\nThis week has been a little {side} than usual for you."
