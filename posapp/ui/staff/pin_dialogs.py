"""Dialogs that set a PIN: the own one by the old one, and a manager's by the recovery code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QWidget

from posapp.domain.errors import UserError
from posapp.domain.permissions import StaffRole
from posapp.domain.staff import least_digits
from posapp.services.staff.sign_in import StaffTile
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.staff.new_pin import NEW_PIN_ERRORS, NewPinFields, Rule, follow_rules
from posapp.ui.staff.recovery_panel import RecoveryPanel
from posapp.ui.staff.staff_form import OWN_PIN_ERRORS
from posapp.ui.widgets import boxes
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.pin_field import PinField
from posapp.ui.widgets.roles import Label

_NAME = 16
"""Letters of a name."""

_LONGEST_CODE = 60


class _FieldsDialog(ConfirmDialog):
    """A dialog whose action is taken once its fields are right.

    Args:
        role: whose new PIN is asked for, if one is.
        no: message id of the safe answer.
    """

    def __init__(
        self,
        texts: Translator,
        about: str,
        page: QWidget,
        role: StaffRole | None = None,
        no: str = "words.close",
    ) -> None:
        super().__init__(parent=page.window(), danger=False, waits=True)
        digits = f"staff.digits_{least_digits(role)}" if role is not None else ""

        def write() -> None:
            why = texts(f"staff.why_{about}")
            self.say(texts(f"staff.ask_{about}"), f"{why} {texts(digits)}" if digits else why)
            self.set_answers(texts(f"staff.yes_{about}"), texts(no))

        self.follow(texts, write)

    def agree(self) -> None:
        """Choose the action, if it is taken by now and nothing is wrong."""
        if self.can_agree() and follow_rules(self.rules()):
            super().agree()

    def rules(self) -> list[Rule]:
        """Return what the fields have to be."""
        return []


class OwnPinDialog(_FieldsDialog):
    """Asks for the old PIN and twice for a new one.

    Args:
        role: of whoever is signed in.
    """

    def __init__(self, texts: Translator, page: QWidget, role: StaffRole) -> None:
        super().__init__(texts, "own_pin", page, role)
        self._texts, self._role = texts, role
        self.old = PinField("ownPin", texts.bind("staff.old_pin"))
        self.new = NewPinFields(texts)
        self.old.line.returnPressed.connect(self.new.setFocus)
        _lead_on(self.new, self.agree)
        self.fields.addWidget(self.old)
        self.fields.addWidget(self.new)
        self.old.focus()

    def rules(self) -> list[Rule]:
        """Return what the fields have to be."""
        needed = self._texts("staff.old_pin_needed")
        return [(self.old, bool(self.old.text), needed), *self.new.rules(self._role)]

    def show_refusal(self, error: Exception) -> None:
        """Empty what was refused, and go there: a wrong old PIN empties all."""
        if not shiboken6.isValid(self) or not isinstance(error, UserError):
            return
        if error.code in OWN_PIN_ERRORS:
            self.old.clear()
            self.new.clear()
            self.old.focus()
        elif error.code in NEW_PIN_ERRORS:
            self.new.clear()
            self.new.pin.focus()


class RecoveryDialog(_FieldsDialog):
    """Asks for the recovery code and a new PIN of a manager.

    Args:
        managers: whose PIN can be set; who it is has to be chosen where there are several.
        chosen: number of the manager who is chosen at first, or ``None``.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        page: QWidget,
        managers: Sequence[StaffTile],
        chosen: int | None,
    ) -> None:
        super().__init__(texts, "recover", page, StaffRole.MANAGER)
        self._texts, self._managers = texts, managers
        self._group = QButtonGroup(self)
        flow = FlowPanel()
        self.chips = tuple(CheckChip(theme, self, round_box=True) for _ in managers)
        for at, (chip, one) in enumerate(zip(self.chips, managers, strict=True)):
            self._group.addButton(chip, at)
            flow.add(chip)
            chip.set_text(display_text(one.name, _NAME), name=one.name)
            chip.setChecked(one.id == chosen or len(managers) == 1)
        people = QWidget()
        who = Label("field", text=texts.bind("staff.role_MANAGER"))
        boxes.column(who, flow, on=people, gap=4)
        self.code = Field("recoveryEntry")
        self.code.say(texts.bind("setup.recovery_code"), texts.bind("staff.code_hint"))
        self.code.line.setMaxLength(_LONGEST_CODE)
        self.code.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.code.line.setProperty("scan", "number")
        self.code.line.textEdited.connect(lambda _: self.code.set_wrong(""))
        self.new = NewPinFields(texts)
        self.code.line.returnPressed.connect(self.new.setFocus)
        _lead_on(self.new, self.agree)
        self._group.idToggled.connect(lambda *_: self.update_enabled())
        for part in (people, self.code, self.new):
            self.fields.addWidget(part)
        self.update_enabled()
        self.code.line.setFocus()

    @property
    def manager(self) -> StaffTile | None:
        """Return whose PIN is set."""
        at = self._group.checkedId()
        return self._managers[at] if 0 <= at < len(self._managers) else None

    @property
    def is_complete(self) -> bool:
        """Return whether a manager is chosen."""
        return self.manager is not None

    def rules(self) -> list[Rule]:
        """Return what the fields have to be."""
        given = bool(self.code.line.text().strip())
        missing = self._texts("staff.code_needed")
        return [(self.code, given, missing), *self.new.rules(StaffRole.MANAGER)]

    def show_refusal(self, error: Exception) -> None:
        """Empty the PINs, and go to what was refused; the code stays, to be corrected."""
        if not shiboken6.isValid(self):
            return
        self.new.clear()
        is_pin = isinstance(error, UserError) and error.code in NEW_PIN_ERRORS
        self.new.pin.focus() if is_pin else self.code.line.setFocus()


class RecoveryCodeDialog(_FieldsDialog):
    """Shows the next recovery code, and asks two of its groups back."""

    def __init__(self, texts: Translator, page: QWidget, code: str) -> None:
        super().__init__(texts, "note_code", page, no="staff.yes_forget_code")
        self.panel = RecoveryPanel(texts)
        self.panel.show_code(code)
        self.panel.submitted.connect(self.agree)
        self.agreed.connect(self.close_done)
        self.finished.connect(self.panel.forget)
        self.fields.addWidget(self.panel)
        self.panel.groups[0].line.setFocus()

    def agree(self) -> None:
        """Close, if both groups are right."""
        if self.can_agree() and self.panel.check():
            super().agree()


def _lead_on(new: NewPinFields, agree: Callable[[], None]) -> None:
    """Lead from the first field to the second one by Enter, and choose the action there."""
    new.pin.line.returnPressed.connect(new.again.focus)
    new.again.line.returnPressed.connect(agree)
