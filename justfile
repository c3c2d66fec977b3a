# Everything that must be green before a commit.
check: format-check lint types layers pins test

format:
    uv run ruff format .
    uv run ruff check --fix .

format-check:
    uv run ruff format --check .

lint:
    uv run ruff check .

types:
    uv run mypy

layers:
    uv run lint-imports

pins:
    uv run python scripts/pin.py --check

test *arguments:
    uv run pytest {{arguments}}
