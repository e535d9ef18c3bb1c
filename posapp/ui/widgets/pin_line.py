"""Line for a PIN: digits that nobody can read, copy, paste or scan."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.pins import REFUND_DIGITS

_DIGITS = QRegularExpression("[0-9]*")


class PinLine(QLineEdit):
    """Takes up to six digits; a scan is ignored, see ``scanner.fields``.

    Args:
        name: the object name.
    """

    complete = Signal()
    """The last digit was typed: as many as ``set_digits`` says."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._digits = REFUND_DIGITS
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(REFUND_DIGITS)
        self.setValidator(QRegularExpressionValidator(_DIGITS, self))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.textChanged.connect(self._count)

    def set_digits(self, digits: int) -> None:
        """Set how many digits the PIN has."""
        self._digits = digits
        self.setMaxLength(digits)

    @property
    def is_complete(self) -> bool:
        """Return whether all digits are typed."""
        return len(self.text()) == self._digits

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type a digit once for a press, and take no text of the clipboard."""
        if event.isAutoRepeat() or event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
            return
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            event.ignore()  # a dialog counts pieces by them
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show no menu."""
        event.accept()

    def _count(self) -> None:
        if self.is_complete and not self.isReadOnly():
            self.complete.emit()
