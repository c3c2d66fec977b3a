"""Moods and guidance as rows."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from companion.domain.guidance import Exemplar, Guidance, NoticedTurn, Stage, Strategy
from companion.domain.mood import Affect, Appraisal, MoodEntry, Source
from companion.store.times import from_text


def to_row(appraisal: Appraisal) -> dict[str, Any]:
    """Return the columns that hold an appraisal."""

    def listed(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    return {
        "labels": listed(appraisal.labels),
        "emotions": listed({name: round(p, 4) for name, p in appraisal.emotions.items()}),
        "valence": appraisal.affect.valence,
        "arousal": appraisal.affect.arousal,
        "dominance": appraisal.affect.dominance,
        "intensity": appraisal.intensity,
        "confidence": appraisal.confidence,
        "evidence": listed(appraisal.evidence),
        "known": appraisal.known,
        "word": appraisal.word,
    }


@lru_cache(maxsize=64)
def _to_appraisal(
    emotions: str,
    labels: str,
    affect: tuple[float, float, float],
    strength: tuple[float, float],
    evidence: str,
    known: int,
    word: str,
) -> Appraisal:
    """Read an appraisal. Remembered, because each turn looks back at the last ones."""
    intensity, confidence = strength
    return Appraisal(
        emotions=json.loads(emotions),
        labels=tuple(json.loads(labels)),
        affect=Affect(*affect),
        intensity=intensity,
        confidence=confidence,
        evidence=tuple(json.loads(evidence)),
        known=bool(known),
        word=word,
    )


def to_entry(row: Mapping[str, Any]) -> MoodEntry:
    """Return the entry in a row of moods, with its text and conversation."""
    appraisal = _to_appraisal(
        row["emotions"],
        row["labels"],
        (row["valence"], row["arousal"], row["dominance"]),
        (row["intensity"], row["confidence"]),
        *(row["evidence"], row["known"], row["word"]),
    )
    return MoodEntry(
        id=row["id"],
        at=from_text(row["at"]),
        source=Source(row["source"]),
        appraisal=appraisal,
        text=row["text"],
        message_id=row["message_id"],
        conversation_id=row["conversation_id"],
        journal_id=row["journal_id"],
    )


def to_turn(rows: Sequence[Mapping[str, Any]]) -> NoticedTurn:
    """Return what the rows of one message tell: its entries, and what guided the reply."""
    guided = rows[0]["strategy"] is not None
    return NoticedTurn(
        tuple(to_entry(row) for row in rows), to_guidance(rows[0]) if guided else None
    )


def to_guidance(row: Mapping[str, Any]) -> Guidance:
    """Return what guided a reply."""
    return Guidance(
        strategy=Strategy(row["strategy"]),
        stage=Stage(row["stage"]),
        reason=row["reason"],
        mood=row["mood"],
        exemplars=_to_exemplars(row["exemplars"]),
        unsure=bool(row["unsure"]),
    )


@lru_cache(maxsize=64)
def _to_exemplars(kept: str) -> tuple[Exemplar, ...]:
    """Read exemplars. Remembered, because those of one turn serve the next ones, too."""
    return tuple(
        Exemplar(e["feeling"], Strategy(e["strategy"]), e["user"], e["reply"])
        for e in json.loads(kept)
    )
