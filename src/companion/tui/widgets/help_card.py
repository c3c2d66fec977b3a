"""The card with whom to call: there until it is put aside, in nobody's way."""

from textual.content import Content
from textual.widgets import Static

from companion.domain.care import HelpCard
from companion.safety.card_text import WHERE, describe_card

_BETWEEN = "   "
_KEYS = (("F7", "steady yourself"), ("F8", "your country"), ("F9", "put this aside"))
_SHORT_KEYS = (("F7", "more"), ("F8", "country"), ("F9", "aside"))
_ASK = "F8 says it once; then your own numbers stand here."


class HelpCardView(Static):
    """Shows where help is. It never takes the focus from what is being typed."""

    can_focus = False

    def __init__(self, card: HelpCard) -> None:
        super().__init__("", id="help-card", markup=False)
        self._card = card

    def show(self, card: HelpCard) -> None:
        """Show another card in place of this one."""
        self._card = card
        self._write()

    def on_mount(self) -> None:
        """Write the card."""
        self._write()

    def on_resize(self) -> None:
        """Write it anew: on a small screen it is shorter."""
        self._write()

    def _write(self) -> None:
        small = self.screen.has_class("-low") or self.screen.has_class("-narrow")
        lines = [_style(*line) for line in describe_card(self._card, brief=small)]
        if not self._card.known and not small:
            lines.append(_style(WHERE, _ASK))
        keys = _SHORT_KEYS if small else _KEYS
        lines.append(Content(_BETWEEN).join(_style(*key) for key in keys))
        self.update(Content("\n").join(lines))


def _style(lead: str, rest: str) -> Content:
    return Content.assemble((lead, "bold"), (f" {rest}" if rest else "", "$quiet"))
