"""Not taking the user's people for her own, as a small model does.

"My sister has surgery tomorrow." - "My sister is a strong person." It happens in the first
words: later sentences that speak of a sister of hers are left out (``manners``).
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator

from companion.domain.model import ReplyPart, Restarted, TextDelta

_PEOPLE = (
    r"(?:mother|mom|mum|mama|father|dad|parents|(?:grand|step)\w+|brothers?|sisters?|twins?|aunt"
    r"|uncle|cousin|niece|nephew|wife|husband|partner|fianc\u00e9?e?|boyfriend|girlfriend|ex"
    r"|kids?|children|sons?|daughters?|family|neighbou?rs?|roommate|flatmate|dogs?|cats?|boss"
    r"|manager|colleagues?|coworkers?|teacher|landlord|therapist)"
)
_WHICH = r"(?:(?:little|big|older|younger|elder|twin|best|old|late|poor|own) )?"
_USERS = re.compile(rf"\b(?:my|our) {_WHICH}({_PEOPLE})\b", re.IGNORECASE)
_SAYS = r"(?:'s|\u2019s| is| are| sounds?| seems?| must| will| needs?| deserves?)\b"
_DRAFTS = re.compile(
    r"\b(?:writ(?:e|ing|ten)|draft\w*|letter|e-?mail|message|caption|poem|speech|vows|toast"
    r"|eulogy|essay|story|script|(?:re)?phrase|(?:re)?word(?:ing)?|translate|pretend|as me"
    r"|(?:what|how) (?:\w+ )?(?:i |to )(?:say|tell|text|ask|answer|reply))\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?]")
_WORDS = 4
"""After so many words it is known whom a reply begins with."""


async def give_back_people(
    parts: AsyncIterator[ReplyPart], message: str
) -> AsyncGenerator[ReplyPart, None]:
    """Yield a reply that begins with "your sister" where the user said "my sister".

    What begins with "my" is held for some words, the rest comes as it comes.
    """
    hers = _find_hers(message)
    held, beginning = "", hers is not None
    async for part in parts:
        if isinstance(part, Restarted):
            held, beginning = "", hers is not None
        elif isinstance(part, TextDelta) and hers and beginning:
            held += part.text
            beginning = _may_be_hers(held)
            if beginning:
                continue
            part = TextDelta(hers.sub("Your", held))
        yield part
    if held and hers and beginning:
        yield TextDelta(hers.sub("Your", held))


def _find_hers(message: str) -> re.Pattern[str] | None:
    """Return the beginning that takes the user's people for hers.

    None where nobody is spoken of, or where words are asked for that the user may use.
    """
    people = {re.escape(each.lower()) for each in _USERS.findall(message)}
    if not people or _DRAFTS.search(message):
        return None
    return re.compile(rf"\AMy(?= {_WHICH}(?:{'|'.join(sorted(people))}){_SAYS})")


def _may_be_hers(text: str) -> bool:
    if len(text.split()) > _WORDS or _END.search(text):
        return False
    return text.startswith("My ") or "My ".startswith(text)
