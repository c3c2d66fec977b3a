"""A session as lines of JSON."""

from collections.abc import Iterator

from companion.domain.message import PromptMessage
from companion.domain.session import (
    EndLine,
    Line,
    PastLine,
    PromptLine,
    PromptPart,
    Session,
    SessionTurn,
)


def write_session(session: Session) -> Iterator[str]:
    """Yield the lines of a session file."""
    yield _text(session.header)
    count = 0
    known: tuple[PromptMessage, ...] = ()
    for line in _lines(session):
        if isinstance(line, SessionTurn):
            assert line.prompt
            shortened = _shorten(line.prompt, known, line.messages)
            known = line.messages or ()
            line = shortened
        yield _text(line)
        count += 1
    yield _text(EndLine(lines=count))


def _lines(session: Session) -> Iterator[Line | SessionTurn]:
    """Yield the lines between header and end; a turn stands for the line of its prompt."""
    yield from (PastLine(record=each) for each in session.past)  # type: ignore[arg-type]
    if session.greeting:
        yield session.greeting
    for turn in session.turns:
        yield turn.said
        for line in (turn.screened, *turn.moods, turn.guidance, turn.memories, turn.recalled):
            if line:
                yield line
        if turn.prompt:
            yield turn
        if turn.reply:
            yield turn.reply


def _shorten(
    prompt: PromptLine,
    known: tuple[PromptMessage, ...],
    messages: tuple[PromptMessage, ...] | None,
) -> PromptLine:
    """Return a prompt that says only what the one before it did not say."""
    if messages is None:
        return prompt.model_copy(update={"keeps": None, "adds": None})
    keeps = next(
        (
            place
            for place, (old, new) in enumerate(zip(known, messages, strict=False))
            if old != new
        ),
        min(len(known), len(messages)),
    )
    adds = tuple(PromptPart(role=m.role, content=m.content) for m in messages[keeps:])
    return prompt.model_copy(update={"keeps": keeps, "adds": adds})


def _text(line: Line) -> str:
    return line.model_dump_json(exclude_none=True) + "\n"
