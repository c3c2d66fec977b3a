"""What can be done in the chat, with which key: one table for keys, palette and help."""

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
    Command("f3", "F3", "switch_theme", "Light or dark", "Change the colours"),
    Command("f1", "F1", "show_help", "Keys", "What every key does"),
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
