"""Finding the kind of backend that a settings table asks for.

A kind is one module of this package with a constant ``KIND`` and a function
``build``. A new one is a new file: nothing here, nor anywhere else, lists them.
"""

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from companion import backends
from companion.backends.cassette import Cassette
from companion.domain.errors import SettingsError
from companion.protocols.model import Backend, LocalEngine
from companion.protocols.secrets import SecretShelf

Table = TypeVar("Table", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Services:
    """What a kind may need from outside.

    ``environ`` holds the environment variables, keys among them; ``keyring`` has others;
    ``local_engine`` makes the engine for the id of an embedded model, the number of threads
    that compute, ``None`` to let it choose, and the file of an adapter, or nothing.
    ``cassette`` records what goes to a server, or plays it.
    """

    environ: Mapping[str, str] = field(repr=False)
    local_engine: Callable[[str, int | None, str], LocalEngine]
    keyring: SecretShelf = field(repr=False)
    cassette: Cassette | None = None


class Kind(Protocol):
    """What a module of this package offers to be a kind."""

    KIND: str

    def build(self, name: str, table: Mapping[str, Any], services: Services) -> Backend:
        """Build the backend ``name`` from its table. Raises ``SettingsError``."""
        ...


def known_kinds() -> tuple[str, ...]:
    """Return every kind there is, in alphabetical order."""
    return tuple(sorted(kind.KIND for kind in _kinds()))


def build_backend(name: str, table: Mapping[str, Any], services: Services) -> Backend:
    """Build the backend that the table ``[backends.NAME]`` describes.

    Touches neither the network nor a model. Raises ``SettingsError``.
    """
    wanted = table.get("kind")
    for kind in _kinds():
        if wanted == kind.KIND:
            rest = {key: value for key, value in table.items() if key != "kind"}
            return kind.build(name, rest, services)
    known = ", ".join(known_kinds())
    problem = "has no kind" if wanted is None else f"asks for the unknown kind {wanted!r}"
    raise SettingsError(f"[backends.{name}] {problem}. Choose one of these for kind: {known}.")


def read_table(name: str, table: Mapping[str, Any], settings: type[Table]) -> Table:
    """Check the table ``[backends.NAME]`` and return it as ``settings``.

    Raises ``SettingsError`` in one line about the first mistake, without ever
    repeating a value: it may be a key that does not belong there.
    """
    try:
        return settings.model_validate(table)
    except ValidationError as error:
        mistake = _describe(error.errors(include_url=False, include_input=False)[0])
    raise SettingsError(f"[backends.{name}] {mistake}. Correct the settings file and start again.")


def _kinds() -> Iterator[Kind]:
    for found in pkgutil.iter_modules(backends.__path__):
        module = import_module(f"{backends.__name__}.{found.name}")
        if hasattr(module, "KIND"):
            yield cast(Kind, module)


def _describe(mistake: ErrorDetails) -> str:
    where = ".".join(str(step) for step in mistake["loc"])
    match mistake["type"]:
        case "missing":
            return f"needs a value for {where}"
        case "extra_forbidden":
            return f"has {where}, which this kind does not know"
        case "value_error":
            return f"{where}: {mistake['ctx']['error']}".removeprefix(": ")
        case _:
            return f"{where}: {mistake['msg'][0].lower()}{mistake['msg'][1:]}"
