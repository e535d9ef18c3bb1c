"""Field: a line to type in, with its label above and a place for an error below."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.roles import Label, set_role

_LONGEST = 200
_WRONG = "✗"
_CLEAR = "×"
_APART = 8
"""Pixels between text and cross."""


class FieldLine(QLineEdit):
    """A line with a cross that clears it, as long as there is text.

    The cross takes no focus: Tab leads from line to line.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(_LONGEST)
        self._left = 0
        self._cross: QPushButton | None = None  # made with the first text: see posapp.ui
        self.textChanged.connect(self._show_cross)

    def indent(self, left: int) -> None:
        """Leave some pixels before the text."""
        self._left = left
        self._show_cross()

    def changeEvent(self, event: QEvent) -> None:
        """Hide the cross while the line cannot be changed; name it in the current language."""
        super().changeEvent(event)
        if self.text():  # else there is no cross, and no need for the enum: see posapp.ui
            types = QEvent.Type
            if event.type() in (types.ReadOnlyChange, types.EnabledChange, types.LanguageChange):
                self._show_cross()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cross at the right end."""
        super().resizeEvent(event)
        self._show_cross()

    def _show_cross(self) -> None:
        shown = bool(self.text()) and self.isEnabled() and not self.isReadOnly()
        if shown and self._cross is None:
            self._cross = self._make_cross()
        if self._cross is None:
            self.setTextMargins(self._left, 0, 0, 0)
            return
        side = self.height()
        self._cross.setGeometry(self.width() - side, 0, side, side)
        self._cross.setVisible(shown)
        self._cross.setAccessibleName(QCoreApplication.translate("FieldLine", "Clear"))
        self.setTextMargins(self._left, 0, side // 2 + _APART if shown else 0, 0)

    def _make_cross(self) -> QPushButton:
        cross = QPushButton(_CLEAR, self)
        cross.setProperty("role", "clear")
        cross.setProperty("focusPolicy", 0)  # Qt.FocusPolicy.NoFocus
        cross.clicked.connect(self._clear)
        return cross

    def _clear(self) -> None:
        """Clear as a person would, so that the change counts as typed and can be undone."""
        self.selectAll()
        self.del_()
        self.setFocus()


class Field(QWidget):
    """Label, line, and a line below for an error: it is reserved, so that nothing moves.

    What is wrong is shown by the line's edge, a cross and words, and announced once.

    Args:
        name: the object name of the line itself, for tests and styles.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrong = ""
        self._label = Label("field")
        self.line = FieldLine()
        self.line.setObjectName(name)
        self._label.setBuddy(self.line)
        self._slot = Label("field-error")
        self._slot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        boxes.column(self._label, self.line, self._slot, on=self, gap=2)

    def use_one_line(self) -> None:
        """Leave out label and error: the placeholder names the field, its edge says it is wrong."""
        self._label.hide()
        self._slot.hide()

    @property
    def message(self) -> str:
        """Return the current error message, or empty."""
        return self._wrong

    def say(self, label: BoundText, hint: BoundText) -> None:
        """Show a label and a placeholder that follow the language; not with ``set_text``."""
        hint.show_in(self.line, QLineEdit.setPlaceholderText)
        label.show_in(self, _show_label)

    def set_text(self, label: str, hint: str) -> None:
        """Set label and placeholder."""
        self.line.setPlaceholderText(hint)
        self._show_label(label)

    def _show_label(self, label: str) -> None:
        self._label.setText(label)
        self.line.setAccessibleName(label)

    def set_wrong(self, text: str, *, urgent: bool = True) -> None:
        """Show what is wrong; empty: nothing.

        Args:
            urgent: the announcement interrupts the screen reader.
        """
        if text == self._wrong:
            return
        was_right, self._wrong = not self._wrong, text
        self._slot.setText(f"{_WRONG} {text}" if text else "")
        self._slot.setToolTip(text)
        self.line.setAccessibleDescription(text)
        set_role(self.line, "wrong", bool(text))
        if text and was_right:
            announce(self.line, text, urgent=urgent)


def _show_label(field: Field, label: str) -> None:
    field._show_label(label)  # of its own class
