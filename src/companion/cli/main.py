"""The command line as a whole."""

from typing import Annotated

import typer

from companion import __version__
from companion.cli import (
    backends,
    backups,
    doctor,
    erasing,
    exporting,
    history,
    importing,
    lock,
    memory,
    models,
    mood,
    persona,
    replay,
    safety,
    say,
    serve,
)
from companion.cli.chat import open_chat

app = typer.Typer(
    name="companion",
    help="Someone in your terminal who listens. She is software and lives on your machine.",
    epilog="Without a command, the chat opens. Everything stays on this computer.",
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    rich_markup_mode=None,
)
app.command("say")(say.say)
app.add_typer(mood.app, name="mood")
app.add_typer(models.app, name="models")
app.add_typer(backends.app, name="backends")
app.add_typer(persona.app, name="persona")
app.add_typer(history.app, name="history")
app.add_typer(memory.app, name="memory")
app.add_typer(safety.app, name="safety")
memory.app.command("erase")(erasing.erase)
app.command("export")(exporting.export)
app.command("import")(importing.import_file)
app.command("replay")(replay.replay)
app.command("serve")(serve.serve)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.add_typer(lock.app, name="lock")
app.command("doctor")(doctor.doctor)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"companion {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def chat(
    context: typer.Context,
    backend: Annotated[
        str | None, typer.Option(help="Who answers, by its name in the settings.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Another model of that backend.")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Open the chat, or run one of the commands."""
    if context.invoked_subcommand is None:
        open_chat(backend, model)
    elif backend or model:
        option, command = "--backend" if backend else "--model", context.invoked_subcommand
        raise typer.BadParameter(
            f"{option} before a command is for the chat. Write it behind the command, where "
            f"it takes one: companion {command} --help"
        )


def run() -> None:
    """Run the command in ``sys.argv`` and end the process: status 0, 1 or 2."""
    app()
