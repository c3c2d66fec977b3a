"""``companion mood``: how you are and have been."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.input import parse_since, read_words
from companion.cli.mood_chart import draw_chart
from companion.cli.mood_explain import explanation_object, print_explanation
from companion.cli.mood_view import clip, entry_object, mood_object, print_moods, to_csv
from companion.cli.opening import with_companion
from companion.cli.output import JsonFlag, print_json
from companion.domain.mood import MoodEntry
from companion.mood.wording import name_appraisal

if TYPE_CHECKING:
    from companion.conversation.companion import Companion

_ELSEWHERE = "These options are for companion mood alone. Those of {} stand behind it."

app = typer.Typer(help="See, tell, correct and explain your mood.")
Number = Annotated[
    int, typer.Argument(min=1, max=2**63 - 1, help="An entry's number in companion mood.")
]
Words = Annotated[list[str], typer.Argument(help="A word or two for it: tired, a bit low.")]


Since = Annotated[
    str | None, typer.Option(metavar="TIME", help="From when on: 12h, 30d, 6w, 2y or 2026-11-01.")
]
CsvFlag = Annotated[bool, typer.Option("--csv", help="Print a table for spreadsheets.")]
PngFile = Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw a PNG chart.")]
SvgFile = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw an SVG chart.")]


@app.callback(invoke_without_command=True)
def begin(
    context: typer.Context,
    since: Since = None,
    as_json: JsonFlag = False,
    as_csv: CsvFlag = False,
    png: PngFile = None,
    svg: SvgFile = None,
) -> None:
    """Show how you are now, and what was noticed before."""
    formats = sum([as_json, as_csv, png is not None, svg is not None])
    if context.invoked_subcommand is not None:
        if since is not None or formats:
            raise typer.BadParameter(_ELSEWHERE.format(context.invoked_subcommand))
        return
    if formats > 1:
        raise typer.BadParameter("--json, --csv, --png and --svg exclude each other.")
    start = parse_since(since, datetime.now().astimezone()) if since is not None else None
    chart = (png, "png") if png else (svg, "svg") if svg else None
    if chart:
        with_companion(lambda companion: draw_chart(companion.diary, start, *chart))
    else:
        with_companion(lambda companion: _show(companion, start, as_json, as_csv))


@app.command("set")
def set_mood(words: Words, as_json: JsonFlag = False) -> None:
    """Say in a word how you are now. Your own word counts before any guess."""

    async def work(companion: "Companion") -> None:
        entry = await companion.diary.set(" ".join(words))
        word = name_appraisal(entry.appraisal)
        _print_kept(entry, f"Thank you for telling me. I keep it: {word}.", as_json)

    with_companion(work)


@app.command("write")
def write(
    text: Annotated[
        list[str] | None,
        typer.Argument(help="What to write. Without it, or with -, standard input is read."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Write into your journal, without a conversation."""
    words = read_words(text, "What would you like to write down?")

    async def work(companion: "Companion") -> None:
        entry = await companion.diary.write(words)
        _print_kept(entry, _describe_written(entry), as_json)

    with_companion(work)


@app.command("correct")
def correct(number: Number, words: Words, as_json: JsonFlag = False) -> None:
    """Put your own word in the place of a guess that was wrong."""

    async def work(companion: "Companion") -> None:
        entry = await companion.diary.correct(number, " ".join(words))
        word = name_appraisal(entry.appraisal)
        _print_kept(entry, f"Thank you, you know best. It says now: {word}.", as_json)

    with_companion(work)


@app.command("delete")
def delete(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    """Erase what is known about the mood of a message, or a whole journal entry."""

    async def work(companion: "Companion") -> None:
        if not yes:
            entry = await companion.diary.entry(number)
            question = (
                f'Erase entry {number} ("{clip(entry.text)}") for good, '
                "and the backups, which have it?"
            )
            if not typer.confirm(question):
                typer.echo("It stays.")
                return
        await companion.diary.delete(number)
        typer.echo(f"Entry {number} is erased.")

    with_companion(work)


@app.command("explain")
def explain(
    turn: Annotated[
        int,
        typer.Argument(
            min=1,
            max=2**63 - 1,
            help="The number of your message: the column turn of companion mood.",
        ),
    ],
    as_json: JsonFlag = False,
) -> None:
    """Show what was seen in one of your messages, and what she was told because of it."""

    async def work(companion: "Companion") -> None:
        found = await companion.diary.explain(turn)
        if as_json:
            print_json(explanation_object(found))
        else:
            print_explanation(found)

    with_companion(work)


@app.command("appraise")
def appraise(as_json: JsonFlag = False) -> None:
    """Read one message a line from standard input and judge each. Nothing is kept."""
    from companion.cli.mood_appraise import appraise_lines
    from companion.late import LateMoodReader

    reader = LateMoodReader()
    reader.load()
    appraise_lines(reader, as_json=as_json)


async def _show(
    companion: "Companion", since: datetime | None, as_json: bool, as_csv: bool
) -> None:
    entries = await companion.diary.entries(since)
    if as_csv:
        typer.echo(to_csv(entries), nl=False)
        return
    mood = await companion.diary.now()
    if as_json:
        print_json({"now": mood_object(mood), "entries": [entry_object(e) for e in entries]})
    else:
        print_moods(mood, entries, all_of_them=since is not None)


def _print_kept(entry: MoodEntry, sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(entry_object(entry))
    else:
        typer.echo(sentence)


def _describe_written(entry: MoodEntry) -> str:
    correction = f'companion mood correct {entry.id} "…"'
    if not entry.appraisal.known:
        return f"It is in your journal. How you felt you can add with: {correction}"
    word = name_appraisal(entry.appraisal)
    return f"It is in your journal, and reads {word}. If that is wrong: {correction}"
