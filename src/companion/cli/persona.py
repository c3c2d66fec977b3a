"""``companion persona``: whom you talk with."""

from typing import Annotated

import typer

from companion.cli.output import JsonFlag, print_json, print_table

app = typer.Typer(help="List, show, choose and preview personas.")
PersonaId = Annotated[str | None, typer.Argument(help="A persona; the chosen one else.")]


@app.callback(invoke_without_command=True)
def begin(context: typer.Context) -> None:
    """List them, if nothing else is asked for."""
    if context.invoked_subcommand is None:
        list_all()


@app.command("list")
def list_all(as_json: JsonFlag = False) -> None:
    """List the personas; * marks the one you talk with."""
    from companion.installation import read_installation
    from companion.prompting.personas import list_personas, load_persona

    installation = read_installation()
    found = [
        load_persona(installation.prompts, name) for name in list_personas(installation.prompts)
    ]
    chosen = installation.settings.persona
    if as_json:
        print_json(
            [
                {"id": p.id, "name": p.name, "summary": p.summary, "chosen": p.id == chosen}
                for p in found
            ]
        )
        return
    print_table(
        ("", "persona", "who"), [("*" if p.id == chosen else "", p.id, p.summary) for p in found]
    )


@app.command("show")
def show(name: PersonaId = None) -> None:
    """Print a persona's file."""
    from companion.installation import read_installation
    from companion.prompting.files import find_prompt, read_prompt
    from companion.prompting.personas import load_persona

    installation = read_installation()
    persona = load_persona(installation.prompts, name or installation.settings.persona)
    path = find_prompt(installation.prompts, f"personas/{persona.id}.toml")
    typer.echo(f"# {path}\n{read_prompt(path)}")


@app.command("use")
def use(
    name: Annotated[str, typer.Argument(help="A persona from companion persona list.")],
) -> None:
    """Choose whom you talk with from now on."""
    from companion.installation import read_installation
    from companion.prompting.personas import load_persona
    from companion.settings import change_setting

    installation = read_installation()
    persona = load_persona(installation.prompts, name)
    change_setting(installation.locations.settings_file, ("persona",), persona.id)
    typer.echo(f"{persona.name} is with you from now on.")


@app.command("preview")
def preview(name: PersonaId = None) -> None:
    """Print what the model would read before your first word."""
    from companion.installation import make_backend, read_installation
    from companion.prompting.budget import estimate_tokens
    from companion.prompting.compose import compose_prefix
    from companion.prompting.frame import load_reply_frame
    from companion.prompting.personas import load_persona

    installation = read_installation()
    persona = load_persona(installation.prompts, name or installation.settings.persona)
    frame = load_reply_frame(installation.prompts)
    profile = make_backend(installation).profile
    prefix = compose_prefix(persona, frame, profile, "")
    for message in prefix:
        typer.echo(f"--- {message.role}\n{message.content}")
    total = sum(estimate_tokens(message.content) for message in prefix)
    typer.echo(f"--- at most {total} tokens, with {profile.examples} examples")
