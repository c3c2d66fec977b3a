"""``companion memory summary`` and ``reflection``: what was summed up, with its turns."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from companion.cli.opening import with_companion
from companion.cli.output import JsonFlag, print_json
from companion.domain.memories import MadeBy
from companion.domain.summaries import Summary

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

_NOTHING_SAID = "Nothing of that conversation is worth a summary yet."
_NOTHING_KNOWN = "I do not know you yet. What you tell me of your life shows up here."
_MAKERS = {MadeBy.RULES: "in your own words", MadeBy.LLM: "in the words of a language model"}


def summary(
    conversation: Annotated[
        int | None,
        typer.Argument(min=1, max=2**63 - 1, help="Its number in companion history list."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Sum up a conversation, by default the latest; each sentence names its messages."""

    async def work(companion: "Companion") -> None:
        number = conversation or await _find_latest(companion)
        found = await companion.summaries.conversation(number) if number else []
        if as_json:
            print_json([summary_object(each) for each in found])
        elif not found:
            typer.echo(_NOTHING_SAID)
        for each in () if as_json else found:
            typer.echo(f"Messages {each.first_id} to {each.last_id}, {_MAKERS[each.made_by]}:")
            _print_sentences(each)

    with_companion(work)


def reflection(as_json: JsonFlag = False) -> None:
    """Show what she knows about you by now, and the messages that told it."""

    async def work(companion: "Companion") -> None:
        found = await companion.summaries.reflection()
        if as_json:
            print_json(summary_object(found) if found else None)
        elif not found:
            typer.echo(_NOTHING_KNOWN)
        else:
            _print_sentences(found)

    with_companion(work)


def summary_object(found: Summary) -> dict[str, Any]:
    """Return a summary as it is printed in JSON."""
    return {
        "conversation": found.conversation_id,
        "first_message": found.first_id,
        "last_message": found.last_id,
        "at": found.at.isoformat(),
        "made_by": found.made_by.value,
        "sentences": [
            {"text": each.text, "messages": list(each.turns)} for each in found.sentences
        ],
    }


async def _find_latest(companion: "Companion") -> int | None:
    found = await companion.conversations(limit=1)
    return found[0].id if found else None


def _print_sentences(found: Summary) -> None:
    own = found.made_by is MadeBy.RULES and found.conversation_id is not None
    for each in found.sentences:
        typer.echo(f"- {_say(each.text, own=own)} ({each.source})")


def _say(text: str, *, own: bool) -> str:
    from companion.memory.noticing.persons import to_second

    return f"“{text}”" if own else to_second(text)
