"""``companion backends``: who can answer."""

import asyncio
import time
from contextlib import aclosing
from typing import Annotated, Any

import typer

from companion.cli.input import read_secret
from companion.cli.output import JsonFlag, print_json, print_table
from companion.domain.errors import CompanionError
from companion.domain.message import PromptMessage, Role
from companion.domain.model import TextDelta, Usage
from companion.domain.preparation import ModelNeeded, Ready
from companion.protocols.model import Backend

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
    as_json: JsonFlag = False,
) -> None:
    """Ask a backend for a few words and say how that went."""
    result = asyncio.run(_test(name))
    if as_json:
        print_json(result)
        return
    typer.echo(f"{result['backend']} answers with {result['model']}: {result['reply']}")
    rate = result["tokens_per_second"]
    typer.echo(
        f"Ready after {result['ready']:.1f} s, first word {result['first_token']:.1f} s later"
        + (f", then {rate:.1f} tokens a second." if rate else ".")
    )


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


async def _test(name: str | None) -> dict[str, Any]:
    from companion.installation import make_backend, read_installation

    backend, ready = make_backend(read_installation(), name), 0.0
    try:
        async with aclosing(backend.prepare(())) as steps:
            async for step in steps:
                if isinstance(step, ModelNeeded):
                    raise CompanionError(
                        f"{step.model} is not on this machine yet. "
                        f"Fetch it with: companion models pull {step.model}"
                    )
                if isinstance(step, Ready):
                    ready = step.seconds
        return await _measure(backend) | {"ready": ready}
    finally:
        await backend.close()


async def _measure(backend: Backend) -> dict[str, Any]:
    question = PromptMessage(Role.USER, "Say hello in five words.")
    started = time.monotonic()
    first, pieces, tokens = None, [], None
    async with aclosing(backend.stream_reply((question,))) as parts:
        async for part in parts:
            if isinstance(part, TextDelta):
                first = first or time.monotonic() - started
                pieces.append(part.text)
            elif isinstance(part, Usage):
                tokens = part.reply_tokens
    writing = time.monotonic() - started - (first or 0)
    return {
        "backend": backend.name,
        "model": backend.model,
        "reply": "".join(pieces).strip(),
        "first_token": first,
        "tokens_per_second": (tokens - 1) / writing if tokens and tokens > 1 else None,
    }
