"""Where help is, for every way of talking to her."""

from asyncio import to_thread

from companion.conversation.watch import Watch
from companion.domain.care import HelpCard

# The screen gets its rules ready as it meets words that they are for.
_WAKING = ("i want to kill myself", "i cut myself", "he hits me", "i want to hurt someone")


class Care:
    """The card with whom to call. All methods raise ``StoreError``."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    async def wake(self) -> None:
        """Load the crisis screen while the user types, so that no message waits for it."""
        for words in _WAKING:
            await to_thread(self._watch.screen.screen, words)

    async def is_grave(self, text: str) -> bool:
        """Tell whether words that are about to be said call for the card."""
        found = await to_thread(self._watch.screen.screen, text)
        return found.card

    async def card(self) -> HelpCard:
        """Return the card, whether or not there is a danger."""
        return await to_thread(self._watch.card)

    async def open_card(self) -> HelpCard | None:
        """Return the card if it was shown in the talk that goes on and not put aside."""
        return await to_thread(self._watch.open_card)

    async def put_aside(self) -> None:
        """Keep that the user put the card aside."""
        await to_thread(self._watch.log.put_card_aside, self._watch.clock.now())

    async def choose_country(self, code: str) -> HelpCard:
        """Keep where the user is (an ISO 3166 code) and return the card for there.

        Raises ``SettingsError``.
        """
        await to_thread(self._watch.keep_country, code)
        self._watch.country = code
        return await self.card()
