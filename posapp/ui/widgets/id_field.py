"""Field for an id that is typed or scanned."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import UserError
from posapp.domain.users import parse_id
from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets.field import Field

_LONGEST = 64


class IdField(Field):
    """Accepts every character (a scanner's are never refused) and shows an error for an invalid id.

    Args:
        name: the object name of the line itself, for tests and styles.
    """

    changed = Signal()
    """The text changed; ``value()`` returns the id."""

    submitted = Signal()
    """Enter was pressed, whatever the field contains."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._make_wrong: Callable[[], str] = str
        self.line.setMaxLength(_LONGEST)
        self.line.textChanged.connect(self._check)
        self.line.returnPressed.connect(self.submitted)

    def say(self, label: BoundText, hint: BoundText, wrong: Callable[[], str] = str) -> None:
        """Show texts that follow the language; ``wrong`` as in ``set_text``."""
        self._make_wrong = wrong
        super().say(label, hint)

    def set_text(self, label: str, hint: str, wrong: Callable[[], str] = str) -> None:
        """Set label, placeholder, and the error message for an invalid id.

        The message is built only when needed, because errors have their own catalogue.
        """
        self._make_wrong = wrong
        super().set_text(label, hint)

    def value(self) -> int | None:
        """Return the id, or ``None`` if there is no valid one."""
        try:
            return parse_id(self.line.text())
        except UserError:
            return None

    @property
    def is_empty(self) -> bool:
        """Return whether the field is empty."""
        return not self.line.text().strip()

    def set_value(self, number: int | None) -> None:
        """Set or clear the id."""
        self.line.setText("" if number is None else str(number))

    def disable_input_method(self) -> None:
        """Take keys as they are in Hangul mode too, a person's and a scanner's.

        Not in the constructor: it touches what the first window may not (``posapp.ui``).
        """
        self.line.setAttribute(QtCore.Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def add_typed(self, characters: str) -> None:
        """Insert characters that were typed outside the field, and take the focus."""
        self.line.setFocus()
        self.line.insert(characters)

    def _show_label(self, label: str) -> None:
        super()._show_label(label)
        self._show_whether_wrong()  # in the current language

    def _check(self) -> None:
        self._show_whether_wrong()
        self.changed.emit()

    def _show_whether_wrong(self) -> None:
        is_wrong = not self.is_empty and self.value() is None
        self.set_wrong(self._make_wrong() if is_wrong else "", urgent=False)
