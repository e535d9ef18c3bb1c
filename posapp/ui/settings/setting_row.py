"""One row of the settings page: name, meaning, editor, and the way to its default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.setting_kinds import ChoiceKind, NumberKind, PrinterKind
from posapp.domain.settings import Setting, text_of
from posapp.services.settings.setting_service import SettingState
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.settings.editors import (
    AnswerAddress,
    AnswerChoice,
    AnswerField,
    AnswerList,
    Editor,
)
from posapp.ui.settings.setting_text import about, name_of, value_text
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label

EDITOR = 360
"""Width of an editor in pixels."""

UNIT = 56
"""Room for the unit of a number."""


LISTED = ("channel_key", "receipt_channel_key", "printer", "buyer_display")
"""Settings that are chosen from a list of the account or of the system."""


class SettingRow(QWidget):
    """Shows one setting and edits it. A value that is not allowed stays in its field, with what is
    expected below it; the old value counts on."""

    submitted = Signal()
    """The value is to be stored."""

    reset = Signal()
    """The default is wanted."""

    list_wanted = Signal()
    """The account or the system is to be asked for what can be chosen."""

    def __init__(self, texts: Translator, theme: Theme, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self._texts = texts
        self._state: SettingState | None = None
        self._wrong: Callable[[], str] = str
        self._name, self._about = Label("body", wraps=True), Label("caption", wraps=True)
        self._note = Label("caption", wraps=True)
        self.value = Label("body", wraps=True)
        self.editor: Editor | None = None
        if not setting.is_fixed:
            self.editor = self._make_editor(theme)
        self._unit = Label("muted")
        self._unit.setFixedWidth(UNIT)
        self.to_default = Button("quiet", text=texts.bind("settings.to_default"))
        self.to_default.clicked.connect(self.reset)
        shown: QWidget = self.editor or self.value
        shown.setFixedWidth(EDITOR)
        labels = boxes.column(1, self._name, self._about, self._note, 1, gap=2)
        boxes.row(
            *((labels, 1), shown, self._unit, self.to_default),
            on=self,
            gap=12,
            margins=(16, 12, 8, 4),
        )
        if self.editor is not None:
            self.editor.hide_label()
            self.editor.changed.connect(self._forget_wrong)
            self.setFocusProxy(self.editor)
        policy = self.to_default.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.to_default.setSizePolicy(policy)
        self.retranslate()

    @property
    def text(self) -> str:
        """Return what is typed or chosen."""
        return self.editor.text if self.editor is not None else ""

    @property
    def is_edited(self) -> bool:
        """Whether it differs from the value that counts."""
        return self.editor is not None and self.text != self._counts

    def show_state(self, state: SettingState) -> None:
        """Show the value that counts."""
        self._state = state
        if self.editor is not None:
            self.editor.show_value(self._counts)
        self._wrong = str
        self.retranslate()

    def cancel(self) -> None:
        """Show the value that counts again."""
        if self._state is not None:
            self.show_state(self._state)
        elif self.editor is not None:
            self.editor.show_value("")
            self.set_wrong(str)

    def show_list(self, choices: Sequence[tuple[str, str]]) -> None:
        """Open the list of what can be chosen, as keys and texts."""
        if isinstance(self.editor, AnswerList | AnswerAddress):
            self.editor.show_list(choices)

    def set_wrong(self, make: Callable[[], str]) -> None:
        """Show what is expected, in whatever language is chosen; empty: nothing is wrong."""
        self._wrong = make
        if self.editor is not None:
            self.editor.set_wrong(make())

    @Slot()
    def _forget_wrong(self) -> None:
        self._wrong = str

    def retranslate(self) -> None:
        """Follow the language."""
        texts, setting, state = self._texts, self.setting, self._state
        self._name.setText(name_of(texts, setting))
        self._about.setText(about(texts, setting))
        if self.editor is not None:
            hint = texts("settings.key_hint") if setting.is_secret else ""
            self.editor.set_text("", hint)
            self.editor.name_editor(name_of(texts, setting))
            self.editor.set_wrong(self._wrong())
        self._unit.setText(self._unit_text())
        self._note.setText(self._note_text(state))
        self._note.setVisible(bool(self._note.text()))
        can_reset = state is not None and not state.is_default and not setting.is_fixed
        self.to_default.setVisible(can_reset)
        if state is not None:
            self.value.setText(value_text(texts, setting, state.value) or texts("settings.empty"))

    def _note_text(self, state: SettingState | None) -> str:
        if state is None:
            return ""
        if state.is_overridden:
            return self._texts("settings.overridden")
        return self._texts("settings.at_next_start") if state.waits_for_restart else ""

    def _unit_text(self) -> str:
        kind = self.setting.kind
        if not isinstance(kind, NumberKind) or not kind.unit:
            return ""
        return self._texts(f"settings.unit_{kind.unit}", value="").strip()

    @property
    def _counts(self) -> str:
        return text_of(self._state.value) if self._state is not None else ""

    def _make_editor(self, theme: Theme) -> Editor:
        setting = self.setting
        if isinstance(setting.kind, ChoiceKind):
            choice = AnswerChoice(self._texts, theme, setting.name, setting)
            choice.changed.connect(self.submitted)
            return choice
        if setting.name in LISTED:
            listed = AnswerList(
                setting.name,
                self._texts.bind(f"settings.none_{setting.name}"),
                partial(value_text, self._texts, setting),
            )
            listed.changed.connect(self.submitted)
            listed.wanted.connect(self.list_wanted)
            return listed
        if isinstance(setting.kind, PrinterKind):
            address = AnswerAddress(self._texts, setting.name)
            address.picked.connect(self.submitted)
            address.wanted.connect(self.list_wanted)
            return address
        is_number = isinstance(setting.kind, NumberKind)
        return AnswerField(setting.name, secret=setting.is_secret, latin=is_number)
