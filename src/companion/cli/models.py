"""``companion models``: the embedded models."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.output import JsonFlag, format_bytes, print_json, print_table

if TYPE_CHECKING:
    from companion.installation import Installation
    from companion.local_model.catalogue import CatalogueEntry
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
        str | None,
        typer.Option(help="What changes how it talks: shipped, none, or a GGUF file."),
    ] = None,
) -> None:
    """Choose the embedded model that answers from now on."""
    from companion.settings import change_setting

    installation, weights = _open(model)
    chosen = _check_adapter(weights.entry, adapter)
    settings_file = installation.locations.settings_file
    change_setting(settings_file, ("backends", "local", "kind"), "local")
    change_setting(settings_file, ("backends", "local", "model"), model)
    change_setting(settings_file, ("backends", "local", "adapter"), chosen)
    change_setting(settings_file, ("backend",), "local")
    typer.echo(f"{weights.entry.title} answers from now on.")
    if not weights.is_present():
        typer.echo(f"It is not here yet. Fetch it with: companion models pull {model}")


def _check_adapter(entry: "CatalogueEntry", adapter: str | None) -> str:
    """Return what the settings shall say. Raises ``ModelError`` where there is no such adapter."""
    from companion.domain.errors import ModelError
    from companion.local_model.adapter import NONE, SHIPPED, find_adapter

    chosen = adapter or SHIPPED
    path = find_adapter(entry, chosen)
    if adapter == SHIPPED and path is None:
        raise ModelError(f"No adapter is shipped for {entry.id}. Leave --adapter out.")
    if path is not None and not path.is_file():
        raise ModelError(f"There is no file {path}. Say --adapter shipped, none, or a GGUF file.")
    return chosen if chosen in (SHIPPED, NONE) else str(Path(chosen).expanduser().resolve())


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
