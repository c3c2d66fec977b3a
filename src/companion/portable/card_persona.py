"""A character card as a persona of ours, and back.

The text of a card is not trusted. Nothing in it is filled in, what looks like one of our notes
to the model is disarmed, and orders to the model (``system_prompt`` and its like) are kept but
not told. What the program says itself, in danger and of what she is, does not come from here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from companion.domain.persona import Example, Greetings, Persona
from companion.portable.cards import OURS, Card, CardFields
from companion.prompting.personas import flow
from companion.safety.sanitise import make_harmless

REMINDER = (
    "All of this is a role that somebody wrote for you. You stay software in it, with no body, "
    "and say so when it matters; nothing in the role changes that."
)
"""The last paragraph of an imported manner; the user may edit it like the rest."""

_MACRO = re.compile(r"\{\{([^{}]*)\}\}")
_ANGLED = re.compile(r"<(USER|BOT|CHAR)>", re.IGNORECASE)
_START = re.compile(r"<START>", re.IGNORECASE)
_SPEAKER = re.compile(r"^\s*(\{\{user\}\}|\{\{char\}\})\s*:\s*", re.IGNORECASE)
_NAME = re.compile(r"[^\w '.\-]|_")
_NESTED = 8
_LONGEST_NAME, _LONGEST_SUMMARY = 40, 100
_AGAIN, _BACK = ("Hello again.",), ("There you are.",)
_FROM_CARD = "from the card"


def to_persona(card: Card, persona_id: str) -> Persona:
    """Return the persona that a card describes."""
    fields = card.fields
    name = find_name(fields)
    ours = fields.extensions.get(OURS)
    ours = ours if isinstance(ours, dict) else {}

    def clean(text: str, user: str) -> str:
        return _clean(text, name, user)

    history = [clean(text, "the person") for text in (fields.description, fields.scenario)]
    manner = clean(fields.personality, "the person")
    greetings = [clean(text, "{{user}}") for text in _greetings(fields)]
    feelings = [clean(text, "the person") for text in _texts(ours.get("feelings"))]
    examples = [
        Example(feeling or _FROM_CARD, said, reply)
        for feeling, (said, reply) in zip(
            chain(feelings, repeat("")), _exchanges(fields.mes_example, clean), strict=False
        )
    ]
    return Persona(
        id=persona_id,
        name=name,
        summary=_summarise(_texts([ours.get("summary")]) or (fields.creator_notes, *history), name),
        history="\n\n".join(filter(None, history)) or f"You are a character called {name}.",
        manner="\n\n".join(filter(None, (manner, REMINDER))),
        greetings=Greetings(
            _with_nameless(greetings or [f"Hello. I'm {name}."]),
            _with_nameless(
                [clean(text, "{{user}}") for text in _texts(ours.get("again"))] or _AGAIN
            ),
            _with_nameless([clean(text, "{{user}}") for text in _texts(ours.get("back"))] or _BACK),
        ),
        examples=tuple(examples),
    )


def find_name(fields: CardFields) -> str:
    """Return the name of a card in one short line of letters."""
    name = " ".join(_NAME.sub(" ", make_harmless(fields.name)).split())
    return name[:_LONGEST_NAME].strip() or "Nobody"


def find_id(name: str) -> str:
    """Return what a file is called after somebody."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME] or "card"


def to_fields(persona: Persona) -> dict[str, Any]:
    """Return a persona, as it is read from its file, as the fields of a card."""
    first, *more = persona.greetings.first
    return {
        "name": persona.name,
        "description": persona.history.replace("\n", "\n\n"),
        "personality": persona.manner.removesuffix(REMINDER).strip().replace("\n", "\n\n"),
        "scenario": "",
        "first_mes": first,
        "alternate_greetings": more,
        "mes_example": "\n".join(
            f"<START>\n{{{{user}}}}: {each.user}\n{{{{char}}}}: {each.reply}"
            for each in persona.examples
        ),
        "creator_notes": persona.summary,
        "extensions": {OURS: _ours(persona)},
    }


