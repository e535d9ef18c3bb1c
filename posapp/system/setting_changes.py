"""Record of changed settings: an append-only file of lines beside the settings file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.services.ports.settings import SettingChange
from posapp.services.ports.unit_of_work import UnitOfWork
from posapp.system.disk import disk_problem_of


class FileSettingChanges:
    """Port ``SettingChanges``. A line that a power cut truncated is skipped."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, uow: UnitOfWork | None, changes: Sequence[SettingChange]) -> None:
        """See the port."""
        # A line begins with the end of the line before: a truncated one spoils no other.
        lines = "".join(f"\n{_line(one)}" for one in changes)
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(lines.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise disk_problem_of(error, self._path) from error

    def newest(self, limit: int) -> tuple[SettingChange, ...]:
        """See the port; raises EnvironmentProblem if the file cannot be read."""
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise disk_problem_of(error, self._path) from error
        return tuple(_read(lines))[::-1][:limit]


def _line(change: SettingChange) -> str:
    row = {
        "at": change.at.isoformat(),
        "who": str(change.actor),
        "name": change.name,
        "old": change.old,
        "new": change.new,
    }
    return json.dumps(row, ensure_ascii=False)


def _read(lines: Sequence[bytes]) -> Iterator[SettingChange]:
    for line in lines:
        try:
            row = json.loads(line)
            at, actor = datetime.fromisoformat(row["at"]), Actor.parse(row["who"])
            yield SettingChange(at, actor, str(row["name"]), str(row["old"]), str(row["new"]))
        except (ValueError, KeyError, TypeError):
            continue
