"""Words of a text as the full-text index counts them."""

import re
import unicodedata
from functools import lru_cache

from companion.memory.stemming import stem

_WORD = re.compile(r"[^\W_]+")

_STOP_WORDS = """
a about after again all am an and any are as at be because been before being but by can
could d did do does doing don for from had has have having he her hers him his how i if in
into is isn it its itself just ll m me more most my myself no nor not now of off on once
only or other our ours out over own re s same shall she should so some such t than that the
their theirs them then there these they this those through to too under until up us ve very
was we were what when where which while who whom whose why will with would you your yours
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that are in so many turns that they find none."""

_FRAME_WORDS = """
certain consider decide describe different discuss feel get give go happen kind know like
make many mention much name need particular recall recent remember remind say several share
sort specific take talk tell thing think type use various want way
"""
FRAME_WORDS = frozenset(_FRAME_WORDS.split())
"""Words in which a question is put and which the answer seldom repeats."""

_FORMS = """
become became|begin began begun|bend bent|bite bit bitten|blow blew blown|break broke broken
bring brought|build built|buy bought|catch caught|choose chose chosen|come came|deal dealt
dig dug|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten
fall fell fallen|feed fed|feel felt|fight fought|find found|fly flew flown
forget forgot forgotten|forgive forgave forgiven|get got gotten|give gave given|go went gone
grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|know knew known
lead led|learn learnt|leave left|lend lent|lose lost|make made|mean meant|meet met|pay paid
ride rode ridden|run ran|say said|see saw seen|seek sought|sell sold|send sent
shake shook shaken|shoot shot|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid
speak spoke spoken|spend spent|stand stood|steal stole stolen|stick stuck|strike struck
swear swore sworn|swim swam swum|take took taken|teach taught|tear tore torn|tell told
think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn
win won|write wrote written|child children|foot feet|half halves|knife knives|leaf leaves
loaf loaves|man men|mouse mice|person people|shelf shelves|tooth teeth
wife wives|wolf wolves|woman women|good better best|bad worse worst|bike bicycle
mother mom mum|father dad|child kid kids|television tv
"""
_BASES: dict[str, str] = {}
_GROUPS: dict[str, set[str]] = {}
for _group in _FORMS.replace("\n", "|").split("|"):
    for _form in _group.split():
        _BASES.setdefault(stem(_form), stem(_group.split()[0]))
        _GROUPS.setdefault(stem(_group.split()[0]), set()).add(_form)


def split_words(text: str) -> list[str]:
    """Return the words of a text, folded as FTS5 folds them: lower case, no accents."""
    folded = text.lower()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    return _WORD.findall(folded)


@lru_cache(maxsize=65536)
def term_of(word: str) -> str:
    """Return what a folded word counts as: its stem, or that of its base (went: go)."""
    stemmed = stem(word)
    return _BASES.get(stemmed, stemmed)


def forms_of(word: str) -> frozenset[str]:
    """Return words to look for in the index that all count as ``word`` does."""
    return frozenset(_GROUPS.get(term_of(word), ())) | {word}


def terms_of(text: str) -> list[str]:
    """Return the terms of a text in their order, stop words left out."""
    return [term_of(word) for word in split_words(text) if word not in STOP_WORDS]
