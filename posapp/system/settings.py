"""Reads a shop's settings: a TOML file, overridden by environment variables, overridden by options.

The list of all settings is ``domain.settings``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.settings import BY_NAME, SETTINGS, Settings, find_conflict
from posapp.system.disk import disk_problem_of

PREFIX = "POSAPP_"


def load(
    path: Path, environ: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings of a shop; a missing file means the defaults of ``Settings``.

    Args:
        environ: variables; only ``POSAPP_`` followed by a setting's name is read.
        options: settings from the command line, by their names.

    Raises:
        EnvironmentProblem: SETTINGS_BAD with the place and the name of the error, or the file
            cannot be read.
    """
    values = read_values(read_text(path), path.name)
    for setting in SETTINGS:
        variable = PREFIX + setting.name.upper()
        if environ is not None and variable in environ:
            given = environ[variable]
            values[setting.name] = _value(setting.name, given, variable, from_text=True)
    for name, given in (options or {}).items():
        values[name] = _value(name, given, f"--{name.replace('_', '-')}", from_text=True)
    return together(values, path.name)


def read_values(content: str, file: str) -> dict[str, Any]:
    """Return the values of a file's text by their names; raises SETTINGS_BAD with the line."""
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise bad(file, str(error)) from error
    return {
        name: _value(name, given, f"{file}{_line_of(name, content)}: {name}", from_text=False)
        for name, given in table.items()
    }


def together(values: Mapping[str, Any], file: str) -> Settings:
    """Return the settings of these values; raises SETTINGS_BAD if two do not fit each other."""
    settings = Settings(**values)
    conflict = find_conflict(settings)
    if conflict is not None:
        raise bad(f"{file}: {conflict[0]}", conflict[1])
    return settings


def bad(place: str, what: str) -> EnvironmentProblem:
    """Return the problem for an invalid setting, with its place and its error."""
    return EnvironmentProblem(EnvironmentCode.SETTINGS_BAD, f"{place}: {what}")


def read_text(path: Path) -> str:
    """Return the file's text, empty if there is none.

    Raises:
        EnvironmentProblem: it cannot be read, or is not UTF-8.
    """
    try:
        # Reads bytes: reading as text would change the line ends of a Windows editor.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise disk_problem_of(error, path) from error
    except UnicodeDecodeError as error:
        raise bad(path.name, "not UTF-8") from error


def _value(name: str, given: object, place: str, *, from_text: bool) -> Any:
    setting = BY_NAME.get(name)
    if setting is None:
        raise bad(place, "unknown")
    if setting.is_secret:
        raise bad(place, "a secret, which is kept in the keyring: take it out here")
    try:
        return setting.read(given, from_text=from_text)
    except ValueError as error:
        raise bad(place, str(error)) from error


def _line_of(name: str, content: str) -> str:
    for number, line in enumerate(content.splitlines(), start=1):
        if re.match(rf"\s*\[*\s*[\"']?{re.escape(name)}\b", line):
            return f" line {number}"
    return ""
