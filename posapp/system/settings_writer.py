"""Writes settings into their file and leaves every other line unchanged: comments, order, unknown
line ends."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posapp.domain.settings import BY_NAME, Settings
from posapp.system.atomic_file import PRIVATE, sync_folder, write_beside
from posapp.system.disk import disk_problem_of
from posapp.system.settings import bad, read_text, read_values, together

KEPT = 10
"""How many older files are kept."""

KEPT_FOLDER = "settings-old"
"""Folder of the older files, beside the settings file: ``1.toml`` is the newest of them."""

_ON_ONE_LINE = r"""(?:"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|\[[^\]\r\n]*\]|[^\s#"'\[\r\n][^\s#\r\n]*)"""
"""A value on one line: a text, a list, or a bare word."""


def save_settings(
    path: Path, changes: Mapping[str, Any], *, keep_old: bool = True
) -> Settings | None:
    """Write settings, all of them or none; comments, order and line ends of the file stay.

    The new file is complete on the disk before it replaces the old one, of which the newest
    ``KEPT`` are kept.

    Args:
        changes: valid values by name; ``None`` removes the setting, so that its default counts.
        keep_old: also keep the old file.

    Returns:
        The settings of the new file; ``None`` if nothing had to change.

    Raises:
        EnvironmentProblem: a value or the file is bad, two settings do not fit each other, or the
            disk does not allow it; the old file is then unchanged.
    """
    before = content = read_text(path)
    checked = {name: _checked(name, value) for name, value in changes.items()}
    for name, value in checked.items():
        content = _without(content, name) if value is None else _with(content, name, value)
    if content == before:
        return None
    _refuse_damage(before, content, checked, path)
    settings = together(read_values(content, path.name), path.name)
    real = path.resolve()
    _replace(real, content, before if keep_old and real.exists() else None)
    return settings


def save_appearance(
    path: Path,
    *,
    language: str | None = None,
    theme: str | None = None,
    text_size: str | None = None,
) -> None:
    """Store language, theme and size, as a press changes them: the old file is not kept.

    Raises:
        EnvironmentProblem: like ``save_settings``.
    """
    given = {"language": language, "theme": theme, "text_size": text_size}
    chosen = {name: value for name, value in given.items() if value is not None}
    save_settings(path, chosen, keep_old=False)


def _checked(name: str, value: Any) -> Any:
    """Return the value as TOML has it; raises SETTINGS_BAD."""
    if value is None:
        return None
    plain = list(value) if isinstance(value, tuple) else value
    try:
        BY_NAME[name].read(plain, from_text=False)
    except ValueError as error:
        raise bad(name, str(error)) from error
    return plain


def _literal(value: Any) -> str:
    # A JSON text or list of printable texts is one of TOML, too.
    return json.dumps(value, ensure_ascii=False)


def _with(content: str, name: str, value: Any) -> str:
    line = re.compile(rf"^([ \t]*{name}[ \t]*=[ \t]*){_ON_ONE_LINE}", re.MULTILINE)
    changed, count = line.subn(lambda found: found[1] + _literal(value), content, count=1)
    if count:
        return changed
    end = "\r\n" if "\r\n" in content else "\n"
    gap = "" if not content or content.endswith("\n") else end
    return f"{content}{gap}{name} = {_literal(value)}{end}"


def _without(content: str, name: str) -> str:
    line = rf"^[ \t]*{name}[ \t]*=[ \t]*{_ON_ONE_LINE}[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)"
    return re.sub(line, "", content, count=1, flags=re.MULTILINE)


def _refuse_damage(before: str, after: str, wanted: Mapping[str, Any], path: Path) -> None:
    """Verify by parsing that only the wanted settings changed."""
    try:
        expected = tomllib.loads(before)
        got = tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:
        raise bad(path.name, str(error)) from error
    for name, value in wanted.items():
        expected.pop(name, None)
        if value is not None:
            expected[name] = value
    if got != expected:
        raise bad(path.name, "written in a way that only a person can change")


def _replace(path: Path, content: str, old: str | None) -> None:
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else PRIVATE
        temporary = write_beside(path.parent, content, mode)
        try:
            if old is not None:
                _keep(path.parent / KEPT_FOLDER, old, mode)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_problem_of(error, path) from error


def _keep(folder: Path, old: str, mode: int) -> None:
    """Keep the old text as the newest of the older files; the oldest goes."""
    folder.mkdir(mode=0o700, exist_ok=True)
    temporary = write_beside(folder, old, mode)
    kept = [folder / f"{number}.toml" for number in range(1, KEPT + 1)]
    free = next((at for at, one in enumerate(kept) if not one.exists()), KEPT - 1)
    for at in range(free, 0, -1):
        kept[at - 1].replace(kept[at])
    temporary.replace(kept[0])
