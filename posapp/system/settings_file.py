"""The settings file of a shop, as the services see it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posapp.domain.settings import Settings
from posapp.system.settings import load
from posapp.system.settings_writer import save_settings


class TomlSettingsFile:
    """Port ``SettingsFile``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Settings:
        """See the port."""
        return load(self._path)

    def write(self, changes: Mapping[str, Any]) -> Settings:
        """See the port."""
        return save_settings(self._path, changes) or load(self._path)
