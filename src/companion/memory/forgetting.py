"""What the user wants to be forgotten: "forget what I said about my mother"."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from companion.domain.memories import Kind, Memory
from companion.domain.message import Message, Role
from companion.memory.noticing.clauses import hide_foreign
from companion.memory.noticing.doubt import is_doubtful_message
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
    r"(?: (?:all|everything|anything|what|that|the (?:things?|bit|part|stuff|story)|whatever)"
    r"(?: (?:i|i've|i have|you|we) ?(?:ever )?(?:said|told you|tell you|told|know|remember"
    r"|mentioned|talked|wrote|shared)(?: to you)?)?)?"
)
_REQUEST = re.compile(
    rf"{_ASKS}{_WHAT} (?:about|of|regarding) (?P<about>[^.!?\n]{{2,80}})", re.IGNORECASE
)
_FACT = re.compile(rf"{_ASKS} that (?P<fact>(?:i|my|we|our)\b[^.!?\n]{{2,80}})", re.IGNORECASE)
# "Forget the milk" is said of milk: of what was told it has to sound as if it was meant.
_THING = re.compile(rf"{_ASKS} (?P<about>(?:the|my|our) [^.!?,;\n]{{2,60}})", re.IGNORECASE)
# A remark can only be forgotten as what was said.
_REMARK = re.compile(
    rf"{_ASKS} (?:the|that|my|this) (?P<about>[^.!?,;\n]{{2,60}}?) (?:remark|comment|joke|story"
    r"|rant|confession|bit|part|thing|stuff|business)s?(?: (?:please|i (?:said|made|told you)"
    r"|earlier|from (?:before|earlier|yesterday)))*(?=[.!?,;\n]|$)",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"\b(?:please|not (?:so |that |really )?important|(?:doesn't|does not) matter|forget it"
    r"|never ?mind|private)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"{_ASKS} (?:all of it|everything(?: (?:i|you|we)[^.!?\n]{{0,40}})?"
    rf"|all (?:that )?(?:you know|i)[^.!?\n]{{0,40}})[.! ]*$",
    re.IGNORECASE,
)
_TOPICS = {
    **dict.fromkeys(("job", "work", "career", "profession"), Kind.WORK),
    **dict.fromkeys(("home", "address"), Kind.PLACE),
}
_IDLE = frozenset(
    (
        *("it", "that", "this", "me", "us", "them", "everything", "anything", "you", "all"),
        *("now", "last", "silly", "stupid", "dumb", "bad", "whole", "other", "same", "first"),
    )
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_REASON = re.compile(
    r"(?:,| because| since) (?:i|i'm|i'd|it|it's|he|she|they|we|that|that's|this|you|because|since"
    r"|as|so|but|and (?:i|it|he|she|they|we))\b.*$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[, ]+(?:please|now|ok|okay|thanks|thank you|for good|for ?ever|again|will you|any ?more)$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\b(?:she|he|they|her|him|them|his|hers|their|it|that)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b[A-Z\u00c0-\u00de][\w-]+")
_JOINED = re.compile(r"\w+(?:-\w+)+")
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
    for asked in _askings(plain):
        match = _REQUEST.match(asked) or _FACT.match(asked) or _REMARK.match(asked)
        if match is None and _MEANT.search(plain):
            match = _THING.match(asked)
        if match:
            return _to_wish(match[match.lastindex or 0])
        if _ALL.match(asked):
            return Wish("")
    return None


def _askings(plain: str) -> Iterator[str]:
    """Yield what may ask: the message, and what follows each sentence, but for a story's."""
    yield plain
    own = " ".join(hide_foreign(plain).split())
    if not is_doubtful_message(own):
        yield from (own[each.end() :] for each in _SENTENCE.finditer(own))


def _to_wish(said: str) -> Wish | None:
    about = _REASON.sub("", said).strip(" ,;:\"'")
    while (shorter := _TAIL.sub("", about)) != about:
        about = shorter
    # "Up" says nothing, but for that of a check-up.
    parts = {word for joined in _JOINED.findall(about) for word in split_words(joined)}
    words = tuple(word for word in split_words(about) if word in parts or word not in STOP_WORDS)
    if not words or set(words) <= _IDLE:
        return Wish("") if about.lower() == "me" else None
    return Wish(about, words)


def find_names(wish: Wish, memories: Collection[Memory]) -> frozenset[str]:
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
    if called and _is_shared(called[0], memories):
        # Of three men called Tom, one is meant.
        return frozenset({" ".join(wish.words)})
    return frozenset({" ".join(word.lower() for word in called) or " ".join(wish.words)})


def _is_shared(name: str, memories: Iterable[Memory]) -> bool:
    people = (m for m in memories if m.kind is Kind.PERSON and m.subject.lower() == name.lower())
    return len({m.slot.partition(":")[0] for m in people}) > 1


def find_topic(wish: Wish) -> Kind | None:
    """Return the kind of memories that is meant as a whole: "what you know about my job"."""
    return _TOPICS.get(" ".join(wish.words))


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
