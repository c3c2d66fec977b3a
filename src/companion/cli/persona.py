"""``companion persona``: whom you talk with."""

from pathlib import Path
from typing import Annotated

import typer

from companion.cli.output import JsonFlag, print_json, print_table

app = typer.Typer(help="List, show, choose, preview, import and export personas.")
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


@app.command("import")
def import_one(
    file: Annotated[Path, typer.Argument(help="A character card: JSON, or PNG with one inside.")],
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="What the persona's file is called.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of one that was imported before.")
    ] = False,
) -> None:
    """Make a persona of a character card (SillyTavern's, versions 1 to 3).

    The card is kept whole, so that companion persona export gives it back.
    """
    from companion.installation import make_backend, read_installation
    from companion.portable.card_files import import_card
    from companion.portable.card_persona import list_untold
    from companion.prompting.budget import estimate_tokens

    installation = read_installation()
    own = installation.locations.own_prompts
    imported = import_card(file, installation.prompts, own, name, replace=replace)
    persona, profile = imported.persona, make_backend(installation).profile
    typer.echo(f"{persona.name} is here: {imported.path}")
    if untold := list_untold(imported.card):
        typer.echo(f"Kept in the card, and not told to a model: {', '.join(untold)}.")
    tokens = estimate_tokens(persona.history + persona.manner)
    if tokens > profile.context_tokens // 4:
        typer.echo(
            f"The description takes about {tokens:,} of the {profile.context_tokens:,} tokens "
            "that your model reads at once. Shorten history in that file."
        )
    typer.echo(f"Talk with her: companion persona use {persona.id}")


@app.command("export")
def export_one(
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to: a .json or a .png file.")
    ],
    name: PersonaId = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a file that is there.")
    ] = False,
) -> None:
    """Write a persona as a character card, with all that it had when it came in."""
    from companion.installation import read_installation
    from companion.portable.card_files import export_card
    from companion.portable.private_file import write_private

    if out.suffix.lower() not in (".json", ".png"):
        raise typer.BadParameter("A card is a .json or a .png file.", param_hint="--out")
    installation = read_installation()
    picture = out.suffix.lower() == ".png"
    data = export_card(installation.prompts, name or installation.settings.persona, picture=picture)
    write_private(out, [data], replace=replace, option="--out")
    typer.echo(f"Wrote {out}.")
