"""The table of all settings in docs/settings.md, made of the one list."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.domain.setting_kinds import ChoiceKind, NumberKind, TextKind
from posapp.domain.settings import BY_NAME, Setting, SettingGroup, text_of
from posapp.ui.core.i18n import Translator
from posapp.ui.settings.setting_text import about, group_name, name_of


def settings_table() -> tuple[str, ...]:
    """Return the lines of the table, in Markdown."""
    texts = Translator("en")
    lines: list[str] = []
    for group in SettingGroup:
        lines += [f"### {group_name(texts, group)}", "", _ROW.format(*_HEAD), _ROW.format(*_RULE)]
        lines += [
            _ROW.format(*_cells(texts, one)) for one in BY_NAME.values() if one.group is group
        ]
        lines.append("")
    return tuple(lines[:-1])


_ROW = "| {} | {} | {} | {} | {} |"
_HEAD = ("name", "what it is", "values", "default", "changes")
_RULE = ("---",) * 5


def _cells(texts: Translator, setting: Setting) -> Iterator[str]:
    yield f"`{setting.name}`"
    yield f"{name_of(texts, setting)}: {about(texts, setting)}"
    yield _values(setting)
    yield "in the keyring" if setting.is_secret else f"`{text_of(setting.default) or '(empty)'}`"
    if setting.is_fixed:
        yield "at set-up"
    else:
        yield "at the next start" if setting.needs_restart else "at once"


def _values(setting: Setting) -> str:
    kind = setting.kind
    match kind:
        case NumberKind():
            zero = "0, or " if kind.or_zero else ""
            return f"{zero}{kind.least} to {kind.most} {kind.unit}".rstrip()
        case ChoiceKind():
            return ", ".join(f"`{option}`" for option in kind.options)
        case TextKind():
            return f"{kind.shortest} to {kind.longest} characters"
    try:
        kind.read(None, from_text=False)
    except ValueError as expected:
        return str(expected)
    raise AssertionError(setting.name)
