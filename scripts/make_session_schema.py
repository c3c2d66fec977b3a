"""Write the JSON Schema of a line of a session file into docs/, or check that it is current.

uv run python scripts/make_session_schema.py [--check]
"""

import json
import sys
from pathlib import Path

from pydantic import TypeAdapter

from companion.domain.session import VERSION, AnyLine

FILE = Path(__file__).parents[1] / "docs" / "session-file.schema.json"


def make_schema() -> str:
    """Return the schema as text."""
    adapter: TypeAdapter[AnyLine] = TypeAdapter(AnyLine)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of a session file of Companion, version {VERSION}",
    } | adapter.json_schema()
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write it, or end with status 1 where the file is not what it should be."""
    if "--check" not in sys.argv:
        FILE.write_text(make_schema(), encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != make_schema():
        sys.exit(f"{FILE} is out of date. Run scripts/make_session_schema.py.")


if __name__ == "__main__":
    main()
