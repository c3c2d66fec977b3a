"""Mends the spelling of words that nobody knows, so that the rest of the model reads them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from companion.mood.lexicon import feelings, vocabulary
from companion.words.stretched import unstretched

COMMON: Final = 2500
"""How many of the network's words, the commonest first, may correct another word."""
SLANG: Final = {
    "luv": "love", "lov": "love", "thx": "thanks", "tysm": "thanks", "thnx": "thanks",
    "sry": "sorry", "soz": "sorry", "exited": "excited", "scarred": "scared", "tbf": "honestly",
    "prowd": "proud", "freakin": "freaking", "rly": "really", "srsly": "seriously",
    "lonley": "lonely", "verry": "very", "speling": "spelling", "exuse": "excuse",
    "uni": "uni", "teh": "the", "hiar": "hair", "surprize": "surprise", "bday": "birthday",
    "mums": "mums", "gf": "gf", "bf": "bf", "fam": "family", "grats": "congratulations",
    "tmrw": "tomorrow", "tmr": "tomorrow", "2moro": "tomorrow", "wiht": "with", "waht": "what",
    "fml": "fml", "smh": "smh", "omg": "omg", "wtf": "wtf", "hapy": "happy", "sory": "sorry",
    "greatful": "grateful", "embarassed": "embarrassed", "dissapointed": "disappointed",
    "wierd": "weird", "definately": "definitely", "anoyed": "annoyed", "becuase": "because",
    "wont": "wont", "cryin": "crying", "dyin": "dying", "dyingg": "dying", 
    "heartbrocken": "heartbroken",
}  # fmt: skip
_LETTERS: Final = "etaoinshrdlcumwfgypbvkjxqz"


class Speller:
    """Knows the network's words and finds the one that was meant."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        self.rows = rows
        self.feelings = feelings()
        self.ours = vocabulary()
        self.mend = lru_cache(maxsize=8192)(self._mend)

    def knows(self, word: str) -> bool:
        """Whether the word is one that people write."""
        return word in self.rows or word in self.ours

    def recognises(self, word: str) -> bool:
        """Whether the word is known, if need be without its stretched letters."""
        return self.knows(word) or word in SLANG or bool(self._shorter(word))

    def _mend(self, word: str) -> str:
        if word in SLANG:
            return SLANG[word]
        if not self.knows(word) or unstretched(word):
            return self._shorter(word) or self._near(word) or word
        return word

    def _shorter(self, word: str) -> str:
        known = [SLANG.get(one, one) for one in (*unstretched(word), *single(word))]
        known = [one for one in known if self.knows(one)]
        return min(known, key=self._rank, default="")

    def _near(self, word: str) -> str:
        if not (4 <= len(word) <= 14 and word.isascii() and word.isalpha()):
            return ""
        found = [near for near in one_change(word) if self._common(near)]
        return min(found, key=self._rank, default="")

    def _common(self, word: str) -> bool:
        return self.rows.get(word, COMMON) < COMMON or word in self.ours

    def _rank(self, word: str) -> int:
        return self.rows.get(word, 20000) - (2000 if word in self.feelings else 0)


def single(word: str) -> list[str]:
    """Return the word without its last doubled letter, if it has one: hatee, hate."""
    for at in range(len(word) - 1, 0, -1):
        if word[at] == word[at - 1]:
            return [word[:at] + word[at + 1 :]]
    return []


def one_change(word: str) -> set[str]:
    """Return the spellings one slip away: swapped, left out, put in or mistaken letters."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    less = {a + b[1:] for a, b in halves if b}
    more = {a + letter + b for a, b in halves if a for letter in _LETTERS}
    other = {a + letter + b[1:] for a, b in halves if a and b for letter in _LETTERS}
    return swapped | less | more | other
