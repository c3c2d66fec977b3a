"""Asking a language model which is better: what was recorded, or what is said now."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from companion.conversation.inquiry import ask
from companion.domain.errors import CompanionError
from companion.domain.message import PromptMessage
from companion.domain.session import SessionTurn
from companion.installation import Installation, make_backend
from companion.prompting.compose import Prompt
from companion.prompting.judging import (
    JUDGING_FORM,
    Opinion,
    Pair,
    compose_question,
    load_judge_prompt,
    read_opinion,
)
from companion.prompting.personas import list_personas, load_persona
from companion.protocols.model import Backend
from companion.replay.batch import Place
from companion.replay.comparison import ComparedSession, ComparedTurn
from companion.replay.judged import Better, Judged
from companion.replay.kept_lines import KeptLines

_PATIENCE = 3
_GONE = "The judge had not answered before and was not asked any more."
_NONSENSE = "The judge did not answer in the form that was asked for."
_TOO_LONG = "The replies are longer than the judge can read at once."


@dataclass(slots=True)
class Judge:
    """A judge, who is asked about every turn in both orders, ``at_once`` turns together.

    What cannot be read is no judgement; after three turns without any answer no more are
    asked for. Answers are kept until ``forget``, so that an interrupted run goes on.
    """

    installation: Installation
    backend: Backend
    prompt: str
    persona: str
    kept: KeptLines
    at_once: int = 1
    address: str = ""
    """Where the conversation goes to be judged; empty where it stays in this process."""
    _known: dict[str, str] = field(default_factory=dict)
    _silent: int = 0

    def __post_init__(self) -> None:
        self._known = {
            each["question"]: each["answer"]
            for each in self.kept.read()
            if isinstance(each, dict) and {"question", "answer"} <= each.keys()
        }

    @property
    def name(self) -> str:
        """Who judges."""
        return f"{self.backend.name}/{self.backend.model}"

    async def judge(
        self, compared: Sequence[ComparedSession], told: Callable[[], None]
    ) -> list[ComparedSession]:
        """Return the sessions with what is made of each turn; ``told`` is called after each."""
        free = asyncio.Semaphore(self.at_once)

        async def judge_turn(turn: ComparedTurn, pair: Pair) -> ComparedTurn:
            async with free:
                judged = await self._judge(pair) if _are_whole(turn) else None
            told()
            return replace(turn, judged=judged)

        async def judge_session(session: ComparedSession) -> ComparedSession:
            pairs = self._pair_up(session)
            turns = await asyncio.gather(*map(judge_turn, session.turns, pairs))
            return replace(session, turns=tuple(turns))

        return list(await asyncio.gather(*map(judge_session, compared)))

    def forget(self) -> None:
        """Let go of the answers: the run is whole."""
        self.kept.forget()

    async def close(self) -> None:
        """Let go of the model."""
        await self.backend.close()

    def _pair_up(self, session: ComparedSession) -> list[Pair]:
        """Return the replies of each turn, the recorded one first."""
        name = self._name_persona(session)
        earlier: list[str] = []
        pairs = []
        for turn in session.turns:
            said, old = turn.recorded.said.text, turn.recorded.answer
            pairs.append(Pair(name, tuple(earlier), said, old, turn.played.answer))
            earlier += [f"Person: {said}", f"{name}: {old}"]
        return pairs

    def _name_persona(self, session: ComparedSession) -> str:
        """Return what she is called; another mind's folder of prompts may have her alone."""
        prompts, header = self.installation.prompts, session.session.header
        persona = self.persona or header.persona or self.installation.settings.persona
        known = persona in list_personas(prompts)
        return load_persona(prompts, persona).name if known else persona.capitalize()

    async def _judge(self, pair: Pair) -> Judged:
        if pair.first == pair.second:
            return Judged(self.name, Better.NEITHER, Better.NEITHER, alike=True)
        if self._silent >= _PATIENCE:
            return Judged(self.name, problem=_GONE)
        profile = self.backend.profile
        orders = (pair, pair.swapped())
        questions = [compose_question(self.prompt, order, profile) for order in orders]
        if not all(questions):
            return Judged(self.name, problem=_TOO_LONG)
        try:
            first, second = [await self._ask(question) for question in questions]
        except CompanionError as error:
            self._silent += 1
            return Judged(self.name, problem=f"The judge did not answer: {error}")
        self._silent = 0
        if first is None or second is None:
            return Judged(self.name, problem=_NONSENSE)
        found = _RECORDED_FIRST[first.better], _NOW_FIRST[second.better]
        return Judged(self.name, *found, " ".join(first.why.split()))

    async def _ask(self, question: Sequence[PromptMessage]) -> Opinion | None:
        digest = Prompt(tuple(question)).hash
        answer = self._known.get(digest) or await ask(self.backend, question, JUDGING_FORM)
        opinion = read_opinion(answer)
        if opinion and digest not in self._known:
            self._known[digest] = answer
            self.kept.keep({"question": digest, "answer": answer})
        return opinion


_RECORDED_FIRST = {"A": Better.RECORDED, "B": Better.NOW, "tie": Better.NEITHER}
_NOW_FIRST = {"A": Better.NOW, "B": Better.RECORDED, "tie": Better.NEITHER}


def open_judge(place: Place, name: str, at_once: int, *, restart: bool = False) -> Judge:
    """Return the judge of a name, a backend or ``backend:model``; nothing is asked yet.

    Raises ``SettingsError`` or ``PromptError``.
    """
    installation = place.open().installation
    backend, _, model = name.partition(":")
    table = installation.settings.backend_table(backend)
    kept = KeptLines(
        installation.locations.replays,
        ("judge", backend, model, repr(table)),
        restart=restart,
    )
    return Judge(
        installation,
        make_backend(installation, backend, model or None),
        load_judge_prompt(installation.prompts),
        place.persona,
        kept,
        at_once,
        table.get("base_url", "") if table.get("kind") == "openai" else "",
    )


def _are_whole(turn: ComparedTurn) -> bool:
    """Tell whether there are two replies to compare that nobody and nothing cut short."""
    return _is_whole(turn.recorded) and _is_whole(turn.played)


def _is_whole(turn: SessionTurn) -> bool:
    return turn.reply is not None and turn.reply.status == "complete" and bool(turn.answer.strip())
