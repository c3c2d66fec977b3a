"""Who answers: said in the first line, and changed on request."""

from textual.screen import Screen

from companion.domain.errors import CompanionError
from companion.tui.talk import Talk
from companion.tui.widgets.edge_lines import TitleLine
from companion.tui.widgets.status_line import StatusLine


class Answering:
    """Tells with what she thinks, and lets the user choose something else."""

    def __init__(
        self, screen: Screen[None], title: TitleLine, status: StatusLine, talk: Talk
    ) -> None:
        self._screen = screen
        self._title = title
        self._status = status
        self._talk = talk

    def introduce(self) -> None:
        """Say who answers and where."""
        companion = self._talk.companion
        if companion:
            name = companion.backend_name
            places = (f"by way of {name}", f"via {name}")
            if name == "local":
                places = ("on this machine", "here")
            minds = (f"{companion.model} {place}" for place in places)
            self._title.introduce(companion.persona.name, *minds)

    def choose(self) -> None:
        """Ask who shall answer from now on."""
        # Loaded when it is asked for: the first frame does without.
        from companion.tui.screens.choice import ChoiceScreen

        companion = self._talk.companion
        if companion:
            choice = ChoiceScreen("Who answers?", companion.backend_names, companion.backend_name)
            self._screen.app.push_screen(choice, self._use_soon)

    def _use_soon(self, name: str | None) -> None:
        # The present backend may be busy waking up, and keys shall not wait for it.
        self._screen.workers.cancel_group(self._screen, "prepare")
        self._screen.run_worker(self._use(name), group="backend", exclusive=True)

    async def _use(self, name: str | None) -> None:
        companion = self._talk.companion
        if companion and name:
            try:
                await companion.use_backend(name)
            except CompanionError as error:
                self._status.complain(str(error))
            self.introduce()
            self._talk.prepare()
