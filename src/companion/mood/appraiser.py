"""Judges how the writer of a message feels: a small network, and rules over it."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from companion.domain.mood import EMOTIONS, Affect, Appraisal
from companion.mood.clauses import Clause, clauses
from companion.mood.combine import chosen, heeded, settled, with_signs
from companion.mood.context import answer
from companion.mood.faces import face_signs
from companion.mood.language import is_english
from companion.mood.lexicon import feelings
from companion.mood.mixture import has_turn, mixed_labels, one_sided, two_sided
from companion.mood.model import Model
from companion.mood.own_words import appraise_words
from companion.mood.phrases import Sign, signs
from companion.mood.plain import Plain, plain
from companion.mood.sarcasm import sarcasm
from companion.mood.selfreport import self_signs
from companion.mood.smalltalk import quieter
from companion.mood.spelling import Speller
from companion.mood.strength import intensity
from companion.mood.words import LONGEST, Token, capped, network_words, readable, tokens
from companion.words.network import SAID

_ANSWER: Final = 14
"""How many words and marks a message may have to be read together with what it answers."""
_QUESTION: Final = 30
"""How many words of what was said to the user are read, the last ones."""


@cache
def load_appraiser() -> "Appraiser":
    """Return the appraiser, ready to read."""
    return Appraiser(Model())


class Appraiser:
    """Reads emotions from messages and from the user's own words."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.speller = Speller(model.network.rows)

    def appraise(self, text: str, context: str = "") -> Appraisal:
        """Return how the writer of ``text`` feels; ``context`` is what was said to them."""
        seen = capped(text)
        found = tokens(readable(text))
        written = [token.text for token in found if token.kind == "word"]
        faces = face_signs(found)
        if not faces and not is_english(written, self.speller.recognises):
            return unknown()
        if not written and not faces:
            return unknown()
        flat = plain(found, self.speller.mend)
        meant = self._meant(flat, found, context)
        if meant is not None:
            return self._appraisal(seen, *meant, faces, [], whole=(0, len(seen.rstrip())))
        return self._appraisal(seen, found, flat, faces, self._asked(context, found))

    def appraise_word(self, words: str) -> Appraisal:
        """Return what the user's own words for their mood mean, fully confident."""
        return appraise_words(words, self.speller)

    def _meant(
        self, flat: Plain, found: list[Token], context: str
    ) -> tuple[list[Token], Plain] | None:
        """Return what a plain yes or no means in full."""
        if not context.strip() or len(found) > _ANSWER:
            return None
        asked = plain(tokens(readable(context)), self.speller.mend).text
        full = answer(flat.text, asked)
        if not full:
            return None
        meant = tokens(full)
        return meant, plain(meant, self.speller.mend)

    def _asked(self, context: str, found: list[Token]) -> list[str]:
        """Return the words that a short message answers, with what parts them from it.

        Who asks back does not answer.
        """
        if not context.strip() or len(found) > _ANSWER or any("?" in one.text for one in found):
            return []
        asked = network_words(tokens(readable(context)))[-_QUESTION:]
        return [*(self.speller.mend(word) for word in asked), SAID]

    def _appraisal(
        self,
        text: str,
        found: list[Token],
        flat: Plain,
        faces: list[Sign],
        asked: list[str],
        whole: tuple[int, int] | None = None,
    ) -> Appraisal:
        parts = clauses(flat)
        told = [part for part in parts if part.other]
        mine = own_tokens(found, flat, told)
        read = [self.speller.mend(word) for word in network_words(mine)]
        signed = faces + signs(flat) + self_signs(flat, parts) + sarcasm(text, flat)
        signed = settled([sign for sign in signed if not is_within(sign, flat, told)])
        emotions = self.model.emotions([*asked, *read])
        if not has_turn(flat):
            signed = heeded(signed, emotions, self.model.thresholds)
        emotions = with_signs(emotions, signed, self.model.thresholds, len(flat.words))
        if not signed:
            emotions = quieter(emotions, flat, others=is_mostly(told, flat))
        emotions = mixed_labels(emotions, self.model, flat, parts, signed)
        limits = self.model.thresholds
        labels = one_sided(chosen(emotions, limits), emotions, limits, flat, signed)
        labels = two_sided(labels, emotions, limits, flat, signed)
        affect = toward(self.model.feel(read), labels, guided=bool(signed or asked))
        surest = max(emotions[label] for label in labels)
        places = [whole] if whole else places_of(signed, labels, found)
        return Appraisal(
            {name: round(min(1.0, max(0.0, emotions[name])), 4) for name in EMOTIONS},
            labels,
            affect,
            intensity(text, flat.text, labels, affect, surest),
            round(min(1.0, surest), 3),
            pieces(text, places),
        )


