"""Writes a choice into the settings file and leaves every other line unchanged."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from pathlib import Path

from posapp.system.disk import disk_problem_of
from posapp.system.settings import bad, check, read_text


def save_appearance(path: Path, *, language: str | None = None, theme: str | None = None) -> None:
    """Store language and theme; comments, order and line ends of the file stay.

    The new file is complete on the disk before it replaces the old one.

    Raises:
        EnvironmentProblem: the value or the file is bad, or the disk does not allow it; the old
            file is then unchanged.
    """
    before = content = read_text(path)
    for name, value in (("language", language), ("theme", theme)):
        if value is not None:
            check(name, value)
            content = _with(content, name, value)
    if content == before:
        return
    _refuse_damage(before, content, {"language": language, "theme": theme}, path)
    _replace(path.resolve(), content)


def _with(content: str, name: str, value: str) -> str:
    line = re.compile(rf"^([ \t]*{name}[ \t]*=[ \t]*)(\"[^\"\r\n]*\"|'[^'\r\n]*')", re.MULTILINE)
    changed, count = line.subn(rf'\g<1>"{value}"', content, count=1)
    if count:
        return changed
    end = "\r\n" if "\r\n" in content else "\n"
    gap = "" if not content or content.endswith("\n") else end
    return f'{content}{gap}{name} = "{value}"{end}'


def _refuse_damage(before: str, after: str, wanted: dict[str, str | None], path: Path) -> None:
    """Verify by parsing that only the wanted settings changed."""
    try:
        expected = tomllib.loads(before)
        expected |= {name: value for name, value in wanted.items() if value is not None}
        got = tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:
        raise bad(path.name, str(error)) from error
    if got != expected:
        raise bad(path.name, "written in a way that only a person can change")


def _replace(path: Path, content: str) -> None:
    temporary: str | None = None
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise disk_problem_of(error, path) from error
