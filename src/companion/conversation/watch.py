"""Watching over somebody in danger: before the mood, before any model."""

from asyncio import to_thread
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from companion.domain.care import HelpCard, Kept, SafetyPlan, Stance
from companion.domain.errors import StoreError
from companion.domain.message import Message, Role
from companion.domain.safety import CARD_FROM, Screening
from companion.domain.turn_events import CrisisCardShown
from companion.prompting.crisis import CrisisBook
from companion.protocols.clock import Clock
from companion.protocols.safety import CrisisScreen, PlanBook, SafetyLog
from companion.protocols.transcript import Transcript
from companion.safety.helplines import find_country

_EARLIER = 24
_GOES_ON = timedelta(hours=3)
_TALK = timedelta(hours=6)
_SOON, _QUIET = timedelta(days=2), timedelta(days=14)
"""How long she stays quiet after a message of the card's tier, and after a graver one.

The screen is wrong at times: a false alarm must not silence her for weeks.
"""


@dataclass(slots=True)
class Watch:
    """What is needed to see a danger and to show where help is. All of it blocks.

    ``country`` is an ISO 3166 code, empty while the user has not said it;
    ``keep_country`` keeps it for the next start.
    """

    transcript: Transcript
    screen: CrisisScreen
    log: SafetyLog
    plans: PlanBook
    book: CrisisBook
    clock: Clock
    country: str
    keep_country: Callable[[str], None]

    def examine(self, message: Message) -> Screening:
        """Screen a message of the user, with what they wrote before it."""
        before = self.transcript.branch(message.conversation_id, before=message.id, limit=_EARLIER)
        earlier = [each.text for each in before if each.role is Role.USER]
        return self.screen.screen(message.text, earlier)

    def card(self) -> HelpCard:
        """Return the card; a plan that cannot be read does not keep it from being shown."""
        plan: SafetyPlan = {}
        with suppress(StoreError):
            plan = self.plans.plan()
        return HelpCard(find_country(self.country), bool(self.country), plan)

    def open_card(self) -> HelpCard | None:
        """Return the card if it was shown in the talk that goes on and not put aside."""
        opened = self.log.card_is_open(self.clock.now() - _TALK)
        return self.card() if opened else None

    def meet(self, message: Message) -> Stance:
        """Return how to meet a message that was examined."""
        last, now = self.log.last_crisis(), self.clock.now()
        ongoing = last is not None and now - last < _GOES_ON
        found = self.log.of_message(message.id)
        return Stance(found, ongoing, self.log.card_is_open(now - _TALK))

    def keeps_quiet(self) -> bool:
        """Tell whether she shall not come up with anything by herself these days."""
        now = self.clock.now()
        lasting = ((self.log.last_crisis(), _SOON), (self.log.last_crisis(CARD_FROM + 1), _QUIET))
        return any(last is not None and now - last < pause for last, pause in lasting)


async def watch_over(watch: Watch, message: Message) -> AsyncGenerator[CrisisCardShown, None]:
    """Examine a message, yield the card where there is danger, then keep what was found.

    The card does not wait for the disk.
    """
    found, card = await to_thread(_look, watch, message)
    shown = None
    try:
        if card is not None:
            shown = watch.clock.now()
            yield CrisisCardShown(found, card)
    finally:
        if found.tier:
            kept = Kept(message.id, found, message.created_at, shown)
            await to_thread(watch.log.keep, kept)


def _look(watch: Watch, message: Message) -> tuple[Screening, HelpCard | None]:
    found = watch.examine(message)
    return found, watch.card() if found.card else None
