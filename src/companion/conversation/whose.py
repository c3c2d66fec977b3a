"""Not taking the user's people for her own, as a small model does.

"My sister has surgery tomorrow." - "My sister is a strong person."
"""

import re
from collections.abc import AsyncIterator

from companion.conversation.rewriting import rewrite
from companion.domain.model import ReplyPart

_PEOPLE = (
    r"(?:mother|mom|mum|mama|father|dad|parents|(?:grand|step)\w+|brothers?|sisters?|twins?|aunt"
    r"|uncle|cousin|niece|nephew|wife|husband|partner|fianc\u00e9?e?|boyfriend|girlfriend|ex"
    r"|kids?|child(?:ren)?|sons?|daughters?|baby|boy|girl|family|friends?|neighbou?rs?|roommate"
    r"|flatmate|dogs?|cats?|boss|manager|colleagues?|coworkers?|teacher|landlord|doctor"
    r"|therapist|house|flat|apartment|job)"
)
_USERS = re.compile(rf"\b(?:my|our) (?:[\w'\u2019-]+ )?({_PEOPLE})\b", re.IGNORECASE)
_OPEN = re.compile(r"(?:(?<!\S)[^\w\s]?my(?: \S*){1,2}|\S*)$", re.IGNORECASE)


def give_back_people(parts: AsyncIterator[ReplyPart], message: str) -> AsyncIterator[ReplyPart]:
    """Return a reply that says "your sister" of the sister whom the user called "my sister"."""
    people = "|".join(sorted({re.escape(each.lower()) for each in _USERS.findall(message)}))
    if not people:
        return parts
    hers = re.compile(
        rf"(?<![\"'\u201c\u2018\w])my(?= (?:[\w'\u2019-]+ )?(?:{people})\b)", re.IGNORECASE
    )
    return rewrite(parts, lambda said: hers.sub(_as_yours, said), _find_ready)


def _as_yours(found: re.Match[str]) -> str:
    return "Your" if found[0][0].isupper() else "your"


def _find_ready(text: str) -> int:
    found = _OPEN.search(text)
    return found.start() if found else len(text)
