"""Everything that can be done, in the command palette."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from companion.tui.keys import Command


class ChatCommands(Provider):
    """Offers what the screen can do, which it tells in ``commands``, and to quit."""

    async def discover(self) -> Hits:
        """Offer everything."""
        for title, about, run in self._commands():
            yield DiscoveryHit(title, run, help=about)

    async def search(self, query: str) -> Hits:
        """Offer what fits ``query``."""
        matcher = self.matcher(query)
        for title, about, run in self._commands():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=about)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], Any]]]:
        commands: tuple[Command, ...] = getattr(self.screen, "commands", ())
        for each in commands:
            run = partial(self.screen.run_action, each.action)
            yield f"{each.title}  {each.shown}", each.help, run
        yield "Quit  Ctrl+Q", "Everything is kept", self.app.action_quit
