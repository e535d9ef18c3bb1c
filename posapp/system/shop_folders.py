"""Folders of a user's shops: one a mode, and a small file that names the one that is opened.

``demo``, ``test`` and ``live`` are folders inside the user's; each has settings, database and all
else of its own. A shop may also be in the user's folder itself, as earlier versions had it.
"""

from __future__ import annotations

from pathlib import Path

from posapp.domain.modes import Mode
from posapp.system.atomic_file import replace_text
from posapp.system.disk import disk_problem_of
from posapp.system.paths import Home
from posapp.system.settings import bad, read_text

CURRENT = "current-shop"
"""File that names the folder of the shop that is opened."""

ITSELF = "."


class ShopFolders:
    """The shops inside one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, mode: Mode) -> Home:
        """Return the folder of the shop of a mode."""
        return Home(self.root / mode.value)

    def current(self) -> Home:
        """Return the shop that is opened: the one that was chosen, else the folder itself.

        Raises:
            EnvironmentProblem: the file that names it is damaged or cannot be read.
        """
        name = read_text(self.root / CURRENT).strip()
        if name in ("", ITSELF):
            return Home(self.root)
        if name not in tuple(Mode):
            raise bad(str(self.root / CURRENT), "one of " + ", ".join(Mode))
        return self.of(Mode(name))

    def choose(self, home: Home) -> None:
        """Make a shop the one that is opened.

        Raises:
            EnvironmentProblem: the disk does not allow it.
        """
        name = ITSELF if home.root == self.root else home.root.name
        path = self.root / CURRENT
        try:
            replace_text(path, f"{name}\n")
        except OSError as error:
            raise disk_problem_of(error, path) from error


def opened_home(home: Home) -> Home:
    """Return the shop that is opened when this folder is named; raises like ``current``."""
    return ShopFolders(home.root).current()
