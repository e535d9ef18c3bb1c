"""Where a set-up writes: the folders of the shops, and a note of how far it has come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from posapp.domain.modes import Mode
from posapp.services.ports.setup import SetupState
from posapp.services.settings.setup_steps import MODES, START
from posapp.store.shop_mode import mode_of
from posapp.system.atomic_file import replace_text
from posapp.system.disk import disk_problem_of
from posapp.system.paths import Home
from posapp.system.settings import load, read_text
from posapp.system.settings_writer import save_settings
from posapp.system.shop_folders import ShopFolders

STATE = "setup.json"


class FileSetupFolder:
    """Port ``SetupFolder``. The mode is written last: a folder without one is no shop yet."""

    def __init__(self, folders: ShopFolders) -> None:
        self._folders = folders
        self._note = folders.root / STATE

    def load(self) -> SetupState | None:
        """See the port. A note that cannot be understood, or of a finished set-up, counts as
        none."""
        try:
            row = json.loads(read_text(self._note) or "{}")
            answers = {str(name): str(text) for name, text in row["answers"].items()}
            state = SetupState(str(row["step"]), answers)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return None if self._is_finished(state) else state

    def save(self, state: SetupState) -> None:
        """See the port."""
        row = {"step": state.step, "answers": dict(state.answers)}
        try:
            self._folders.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_text(self._note, json.dumps(row, ensure_ascii=False))
        except OSError as error:
            raise disk_problem_of(error, self._note) from error

    def write_settings(self, mode: Mode, values: Mapping[str, Any]) -> None:
        """See the port."""
        home = self.home_of(mode)
        home.make()
        save_settings(home.settings, values)

    def finish(self, mode: Mode) -> None:
        """See the port."""
        home = self.home_of(mode)
        self.write_settings(mode, {"mode": mode})
        self._folders.choose(home)
        try:
            self._note.unlink(missing_ok=True)
        except OSError as error:
            raise disk_problem_of(error, self._note) from error

    def home_of(self, mode: Mode) -> Home:
        """Return the folder of the shop of a mode. A database that is in the user's folder itself,
        of that mode or of none yet, stays there; practice never joins it."""
        itself = Home(self._folders.root)
        stays = mode is not Mode.DEMO and itself.database.exists()
        if stays and mode_of(itself.database) in (None, mode):
            return itself
        return self._folders.of(mode)

    def _is_finished(self, state: SetupState) -> bool:
        """Whether the note is left over: the shop that it speaks of is the one that is opened."""
        mode = MODES.get(state.answers.get(START, ""))
        if mode is None:
            return False
        home = self.home_of(mode)
        return self._folders.current() == home and load(home.settings).mode is mode
