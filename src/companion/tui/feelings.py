"""How a feeling looks and what is said of it: a shape, a word and a tone of colour.

The shape alone tells the direction, so that everything can be read without colour.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from companion.domain.mood import (
    Affect,
    Appraisal,
    Direction,
    Mood,
    MoodEntry,
    Sentiment,
    Source,
    Trend,
)
from companion.mood.wording import name_appraisal, name_feeling, name_mood

PLEASANT, UNPLEASANT, MIXED, EVEN = "▴", "▾", "◆", "•"
_CLEAR = 0.12
_AS_USUAL = "as usual"
_ARROWS = {Direction.LOWER: "↘", Direction.HIGHER: "↗", Direction.USUAL: ""}
_TONES = {
    (True, True): "mood-lively",
    (True, False): "mood-ease",
    (False, True): "mood-tense",
    (False, False): "mood-low",
}
_STEPS = ((0.4, "▲"), (_CLEAR, PLEASANT), (-_CLEAR, EVEN), (-0.4, UNPLEASANT), (-1.1, "▼"))
_HALF_BAR = 3
_QUOTED = 60
_LOOKED_AT = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A feeling on the screen. ``tone`` names a colour of the theme.

    ``strength`` (0 to 1) is how much of the colour is left; ``arrow`` says where the
    mood has gone for longer, and is empty where it has not.
    """

    glyph: str
    word: str
    tone: str
    strength: float = 1.0
    arrow: str = ""


def mark_appraisal(appraisal: Appraisal) -> Mark:
    """Return how one appraisal looks."""
    word = name_appraisal(appraisal)
    if not appraisal.known:
        return Mark(EVEN, word, "quiet")
    glyph, tone = _look(appraisal.affect)
    return Mark(MIXED if appraisal.sentiment is Sentiment.MIXED else glyph, word, tone)


def mark_mood(mood: Mood) -> Mark | None:
    """Return how the mood looks now, or nothing before anything is known."""
    if mood.latest is None:
        return None
    word, arrow = name_mood(mood), _ARROWS[mood.trend.lasting]
    felt = mark_appraisal(mood.latest.appraisal)
    if word == felt.word:
        return Mark(felt.glyph, word, felt.tone, mood.presence, arrow)
    glyph, tone = _look(
        Affect(
            mood.affect.valence - mood.baseline.valence,
            mood.affect.arousal - mood.baseline.arousal,
        )
    )
    if word == _AS_USUAL:
        glyph, tone = EVEN, "quiet"
    return Mark(glyph, word, tone, mood.presence, arrow)


def _look(affect: Affect) -> tuple[str, str]:
    if abs(affect.valence) < _CLEAR:
        return EVEN, "quiet"
    glyph = PLEASANT if affect.valence > 0 else UNPLEASANT
    return glyph, _TONES[affect.valence > 0, affect.arousal >= 0]


def choose_step(valence: float) -> str:
    """Return one of five shapes from very unpleasant to very pleasant."""
    return next(shape for least, shape in _STEPS if valence >= least)


def draw_bar(valence: float) -> str:
    """Draw ``valence`` from a middle: unpleasant to the left, pleasant to the right."""
    halves = min(round(abs(valence) * 2 * _HALF_BAR), 2 * _HALF_BAR)
    full, half = divmod(halves, 2)
    if valence < 0:
        return f"{('▐' * half + '█' * full):>{_HALF_BAR}}│{'':{_HALF_BAR}}"
    return f"{'':{_HALF_BAR}}│{('█' * full + '▌' * half):<{_HALF_BAR}}"


def describe_lasting(trend: Trend) -> str:
    """Say to the user what has lasted, or nothing."""
    if trend.lasting is Direction.USUAL:
        return ""
    where = "Lower" if trend.lasting is Direction.LOWER else "Brighter"
    return f"{where} than usual for you on {trend.days} of the last 7 days."


def tell_why(entry: MoodEntry) -> str:
    """Say what an appraisal was seen from."""
    if entry.source is Source.USER:
        return "your own word"
    seen = " … ".join(entry.appraisal.evidence)
    if not seen:
        return f"from “{shorten(entry.text)}”"
    verb = "noted" if entry.journal_id is not None else "wrote"
    return f"because you {verb} “{shorten(seen)}”"


def tell_source(entry: MoodEntry) -> str:
    """Say who judged, and how sure that is."""
    if entry.source is Source.USER:
        return "your own word"
    who = "the mood model" if entry.source is Source.MODEL else "a language model"
    return f"{who}, {entry.appraisal.confidence:.0%} sure"


def shorten(text: str, length: int = _QUOTED) -> str:
    """Return ``text`` in one line of at most ``length`` characters."""
    # Of a very long text only the beginning is looked at.
    line = " ".join(text[: _LOOKED_AT * length].split())
    whole = len(line) <= length and len(text) <= _LOOKED_AT * length
    return line if whole else line[: length - 1].rstrip() + "…"


def count_feelings(entries: Iterable[MoodEntry]) -> list[tuple[str, int]]:
    """Return the feelings and how often each was there, the most frequent first."""
    counts: Counter[str] = Counter()
    for entry in entries:
        appraisal = entry.appraisal
        if appraisal.known:
            labels = [label for label in appraisal.labels if label != "neutral"]
            felt = dict.fromkeys(name_feeling(label, appraisal) for label in labels)
            counts.update([appraisal.word] if appraisal.word else felt.keys())
    return counts.most_common()
