"""What a small model may borrow from the examples that it was shown: "your uncle".

Names and words for kin that stand in the examples, and in nothing else that it reads,
belong to somebody else. A sentence with one of them is not about this conversation.
"""

import re
from collections.abc import Iterable

from companion.domain.message import PromptMessage
from companion.mood.lexicon import people

_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][a-z\u00e0-\u024f]+")
_SAME = tuple(
    frozenset(words.split())
    for words in (
        "mum mom mam mama mother mummy mommy ma parent parents stepmother stepmom",
        "dad daddy father papa pa parent parents stepfather stepdad",
        "grandma grandmother granny gran nana nan nanna grandparents",
        "grandpa grandfather grandad granddad gramps grandparents",
        "brother brothers bro sibling siblings twin twins",
        "sister sisters sis sibling siblings twin twins",
        "son sons daughter daughters child children kid kids baby babies toddler twin twins",
        "grandson granddaughter grandchild grandchildren grandkids",
        "wife husband hubby spouse partner fiance fiancee boyfriend girlfriend bf gf ex",
        "uncle aunt auntie aunty",
        "cousin cousins",
        "nephew niece",
        "dog dogs puppy pup pet pets",
        "cat cats kitten kitty pet pets",
    )
)


def find_borrowed(
    messages: Iterable[PromptMessage], examples: Iterable[PromptMessage]
) -> frozenset[str]:
    """Return the names and words for kin of ``examples`` that the other messages do not have.

    Names begin with a capital letter, other words are in lower case.
    """
    shown = [message.content for message in examples]
    others = [message.content for message in messages if message.content not in shown]
    known = _with_like({word.lower() for text in others for word in _WORD.findall(text)})
    names = {name for text in shown for name in _NAME.findall(text)}
    words = {word.lower() for text in shown for word in _WORD.findall(text)}
    close = people()["kin"] | people()["animal"]
    return frozenset(word for word in names | (words & close) if word.lower() not in known)


def borrows(sentence: str, borrowed: frozenset[str]) -> bool:
    """Tell whether a sentence has one of these names or words."""
    found = _WORD.findall(sentence)
    return not borrowed.isdisjoint({*found, *(word.lower() for word in found)})


def _with_like(words: set[str]) -> set[str]:
    """Return ``words`` with all that mean the same person: who has a mother has a mum."""
    return words.union(*(group for group in _SAME if group & words))
