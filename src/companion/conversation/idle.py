"""What she makes of it all when nobody talks: one small job of the language model at a time."""

from companion.conversation.mind import Mind
from companion.conversation.noticing_more import notice_more
from companion.conversation.pondering import ponder
from companion.conversation.summing_up import sum_up
from companion.domain.errors import BackendError, ModelError


async def think(mind: Mind, conversation_id: int) -> bool:
    """Do one job, where there is one and the model may be asked; return whether it did.

    May take as long as a reply. May be cancelled at any time: what was not finished is begun
    anew the next time. A model that fails is left in peace. Raises ``StoreError``.
    """
    if not mind.thinking.may_ask(mind.backend.profile):
        return False
    try:
        return await notice_more(mind) or await sum_up(mind, conversation_id) or await ponder(mind)
    except (BackendError, ModelError):
        return False