def pieces(text: str, places: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Return the places of a text; none where the middle of the message was passed over."""
    cut = LONGEST // 2 if len(text) > LONGEST else -1
    found = [text[a:b] for a, b in places if not a <= cut < b]
    return tuple(dict.fromkeys(piece for piece in found if piece.strip()))


def unknown() -> Appraisal:
    """Return that nothing is known."""
    return Appraisal(dict.fromkeys(EMOTIONS, 0.0), (), Affect(), 0.0, 0.0, (), known=False)


def own_tokens(found: list[Token], flat: Plain, told: list[Clause]) -> list[Token]:
    """Return the tokens without those that tell of other people's feelings."""
    spans = [(flat.places[part.first][0], flat.places[part.last - 1][1]) for part in told]
    return [t for t in found if not any(a <= t.start and t.end <= b for a, b in spans)]


def is_mostly(told: list[Clause], flat: Plain) -> bool:
    """Whether most of a message tells of other people's feelings."""
    return sum(part.last - part.first for part in told) > 0.45 * len(flat.words)


def is_within(sign: Sign, flat: Plain, told: list[Clause]) -> bool:
    """Whether a sign stands in a clause about other people's feelings."""
    return any(
        flat.places[part.first][0] <= sign.start and sign.end <= flat.places[part.last - 1][1]
        for part in told
    )


def toward(affect: Affect, labels: Sequence[str], *, guided: bool) -> Affect:
    """Return the affect, drawn towards what the labels usually feel like.

    That is where rules spoke or a question gave the words their meaning (``guided``).
    """
    known = feelings()
    usual = [known[USUAL[label]].affect for label in labels[:2] if label in USUAL]
    if not guided or not usual:
        return affect
    mean = [sum(getattr(one, name) for one in usual) / len(usual) for name in NAMES]
    own = (affect.valence, affect.arousal, affect.dominance)
    return Affect(*(round(0.4 * a + 0.6 * b, 3) for a, b in zip(own, mean, strict=True)))


def places_of(
    signed: Sequence[Sign], labels: Sequence[str], found: list[Token]
) -> list[tuple[int, int]]:
    """Return where the labels were seen: the signs for them, else the whole message."""
    places = [(s.start, s.end) for s in signed if set(s.labels) & set(labels)]
    if places or not found or labels == ("neutral",):
        return sorted(places)
    return [(found[0].start, found[-1].end)]


NAMES = ("valence", "arousal", "dominance")
USUAL = {
    "admiration": "pleased", "amusement": "amused", "anger": "angry", "annoyance": "annoyed",
    "approval": "satisfied", "caring": "caring", "confusion": "confused", "curiosity": "curious",
    "desire": "eager", "disappointment": "disappointed", "disapproval": "dissatisfied",
    "disgust": "disgusted", "embarrassment": "embarrassed", "excitement": "excited",
    "fear": "scared", "gratitude": "grateful", "grief": "bereft", "joy": "happy", "love": "loved",
    "nervousness": "nervous", "optimism": "hopeful", "pride": "proud", "relief": "relieved",
    "remorse": "guilty", "sadness": "sad", "surprise": "surprised",
}  # fmt: skip
