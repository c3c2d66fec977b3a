"""The logs database of ``llm``: https://llm.datasette.io/en/stable/logging.html."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from companion.domain.errors import ImportFormatError
from companion.domain.memory import ForeignTurn
from companion.domain.message import Role

_SAID = """
SELECT r.id, r.model, r.prompt, r.response, r.datetime_utc, r.duration_ms,
    IFNULL(r.conversation_id, r.id), IFNULL(c.name, '')
FROM responses AS r LEFT JOIN conversations AS c ON c.id = r.conversation_id
ORDER BY r.datetime_utc, r.rowid
"""
_NOT_ONE = (
    "{path} is not the logs database of llm ({why}). Nothing was imported; "
    "`llm logs path` tells where that is."
)


def read_llm_logs(path: Path, progress: Callable[[int], None]) -> Iterator[ForeignTurn]:
    """Yield prompts and responses. Raises ``ImportFormatError``; the file is only read."""
    size = path.stat().st_size
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as logs:
            count = logs.execute("SELECT COUNT(*) FROM responses").fetchone()[0]
            for number, row in enumerate(logs.execute(_SAID), start=1):
                yield from _read_response(*row)
                progress(size * number // count)
    except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
        raise ImportFormatError(_NOT_ONE.format(path=path, why=error)) from error


def _read_response(
    number: str,
    model: str,
    prompt: str | None,
    response: str | None,
    at: str,
    milliseconds: int | None,
    conversation: str,
    title: str,
) -> Iterator[ForeignTurn]:
    asked = datetime.fromisoformat(at)
    asked = asked.replace(tzinfo=UTC) if asked.tzinfo is None else asked.astimezone(UTC)
    answered = asked + timedelta(milliseconds=milliseconds or 0)
    place = str(conversation)
    if prompt and prompt.strip():
        yield ForeignTurn(
            place, f"{number} prompt", asked, "", Role.USER, prompt.strip(), title or place
        )
    if response and response.strip():
        yield ForeignTurn(
            *(place, f"{number} response", answered, model, Role.ASSISTANT),
            *(response.strip(), title or place),
        )
