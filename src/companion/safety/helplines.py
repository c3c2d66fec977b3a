"""Who listens, by country: ``data/helplines.toml``, which ships with the program."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from companion.domain.care import Country, Helpline

_FILE = "data/helplines.toml"
_UNION, _ANYWHERE, _UNKNOWN = "EU", "ANYWHERE", "UNKNOWN"


def is_country_code(text: str) -> bool:
    """Tell whether ``text`` has the form of an ISO 3166 code: two capital letters."""
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()


def find_country(code: str) -> Country:
    """Return who listens in the country of an ISO 3166 code, or of none (``""``).

    Where no line is known, that is the emergency number and a list of helplines.
    """
    tables = _read_tables()
    if not code:
        code = _UNKNOWN
    elif code not in tables:
        code = _UNION if code in tables[_UNION]["members"] else _ANYWHERE
    return _read_country(tables[code])


def list_countries() -> dict[str, Country]:
    """Return the countries whose lines are known, by code, ordered by name."""
    tables = _read_tables().items()
    known = {code: _read_country(table) for code, table in tables if is_country_code(code)}
    del known[_UNION]
    return dict(sorted(known.items(), key=lambda pair: pair[1].name.removeprefix("the ")))


@cache
def _read_tables() -> dict[str, Any]:
    text = files("companion.safety").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _read_country(table: dict[str, Any]) -> Country:
    lines = tuple(Helpline(**line) for line in table["lines"])
    return Country(table["name"], table["emergency"], lines)
