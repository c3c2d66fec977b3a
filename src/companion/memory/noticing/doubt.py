"""Whether something is said in earnest: ``doubt.toml``."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

_REACH = 12


@lru_cache(maxsize=64)
def is_doubtful_message(plain: str) -> bool:
    """Whether a message jokes, dreams, plays or tells a story: nothing in it is taken."""
    return bool(_cues("message").search(plain))


def is_about_invention(plain: str) -> bool:
    """Whether a message speaks of a story, a dream or a joke, which may come back to it."""
    return bool(_cues("invention").search(plain))


def is_playing(earlier: Sequence[str]) -> bool:
    """Whether a game of parts that was begun in the last messages still goes on."""
    turns = (_tells_of_play(text) for text in reversed(earlier[-_REACH:]))
    return next((tells for tells in turns if tells is not None), False)


@lru_cache(maxsize=64)
def _tells_of_play(text: str) -> bool | None:
    """Return whether a message begins a game, or ends one; ``None`` where it does neither."""
    if _cues("play_ends").search(text):
        return False
    return True if _cues("play").search(text) else None


def is_doubtful(sentence: str, start: int, end: int) -> bool:
    """Whether what stands between ``start`` and ``end`` is said of others, or not in earnest."""
    before = sentence[:start]
    return bool(
        _cues("before").search(before)
        or re.search(rf"(?:{_cues('just_before').pattern})[\s,]*$", before, re.IGNORECASE)
        or _cues("after").search(sentence, end)
    )


def is_dark(words: str) -> bool:
    """Whether words speak of somebody's end or harm: no plan to come back to."""
    return bool(_cues("dark").search(words))


@cache
def _cues(name: str) -> re.Pattern[str]:
    text = files("companion.memory.noticing").joinpath("doubt.toml").read_text(encoding="utf-8")
    cues = tomllib.loads(text)[name]
    return re.compile("|".join(rf"(?<![\w-])(?:{cue})(?!\w)" for cue in cues), re.IGNORECASE)
