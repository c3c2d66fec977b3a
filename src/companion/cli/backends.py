"""``companion backends``: who can answer."""

import asyncio
from contextlib import aclosing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from companion.cli.input import read_secret
from companion.cli.output import JsonFlag, print_json, print_table
from companion.domain.errors import CompanionError

if TYPE_CHECKING:
    from companion.trial import Finding, Trial

_MARKS = {True: "ok ", False: "NO ", None: "-- "}

app = typer.Typer(help="List, test and choose the language models that can answer.")


@app.callback(invoke_without_command=True)
def begin(context: typer.Context) -> None:
    """List them, if nothing else is asked for."""
    if context.invoked_subcommand is None:
        list_backends()


@app.command("list")
def list_backends(as_json: JsonFlag = False) -> None:
    """List the backends of the settings; * marks the one that answers."""
    from companion.installation import make_backend, read_installation

    installation = read_installation()
    settings = installation.settings
    rows = []
    for name in settings.backend_names():
        backend = make_backend(installation, name)
        rows.append(
            {
                "name": name,
                "kind": str(settings.backend_table(name).get("kind")),
                "model": backend.model,
                "chosen": name == settings.backend,
            }
        )
    if as_json:
        print_json(rows)
        return
    print_table(
        ("", "backend", "kind", "model"),
        [
            ("*" if row["chosen"] else "", str(row["name"]), str(row["kind"]), str(row["model"]))
            for row in rows
        ],
    )


@app.command("test")
def try_backend(
    name: Annotated[str | None, typer.Argument(help="A backend; the chosen one else.")] = None,
    model: Annotated[str | None, typer.Option(help="Another model of that backend.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not fill its context: that may take minutes.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Try out what a backend can do: stream, stop, keep to a form, read long prompts.

    Ends with status 1 where it cannot do something that it should.
    """
    findings = asyncio.run(_try(name, model, whole=not quick, as_json=as_json))
    if any(each.ok is False for each in findings):
        raise typer.Exit(1)


@app.command("use")
def use(
    name: Annotated[str, typer.Argument(help="A backend from companion backends list.")],
) -> None:
    """Choose who answers from now on."""
    from companion.installation import make_backend, read_installation
    from companion.settings import change_setting

    installation = read_installation()
    make_backend(installation, name)
    change_setting(installation.locations.settings_file, ("backend",), name)
    typer.echo(f"{name} answers from now on.")


@app.command("key")
def keep_key(
    name: Annotated[str, typer.Argument(help="A server from companion backends list.")],
    forget: Annotated[bool, typer.Option("--forget", help="Take it out again.")] = False,
) -> None:
    """Keep the key of a server in the keyring of the system. Asks for it.

    In a pipe the first line of standard input is the key.
    """
    from companion.installation import keep_api_key, read_installation

    installation = read_installation()
    key = "" if forget else read_secret(f"Key of {name}: ").strip()
    if not (forget or (key and key.isascii() and key.isprintable())):
        raise CompanionError("That is no key: a key is one line of plain characters. Try again.")
    keep_api_key(installation, name, key)
    typer.echo(f"The keyring has the key of {name}{' no more' if forget else ''}.")


async def _try(
    name: str | None, model: str | None, *, whole: bool, as_json: bool
) -> "list[Finding]":
    from companion.installation import make_backend, read_installation
    from companion.trial import Trial

    installation = read_installation()
    backend = make_backend(installation, name, model)
    able = backend.profile.structured
    held = backend if able else make_backend(installation, name, model, structured=True)
    trial, findings = Trial(backend, held, whole), []
    try:
        async with aclosing(trial.run()) as found:
            async for finding in found:
                findings.append(finding)
                if not as_json:
                    typer.echo(f"{_MARKS[finding.ok]} {finding.check:<10} {finding.says}")
    finally:
        await held.close()
        await backend.close()
    if as_json:
        print_json(_to_object(trial, findings))
    return findings


def _to_object(trial: "Trial", findings: "list[Finding]") -> dict[str, Any]:
    reply = trial.reply
    return {
        "backend": trial.backend.name,
        "model": trial.backend.model,
        "checks": [asdict(each) for each in findings],
        "reply": reply.text.strip(),
        "ready": trial.ready,
        "first_token": reply.first,
        "tokens_per_second": reply.rate,
    }
