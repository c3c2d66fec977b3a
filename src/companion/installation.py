"""Where everything is, how it is set, and the backend that is chosen there."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from companion.domain.disclosure import AgeGroup
from companion.domain.errors import SettingsError
from companion.locations import Locations, find_locations, find_prompts_folders
from companion.passphrases import ask_in_terminal, find_passphrases
from companion.protocols.model import Backend, LocalEngine
from companion.protocols.secrets import SecretShelf
from companion.settings import Settings, change_setting, load_settings
from companion.store.keys import Keys
from companion.system_keyring import SystemKeyring

if TYPE_CHECKING:
    from companion.backends.cassette import Cassette


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything is and how it is set: what every command starts from."""

    locations: Locations
    settings: Settings
    prompts: tuple[Path, ...]
    environ: Mapping[str, str]
    keys: Keys = field(default_factory=Keys, repr=False)
    keyring: SecretShelf = field(default_factory=SystemKeyring)


def read_installation(
    environ: Mapping[str, str] = os.environ, ask: Callable[[], Iterable[str]] = ask_in_terminal
) -> Installation:
    """Read locations and settings, of files that are the user's and nobody else can read.

    ``ask`` gives passphrases, one after the other, if the database turns out to be locked.
    Raises ``SettingsError`` or ``StoreError``; opens and starts nothing.
    """
    from companion.store.ownership import keep_to_user

    locations = find_locations(environ)
    keep_to_user(locations.private)
    settings = load_settings(locations.settings_file, environ)
    keyring, database = SystemKeyring(), locations.database
    keys = Keys(lambda: find_passphrases(environ, database, keyring, ask))
    prompts = find_prompts_folders(locations)
    return Installation(locations, settings, prompts, environ, keys, keyring)


def make_backend(
    installation: Installation,
    name: str | None = None,
    model: str | None = None,
    seed: int | None = None,
    cassette: "Cassette | None" = None,
    *,
    structured: bool = False,
) -> Backend:
    """Build the backend of a name, the chosen one by default; nothing is started.

    ``model`` takes the place of the model in the settings; ``seed`` lets the same words get
    the same answer; ``cassette`` records what goes to a server; ``structured`` holds a server to
    JSON schemas, whatever the settings say. Raises ``SettingsError``.
    """
    from companion.backends.kinds import Services, build_backend

    def local_engine(model_id: str, threads: int | None, adapter: str) -> LocalEngine:
        from companion.local_model.catalogue import find_entry
        from companion.local_model.engine import EmbeddedEngine

        locations, entry = installation.locations, find_entry(model_id)
        if seed is not None:
            entry = entry.model_copy(update={"sampling": {**entry.sampling, "seed": seed}})
        chosen = Path(adapter).expanduser() if adapter else None
        return EmbeddedEngine(entry, locations.models, locations.log_file, threads, chosen)

    name = name or installation.settings.backend
    table = dict(installation.settings.backend_table(name))
    if model:
        table["model"] = model
    if seed is not None and table.get("kind") == "openai":
        table["sampling"] = {**table.get("sampling", {}), "seed": seed}
    if structured and table.get("kind") == "openai":
        table["structured"] = True
    services = Services(installation.environ, local_engine, installation.keyring, cassette)
    return build_backend(name, table, services)


def keep_api_key(installation: Installation, name: str, key: str) -> None:
    """Keep the key of a server in the keyring, and say so in the settings; empty: take it out.

    Raises ``SettingsError``, ``KeyringError``.
    """
    from companion.backends.openai_settings import name_secret

    if installation.settings.backend_table(name).get("kind") != "openai":
        raise SettingsError(f"{name} takes no key: it is no server of the kind openai.")
    if key:
        installation.keyring.put(name_secret(name), key)
    else:
        installation.keyring.remove(name_secret(name))
    place = ("backends", name, "api_key_keyring")
    change_setting(installation.locations.settings_file, place, bool(key))


def keep_country(installation: Installation, code: str) -> None:
    """Keep in the settings where the user is. Raises ``SettingsError``."""
    change_setting(installation.locations.settings_file, ("safety", "country"), code)


def keep_age(installation: Installation, age: AgeGroup) -> None:
    """Keep in the settings how old the user says they are. Raises ``SettingsError``."""
    change_setting(installation.locations.settings_file, ("safety", "age"), age.value)
