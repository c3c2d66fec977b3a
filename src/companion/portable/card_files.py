"""Personas that came in as character cards: a file of ours, and the card beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.domain.errors import CompanionError, ImportFormatError
from companion.domain.persona import Persona
from companion.locations import make_private
from companion.portable.card_persona import find_changes, find_id, find_name, to_fields, to_persona
from companion.portable.cards import Card, change_card, new_card, read_card, to_json, to_picture
from companion.portable.private_file import write_private
from companion.prompting.files import find_prompt
from companion.prompting.personas import list_personas, load_persona, parse_persona

_ENDINGS = (".card.json", ".card.png")


@dataclass(frozen=True, slots=True)
class Imported:
    """A card that came in, the persona that it became, and the file of that."""

    card: Card
    persona: Persona
    path: Path


def import_card(
    source: Path, prompts: Sequence[Path], own: Path, name: str = "", *, replace: bool = False
) -> Imported:
    """Make a persona of the card in ``source``, in the user's ``own`` folder of prompts.

    ``name`` is that of its file, else it is called after the card. Raises
    ``ImportFormatError``, ``PromptError`` where no persona can be made of it, and
    ``CompanionError`` where there is such a persona already.
    """
    card = _read(source)
    persona_id = name or find_id(find_name(card.fields))
    if persona_id != find_id(persona_id):
        raise CompanionError(
            f"{name} cannot be the name of a persona. Take small letters, digits and hyphens."
        )
    own_one = find_card(own, persona_id)
    if persona_id in list_personas(prompts) and not (replace and own_one):
        mend = "add --replace" if own_one else "choose another name with --as"
        raise CompanionError(f"There is a persona called {persona_id} already; {mend}.")
    folder = own / "personas"
    path = folder / f"{persona_id}.toml"
    text = to_toml(to_persona(card, persona_id), source.name)
    persona = parse_persona(path, text)
    make_private(folder)
    beside = folder / f"{persona_id}{_ENDINGS[card.is_picture]}"
    _write_both(path, text, beside, card.data)
    if own_one and own_one != beside:
        own_one.unlink()
    return Imported(card, persona, path)


def export_card(prompts: Sequence[Path], persona_id: str, *, picture: bool) -> bytes:
    """Return the card of a persona as a file: as it came in, with what was changed since.

    One that never was a card becomes one of version 3. Raises ``PromptError``.
    """
    persona = load_persona(prompts, persona_id)
    path = find_prompt(prompts, f"personas/{persona_id}.toml")
    found = find_card(path.parent.parent, persona_id)
    if found:
        card = _read(found)
        card = change_card(card, find_changes(card, persona))
    else:
        card = new_card(to_fields(persona))
    return to_picture(card) if picture else to_json(card)


def find_card(folder: Path, persona_id: str) -> Path | None:
    """Return the card of a persona in a folder of prompts, if it came from one."""
    paths = [folder / "personas" / f"{persona_id}{ending}" for ending in _ENDINGS]
    return next((path for path in paths if path.is_file()), None)


def to_toml(persona: Persona, origin: str) -> str:
    """Return the file of a persona. ``origin`` is the name of the file that it came from."""
    import tomlkit

    document = tomlkit.document()
    printable = "".join(c for c in origin if c.isprintable())
    # Placeholders are looked for in all of the file, comments included.
    shown = printable.replace("{", "(").replace("}", ")")
    document.add(tomlkit.comment(f"Made from the card {shown}, which lies beside this file."))
    document.update({"name": persona.name, "summary": persona.summary})
    for field in ("history", "manner"):
        document[field] = tomlkit.string(f"\n{getattr(persona, field)}\n", multiline=True)
    greetings = tomlkit.table()
    for kind in ("first", "again", "back"):
        variants = tomlkit.array()
        variants.extend(getattr(persona.greetings, kind))
        greetings[kind] = variants.multiline(True)
    document["greetings"] = greetings
    if persona.examples:
        listed = tomlkit.aot()
        for each in persona.examples:
            listed.append(
                tomlkit.item({"feeling": each.feeling, "user": each.user, "reply": each.reply})
            )
        document["examples"] = listed
    return tomlkit.dumps(document)


def _write_both(path: Path, text: str, beside: Path, data: bytes) -> None:
    """Write a persona and its card. Where one of them cannot be written, both stay as they were."""
    staged = beside.with_name(f".{beside.name}.new")
    try:
        write_private(staged, [data], replace=True)
        write_private(path, [text], replace=True)
        staged.replace(beside)
    finally:
        staged.unlink(missing_ok=True)


def _read(path: Path) -> Card:
    try:
        return read_card(path.read_bytes())
    except OSError as error:
        raise ImportFormatError(f"{path} cannot be read ({error.strerror}).") from None
    except ImportFormatError as error:
        raise ImportFormatError(f"{path}: {error}") from None
