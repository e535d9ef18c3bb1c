"""Ports for the settings of a shop: their file, and the record of who changed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from posapp.domain.actors import Actor
from posapp.domain.settings import Settings
from posapp.services.ports.setup import AccountProbe
from posapp.services.ports.system import AccountSecrets
from posapp.services.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One changed setting.

    Attributes:
        at: when (UTC).
        old, new: values as people type them; both empty for a secret.
    """

    at: datetime
    actor: Actor
    name: str
    old: str
    new: str


class SettingsFile(Protocol):
    """The settings file of a shop."""

    def read(self) -> Settings:
        """Return the settings of the file alone, without environment and options.

        Raises:
            EnvironmentProblem: ``SETTINGS_BAD``, with the line; or it cannot be read.
        """
        ...

    def write(self, changes: Mapping[str, Any]) -> Settings:
        """Write all changes, or none; ``None`` removes a setting, so that its default counts.

        Raises:
            EnvironmentProblem: like ``read``; or the disk does not allow it.
        """
        ...


@dataclass(frozen=True, slots=True)
class SettingPorts:
    """What the settings of a till need.

    Attributes:
        in_use: the settings that this program was started with.
        secrets: the keyring of the account's keys.
        probe: asks about the account.
        channel: key of the channel that the shop uses; empty if none is chosen.
    """

    file: SettingsFile
    changes: SettingChanges
    in_use: Settings
    secrets: AccountSecrets
    probe: AccountProbe
    channel: str = ""


class SettingChanges(Protocol):
    """Record of changed settings, which only grows."""

    def append(self, uow: UnitOfWork | None, changes: Sequence[SettingChange]) -> None:
        """Record changes, in the unit of work if there is one.

        Raises:
            EnvironmentProblem: the disk does not allow it.
        """
        ...

    def newest(self, limit: int) -> tuple[SettingChange, ...]:
        """Return the newest changes, the newest first."""
        ...
