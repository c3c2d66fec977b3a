"""Playing sessions with a model that answers again."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path

from companion.assembly import open_stage
from companion.backends.cassette import Cassette
from companion.domain.errors import CompanionError, SessionError
from companion.domain.session import SessionTurn
from companion.installation import make_backend
from companion.prompting.files import hash_prompts
from companion.protocols.model import Backend
from companion.replay.batch import Job, Place
from companion.replay.comparison import NOTHING, ComparedSession, ComparedTurn, compare_turn
from companion.replay.folders import open_folder
from companion.replay.judge import Judge
from companion.replay.kept_lines import KeptLines
from companion.replay.kept_replies import KeptReplies, hash_session
from companion.replay.live_cast import LiveCast, RunningClock
from companion.replay.player import Player
from companion.replay.recorded import Theatre


@dataclass(frozen=True, slots=True)
class Mind:
    """Who answers: a backend by its name, and perhaps another model or other prompts of it.

    With ``freely``, each turn sees what was answered now and not what was recorded.
    """

    name: str = ""
    backend: str | None = None
    model: str | None = None
    prompts: Path | None = None
    seed: int | None = None
    freely: bool = False


@dataclass(slots=True)
class LiveRun:
    """Sessions that one mind answers, ``repeat`` times, ``at_once`` of them together.

    ``told`` is called with each turn that is done, and once more where a judge is done with it.
    """

    place: Place
    mind: Mind
    jobs: Sequence[Job]
    repeat: int = 1
    at_once: int = 1
    restart: bool = False
    cassette: Cassette | None = None
    told: Callable[[], None] = field(default=lambda: None)
    judge: Judge | None = None

    async def compare(self) -> list[ComparedSession]:
        """Return every session beside what it was, run after run.

        What was answered before an interruption is not asked for again. Raises
        ``CompanionError`` only for what is wrong with all of them.
        """
        place = replace(self.place, prompts=self.mind.prompts or self.place.prompts)
        theatre = place.open()
        self._refuse_what_no_cassette_hears(theatre)
        kept = self._find_kept(theatre)
        compared: list[ComparedSession] = []
        for run in range(1, self.repeat + 1):
            seed = None if self.mind.seed is None else self.mind.seed + run - 1
            backend = make_backend(
                *(theatre.installation, self.mind.backend, self.mind.model, seed, self.cassette)
            )
            try:
                compared += await self._run(theatre, backend, kept, run)
            finally:
                await backend.close()
        if self.judge:
            compared = await self.judge.judge(compared, self.told)
        if NOTHING.passes(compared):
            kept.forget()
        return compared

    def _find_kept(self, theatre: Theatre) -> KeptReplies:
        installation, mind = theatre.installation, self.mind
        persona = self.place.persona or installation.settings.persona
        prompts = hash_prompts(installation.prompts, persona)
        name = mind.backend or installation.settings.backend
        described = (
            *(name, repr(installation.settings.backend_table(name)), str(mind.model)),
            *(str(mind.seed), str(mind.freely), persona, *prompts.values()),
        )
        folder = installation.locations.replays
        restart = self.restart or self.cassette is not None
        return KeptReplies(KeptLines(folder, described, restart=restart))

    def _refuse_what_no_cassette_hears(self, theatre: Theatre) -> None:
        settings = theatre.installation.settings
        name = self.mind.backend or settings.backend
        if self.cassette and settings.backend_table(name).get("kind") != "openai":
            raise SessionError(
                f"A cassette hears only servers; {name} is none. "
                'Choose a backend of kind = "openai" with --backend.'
            )

    async def _run(
        self, theatre: Theatre, backend: Backend, kept: KeptReplies, run: int
    ) -> list[ComparedSession]:
        free = asyncio.Semaphore(self.at_once)

        async def compare(job: Job) -> ComparedSession:
            async with free:
                return await self._compare_one(theatre, backend, job, kept, run)

        return list(await asyncio.gather(*map(compare, self.jobs)))

    async def _compare_one(
        self, theatre: Theatre, backend: Backend, job: Job, kept: KeptReplies, run: int
    ) -> ComparedSession:
        turns: list[ComparedTurn] = []
        earlier: list[tuple[str, str]] = []
        problem, session = job.session.problem, job.session
        digest = hash_session(session)
        cast = LiveCast(backend, kept, lambda turn: (digest, run, turn))
        try:
            async with aclosing(self._play(theatre, cast, job)) as played_turns:
                async for played in played_turns:
                    recorded = session.turns[len(turns)]
                    turns.append(compare_turn(recorded, played, earlier, bare=session.header.bare))
                    earlier.append((recorded.answer, played.answer))
                    self.told()
                    if problem := cast.problem or problem:
                        break
        except CompanionError as error:
            problem = f"Turn {len(turns) + 1} could not be played: {error}"
        name = self.mind.name or f"{backend.name}/{backend.model}"
        return ComparedSession(job.file, session, tuple(turns), name, problem, run)

    async def _play(
        self, theatre: Theatre, cast: LiveCast, job: Job
    ) -> AsyncGenerator[SessionTurn, None]:
        installation, library = theatre.prepare(job.session.header)
        clock = RunningClock(job.session.header.zone)
        with open_folder(installation.locations.replays) as folder:
            stage = await asyncio.to_thread(
                open_stage, installation, library, folder, cast, clock, job.session.past
            )
            try:
                await asyncio.to_thread(stage.mind.recollection.learn_all)
                # The mood model judges; a second opinion would make two runs differ.
                stage.mind.appraise_prompt = ""
                player = Player(job.session, stage, clock, cast, restored=not self.mind.freely)
                async for turn in player.play():
                    yield cast.settle(turn)
            finally:
                stage.close()


async def compare_live(runs: Sequence[LiveRun], judge: Judge | None) -> list[ComparedSession]:
    """Return the sessions of all runs, and close the judge whom they share."""
    try:
        compared = [each for run in runs for each in await run.compare()]
        if judge and NOTHING.passes(compared):
            judge.forget()
        return compared
    finally:
        if judge:
            await judge.close()
