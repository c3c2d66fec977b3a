"""Character cards as SillyTavern and others write them: JSON, alone or inside a PNG picture.

Versions 1, 2 (malfoyslastname/character-card-spec-v2) and 3 (kwaroran/character-card-spec-v3).
What a card says is anybody's: it is read as text, and nothing in it is opened or followed.
"""

import base64
import binascii
import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from companion.domain.errors import ImportFormatError
from companion.portable.png_text import SIGNATURE, draw_blank, read_texts, replace_texts

OURS = "companion"
"""Our own corner of a card's ``extensions``."""
_LARGEST = 20_000_000
_KEYWORDS = ("ccv3", "chara")
"""Where a picture has its card; the first that is there counts."""


class CardFields(BaseModel):
    """The fields of a card that we read."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    name: str
    description: str = ""
    personality: str = ""
    scenario: str = ""
    first_mes: str = ""
    mes_example: str = ""
    creator_notes: str = ""
    system_prompt: str = ""
    post_history_instructions: str = ""
    alternate_greetings: list[str] = []
    character_book: dict[str, Any] | None = None
    assets: list[Any] | None = None
    extensions: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Card:
    """A card, whole. ``raw`` has all of it, what we do not know included.

    ``data`` are the bytes of its file; ``others`` the cards that the same picture has for
    programs that read another version. What stands in their place and is no card stays as it is.
    """

    raw: Mapping[str, Any]
    fields: CardFields
    data: bytes
    others: Mapping[str, Mapping[str, Any]]

    @property
    def is_picture(self) -> bool:
        """Whether it came inside a picture."""
        return self.data.startswith(SIGNATURE)


def read_card(data: bytes) -> Card:
    """Read the bytes of a card's file. Raises ``ImportFormatError``."""
    if len(data) > _LARGEST:
        raise ImportFormatError(f"It is larger than {_LARGEST // 1_000_000} MB: no card is.")
    if not data.startswith(SIGNATURE):
        raw = _parse(data)
        return Card(raw, _read_fields(raw), data, {})
    texts = read_texts(data)
    found = {word: _decode(texts[word]) for word in _KEYWORDS if word in texts}
    if not found:
        raise ImportFormatError("The picture has no card inside.")
    raw = next(iter(found.values()))
    others = {word: each for word, each in found.items() if _is_card(each)}
    return Card(raw, _read_fields(raw), data, others)


def change_card(card: Card, changes: Mapping[str, Any]) -> Card:
    """Return the card with other values in some fields; all else stays."""
    if not changes:
        return card
    raw = _change(card.raw, changes)
    others = {word: _change(other, changes) for word, other in card.others.items()}
    data = _embed(card.data, others) if card.is_picture else _dump(raw)
    return Card(raw, _read_fields(raw), data, others)


def new_card(values: Mapping[str, Any]) -> Card:
    """Return a card of version 3 with these fields, as a file of JSON."""
    fields = CardFields.model_validate(values)
    whole = fields.model_dump(exclude_none=True) | {
        "tags": [],
        "creator": "",
        "character_version": "",
        "group_only_greetings": [],
    }
    raw = {"spec": "chara_card_v3", "spec_version": "3.0", "data": whole}
    return Card(raw, fields, _dump(raw), {})


def to_json(card: Card) -> bytes:
    """Return the file of a card without its picture."""
    return _dump(card.raw) if card.is_picture else card.data


def to_picture(card: Card) -> bytes:
    """Return the card inside its picture, or inside a grey one."""
    if card.is_picture:
        return card.data
    keyword = "ccv3" if card.raw.get("spec") == "chara_card_v3" else "chara"
    return _embed(draw_blank(), {keyword: card.raw})


def _embed(picture: bytes, cards: Mapping[str, Mapping[str, Any]]) -> bytes:
    return replace_texts(
        picture, {word: base64.b64encode(_dump(raw)) for word, raw in cards.items()}
    )


def _change(raw: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(raw))
    inner = changed.get("data")
    # Version 1 has its fields outside, and others repeat them there.
    for place in filter(None, (inner, changed)):
        for name, value in changes.items():
            if place is inner or inner is None or name in place:
                place[name] = value
    return changed


def _decode(text: bytes) -> dict[str, Any]:
    try:
        return _parse(base64.b64decode(text, validate=True))
    except binascii.Error:
        raise ImportFormatError("The card inside the picture is damaged.") from None


def _parse(data: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ImportFormatError("It is neither JSON nor a PNG picture.") from None
    if not isinstance(raw, dict):
        raise ImportFormatError("It is JSON, but no character card.")
    return raw


def _read_fields(raw: Mapping[str, Any]) -> CardFields:
    inner = raw.get("data", raw)
    if isinstance(inner, dict):
        inner = {name: value for name, value in inner.items() if value is not None}
    try:
        return CardFields.model_validate(inner)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"])) or "data"
        raise ImportFormatError(f"It is no character card: {place}: {problem['msg']}.") from None


def _is_card(raw: Mapping[str, Any]) -> bool:
    try:
        _read_fields(raw)
    except ImportFormatError:
        return False
    return True


def _dump(raw: Mapping[str, Any]) -> bytes:
    return json.dumps(raw, indent=2).encode()
