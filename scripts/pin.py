"""Pin every version, transitive ones too, in ``pyproject.toml``.

    uv run python scripts/pin.py            pin what the resolver answers now
    uv run python scripts/pin.py --upgrade  let it choose the newest first
    uv run python scripts/pin.py --check    fail if the pins are not its answer

``uv.lock`` would do the same, but it records where the packages were found, which
is nobody's business; so it stays out of the repository and its versions go in.
"""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import tomlkit

ROOT = Path(__file__).parents[1]
PROJECT = ROOT / "pyproject.toml"


def main() -> int:
    """Pin or check; return the exit status."""
    arguments = sys.argv[1:]
    if not set(arguments) <= {"--check", "--upgrade"}:
        print(__doc__)
        return 2
    document = tomlkit.parse(PROJECT.read_text(encoding="utf-8"))
    before = PROJECT.read_text(encoding="utf-8")
    pinned = list(document["tool"]["uv"]["constraint-dependencies"])
    if "--upgrade" in arguments:
        _write(document, [])
    try:
        answer = _resolve(*(["--upgrade"] if "--upgrade" in arguments else []))
    except subprocess.CalledProcessError:
        PROJECT.write_text(before, encoding="utf-8")
        return 1
    if "--check" in arguments:
        for line in sorted(set(pinned) ^ set(answer)):
            print(f"{'not needed' if line in pinned else 'not pinned'}: {line}")
        print("The pins are current." if pinned == answer else "Run: python scripts/pin.py")
        return int(pinned != answer)
    _write(document, answer)
    print(f"{len(answer)} versions pinned.")
    return 0


def _resolve(*options: str) -> list[str]:
    """Let uv resolve, and return its answer as requirements."""
    subprocess.run(["uv", "lock", "--quiet", *options], cwd=ROOT, check=True)
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = [package for package in lock["package"] if "registry" in package["source"]]
    return sorted(requirement for package in packages for requirement in _requirements(package))


def _requirements(package: dict[str, Any]) -> list[str]:
    exact = f"{package['name']}=={package['version']}"
    markers = package.get("resolution-markers")
    return [f"{exact} ; {marker}" for marker in markers] if markers else [exact]


def _write(document: tomlkit.TOMLDocument, requirements: list[str]) -> None:
    array = tomlkit.array()
    array.extend(requirements)
    document["tool"]["uv"]["constraint-dependencies"] = array.multiline(True)
    PROJECT.write_text(tomlkit.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
