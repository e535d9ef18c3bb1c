"""The command ``posapp settings``: lists, shows and changes the settings of a shop."""

from __future__ import annotations

from posapp.app.command_access import COMMAND_ACCESS
from posapp.app.commands import CommandResult
from posapp.app.settings_table import settings_table
from posapp.app.shop_config import Shop
from posapp.app.terminal_actor import terminal_actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.settings import BY_NAME, Setting, text_of
from posapp.services.settings.setting_service import SettingService, SettingState
from posapp.system.clock import SystemClock
from posapp.system.setting_changes import FileSettingChanges
from posapp.system.settings_file import TomlSettingsFile
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.settings.setting_text import name_of, rule, typed_text


class SettingsCommand:
    """Each method is one form of the command.

    Raises:
        EnvironmentProblem: the settings file is bad, or the disk does not allow it.
    """

    def __init__(self, shop: Shop) -> None:
        self._texts = Translator(shop.settings.language)
        self._service = SettingService(
            TomlSettingsFile(shop.home.settings),
            FileSettingChanges(shop.home.setting_changes),
            COMMAND_ACCESS,
            SystemClock(),
            shop.settings,
        )

    def list(self) -> CommandResult:
        """Return every setting as it stands in the file, and which of them are not the default."""
        return CommandResult(tuple(map(self._line, self._service.states())))

    def get(self, name: str) -> CommandResult:
        """Return the value of one setting."""
        found = next(one for one in self._service.states() if one.setting.name == name)
        return CommandResult((text_of(found.value),))

    def set(self, name: str, text: str) -> CommandResult:
        """Change one setting."""
        before = self._value(name)
        try:
            state = self._service.change(terminal_actor(), name, text)
        except UserError as error:
            return self._refused(name, error)
        return self._changed(before, state)

    def reset(self, name: str) -> CommandResult:
        """Give one setting its default."""
        before = self._value(name)
        try:
            state = self._service.reset(terminal_actor(), name)
        except UserError as error:
            return self._refused(name, error)
        return self._changed(before, state)

    def history(self) -> CommandResult:
        """Return who changed what, the newest first."""
        texts, lines = self._texts, []
        for one in self._service.history():
            setting = BY_NAME.get(one.name)
            if setting is None:
                what = f"{one.name}: {one.old} → {one.new}"
            else:
                what = f"{name_of(texts, setting)}: {self._arrow(setting, one.old, one.new)}"
            who = status_text.actor(texts, one.actor)  # no name: no records are opened for this
            lines.append(f"{texts.moment(one.at)} · {who} · {what}")
        return CommandResult(tuple(lines) or (texts("settings.no_history"),))

    def table(self) -> CommandResult:
        """Return the table of docs/settings.md."""
        return CommandResult(settings_table())

    def _line(self, state: SettingState) -> str:
        line = f"{state.setting.name} = {text_of(state.value)}"
        if state.is_overridden:
            return f"{line}  # {self._texts('settings.overridden')}"
        return line if state.is_default else f"{line}  *"

    def _value(self, name: str) -> str:
        return self.get(name).lines[0]

    def _changed(self, before: str, state: SettingState) -> CommandResult:
        texts, setting = self._texts, state.setting
        after = text_of(state.value)
        if before == after:
            return CommandResult((texts("settings.unchanged", name=name_of(texts, setting)),))
        change = self._arrow(setting, before, after)
        lines = [texts("settings.changed", name=name_of(texts, setting), change=change)]
        if state.is_overridden:
            lines.append(texts("settings.overridden"))
        elif setting.needs_restart:
            lines.append(texts("settings.at_next_start"))
        return CommandResult(tuple(lines))

    def _refused(self, name: str, error: UserError) -> CommandResult:
        what = self._texts.error(error)
        if error.code is ErrorCode.SETTING_VALUE:
            what = rule(self._texts, BY_NAME[name])
        return CommandResult((f"{name}: {what}",), 1)

    def _arrow(self, setting: Setting, old: str, new: str) -> str:
        texts = self._texts
        if setting.is_secret:
            return texts("settings.secret_changed")
        both = (typed_text(texts, setting, each) or texts("settings.empty") for each in (old, new))
        return " → ".join(both)
