"""Who listens, by country: ``data/helplines.toml``, which ships with the program."""

from functools import cache
from importlib.resources import files
from typing import Any

from companion.domain.care import Country, Helpline

_FILE = "data/helplines.toml"
_NO_COUNTRIES = ("EU", "ANYWHERE", "UNKNOWN")
_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"  # The members of the European Union, where 112 is the emergency number.


def is_country_code(text: str) -> bool:
    """Tell whether ``text`` has the form of an ISO 3166 code: two capital letters."""
    return len(text) == 2 and text.isascii() and text.isupper()


def find_country(code: str) -> Country:
    """Return who listens in the country of an ISO 3166 code, or of none (``""``).

    Where no line is known, that is the emergency number and a list of helplines.
    """
    countries = _load()
    if not code:
        return countries["UNKNOWN"]
    return countries.get(code) or countries["EU" if code in _UNION.split() else "ANYWHERE"]


def list_countries() -> dict[str, Country]:
    """Return the countries whose lines are known, by code, ordered by name."""
    known = {code: each for code, each in _load().items() if code not in _NO_COUNTRIES}
    return dict(sorted(known.items(), key=lambda pair: pair[1].name.removeprefix("the ")))


@cache
def _load() -> dict[str, Country]:
    import tomllib

    text = files("companion.safety").joinpath(_FILE).read_text(encoding="utf-8")
    return {code: _read(table) for code, table in tomllib.loads(text).items()}


def _read(table: dict[str, Any]) -> Country:
    lines = tuple(Helpline(**line) for line in table["lines"])
    return Country(table["name"], table["emergency"], lines)
