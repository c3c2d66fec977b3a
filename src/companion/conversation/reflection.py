"""What she makes of a turn when the reply is said: nobody waits for it."""

import asyncio

from companion.conversation.inquiry import ask
from companion.conversation.mind import Mind
from companion.domain.errors import BackendError
from companion.domain.message import Message, Role
from companion.domain.mood import MoodEntry, Source
from companion.prompting.appraise import APPRAISAL_FORM, compose_question, read_judgement


async def refine_appraisal(mind: Mind, message: Message) -> MoodEntry | None:
    """Let the language model judge the mood of a message, and keep that beside the rest.

    Does nothing where the user does not want it, the model cannot be held to a form, a
    judgement of its own or the user's word is there already, or no sense can be made of
    its answer. Raises ``StoreError``.
    """
    if not (mind.appraise_prompt and mind.backend.profile.structured):
        return None
    known = await asyncio.to_thread(mind.moods.of_message, message.id)
    if not known or any(entry.source is not Source.MODEL for entry in known):
        return None
    branch = mind.transcript.branch
    before = await asyncio.to_thread(branch, message.conversation_id, before=message.id, limit=1)
    context = before[0].text if before and before[0].role is Role.ASSISTANT else ""
    question = compose_question(mind.appraise_prompt, message.text, context)
    try:
        answer = await ask(mind.backend, question, APPRAISAL_FORM)
    except BackendError:
        # The reply is said and the mood model has judged: nothing is missing.
        return None
    judged = read_judgement(answer, message.text)
    if judged is None:
        return None
    # Meanwhile the user may have erased it, or said better.
    if await asyncio.to_thread(mind.moods.of_message, message.id) != known:
        return None
    return await asyncio.to_thread(
        lambda: mind.moods.add(judged, Source.LLM, message.created_at, message_id=message.id)
    )
