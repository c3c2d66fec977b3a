"""What she was told along with the user's last message, and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from companion.domain.guidance import Guidance, Stage, Strategy
from companion.domain.memories import Memory
from companion.domain.memory import Recalled
from companion.domain.message import PromptMessage
from companion.domain.mood import MoodEntry
from companion.tui.feelings import mark_appraisal, tell_source, tell_why
from companion.tui.remembered import describe_with_source

if TYPE_CHECKING:
    from companion.conversation.diary import Explanation

_STRATEGIES = {
    Strategy.ASK: "ask, and listen",
    Strategy.REFLECT: "say back what she heard",
    Strategy.AFFIRM: "say what is good and true",
    Strategy.SIT: "stay with it, without advice",
    Strategy.CELEBRATE: "be glad with you",
    Strategy.INFORM: "tell you what you asked for",
    Strategy.SUGGEST: "offer one small thing to try",
    Strategy.LIGHTEN: "take it lightly",
    Strategy.WEIGH: "name the other side, too",
}
_STAGES = {
    Stage.EXPLORE: "finding out what it is",
    Stage.COMFORT: "comfort first",
    Stage.ACT: "looking for a way on",
}
_NO_GUIDANCE = "Nothing guided this answer: nothing was noticed then, or it was erased since."
_NO_NOTE = "(nothing was added)"
_NOT_SEEN = "Nothing was noticed in it."


class ExplanationScreen(ModalScreen[None]):
    """Shows everything letter for letter. It can be scrolled, selected and copied."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f6,q", "dismiss")]

    def __init__(
        self,
        explanation: "Explanation",
        prompt: Sequence[PromptMessage],
        memories: Sequence[Memory] = (),
    ) -> None:
        super().__init__()
        self._memories = memories
        self._explanation = explanation
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        """Lay the card out."""
        told = self._explanation
        with VerticalScroll(classes="card wide"):
            yield Static("What she was told, and why", classes="question", markup=False)
            yield from _section("You wrote", Content(told.message.text))
            seen = [_describe_entry(entry) for entry in told.entries]
            yield from _section("What was noticed", Content("\n").join(seen or [_quiet(_NOT_SEEN)]))
            guided = _describe_guidance(told.guidance, {each.content for each in self._prompt})
            yield from _section("What guided her", guided)
            if self._memories:
                remembered = Content("\n").join(map(describe_with_source, self._memories))
                yield from _section("What she remembered", remembered)
            if told.recalled:
                came = [_describe_recalled(item) for item in told.recalled]
                yield from _section("What came back to her", Content("\n").join(came))
            note = told.message.note
            yield from _section(
                "The note that went with it, letter for letter",
                Content(note) if note else _quiet(_NO_NOTE),
            )
            yield from _section("The whole prompt, as she reads it now", self._write_prompt())
            yield Static("Ctrl+C copies what is selected · Esc goes back", classes="hint")

    def _write_prompt(self) -> Content:
        parts = [
            Content.assemble((f"{each.role.value}\n", "$accent"), each.content)
            for each in self._prompt
        ]
        return Content("\n\n").join(parts)


def _section(title: str, body: Content) -> ComposeResult:
    yield Static(title, classes="section", markup=False)
    yield Static(body, classes="section--body")


def _quiet(text: str) -> Content:
    return Content.styled(text, "$quiet")


def _describe_entry(entry: MoodEntry) -> Content:
    mark = mark_appraisal(entry.appraisal)
    about = dict.fromkeys((tell_source(entry), tell_why(entry)))
    return Content.assemble(
        (f"{mark.glyph} {mark.word}", f"${mark.tone}"), (f"  {', '.join(about)}", "$quiet")
    )


def _describe_recalled(item: Recalled) -> Content:
    who = f"{item.speaker}: " if item.speaker else ""
    return Content.assemble(
        (f"{item.at.astimezone():%d %B %Y, %H:%M}  ", "$quiet"), f"{who}“{item.text}”"
    )


def _describe_guidance(guidance: Guidance | None, sent: set[str]) -> Content:
    """Tell what guided her; of examples only those that stand in the prompt."""
    if guidance is None:
        return _quiet(_NO_GUIDANCE)
    rows = [
        ("Strategy", f"{guidance.strategy.value}: {_STRATEGIES[guidance.strategy]}"),
        ("Stage", f"{guidance.stage.value}: {_STAGES[guidance.stage]}"),
        ("Reason", guidance.reason),
        ("Mood", guidance.mood or "(not told)"),
    ]
    if guidance.unsure:
        rows.append(("Unsure", "she shall ask how you feel"))
    for each in (each for each in guidance.exemplars if {each.user, each.reply} <= sent):
        shown = f"{each.feeling}, {each.strategy.value}\n“{each.user}”\n“{each.reply}”"
        rows.append(("Example", shown))
    return Content("\n").join(
        Content.assemble((f"{name:<9}", "$quiet"), value.replace("\n", "\n" + " " * 9))
        for name, value in rows
    )
