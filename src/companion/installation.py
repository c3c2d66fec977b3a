"""Where everything is, how it is set, and the backend that is chosen there."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from companion.domain.disclosure import AgeGroup
from companion.locations import Locations, find_locations, find_prompts_folders
from companion.protocols.model import Backend, LocalEngine
from companion.settings import Settings, change_setting, load_settings

if TYPE_CHECKING:
    from companion.backends.cassette import Cassette


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything is and how it is set: what every command starts from."""

    locations: Locations
    settings: Settings
    prompts: tuple[Path, ...]
    environ: Mapping[str, str]


def read_installation(environ: Mapping[str, str] = os.environ) -> Installation:
    """Read locations and settings, of files that are the user's and nobody else can read.

    Raises ``SettingsError`` or ``StoreError``; opens and starts nothing.
    """
    from companion.store.ownership import keep_to_user

    locations = find_locations(environ)
    keep_to_user(locations.private)
    settings = load_settings(locations.settings_file, environ)
    return Installation(locations, settings, find_prompts_folders(locations), environ)


def make_backend(
    installation: Installation,
    name: str | None = None,
    model: str | None = None,
    seed: int | None = None,
    cassette: "Cassette | None" = None,
) -> Backend:
    """Build the backend of a name, the chosen one by default; nothing is started.

    ``model`` takes the place of the model in the settings; ``seed`` lets the same words get
    the same answer; ``cassette`` records what goes to a server. Raises ``SettingsError``.
    """
    from companion.backends.kinds import Services, build_backend

    def local_engine(model_id: str, threads: int | None, adapter: str) -> LocalEngine:
        from companion.local_model.adapter import find_adapter
        from companion.local_model.catalogue import find_entry
        from companion.local_model.engine import EmbeddedEngine

        locations, entry = installation.locations, find_entry(model_id)
        if seed is not None:
            entry = entry.model_copy(update={"sampling": {**entry.sampling, "seed": seed}})
        chosen = find_adapter(entry, adapter)
        return EmbeddedEngine(entry, locations.models, locations.log_file, threads, chosen)

    name = name or installation.settings.backend
    table = dict(installation.settings.backend_table(name))
    if model:
        table["model"] = model
    if seed is not None and table.get("kind") == "openai":
        table["sampling"] = {**table.get("sampling", {}), "seed": seed}
    return build_backend(name, table, Services(installation.environ, local_engine, cassette))


def keep_country(installation: Installation, code: str) -> None:
    """Keep in the settings where the user is. Raises ``SettingsError``."""
    change_setting(installation.locations.settings_file, ("safety", "country"), code)


def keep_age(installation: Installation, age: AgeGroup) -> None:
    """Keep in the settings how old the user says they are. Raises ``SettingsError``."""
    change_setting(installation.locations.settings_file, ("safety", "age"), age.value)
