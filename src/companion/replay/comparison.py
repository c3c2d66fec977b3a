"""Sessions beside what they were: turn by turn, and in all."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.domain.session import Session, SessionTurn
from companion.replay.differences import Difference, What, find_differences
from companion.replay.judged import Better, Judged
from companion.replay.measures import Measures, measure

_REMEMBERED = 12
"""Among so many of her last replies a sentence is looked for that she says again."""


@dataclass(frozen=True, slots=True)
class ComparedTurn:
    """One turn as it was recorded and as it went now.

    ``failures`` are the expectations that do not hold, in words. ``judged`` is what a judge
    said, where one was asked.
    """

    recorded: SessionTurn
    played: SessionTurn
    differences: tuple[Difference, ...]
    before: Measures
    after: Measures
    failures: tuple[str, ...] = ()
    judged: Judged | None = None

    @property
    def worse(self) -> bool:
        """Whether a judge prefers the recorded reply."""
        return self.judged is not None and self.judged.better is Better.RECORDED

    @property
    def new_faults(self) -> tuple[str, ...]:
        """Faults of the reply that the recorded one did not have."""
        return tuple(name for name in self.after.faults if name not in self.before.faults)

    @property
    def broken(self) -> str:
        """Why no reply came where one was recorded; empty where one came."""
        old, new = self.recorded.reply, self.played.reply
        if new is None or new.status != "failed" or (old and old.status == "failed"):
            return ""
        return new.error or "no reply"

    @property
    def badness(self) -> int:
        """How much a tester should look at it: 0 where nothing is different."""
        grave = 1000 * len(self.failures) + 200 * bool(self.broken) + 100 * self.worse
        return grave + 20 * len(self.new_faults) + 5 * len(self.differences)


@dataclass(frozen=True, slots=True)
class ComparedSession:
    """A session beside what it was. ``problem`` says why turns could not be compared.

    ``mind`` names who answered, ``run`` counts from 1 where it was played several times.
    """

    file: str
    session: Session
    turns: tuple[ComparedTurn, ...]
    mind: str = ""
    problem: str = ""
    run: int = 1

    @property
    def missing(self) -> int:
        """How many turns that the file has were not compared."""
        return len(self.session.turns) - len(self.turns)

    @property
    def name(self) -> str:
        """What it is called in a report."""
        chats = self.session.header.title if self.session.header.bare else ""
        run = f" ({self.run})" if self.run > 1 else ""
        return f"{chats or self.file}{run}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What makes a replay fail: everything in the recorded mode, less in the others.

    A live reply is never the same, and what it changes is what one wants to see: there,
    only what the program does around the model counts. ``unreadable`` says of which files
    nothing could be played.
    """

    counting: frozenset[What]
    unreadable: tuple[str, ...] = ()

    def count(self, compared: Sequence[ComparedSession]) -> int:
        """Return in how many turns something differs that counts."""
        return sum(
            any(each.what in self.counting for each in turn.differences)
            for session in compared
            for turn in session.turns
        )

    def passes(self, compared: Sequence[ComparedSession]) -> bool:
        """Tell whether all is read, compared, and judged where a judge was asked, nothing that
        counts differs, and all expectations hold.
        """
        turns = [turn for session in compared for turn in session.turns]
        lacking = any(session.problem or session.missing for session in compared)
        whole = not lacking and not self.unreadable
        judged = not any(turn.judged and turn.judged.problem for turn in turns)
        failed = any(turn.failures for turn in turns)
        return whole and judged and not failed and self.count(compared) == 0


EVERYTHING = Verdict(frozenset(What))
NOTHING = Verdict(frozenset())


def group(compared: Sequence[ComparedSession]) -> dict[str, list[ComparedSession]]:
    """Return the sessions by the mind that answered, in the order in which they came."""
    groups: dict[str, list[ComparedSession]] = {}
    for each in compared:
        groups.setdefault(each.mind, []).append(each)
    return groups


def compare_turn(
    recorded: SessionTurn, played: SessionTurn, earlier: Sequence[tuple[str, str]], *, bare: bool
) -> ComparedTurn:
    """Compare one turn; ``earlier`` are the recorded and the played replies before it.

    Of a ``bare`` session only the reply was recorded: the rest is as it is now.
    """
    if bare:
        known = (played.moods, played.guidance, played.screened)
        recorded = SessionTurn(recorded.said, known[2], known[0], known[1], reply=recorded.reply)
    recent = earlier[-_REMEMBERED:]
    if played == recorded:
        # One of the two is enough to keep and to send from process to process.
        played = recorded
    differences = find_differences(recorded, played) if played is not recorded else ()
    if bare:
        differences = tuple(each for each in differences if each.what is What.REPLY)
    before = measure(recorded, [old for old, _ in recent])
    # The program takes time, too; where nothing differs, the model took that of the file.
    same = not differences and all(old == new for old, new in recent)
    after = before if same else measure(played, [new for _, new in recent])
    return ComparedTurn(recorded, played, differences, before, after)
