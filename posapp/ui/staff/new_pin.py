"""Fields for a new PIN: typed twice, with one line for what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.domain.pins import guard_pin
from posapp.domain.staff import least_digits
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets import boxes
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.pin_field import PinField, error_slot

Rule = tuple[Field | PinField, bool, str]
"""A field, whether it is right, and what it has to be."""

NEW_PIN_ERRORS = frozenset({ErrorCode.PIN_FORM, ErrorCode.PIN_WEAK, ErrorCode.PIN_USED})
"""Refusals about a new PIN."""


class NewPinFields(QWidget):
    """A new PIN and the same once more, side by side."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        slot = error_slot()
        self.pin = PinField("staffPin", texts.bind("staff.new_pin"), slot)
        self.again = PinField("staffPinAgain", texts.bind("staff.pin_again"), slot)
        beside = boxes.row((self.pin, 1), (self.again, 1), gap=12)
        boxes.column(beside, slot, on=self, gap=2)
        self.setFocusProxy(self.pin)

    @property
    def text(self) -> str:
        """Return the PIN as it was typed first."""
        return self.pin.text

    def clear(self) -> None:
        """Forget what is typed, and what was wrong."""
        for field in (self.pin, self.again):
            field.clear()

    def rules(self, role: StaffRole) -> list[Rule]:
        """Return what a PIN of this role has to be."""
        weak = refusal_of(lambda: guard_pin(self.text, least_digits(role)))
        said = self.said_of(weak, role) if weak is not None else ""
        same = self.again.text == self.text
        return [
            (self.pin, weak is None, said),
            (self.again, same, self._texts("setup.rule_manager_pin_again")),
        ]

    def said_of(self, error: Exception, role: StaffRole) -> str:
        """Return why a PIN was refused: how many digits the role needs, where it is about that."""
        if isinstance(error, UserError) and error.code is ErrorCode.PIN_FORM:
            return self._texts(f"staff.digits_{least_digits(role)}")
        return self._texts.error(error)


def follow_rules(rules: Iterable[Rule]) -> bool:
    """Return whether all fields are right; if not, say so beside the first one that is not, and
    focus it."""
    for field, is_right, message in rules:
        if not is_right:
            field.set_wrong(message)
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
    return True


def refusal_of(check: Callable[[], object]) -> UserError | None:
    """Return why a check refuses; ``None`` if it does not."""
    try:
        check()
    except UserError as error:
        return error
    return None