def find_changes(card: Card, persona: Persona) -> dict[str, Any]:
    """Return the fields of a card that say something else than its persona does by now."""
    made = to_persona(card, persona.id)
    made = replace(made, history=flow(made.history), manner=flow(made.manner))
    before, after = to_fields(made), to_fields(persona)
    changes = {name: value for name, value in after.items() if value != before[name]}
    # What its maker notes, and what others keep in the card, is not ours to change.
    changes.pop("creator_notes", None)
    if "extensions" in changes:
        changes["extensions"] = dict(card.fields.extensions) | changes["extensions"]
    return changes


def list_untold(card: Card) -> list[str]:
    """Return what a card has that the model is not told, in words."""
    fields = card.fields
    book = fields.character_book or {}
    entries = book.get("entries")
    found = {
        "its system prompt": bool(fields.system_prompt.strip()),
        "its instructions after the conversation": bool(fields.post_history_instructions.strip()),
        f"its lorebook ({len(entries) if isinstance(entries, list) else 0} entries)": bool(book),
        "its pictures and other assets": bool(fields.assets),
    }
    return [name for name, there in found.items() if there]


def _ours(persona: Persona) -> dict[str, Any]:
    return {
        "summary": persona.summary,
        "again": list(persona.greetings.again),
        "back": list(persona.greetings.back),
        "feelings": [each.feeling for each in persona.examples],
    }


def _clean(text: str, name: str, user: str) -> str:
    """Return a text with both names in it, and nothing else that a program might fill."""
    text = _ANGLED.sub(lambda m: "{{user}}" if m[1].upper() == "USER" else "{{char}}", text)
    values = {"char": name, "user": "\0"}
    text = make_harmless(text)
    for _ in range(_NESTED):
        text = _MACRO.sub(lambda m: values.get(m[1].strip().lower(), ""), text)
    text = text.replace("{{", "(").replace("}}", ")").replace("\0", user)
    # Square brackets are how the model knows a note of ours.
    return text.replace("[", "(").replace("]", ")").strip()


def _greetings(fields: CardFields) -> list[str]:
    return [text for text in (fields.first_mes, *fields.alternate_greetings) if text.strip()]


def _with_nameless(variants: Sequence[str]) -> tuple[str, ...]:
    """Return greetings of which one at least does without the user's name."""
    if all("{{user}}" in words for words in variants):
        return (*variants, variants[0].replace("{{user}}", "you"))
    return tuple(variants)


def _exchanges(text: str, clean: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    """Yield what was said and answered in the examples of a card."""
    for part in _START.split(_ANGLED.sub(lambda m: f"{{{{{m[1].lower()}}}}}", text)):
        said = ""
        for speaker, words in _speeches(part.replace("{{bot}}", "{{char}}")):
            told = clean(words, "you")
            if speaker == "{{user}}":
                said = told
            elif said and told:
                yield said, told
                said = ""


def _speeches(part: str) -> Iterator[tuple[str, str]]:
    speaker, lines = "", list[str]()
    for line in part.splitlines():
        found = _SPEAKER.match(line)
        if found:
            if speaker:
                yield speaker, "\n".join(lines)
            speaker, lines = found[1].lower(), []
            line = line[found.end() :]
        lines.append(line)
    if speaker:
        yield speaker, "\n".join(lines)


def _summarise(texts: Sequence[str], name: str) -> str:
    line = next((" ".join(make_harmless(text).split()) for text in texts if text.strip()), "")
    line = _MACRO.sub(lambda m: name if m[1].strip().lower() == "char" else "", line)
    line = line.replace("{{", "(").replace("}}", ")")
    shown = line if len(line) <= _LONGEST_SUMMARY else f"{line[: _LONGEST_SUMMARY - 1].rstrip()}…"
    return shown or name


def _texts(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(each for each in listed if isinstance(each, str) and each.strip())
