"""The program as a process, with a mood reader that the tests can foresee."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from companion.domain.guidance import Exemplar, Guidance, Stage, Strategy
from companion.domain.mood import Source
from companion.store.database import Store
from companion.store.mood_log import SqliteMoodLog
from companion.store.transcript import SqliteTranscript
from fakes import feel

NOTE = "It is Sunday.\n  They seem sad (quite sure).\t"
GUIDANCE = Guidance(
    Strategy.REFLECT,
    Stage.EXPLORE,
    "because you wrote sad",
    "They seem sad (quite sure).",
    (Exemplar("grief", Strategy.SIT, "My cat died.", "Oh no."),),
    unsure=True,
)
SETTINGS = 'backend = "script"\n[backends.script]\nkind = "scripted"\nreplies = ["First answer."]\n'
PROGRAM = """
import sys
from types import ModuleType
from companion.__main__ import main
from fakes import ObedientReader

appraiser = ModuleType("companion.mood.appraiser")
appraiser.load_appraiser = ObedientReader
sys.modules[appraiser.__name__] = appraiser
if sys.argv[1] == "--without":
    sys.modules[sys.argv.pop(2)] = None
    del sys.argv[1]
main()
"""


def command(*arguments: str) -> list[str]:
    """Return the command line of the program; ``--without MODULE`` hides one from it."""
    return [sys.executable, "-W", "error", "-c", PROGRAM, *arguments]


def environ(home: Path, **more: str) -> dict[str, str]:
    tests = str(Path(__file__).parent)
    return {**os.environ, "COMPANION_HOME": str(home), "PYTHONPATH": tests, **more}


def run(
    home: Path, *arguments: str, given: str | bytes = b"", **more: str
) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        command(*arguments),
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        env=environ(home, **more),
        check=False,
    )
    out, err = result.stdout.decode(), result.stderr.decode()
    assert "Traceback" not in err, err
    assert "Warning" not in err, err
    return subprocess.CompletedProcess(result.args, result.returncode, out, err)


def succeed(home: Path, *arguments: str, given: str | bytes = b"") -> str:
    result = run(home, *arguments, given=given)
    assert result.returncode == 0, result.stderr
    return result.stdout


def fail(home: Path, *arguments: str, status: int = 1, given: str | bytes = b"") -> str:
    result = run(home, *arguments, given=given)
    assert result.returncode == status, result.stdout + result.stderr
    assert status == 2 or result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def make_home(folder: Path) -> Path:
    (folder / "config").mkdir()
    (folder / "config/settings.toml").write_text(SETTINGS)
    return folder


def remember(home: Path, *words: str, days: float = 1.0) -> None:
    """Keep a message with a mood for each word, ``days`` apart, the last one an hour ago."""
    store = Store(home / "data/companion.db")
    log, transcript = SqliteMoodLog(store), SqliteTranscript(store)
    now = datetime.now(UTC)
    conversation, parent = transcript.create_conversation("samantha", now), None
    for ago, word in zip(range(len(words) - 1, -1, -1), words, strict=True):
        at = now - timedelta(hours=1, days=ago * days)
        text = f"I am {word},\nreally."
        message = transcript.add_user_message(conversation.id, text, NOTE, at, parent_id=parent)
        log.add(feel(word, evidence=word), Source.MODEL, at, message_id=message.id)
        log.keep_guidance(message.id, GUIDANCE)
        parent = message.id
    store.close()
