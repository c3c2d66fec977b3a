"""Memories under headings; the one that is highlighted is chosen."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from companion.domain.memories import Memory
from companion.tui.remembered import group, name_day, say_memory

_NOTHING = "Nothing yet. What you tell her about your life shows up here."
_NOT_FOUND = "Nothing has those words."


class MemoryList(OptionList):
    """Lists memories. Headings and notes cannot be chosen."""

    def __init__(self) -> None:
        super().__init__(id="memories", markup=False)
        self._memories: dict[str, Memory] = {}

    @property
    def chosen(self) -> Memory | None:
        """The memory that the user is at."""
        option = self.highlighted_option
        return self._memories.get(option.id or "") if option else None

    def show(self, memories: Sequence[Memory], *, sought: bool) -> None:
        """List ``memories`` and stay where the user was."""
        before, place = self.chosen, self.highlighted or 0
        self._memories = {str(each.id): each for each in memories}
        options = []
        for heading, those in group(memories):
            options.append(Option(Content.styled(heading, "$secondary bold"), disabled=True))
            options += [Option(_describe(each), id=str(each.id)) for each in those]
        if not options:
            words = _NOT_FOUND if sought else _NOTHING
            options = [Option(Content.styled(words, "$quiet"), disabled=True)]
        self.set_options(options)
        self._return_to(before, place)

    def _return_to(self, before: Memory | None, place: int) -> None:
        free = [n for n, option in enumerate(self.options) if not option.disabled]
        if not free:
            self.highlighted = None
            return
        same = [n for n in free if before and self.options[n].id == str(before.id)]
        self.highlighted = same[0] if same else min(free, key=lambda n: abs(n - place))


def _describe(memory: Memory) -> Content:
    day = name_day(memory.said_at)
    about = ["pinned"] if memory.pinned else []
    about.append(f"until {name_day(memory.closed_at)}" if memory.closed_at else day)
    return Content.assemble(f"  {say_memory(memory)}", (f"  {' · '.join(about)}", "$quiet"))
