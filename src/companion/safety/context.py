"""What lowers a finding: idiom, denial, the past, fiction, quotation, the subject, a joke."""

import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import Final

from companion.safety.phrases import Phrases, expression, read_data
from companion.safety.reading import Reading
from companion.safety.rules import Finding

LOWERED: Final = 1
"""What a finding that is not meant counts at most; its words stay in the evidence."""
_NEAR: Final = re.compile(r" (?:i|my|me|myself|mine|we)(?= )")
_BEFORE: Final = 30


@dataclass(frozen=True, slots=True)
class Signs:
    """The expressions of ``context.toml`` and ``idioms.toml``, ready to be looked for."""

    idioms: Phrases
    denied: re.Pattern[str]
    not_denied: Phrases
    past: Phrases
    present: Phrases
    verbs: Phrases
    recent: Phrases
    fiction: Phrases
    says: re.Pattern[str]
    own: Phrases
    subject: Phrases
    joke: Phrases


@cache
def signs() -> Signs:
    """Return them all."""
    kept = read_data("context")
    negation, past, fiction = kept["negation"], kept["past"], kept["fiction"]
    small = "|".join(map(expression, negation["between"]))
    denied = "|".join(map(expression, negation["words"]))
    said = "|".join(map(expression, fiction["says"]))
    return Signs(
        Phrases(read_data("idioms")["find"]),
        re.compile(f"(?:{denied})(?:{small}){{0,7}}$"),
        Phrases(negation["not_denied"]),
        Phrases(past["cues"]),
        Phrases(past["present"]),
        Phrases(past["verbs"]),
        Phrases(past["recent"]),
        Phrases(fiction["cues"]),
        re.compile(f"(?:{said})(?: [^ .]+){{0,6}}$"),
        Phrases(fiction["own"]),
        Phrases(kept["subject"]["cues"]),
        Phrases(kept["joke"]["cues"]),
    )


class Context:
    """One message's circumstances: what its findings come to."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._text = reading.text
        self.idioms = self._places(signs().idioms)
        self._fiction = self._places(signs().fiction)
        self._past = self._places(signs().past)
        self._subject = self._has(signs().subject)
        self._joke = self._has(signs().joke)

    def _places(self, phrases: Phrases) -> tuple[tuple[int, int], ...]:
        found = phrases.search(self._text, self._reading.known)
        return tuple(one.span() for one in found)

    def _has(self, phrases: Phrases, start: int = 0, end: int = sys.maxsize) -> bool:
        return any(phrases.search(self._text, self._reading.known, start, end))

    def tier(self, finding: Finding) -> int:
        """Return what a finding comes to here."""
        tier = finding.rule.tier
        if tier <= LOWERED:
            return tier
        joking = self._joke and not finding.rule.firm
        if joking or self._is_not_meant(finding) or self._is_over(finding):
            return LOWERED
        return tier

    @property
    def is_told(self) -> bool:
        """Whether the message as a whole tells of something made up, past or studied."""
        return bool(self._fiction or self._past or self._subject)

    def _is_not_meant(self, finding: Finding) -> bool:
        return (
            any(start < finding.end and finding.start < end for start, end in self.idioms)
            or self._is_denied(finding)
            or self._is_anothers(finding)
        )

    def _is_denied(self, finding: Finding) -> bool:
        begin, _ = self._reading.sentence(finding.start, finding.end)
        if not signs().denied.search(self._text, begin, finding.start):
            return False
        return not self._has(signs().not_denied, begin, finding.start + 1)

    def _is_anothers(self, finding: Finding) -> bool:
        begin, end = self._reading.sentence(finding.start, finding.end)
        own = self._is_own(finding)
        if self._is_quoted(finding) and not self._has(signs().own, 0, finding.start):
            return bool(self._fiction or self._subject or self._said_by_another(0, finding))
        if not own:
            return bool(self._fiction or self._subject)
        if self._has(signs().own, begin, finding.start + 3):
            return False
        inside = any(begin <= start < finding.start for start, _ in self._fiction)
        return inside or self._said_by_another(begin, finding)

    def _said_by_another(self, begin: int, finding: Finding) -> bool:
        return bool(signs().says.search(self._text, begin, finding.start))

    def _is_own(self, finding: Finding) -> bool:
        begin, _ = self._reading.sentence(finding.start, finding.end)
        near = self._text[max(begin, finding.start - _BEFORE) : finding.end + 1]
        return bool(_NEAR.search(near))

    def _is_quoted(self, finding: Finding) -> bool:
        start, end = self._reading.place(finding.start, finding.end)
        return any(first <= start and end <= last for first, last in self._reading.quoted)

    def _is_over(self, finding: Finding) -> bool:
        begin, end = self._reading.sentence(finding.start, finding.end)
        previous, _ = self._reading.sentence(max(begin - 4, 0), max(begin - 4, 0))
        cues = [cue for cue in self._past if previous <= cue[0] and cue[1] <= self._next(end)]
        if not cues or self._has(signs().recent, begin, end):
            return False
        used_to = any(self._text[cue[0] : cue[1]] == " used to" for cue in cues)
        if not used_to and self._is_present(finding, begin):
            return False
        return not self._has(signs().present, finding.start, end)

    def _next(self, end: int) -> int:
        return self._reading.sentence(end + 2, end + 2)[1] if end + 2 < len(self._text) else end

    def _is_present(self, finding: Finding, begin: int) -> bool:
        near = max(begin, finding.start - 12)
        return self._has(signs().verbs, near, finding.end + 1)
