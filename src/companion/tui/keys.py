"""What can be done, with which key: one table for keys, palette and help."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the user can ask the program to do."""

    key: str
    shown: str
    action: str
    title: str
    help: str


COMMANDS = (
    Command("escape", "Esc", "step_back", "Stop her", "What she said so far stays"),
    Command("ctrl+r", "Ctrl+R", "answer_again", "Answer again", "Ask for another answer"),
    Command("ctrl+t", "Ctrl+T", "edit_last", "Edit my last message", "Say it differently"),
    Command("ctrl+y", "Ctrl+Y", "copy_reply", "Copy her last reply", "Or what you selected"),
    Command("ctrl+n", "Ctrl+N", "begin_new", "New conversation", "The old one is kept"),
    Command("ctrl+l", "Ctrl+L", "list_all", "Conversations", "Open, rename or delete one"),
    Command("ctrl+b", "Ctrl+B", "choose_backend", "Choose who answers", "Another model"),
    Command("f4", "F4", "toggle_mood_panel", "Today's mood", "How the day went, beside the talk"),
    Command("f5", "F5", "show_moods", "Your mood", "Curves, a year in pixels, every point"),
    Command("f2", "F2", "show_memories", "What she remembers", "See, correct and forget it"),
    Command("f6", "F6", "explain", "What she was told", "With your last message, and why"),
    Command("f9", "F9", "toggle_card", "Where help is", "Whom to call; again puts it aside"),
    Command("f7", "F7", "steady", "Steady yourself", "A short exercise, and your safety plan"),
    Command("f8", "F8", "ask_country", "Your country", "So that the right numbers are shown"),
    Command(
        "ctrl+s",
        "Ctrl+S",
        "write_session",
        "Write to a file",
        "To replay it; earlier talks are in it, too",
    ),
    Command("f3", "F3", "switch_theme", "Light or dark", "Change the colours"),
    Command("f1", "F1", "show_help", "Keys", "What every key does"),
)

MOOD_COMMANDS = (
    Command("d", "d", "show('day')", "Day", "The curve of a day"),
    Command("w", "w", "show('week')", "Week", "The curve of a week"),
    Command("m", "m", "show('month')", "Month", "The curve of a month"),
    Command("y", "y", "show('year')", "Year", "The curve of a year"),
    Command("p", "p", "show('pixels')", "Year in pixels", "A sign for each day"),
    Command("f", "f", "show('feelings')", "Feelings", "What was felt, and how often"),
    Command("left", "Left", "move(1)", "Earlier", "The day, week, month or year before"),
    Command("right", "Right", "move(-1)", "Later", "The one after"),
    Command("enter", "Enter", "open", "Open", "The words behind this point"),
    Command("c", "c", "correct", "Correct", "Say how it was, in your own words"),
    Command("delete,x", "Del", "forget", "Forget", "Erase what is known about it"),
    Command("s", "s", "set", "Say how you are", "In a word or two; it counts above all"),
    Command("j", "j", "write", "Write in the journal", "A few lines for yourself"),
    Command("f1", "F1", "show_help", "Keys", "What every key does"),
    Command("escape,f5", "Esc", "dismiss", "Back", "To the conversation"),
)

MEMORY_COMMANDS = (
    Command("enter", "Enter", "open", "Open", "The words it came from, and when it was used"),
    Command("slash", "/", "find", "Find", "Only what has these words"),
    Command("c", "c", "correct", "Correct", "Say it in your own words"),
    Command("p", "p", "pin", "Pin", "Keep it in mind in every conversation, or no longer"),
    Command("delete,x", "Del", "forget", "Forget", "Erase it; what was said stays in the history"),
    Command("o", "o", "show_old", "Once", "Also what once held and no longer does"),
    Command("k", "k", "show_known", "In short", "What she knows by now, in a few sentences"),
    Command("f1", "F1", "show_help", "Keys", "What every key does"),
    Command("escape,f2", "Esc", "back", "Back", "To the conversation"),
)

TYPING = (
    ("Enter", "Send"),
    ("Ctrl+J", "Break the line; Shift+Enter and Alt+Enter too"),
    ("Up / Down", "What you said before, from the first or last line"),
    ("PgUp / PgDn", "Look back and forth"),
    ("Ctrl+End", "Back to the newest words"),
    ("Ctrl+C", "Stop her, copy what is selected, or learn how to quit"),
    ("Ctrl+P", "Everything that can be done"),
    ("Ctrl+Q", "Quit; everything is kept"),
)
