"""The card with whom to call: shown, kept, put aside."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.screen import Screen

from companion.domain.care import HelpCard
from companion.domain.errors import CompanionError
from companion.tui.widgets.help_card import HelpCardView
from companion.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

_UNION = ("Another country of the European Union", "EU")
_ELSEWHERE = ("Somewhere else", "ZZ")
_PAINTED_WITHIN_SECONDS = 0.2
_ASIDE = "Put aside. F9 brings it back."


class Caring:
    """Keeps the card where it is until the user puts it aside."""

    def __init__(self, screen: Screen[None], status: StatusLine) -> None:
        self._screen = screen
        self._status = status
        self._view: HelpCardView | None = None
        self._companion: Companion | None = None
        self._woken = False

    async def open(self, companion: "Companion") -> None:
        """Show the card again if it was not put aside before the program ended."""
        self._companion = companion
        card = await companion.care.open_card()
        if card is not None:
            await self.show(card)

    def wake(self) -> None:
        """Load the crisis screen: the user types, and the card shall not wait for it."""
        if self._companion is not None and not self._woken:
            self._woken = True
            self._screen.run_worker(self._companion.care.wake(), group="care")

    async def show(self, card: HelpCard) -> None:
        """Show the card, above what is being typed."""
        if self._view is not None:
            self._view.show(card)
            return
        self._view = HelpCardView(card)
        await self._screen.query_one("#desk").mount(self._view, before=0)
        await self._let_it_be_painted()
        self._make_room()

    async def toggle(self) -> None:
        """Put the card aside, or bring it."""
        if self._companion is None:
            return
        if self._view is None:
            await self.show(await self._companion.care.card())
            return
        view, self._view = self._view, None
        self._make_room()
        await view.remove()
        await self._companion.care.put_aside()
        self._status.say(_ASIDE)

    async def steady(self) -> None:
        """Show a way to steady oneself, the plan, and everybody who can be called."""
        # Loaded when it is asked for: the first frame does without.
        from companion.tui.screens.steady import SteadyScreen

        if self._companion is not None:
            self._screen.app.push_screen(SteadyScreen(await self._companion.care.card()))

    def ask_country(self) -> None:
        """Ask where the user is."""
        from companion.safety.helplines import list_countries
        from companion.tui.screens.choice import ChoiceScreen

        known = {country.name: code for code, country in list_countries().items()}
        codes = known | dict((_UNION, _ELSEWHERE))

        def keep(name: str | None) -> None:
            if name is not None:
                self._screen.run_worker(self._keep(codes[name]), group="care")

        self._screen.app.push_screen(ChoiceScreen("Where are you?", list(codes), ""), keep)

    async def _let_it_be_painted(self) -> None:
        """Keep what comes next (moods, models, new styles) from delaying the card."""
        painted = asyncio.Event()
        self._screen.call_after_refresh(painted.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), _PAINTED_WITHIN_SECONDS)

    def _make_room(self) -> None:
        self._screen.set_class(self._view is not None, "-caring")

    async def _keep(self, code: str) -> None:
        if self._companion is None:
            return
        try:
            card = await self._companion.care.choose_country(code)
        except CompanionError as error:
            self._status.complain(str(error))
            return
        if self._view is not None:
            self._view.show(card)
        self._status.say(f"Noted. The numbers are those of {card.country.name}.")
