"""Folder of a shop: settings, database, logs, exports, backups."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.system.disk import disk_problem_of

HOME_VARIABLE = "POSAPP_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one shop, and the paths in it."""

    root: Path

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.root / "settings.toml"

    @property
    def setting_changes(self) -> Path:
        """Record of who changed which setting."""
        return self.root / "settings-changes.jsonl"

    @property
    def database(self) -> Path:
        """The shop's database."""
        return self.root / "posapp.db"

    @property
    def lock(self) -> Path:
        """Lock file of the database, held by the one running program."""
        return self.root / "posapp.lock"

    @property
    def logs(self) -> Path:
        """Folder of the log files."""
        return self.root / "logs"

    @property
    def exports(self) -> Path:
        """Folder of exported files."""
        return self.root / "exports"

    @property
    def backups(self) -> Path:
        """Folder of the database's backups."""
        return self.root / "backups"

    def make(self) -> None:
        """Create missing folders, readable by this user only.

        Raises:
            EnvironmentProblem: the disk does not allow it, or a file is in the way.
        """
        for folder in (self.root, self.logs, self.exports, self.backups):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except FileExistsError as error:
                raise EnvironmentProblem(
                    EnvironmentCode.FILE_UNREADABLE, f"no folder: {folder}"
                ) from error
            except OSError as error:
                raise disk_problem_of(error, folder) from error


def resolve_home(option: str | None, environ: Mapping[str, str] | None = None) -> Home:
    """Return the folder of ``--home``, else of ``POSAPP_HOME``, else the user's own."""
    variables = os.environ if environ is None else environ
    chosen = option or variables.get(HOME_VARIABLE)
    if chosen:
        return Home(Path(chosen).expanduser().absolute())
    return Home(default_root(sys.platform, variables, Path.home()))


def default_root(platform: str, environ: Mapping[str, str], user: Path) -> Path:
    """Return the folder for a user's data: %LOCALAPPDATA%, Application Support, or XDG's rule."""
    if platform == "win32":
        base = environ.get("LOCALAPPDATA")
        return (Path(base) if base else user / "AppData" / "Local") / "posapp"
    if platform == "darwin":
        return user / "Library" / "Application Support" / "posapp"
    named = environ.get("XDG_DATA_HOME", "")
    # XDG: a path that is not absolute is to be ignored.
    base_folder = Path(named) if named and Path(named).is_absolute() else user / ".local/share"
    return base_folder / "posapp"
