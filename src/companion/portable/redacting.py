"""Taking names, numbers and addresses out of a session, consistently.

A name is a word with a capital letter inside a sentence, what somebody is said to be
called, or what begins a sentence and is a name elsewhere. This finds most names and some
words that are none; a file that leaves the house should still be read through.
"""

import re
from collections.abc import Iterable, Iterator

from companion.domain.session import GreetingLine, ReplyLine, Session, SessionMind, SessionTurn

_NAMES = (
    *("Alex", "Robin", "Sasha", "Jamie", "Noor", "Kim", "Charlie", "Dana", "Elia", "Frankie"),
    *("Gray", "Harper", "Indra", "Jules", "Kai", "Lane", "Morgan", "Nico", "Oakley", "Perry"),
    *("Quinn", "Remy", "Sidney", "Toni", "Uma", "Val", "Wren", "Xiao", "Yael", "Zion"),
)
_CALLED = re.compile(
    r"\b(?:my name is|my name's|i am called|i'm called|call me|named|is called)\s+(\w+)", re.I
)
_INSIDE = re.compile(r"(?<![.!?:;\u2026\"\u201c\n*]\s)(?<=[\w,;)]\s)([A-Z][a-z\u00df-\u024f]+)\b")
_NO_NAMES = frozenset(
    (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "may", "june", "july", "august"),
        *("september", "october", "november", "december", "christmas", "easter", "god"),
        *("english", "german", "french", "spanish", "american", "british", "european", "mum"),
        *("mom", "dad", "mama", "papa", "grandma", "grandpa", "mother", "father", "ok", "tv"),
        *("but", "and", "so", "the", "you", "it", "what", "that", "how", "why", "when", "oh"),
        *("yes", "no", "hi", "hello", "hey", "thanks", "because", "is", "are", "do", "does"),
        *("if", "then", "there", "this", "they", "we", "he", "she", "my", "your", "not", "just"),
    )
)
_ALSO_WORDS = frozenset(
    (
        *("will", "mark", "hope", "grace", "joy", "faith", "rose", "bill", "art", "jack", "pat"),
        *("sue", "dawn", "summer", "autumn", "grant", "frank", "rich", "bob", "chase", "drew"),
        *("miles", "max", "dean", "chance", "violet", "ivy", "lily", "daisy", "ruby", "pearl"),
    )
)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_PAGE = re.compile(r"\b(?:https?://|www\.)\S+")
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:[A-Z]\w+\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Way|Court"
    r"|Square|Place|Boulevard)\b"
)
_NUMBER = re.compile(r"\+?\d(?:[\d ()/.-]*\d){2,}|\d{3,}")
_DIGIT = re.compile(r"\d")
_HELP = frozenset(("911", "999", "112", "988", "111", "000", "116 123", "116123", "741741"))


def redact(session: Session) -> Session:
    """Return the words of a session, without what tells who said them.

    What was judged, told and composed is left out: it quotes the words. So are the title
    and what failed models said; models and backends are numbered. Times stay, and so does
    whether the user is under 18: without, what is played would be another talk.
    """
    covering = _Covering(session.header.persona, _texts(session))
    minds = tuple(map(covering.cover_mind, session.header.minds))
    header = session.header.model_copy(
        update={"title": "", "minds": minds, "redacted": True, "bare": True}
    )
    greeting = session.greeting
    return Session(
        header,
        (),
        _cover_greeting(covering, greeting) if greeting else None,
        tuple(_cover_turn(covering, each) for each in session.turns),
        session.problem,
    )


class _Covering:
    """Puts the same words in place of the same words, everywhere in one session."""

    def __init__(self, persona: str, texts: Iterable[str]) -> None:
        found: dict[str, None] = {}
        for text in texts:
            called = (match[1] for match in _CALLED.finditer(text))
            inside = (match[1] for match in _INSIDE.finditer(text))
            found |= dict.fromkeys(word.lower() for word in (*called, *inside))
        names = [word for word in found if word not in _NO_NAMES and word != persona.lower()]
        names = [word for word in names if len(word) > 1]
        self._names = {name: _name(place) for place, name in enumerate(names)}
        self._others: dict[str, str] = {}
        self._minds: dict[str, str] = {}
        words = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        self._pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if names else None

    def cover(self, text: str) -> str:
        """Return ``text`` with other names, numbers and addresses."""
        text = _MAIL.sub(lambda m: self._other(m[0], "person{}@example.org"), text)
        text = _PAGE.sub(lambda m: self._other(m[0], "https://example.org/{}"), text)
        text = _STREET.sub(lambda m: self._other(m[0], "{} Mill Street"), text)
        text = _NUMBER.sub(lambda m: m[0] if m[0].strip() in _HELP else self._number(m[0]), text)
        return self._pattern.sub(lambda m: self._name_for(m[0]), text) if self._pattern else text

    def cover_mind(self, mind: SessionMind) -> SessionMind:
        """Return a model under names that are no one's."""
        names = {"backend": self._mind(mind.backend), "model": self._mind(mind.model)}
        return mind.model_copy(update=names)

    def cover_reply(self, reply: ReplyLine) -> ReplyLine:
        """Return a reply with other names in it, from a model that nobody knows."""
        update = {"text": self.cover(reply.text), "chunks": (), "error": None}
        if reply.model:
            names = {"backend": self._mind(reply.backend), "model": self._mind(reply.model)}
            update |= names
        return reply.model_copy(update=update)

    def _mind(self, name: str) -> str:
        return self._minds.setdefault(name, f"mind {len(self._minds) + 1}")

    def _other(self, words: str, form: str) -> str:
        return self._others.setdefault(words.lower(), form.format(len(self._others) + 1))

    def _number(self, digits: str) -> str:
        """Return another number of the same shape; the same for the same digits."""
        seed = self._others.setdefault(digits, str(len(self._others) + 1))
        places = iter(range(len(digits)))
        return _DIGIT.sub(lambda m: str((int(m[0]) * 7 + int(seed) + next(places)) % 9 + 1), digits)

    def _name_for(self, word: str) -> str:
        if word.islower() and word in _ALSO_WORDS:
            return word
        name = self._names[word.lower()]
        return name.lower() if word.islower() else name.upper() if word.isupper() else name


def _name(place: int) -> str:
    rounds, rest = divmod(place, len(_NAMES))
    return _NAMES[rest] + (f"son{'n' * (rounds - 1)}" if rounds else "")


def _texts(session: Session) -> Iterator[str]:
    for turn in session.turns:
        yield turn.said.text
        if turn.reply:
            yield turn.reply.text


def _cover_greeting(covering: _Covering, greeting: GreetingLine) -> GreetingLine:
    update = {"text": covering.cover(greeting.text), "note": covering.cover(greeting.note)}
    return greeting.model_copy(update=update)


def _cover_turn(covering: _Covering, turn: SessionTurn) -> SessionTurn:
    said = turn.said.model_copy(update={"text": covering.cover(turn.said.text)})
    return SessionTurn(said, reply=covering.cover_reply(turn.reply) if turn.reply else None)
