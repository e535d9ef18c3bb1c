"""The recovery code on the screen, and two of its groups that are asked back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.recovery_codes import is_group
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets import boxes
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.roles import Label

GROUPS = (2, 5)
"""Numbers of the groups that are asked back."""

_LONGEST = 8


class RecoveryPanel(QWidget):
    """Shows a code once. Whoever wrote it down can type the groups."""

    submitted = Signal()
    """Enter was pressed in a group."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._code = ""
        self.code = Label("heading", wraps=True)
        self.code.setObjectName("recoveryCode")
        self.groups = tuple(Field(f"recoveryGroup{number}") for number in GROUPS)
        for number, field in zip(GROUPS, self.groups, strict=True):
            field.say(
                texts.bind(f"setup.field_recovery_group_{number}"), texts.bind("staff.group_hint")
            )
            field.line.setMaxLength(_LONGEST)
            field.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
            field.line.setProperty("scan", "number")
            field.line.returnPressed.connect(self.submitted)
            field.line.textEdited.connect(lambda _, field=field: field.set_wrong(""))
        self.setFocusProxy(self.groups[0])
        boxes.column(
            Label("heading", text=texts.bind("setup.recovery_code")),
            Label("body", wraps=True, text=texts.bind("staff.code_about")),
            self.code,
            Label("muted", wraps=True, text=texts.bind("setup.note_code")),
            boxes.row(*((field, 1) for field in self.groups), gap=12),
            on=self,
            gap=12,
        )

    @property
    def is_shown(self) -> bool:
        """Return whether a code is on the screen."""
        return bool(self._code)

    def show_code(self, code: str) -> None:
        """Show a code."""
        self._code = code
        self.code.setText(code)
        for field in self.groups:
            field.line.clear()
            field.set_wrong("")

    def forget(self) -> None:
        """Show the code no longer."""
        self.show_code("")

    def check(self) -> bool:
        """Return whether both groups are right; if not, say so, and focus the first wrong one."""
        for number, field in zip(GROUPS, self.groups, strict=True):
            if not is_group(self._code, number, field.line.text()):
                field.set_wrong(self._texts(f"setup.rule_recovery_group_{number}"))
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return True
