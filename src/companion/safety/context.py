"""What lowers a finding: idiom, denial, the past, fiction, quotation, the subject, a joke."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from companion.safety.phrases import compiled, expression, read_data
from companion.safety.reading import Reading
from companion.safety.rules import Finding

LOWERED: Final = 1
"""What a finding that is not meant counts at most; its words stay in the evidence."""
_NEAR: Final = re.compile(r" (?:i|my|me|myself|mine|we)(?= )")
_BEFORE: Final = 30


@dataclass(frozen=True, slots=True)
class Signs:
    """The expressions of ``context.toml`` and ``idioms.toml``, ready to be looked for."""

    idioms: re.Pattern[str]
    denied: re.Pattern[str]
    not_denied: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    verbs: re.Pattern[str]
    recent: re.Pattern[str]
    fiction: re.Pattern[str]
    says: re.Pattern[str]
    own: re.Pattern[str]
    subject: re.Pattern[str]
    joke: re.Pattern[str]


@cache
def signs() -> Signs:
    """Return them all."""
    kept = read_data("context")
    negation, past, fiction = kept["negation"], kept["past"], kept["fiction"]
    small = "|".join(map(expression, negation["between"]))
    denied = "|".join(map(expression, negation["words"]))
    said = "|".join(map(expression, fiction["says"]))
    return Signs(
        compiled(read_data("idioms")["find"]),
        re.compile(f"(?:{denied})(?:{small}){{0,7}}$"),
        compiled(negation["not_denied"]),
        compiled(past["cues"]),
        compiled(past["present"]),
        compiled(past["verbs"]),
        compiled(past["recent"]),
        compiled(fiction["cues"]),
        re.compile(f"(?:{said})(?: [^ .]+){{0,6}}$"),
        compiled(fiction["own"]),
        compiled(kept["subject"]["cues"]),
        compiled(kept["joke"]["cues"]),
    )


class Context:
    """One message's circumstances: what its findings come to."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._text = reading.text
        self.idioms = tuple(found.span() for found in signs().idioms.finditer(self._text))
        self._fiction = signs().fiction.search(self._text)
        self._subject = bool(signs().subject.search(self._text))
        self._joke = bool(signs().joke.search(self._text))
        self._past = tuple(found.span() for found in signs().past.finditer(self._text))

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
        before = self._text[begin : finding.start + 1]
        return not signs().not_denied.search(before)

    def _is_anothers(self, finding: Finding) -> bool:
        begin, end = self._reading.sentence(finding.start, finding.end)
        own = self._is_own(finding)
        if self._is_quoted(finding) and not signs().own.search(self._text, 0, finding.start):
            return bool(self._fiction or self._subject or self._said_by_another(0, finding))
        if not own:
            return bool(self._fiction or self._subject)
        if signs().own.search(self._text, begin, finding.start + 1):
            return False
        inside = self._fiction and begin <= self._fiction.start() < finding.start
        return bool(inside) or self._said_by_another(begin, finding)

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
        if not cues or signs().recent.search(self._text, begin, end):
            return False
        used_to = any(self._text[cue[0] : cue[1]] == " used to" for cue in cues)
        if not used_to and self._is_present(finding, begin):
            return False
        return not signs().present.search(self._text, finding.start, end)

    def _next(self, end: int) -> int:
        return self._reading.sentence(end + 2, end + 2)[1] if end + 2 < len(self._text) else end

    def _is_present(self, finding: Finding, begin: int) -> bool:
        near = max(begin, finding.start - 12)
        return bool(signs().verbs.search(self._text[near : finding.end + 1]))
