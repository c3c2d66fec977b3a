"""Filling ``{{placeholders}}`` in prompt text."""

import re
from collections.abc import Collection, Mapping

from companion.domain.errors import PromptError

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def check_placeholders(
    text: str, known: Collection[str], source: str, *, first_line: int = 1
) -> None:
    """Raise ``PromptError`` with file and line at the first placeholder not in ``known``.

    ``source`` names the file, ``first_line`` is the line number at which ``text`` begins.
    """
    for number, line in enumerate(text.splitlines(), start=first_line):
        for match in _PLACEHOLDER.finditer(line):
            if match[1] not in known:
                names = ", ".join("{{" + name + "}}" for name in sorted(known)) or "none"
                raise PromptError(
                    f"{source}:{number}: nothing fills {match[0]}. It may be one of: {names}."
                )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put ``values`` in place of placeholders; what is put in is not read again."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)
