"""Settings of a program that has no settings file: kept until it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from posapp.domain.settings import BY_NAME, Settings
from posapp.services.ports.settings import SettingChange
from posapp.services.ports.unit_of_work import UnitOfWork


class UnsavedSettings:
    """Ports ``SettingsFile`` and ``SettingChanges``."""

    def __init__(self) -> None:
        self._values = Settings()
        self._changes: list[SettingChange] = []

    def read(self) -> Settings:
        """See the port."""
        return self._values

    def write(self, changes: Mapping[str, Any]) -> Settings:
        """See the port."""
        values = {
            name: BY_NAME[name].default if value is None else value
            for name, value in changes.items()
        }
        self._values = replace(self._values, **values)
        return self._values

    def append(self, uow: UnitOfWork | None, changes: Sequence[SettingChange]) -> None:
        """See the port."""
        self._changes += changes

    def newest(self, limit: int) -> tuple[SettingChange, ...]:
        """See the port."""
        return tuple(self._changes[::-1][:limit])
