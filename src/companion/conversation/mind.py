"""What a conversation thinks with."""

from dataclasses import dataclass, field

from companion.conversation.disclosure import Disclosure
from companion.conversation.following import Following
from companion.conversation.recollection import Recollection
from companion.conversation.remembering import Remembering
from companion.conversation.thinking import Thinking
from companion.conversation.watch import Watch
from companion.domain.persona import Persona
from companion.prompting.frame import ReplyFrame
from companion.prompting.guidebook import Guidebook
from companion.protocols.clock import Clock
from companion.protocols.model import Backend
from companion.protocols.mood import MoodLog, MoodReader
from companion.protocols.transcript import Transcript


@dataclass(slots=True)
class Mind:
    """What a conversation thinks with. The backend may be changed between turns.

    ``appraise_prompt`` is empty unless a language model may judge moods as well. ``told`` is
    what the user need not be told again while the program runs.
    """

    transcript: Transcript
    backend: Backend
    persona: Persona
    frame: ReplyFrame
    clock: Clock
    moods: MoodLog
    reader: MoodReader
    guidebook: Guidebook
    watch: Watch
    memory: Remembering
    recollection: Recollection
    thinking: Thinking
    disclosure: Disclosure
    appraise_prompt: str = ""
    told: set[str] = field(default_factory=set)
    following: Following = field(init=False)

    def __post_init__(self) -> None:
        self.following = Following(self.moods)
