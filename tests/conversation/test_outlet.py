"""What of a reply is shown, and what stands in its place."""

from companion.conversation.outlet import Outlet
from companion.domain.care import Stance
from companion.domain.message import Message, Role, Status
from companion.domain.model import Restarted, TextDelta
from companion.domain.safety import Danger, Fault, Screening
from conversation_room import CRISIS_BOOK
from fakes import FakeClock

CALM = Stance(Screening(0, Danger.NONE))
DANGER = Stance(Screening(2, Danger.SUICIDE))


def outlet(stance: Stance = CALM, said: str = "Hello") -> Outlet:
    message = Message(3, 1, None, 0, Role.USER, said, Status.UNANSWERED, FakeClock().now())
    return Outlet(CRISIS_BOOK, stance, message)


def tell(out: Outlet, *pieces: str) -> tuple[str, list[str]]:
    """Return what stands on the screen at the end, and every state before it."""
    text, states = "", []
    for parts in [*map(out.hear, pieces), out.finish()]:
        for part in parts:
            if isinstance(part, Restarted):
                text = ""
            elif isinstance(part, TextDelta):
                text += part.text
            states.append(text)
    return text, states


def test_everyday_words_are_shown_as_they_come() -> None:
    text, states = tell(outlet(), "Once", " upon", " a time. And", " so on")
    assert text == "Once upon a time. And so on"
    assert states[:2] == ["Once", "Once upon"]


def test_somebody_in_danger_sees_whole_sentences_only() -> None:
    text, states = tell(outlet(DANGER), "I hear", " you. Are you", " safe?")
    assert text == "I hear you. Are you safe?"
    assert states == ["I hear you.", "I hear you. Are you safe?"]


def test_what_turns_out_wrong_is_taken_back() -> None:
    text, _ = tell(outlet(), "That is heavy. I'm ", "a real person, and I know. Go on.")
    assert text == "That is heavy. I'm software, not a person. Go on."


def test_after_a_method_nothing_more_is_said() -> None:
    out = outlet()
    text, states = tell(out, "Well. You could just ", "hang yourself. Or take", " the train.")
    assert text == "Well. " + CRISIS_BOOK.replace(Fault.METHOD, 3)
    assert out.ended
    assert not any("hang" in state for state in states)


def test_the_same_fault_is_answered_once() -> None:
    text, _ = tell(outlet(), "I am human. I am a woman. Yes.")
    assert text == "I'm software, not a person. Yes."


def test_a_farewell_is_clean() -> None:
    text, _ = tell(outlet(said="good night!"), "Already? ", "Sleep well.")
    assert text == "Take care of yourself. Sleep well."
    text, _ = tell(outlet(said="I got up early"), "Already? ", "How was it?")
    assert text == "Already? How was it?"


def test_a_model_that_starts_over_is_heard_from_the_beginning() -> None:
    out = outlet()
    out.hear("Well. And")
    out.begin_again()
    assert tell(out, "Hello there.")[0] == "Hello there."
