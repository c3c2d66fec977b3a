"""What the user wants to be forgotten: "forget what I said about my mother"."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from companion.domain.memories import Kind, Memory
from companion.domain.message import Message, Role
from companion.memory.noticing.persons import to_second, to_third
from companion.memory.noticing.rules import kin_names
from companion.memory.words import STOP_WORDS, split_words, terms_of

_ASKS = (
    r"^(?:(?:ok|okay|hey|well|so|and|but|no|actually|sorry|also|now|then|samantha)[,.!]? )*"
    r"(?:please,? |can you |could you |would you |will you |i want you to |i'd like you to "
    r"|i need you to |you can |you should |just )*(?:please )?(?:forget|erase|delete|don't remember"
    r"|do not remember|stop remembering|unremember)\b"
)
_WHAT = (
    r"(?: (?:all|everything|anything|what|that|the things?|whatever)(?: (?:i|i've|i have|you|we)"
    r" ?(?:ever )?(?:said|told you|tell you|told|know|remember|mentioned|talked|wrote|shared)"
    r"(?: to you)?)?)?"
)
_REQUEST = re.compile(
    rf"{_ASKS}{_WHAT} (?:about|of|regarding) (?P<about>[^.!?\n]{{2,80}})", re.IGNORECASE
)
_FACT = re.compile(rf"{_ASKS} that (?P<fact>(?:i|my|we|our)\b[^.!?\n]{{2,80}})", re.IGNORECASE)
_ALL = re.compile(
    rf"{_ASKS} (?:all of it|everything(?: (?:i|you|we)[^.!?\n]{{0,40}})?"
    rf"|all (?:that )?(?:you know|i)[^.!?\n]{{0,40}})[.! ]*$",
    re.IGNORECASE,
)
_IDLE = frozenset(
    ("it", "that", "this", "me", "us", "them", "everything", "anything", "you", "all", "now")
)
_TAIL = re.compile(
    r"[, ]+(?:please|now|ok|okay|thanks|thank you|for good|for ?ever|again|will you|any ?more)$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\b(?:she|he|they|her|him|them|his|hers|their|it|that)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b[A-Z\u00c0-\u00de][\w-]+")
_STEPS = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be forgotten. ``about`` is it in the user's words, empty for everything.

    ``words`` are those by which it is found.
    """

    about: str
    words: tuple[str, ...] = ()


def read_wish(text: str) -> Wish | None:
    """Return what a message wants to be forgotten, or nothing for any other message.

    "Forget it" and "I forgot my keys" want nothing to be forgotten.
    """
    plain = " ".join(text.replace("\u2019", "'").split())
    match = _REQUEST.match(plain) or _FACT.match(plain)
    if match is None:
        return Wish("") if _ALL.match(plain) else None
    about = match[match.lastindex or 0].strip(" ,;:\"'")
    while (shorter := _TAIL.sub("", about)) != about:
        about = shorter
    words = tuple(word for word in split_words(about) if word not in STOP_WORDS)
    if not words or set(words) <= _IDLE:
        return Wish("") if about.lower() == "me" else None
    return Wish(about, words)


def find_names(wish: Wish, memories: Iterable[Memory]) -> frozenset[str]:
    """Return every name for what shall be forgotten, each of one or several words.

    "My mum" is also *mother* and *Ruth*; of "my sister Ana" it is *Ana* alone, since there
    may be another sister. All words of a name have to be there for it to be meant.
    """
    kin = kin_names()
    kept = kin.get(" ".join(wish.words))
    if kept:
        spoken = {word for word, each in kin.items() if each == kept}
        people = [m for m in memories if m.kind is Kind.PERSON and m.subject]
        names = {m.subject for m in people if m.slot.partition(":")[0] == kept}
        shared = {m.subject for m in people if m.slot.partition(":")[0] != kept}
        return frozenset(spoken | (names - shared))
    called = [word for word in _CAPITAL.findall(wish.about) if word.lower() in wish.words]
    return frozenset({" ".join(word.lower() for word in called) or " ".join(wish.words)})


def match_memories(names: Collection[str], memories: Iterable[Memory]) -> list[Memory]:
    """Return the memories that are about something of these names, or came from such words."""
    sought = [frozenset(terms_of(name)) for name in names]
    return [
        memory
        for memory in memories
        if any(
            terms and terms <= frozenset(terms_of(words))
            for terms in sought
            for words in (
                *(f"{memory.subject} {memory.text} {memory.value}", memory.slot),
                *(source.text for source in memory.sources),
            )
        )
    ]


def follow_talk(
    begun: Sequence[Message], following: Callable[[Collection[int]], list[Message]]
) -> list[Message]:
    """Return messages with what was said next about the same: answers, and "she is ill".

    ``following`` gives the messages that come right after others.
    """
    found = {message.id: message for message in begun}
    edge = list(begun)
    for _ in range(_STEPS):
        answers = [m for m in following([m.id for m in edge]) if m.id not in found]
        edge = [m for m in answers if m.role is Role.ASSISTANT or _GOES_ON.search(m.text)]
        found.update((message.id, message) for message in edge)
        if not edge:
            break
    return list(found.values())


def say_back(about: str) -> str:
    """Return what was to be forgotten as she says it: ``your mother``."""
    return to_second(to_third(about))
