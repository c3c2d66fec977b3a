"""A name that was wrong: everything known that has it, under the right one."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from companion.domain.findings import Renamed
from companion.domain.memories import Change, Keep, Memory
from companion.memory.scheduling import as_learned

_JUST_NOW = timedelta(days=1)
_ALIKE = 0.6
_NAME = re.compile(r"\b[A-Z\u00c0-\u00de][\w-]+")


def rename(renamed: Renamed, known: Sequence[Memory], at: datetime) -> list[Change]:
    """Return the changes that put a name right; ``at`` is when it was said."""
    old = renamed.old or _find_misspelled(renamed.new, known, at)
    if not old:
        return []
    name = re.compile(rf"\b{re.escape(old)}\b", re.IGNORECASE)

    def put_right(text: str) -> str:
        return name.sub(lambda _: renamed.new, text)

    return [
        Keep(
            as_learned(
                memory,
                subject=put_right(memory.subject),
                slot=put_right(memory.slot).lower(),
                value=put_right(memory.value),
                text=put_right(memory.text),
                start=renamed.start,
                end=renamed.end,
                due=memory.until + timedelta(days=1) if memory.until else None,
            ),
            (memory.id,),
        )
        for memory in known
        if name.search(memory.text)
    ]


def _find_misspelled(new: str, known: Sequence[Memory], at: datetime) -> str:
    """Return the name told within a day that is most like another: "Actually it's Deniz"."""
    told = {
        name
        for memory in known
        if at - memory.said_at <= _JUST_NOW
        for name in _NAME.findall(memory.value)
        if name[0] == new[0] and name != new
    }
    likeness = {name: SequenceMatcher(None, name, new).ratio() for name in sorted(told)}
    best = max(likeness, key=lambda name: likeness[name], default="")
    return best if likeness.get(best, 0.0) >= _ALIKE else ""
