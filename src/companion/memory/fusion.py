"""What a sentence encoder adds to the ranking of turns."""

from collections.abc import Mapping

from companion.memory.neighbours import Neighbours
from companion.protocols.memory import Encoder, VectorShelf

_WEIGHT = 0.65


class Fusion:
    """Adds the likeness of meaning to scores, of those turns that the words have found.

    What no word finds stays unfound: so the work does not grow with the number of turns.
    """

    def __init__(self, encoder: Encoder, shelf: VectorShelf) -> None:
        self._encoder = encoder
        self._shelf = shelf

    def add(
        self, question: str, scores: Mapping[int, float], turns: Neighbours
    ) -> dict[int, float]:
        """Return the weighted sum of scores, the best being 1, and of cosines above 0.

        Turns without a vector yet are given the mean of the others.
        """
        vectors = self._shelf.vectors(self._encoder.name, scores)
        if not vectors:
            return dict(scores)
        (asked,) = self._encoder.encode([without_names(question, turns)])
        cosines = self._encoder.compare(asked, list(vectors.values()))
        near = dict(zip(vectors, (max(0.0, cosine) for cosine in cosines), strict=True))
        usual = sum(near.values()) / len(near)
        best = max(scores.values())
        return {
            turn_id: score / best + _WEIGHT * near.get(turn_id, usual)
            for turn_id, score in scores.items()
        }

    def learn(self, count: int) -> int:
        """Encode up to ``count`` turns that have no vector yet; return how many it was."""
        missing = self._shelf.without_vector(self._encoder.name, count)
        if missing:
            vectors = self._encoder.encode([turn.text for turn in missing])
            ids = [turn.id for turn in missing]
            self._shelf.keep(self._encoder.name, dict(zip(ids, vectors, strict=True)))
        return len(missing)


def without_names(question: str, turns: Neighbours) -> str:
    """Return a question without the names of those who talk, which vectors do not know."""
    names = {turn.speaker.lower() for turn in turns if turn.speaker}
    kept = [word for word in question.split() if _bare(word) not in names]
    return " ".join(kept) or question


def _bare(word: str) -> str:
    return word.lower().removesuffix("'s").strip(".,;:!?\"'")
