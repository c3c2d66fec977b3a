"""What lowers a finding: idiom, denial, the past, fiction, quotation, the subject, a joke."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from companion.safety.phrase_parts import Part
from companion.safety.phrases import Phrases, parse, read_data
from companion.safety.reading import Reading
from companion.safety.rules import Finding

LOWERED: Final = 1
"""What a finding that is not meant counts at most; its words stay in the evidence."""
_OWN_WORDS: Final = frozenset(("i", "my", "me", "myself", "mine", "we"))
_NEAR: Final = 5
_SAID_WITHIN: Final = 7
_DENIED_WITHIN: Final = 12


@dataclass(frozen=True, slots=True)
class Signs:
    """The phrases of ``context.toml`` and ``idioms.toml``, ready to be looked for."""

    idioms: Phrases
    denial: Part
    not_denied: Phrases
    taken_back: Phrases
    past: Phrases
    present: Phrases
    verbs: Phrases
    recent: Phrases
    frames: Phrases
    fiction: Phrases
    says: Phrases
    speaks: Phrases
    own: Phrases
    subject: Phrases
    joke: Phrases
    errand: Phrases


@cache
def signs() -> Signs:
    """Return them all."""
    kept = read_data("context")
    negation, past, fiction = kept["negation"], kept["past"], kept["fiction"]
    small = "|".join(negation["between"])
    return Signs(
        Phrases(read_data("idioms")["find"]),
        parse(f"({'|'.join(negation['words'])})" + f"[{small}]" * 7),
        Phrases(negation["not_denied"]),
        Phrases(negation["taken_back"]),
        Phrases(past["cues"]),
        Phrases(past["present"]),
        Phrases(past["verbs"]),
        Phrases(past["recent"]),
        Phrases(fiction["frames"]),
        Phrases(fiction["cues"]),
        Phrases(fiction["says"]),
        Phrases(fiction["speaks"]),
        Phrases(fiction["own"]),
        Phrases(kept["subject"]["cues"]),
        Phrases(kept["joke"]["cues"]),
        Phrases(kept["errand"]["cues"]),
    )


class Context:
    """One message's circumstances: what its findings come to."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._words = reading.words
        self.idioms = self._places(signs().idioms)
        self._frames = self._places(signs().frames)
        self._fiction = bool(self._frames) or self._has(signs().fiction)
        self._past = self._places(signs().past)
        self._subject = self._has(signs().subject)
        self._joke = self._has(signs().joke)

    def tier(self, finding: Finding) -> int:
        """Return what a finding comes to here."""
        if finding.rule.tier > LOWERED and self.explains(finding):
            return LOWERED
        return finding.rule.tier

    def explains(self, finding: Finding) -> bool:
        """Whether a finding is said in jest, or excused otherwise."""
        joking = self._joke and not finding.rule.firm
        return joking or self.excuses(finding)

    def excuses(self, finding: Finding) -> bool:
        """Whether a finding is not meant, not now, or not of the writer, jokes aside."""
        return self._is_not_meant(finding) or self._is_over(finding)

    @property
    def is_told(self) -> bool:
        """Whether the message tells of something made up or past."""
        return bool(self._fiction or self._past)

    @property
    def has_errand(self) -> bool:
        """Whether the message names somebody whom the writer may call."""
        return self._has(signs().errand)

    def _places(
        self, phrases: Phrases, start: int = 0, end: int | None = None
    ) -> tuple[tuple[int, int], ...]:
        return tuple(phrases.search(self._words, self._reading.known, start, end))

    def _has(self, phrases: Phrases, start: int = 0, end: int | None = None) -> bool:
        return any(phrases.search(self._words, self._reading.known, start, end))

    def _is_not_meant(self, finding: Finding) -> bool:
        return self._is_idiom(finding) or self._is_denied(finding) or self._is_anothers(finding)

    def _is_idiom(self, finding: Finding) -> bool:
        size = finding.end - finding.start
        return any(
            start < finding.end and finding.start < end and size <= end - start
            for start, end in self.idioms
        )

    def _is_denied(self, finding: Finding) -> bool:
        begin, end = self._reading.sentence(finding.start, finding.end)
        near = range(max(begin, finding.start - _DENIED_WITHIN), finding.start)
        if not any(finding.start in signs().denial.ends(self._words, at) for at in near):
            return False
        taken_back = self._has(signs().taken_back, finding.end, end)
        return not (taken_back or self._has(signs().not_denied, begin, finding.start))

    def _is_anothers(self, finding: Finding) -> bool:
        begin, _ = self._reading.sentence(finding.start, finding.end)
        told = self._fiction or self._subject
        if self._is_quoted(finding) and not self._has(signs().own, 0, finding.start):
            return told or self._has(signs().says)
        if not self._is_own(begin, finding):
            return told
        if self._has(signs().own, begin, min(finding.start + 1, len(self._words))):
            return False
        if any(begin <= start < finding.start for start, _ in self._frames):
            return True
        near = max(begin, finding.start - _SAID_WITHIN)
        return self._has(signs().speaks, near, finding.start)

    def _is_own(self, begin: int, finding: Finding) -> bool:
        near = self._words[max(begin, finding.start - _NEAR) : finding.end]
        return not _OWN_WORDS.isdisjoint(near)

    def _is_quoted(self, finding: Finding) -> bool:
        start, end = self._reading.place(finding.start, finding.end)
        return any(first <= start and end <= last for first, last in self._reading.quoted)

    def _is_over(self, finding: Finding) -> bool:
        begin, end = self._reading.sentence(finding.start, finding.end)
        before, _ = self._reading.sentence(max(begin - 2, 0), max(begin - 1, 0))
        _, after = self._reading.sentence(end, min(end + 1, len(self._words)))
        cues = [cue for cue in self._past if before <= cue[0] and cue[1] <= after]
        if not cues or self._has(signs().recent, begin, end):
            return False
        used_to = any(
            self._words[start:stop] == ("used", "to") and begin <= start < finding.start
            for start, stop in cues
        )
        if not used_to and self._has(signs().verbs, max(begin, finding.start - 3), finding.end):
            return False
        return not self._has(signs().present, finding.start, end)
