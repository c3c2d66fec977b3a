"""What shapes replies and is read once, and where it is played on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from companion.conversation.mind import Mind
from companion.domain.persona import Persona
from companion.late import LateCrisisScreen, LateMoodReader
from companion.prompting.appraise import load_appraise_prompt
from companion.prompting.crisis import CrisisBook, load_crisis_book
from companion.prompting.earlier import EarlierWords, load_earlier_words
from companion.prompting.frame import ReplyFrame, load_reply_frame
from companion.prompting.guidebook import Guidebook, load_guidebook
from companion.prompting.memory_words import MemoryWords, load_memory_words
from companion.prompting.minor import load_minor_words
from companion.prompting.personas import load_persona
from companion.prompting.recalled import RecalledWords, load_recalled_words
from companion.prompting.thinking import ThinkingWords, load_thinking_words
from companion.protocols.mood import MoodReader
from companion.protocols.safety import CrisisScreen


@dataclass(frozen=True, slots=True)
class Library:
    """Prompt files, the mood model, the crisis screen; several minds may share them."""

    persona: Persona
    frame: ReplyFrame
    guidebook: Guidebook
    crisis_book: CrisisBook
    memory_words: MemoryWords
    recalled_words: RecalledWords
    thinking_words: ThinkingWords
    earlier_words: EarlierWords
    minor_words: str
    appraise_prompt: str = ""
    reader: MoodReader = field(default_factory=LateMoodReader)
    screen: CrisisScreen = field(default_factory=LateCrisisScreen)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a session is played again: a mind with a database of its own.

    ``number_next_message`` gives the next message a number, if that is still to come.
    """

    mind: Mind
    number_next_message: Callable[[int], None]
    close: Callable[[], None]


def read_library(folders: Sequence[Path], persona: str, *, refine: bool) -> Library:
    """Read and check everything. Raises ``PromptError`` naming file, line or field.

    With ``refine``, a language model is to judge moods as well.
    """
    return Library(
        load_persona(folders, persona),
        load_reply_frame(folders),
        load_guidebook(folders),
        load_crisis_book(folders),
        load_memory_words(folders),
        load_recalled_words(folders),
        load_thinking_words(folders),
        load_earlier_words(folders),
        load_minor_words(folders),
        load_appraise_prompt(folders) if refine else "",
    )
