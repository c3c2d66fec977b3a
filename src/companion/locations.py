"""Where our files live.

``COMPANION_HOME`` moves every file that we keep under one folder; without it
each kind of file goes where the platform wants it (platformdirs).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Locations:
    """The folders of one installation. None of them needs to exist yet."""

    config: Path
    data: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        """The user's settings, TOML."""
        return self.config / "settings.toml"

    @property
    def own_prompts(self) -> Path:
        """Prompt files of the user's own, looked up before ours."""
        return self.config / "prompts"

    @property
    def database(self) -> Path:
        """The one SQLite file."""
        return self.data / "companion.db"

    @property
    def models(self) -> Path:
        """Weights that were fetched."""
        return self.data / "models"

    @property
    def log_file(self) -> Path:
        """What the embedded engine and unexpected errors leave behind."""
        return self.cache / "companion.log"

    @property
    def private(self) -> tuple[Path, ...]:
        """The folders whose files nobody else may read."""
        kept = self.data / "backups", self.prefixes, self.replays
        return (self.config, self.data, self.cache, *kept)

    @property
    def prefixes(self) -> Path:
        """What the embedded engine read ahead: persona, examples, the user's name."""
        return self.cache / "prefixes"

    @property
    def replays(self) -> Path:
        """What a live replay was answered so far, and where sessions are being played."""
        return self.cache / "replays"


def find_locations(environ: Mapping[str, str] = os.environ) -> Locations:
    """Return the folders that ``environ`` and the platform ask for."""
    home = environ.get("COMPANION_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Locations(root / "config", root / "data", root / "cache")
    import platformdirs

    dirs = platformdirs.PlatformDirs("companion", appauthor=False)
    return Locations(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the user alone.

    Raises ``OSError``.
    """
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def find_prompts_folders(locations: Locations) -> tuple[Path, ...]:
    """Return the folders in which a prompt file is looked for, first match wins.

    The user's own folder, then the prompts inside an installed wheel, then those
    of a checkout.
    """
    package = Path(__file__).parent
    candidates = (locations.own_prompts, package / "_prompts", package.parents[1] / "prompts")
    return tuple(folder for folder in candidates if folder.is_dir())
