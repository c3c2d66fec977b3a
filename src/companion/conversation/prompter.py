"""Writing the prompt of a reply from all that is kept. All of it blocks."""

from collections.abc import Sequence

from companion.conversation.letting_go import leave_out_forgotten
from companion.conversation.mind import Mind
from companion.conversation.window import STRETCHES, WINDOW, describe_user
from companion.domain.guidance import Guidance
from companion.domain.message import Message, PromptMessage
from companion.domain.model import ModelProfile
from companion.prompting.compose import Prompt, compose_prefix, compose_prompt
from companion.prompting.earlier import Earlier


def write_prefix(mind: Mind, conversation_id: int) -> tuple[PromptMessage, ...]:
    """Return the part of the prompts that is the same in every turn of a conversation.

    Raises ``StoreError``.
    """
    name = mind.transcript.user_name(not_from=conversation_id)
    about_user = describe_user(name, mind.disclosure.about_user)
    return compose_prefix(mind.persona, mind.frame, mind.backend.profile, about_user)


def write_prompt(
    mind: Mind,
    history: Sequence[Message],
    guidance: Guidance | None,
    profile: ModelProfile,
    prefix: Sequence[PromptMessage],
) -> Prompt:
    """Return the prompt for a reply to the last message of ``history``.

    ``guidance`` is what guides that reply, ``profile`` that of the model which gives it.
    Raises ``StoreError``.
    """
    kept = leave_out_forgotten(mind, history[-WINDOW:])
    summaries = mind.thinking.shelf.of_conversation(history[-1].conversation_id, STRETCHES)
    shown = guidance.exemplars if guidance else ()
    earlier = Earlier(mind.thinking.earlier, summaries)
    return compose_prompt(prefix, kept, profile, shown, earlier)
