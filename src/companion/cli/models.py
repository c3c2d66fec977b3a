"""``companion models``: the embedded models."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.output import JsonFlag, format_bytes, print_json, print_table

if TYPE_CHECKING:
    from companion.installation import Installation
    from companion.local_model.weights import Weights

app = typer.Typer(help="List, fetch, remove and choose the embedded models.")
ModelId = Annotated[str, typer.Argument(help="A model's id; companion models list shows them.")]


@app.callback(invoke_without_command=True)
def begin(context: typer.Context) -> None:
    """List them, if nothing else is asked for."""
    if context.invoked_subcommand is None:
        list_models()


@app.command("list")
def list_models(as_json: JsonFlag = False) -> None:
    """List the models that can run on this machine; * marks the chosen one."""
    from companion.installation import read_installation
    from companion.local_model.catalogue import read_catalogue
    from companion.local_model.weights import Weights

    installation = read_installation()
    chosen = _chosen(installation)
    rows = [
        {
            "id": entry.id,
            "title": entry.title,
            "size_bytes": entry.size_bytes,
            "licence": entry.licence,
            "present": Weights(entry, installation.locations.models).is_present(),
            "chosen": entry.id == chosen,
            "good_for": entry.good_for,
        }
        for entry in read_catalogue()
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("", "model", "size", "here", "licence", "good for"),
        [
            (
                "*" if row["chosen"] else "",
                str(row["id"]),
                format_bytes(float(str(row["size_bytes"]))),
                "yes" if row["present"] else "no",
                str(row["licence"]),
                str(row["good_for"]),
            )
            for row in rows
        ],
    )


@app.command("pull")
def pull(
    model: Annotated[str | None, typer.Argument(help="A model's id; the chosen one else.")] = None,
) -> None:
    """Fetch a model; goes on where an earlier try was interrupted."""
    from companion.cli.progress import show_fetching
    from companion.local_model.fetch import fetch_weights

    _, weights = _open(model)
    entry = weights.entry
    if weights.is_present():
        typer.echo(f"{entry.id} is here already.")
        return
    typer.echo(f"Fetching {entry.title} ({format_bytes(entry.size_bytes)}, {entry.licence}) …")
    asyncio.run(show_fetching(fetch_weights(weights)))
    typer.echo(f"{entry.id} is here, whole and checked.")


@app.command("remove")
def remove(model: ModelId) -> None:
    """Remove a model's files from this machine."""
    _, weights = _open(model)
    typer.echo(f"{model} is gone." if weights.remove() else f"{model} was not here.")


@app.command("use")
def use(
    model: ModelId,
    adapter: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A GGUF file that changes how it talks; none else."),
    ] = None,
) -> None:
    """Choose the embedded model that answers from now on."""
    from companion.settings import change_setting

    installation, weights = _open(model)
    chosen = _find_adapter(adapter)
    settings_file = installation.locations.settings_file
    change_setting(settings_file, ("backends", "local", "kind"), "local")
    change_setting(settings_file, ("backends", "local", "model"), model)
    change_setting(settings_file, ("backends", "local", "adapter"), chosen)
    change_setting(settings_file, ("backend",), "local")
    typer.echo(f"{weights.entry.title} answers from now on.")
    if not weights.is_present():
        typer.echo(f"It is not here yet. Fetch it with: companion models pull {model}")


def _find_adapter(file: Path | None) -> str:
    """Return what the settings shall say. Raises ``ModelError`` where there is no such file."""
    from companion.domain.errors import ModelError

    if file is None:
        return ""
    path = file.expanduser().resolve()
    if not path.is_file():
        raise ModelError(f"There is no file {path}. An adapter is a GGUF file: docs/adapters.md.")
    return str(path)


def _open(model: str | None) -> "tuple[Installation, Weights]":
    from companion.installation import read_installation
    from companion.local_model.catalogue import find_entry
    from companion.local_model.weights import Weights

    installation = read_installation()
    entry = find_entry(model or _chosen(installation))
    return installation, Weights(entry, installation.locations.models)


def _chosen(installation: "Installation") -> str:
    from companion.installation import make_backend

    return make_backend(installation, "local").model
