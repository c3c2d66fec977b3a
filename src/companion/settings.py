"""The user's settings: TOML and environment in, frozen values out."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from companion.domain.disclosure import AgeGroup
from companion.domain.errors import SettingsError
from companion.locations import make_private

_ENVIRONMENT = {"COMPANION_BACKEND": "backend", "COMPANION_PERSONA": "persona"}


class ChatSettings(BaseModel):
    """How the chat screen looks and behaves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: Literal["dark", "light"] = "dark"
    """Colours for a dark or a light terminal."""

    greet: bool = True
    """Whether she says hello when a conversation begins."""

    check_in: bool = True
    """Whether she comes back to how you were, when you come back after a while."""

    follow_ups: bool = True
    """Whether she asks, once, what became of something that you told her of."""


class MoodSettings(BaseModel):
    """How moods are judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refine: bool = False
    """Whether a language model that can be held to a form judges each message once more,
    after the reply. It costs a second request a turn, and a model on this machine has to
    read the conversation again then before its next word."""


class SafetySettings(BaseModel):
    """What the program needs to know to show where help is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str = Field(default="", pattern="^([A-Z]{2})?$")
    """Where you are, as a code of two capital letters: ``DE``, ``US``. Never guessed."""

    age: AgeGroup = AgeGroup.UNASKED
    """How old you are: ``adult``, ``minor`` (under 18), or ``unsaid``. Empty: not asked yet."""


class MemorySettings(BaseModel):
    """How what was said is found again, and what is made of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: bool = True
    """Whether the sentence encoder has a say, where companion[embed] is installed."""

    think: bool = True
    """Whether a language model that can be held to a form notices and sums up what was said,
    while nobody talks. Small models are not asked: see ``structured`` of a backend."""


class BackupSettings(BaseModel):
    """Copies of what is kept, in the data folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    daily: bool = True
    """Whether a backup is made by itself, once a day, while you talk."""

    keep: int = Field(default=7, ge=1, le=1000)
    """How many of them are kept."""


class Settings(BaseModel):
    """Everything that can be set. Each field can stand in ``settings.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    persona: str = "samantha"
    """Whom you talk with: the name of a file in ``prompts/personas/``."""

    backend: str = "local"
    """Which of ``backends`` answers."""

    chat: ChatSettings = ChatSettings()

    mood: MoodSettings = MoodSettings()

    safety: SafetySettings = SafetySettings()
    memory: MemorySettings = MemorySettings()

    backups: BackupSettings = BackupSettings()

    backends: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """One table a backend; ``kind`` says which sort, the rest belongs to that kind."""

    def backend_table(self, name: str) -> Mapping[str, Any]:
        """Return the table of one backend; ``local`` exists without being set.

        Raises ``SettingsError`` if there is none of that name.
        """
        known = {"local": {}, **self.backends}
        known["local"] = {"kind": "local"} | known["local"]
        if known["local"]["kind"] != "local":
            raise SettingsError(
                "The name local belongs to the model on this machine. "
                "Give [backends.local] in settings.toml another name."
            )
        if name not in known:
            names = ", ".join(sorted(known))
            raise SettingsError(
                f"There is no backend called {name}. Known: {names}. "
                f"Add [backends.{name}] to settings.toml, or choose another."
            )
        return known[name]

    def backend_names(self) -> list[str]:
        """Return the names of all backends, ``local`` first."""
        return ["local", *sorted(name for name in self.backends if name != "local")]


def load_settings(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read settings from ``path`` (which need not exist) and the environment.

    The environment wins. Raises ``SettingsError`` naming file, place and reason.
    """
    values = _read_toml(path)
    values |= {field: environ[key] for key, field in _ENVIRONMENT.items() if environ.get(key)}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(f"{path}: {describe_invalid(error)}") from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Mend or remove it.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            f"{path} cannot be read: {reason}. Mend it, or set COMPANION_HOME to another folder."
        ) from None


def describe_invalid(error: ValidationError) -> str:
    """Say in one line what is wrong with a table, and where."""
    problem = error.errors()[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{place} is not a setting that I know. Remove it or check its spelling."
    return f"{place}: {problem['msg']}."


def change_setting(path: Path, keys: tuple[str, ...], value: str | bool) -> None:
    """Set one value in the settings file, keeping its comments and order.

    The result is checked before it replaces the file. Raises ``SettingsError``.
    """
    import tomlkit

    _read_toml(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    document = tomlkit.parse(text)
    table: Any = document
    for key in keys[:-1]:
        table = table.setdefault(key, tomlkit.table())
    table[keys[-1]] = value
    try:
        Settings.model_validate(document.unwrap())
    except ValidationError as error:
        raise SettingsError(f"{path}: {describe_invalid(error)}") from None
    _replace(path, tomlkit.dumps(document))


def _replace(path: Path, text: str) -> None:
    temporary = path.with_suffix(".toml.new")
    try:
        make_private(path.parent)
        temporary.touch(mode=0o600)
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None
