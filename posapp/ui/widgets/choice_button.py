"""Button that stays pressed: the base of boxes, segments and chips."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText


class ChoiceButton(QPushButton):
    """A button of which the theme shows by its edge and by bold text whether it is chosen.

    Space toggles it, and arrows move to the next one.
    """

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setCheckable(True)
        self.setAutoDefault(False)  # Enter belongs to the dialog
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, text: BoundText) -> None:
        """Show a text that follows the language; not together with ``set_text``."""
        text.show_in(self, _set_text)

    def set_text(self, text: str, *, name: str = "") -> None:
        """Set the text; ``name`` is the text for screen readers if it differs."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(name or text)

    def sizeHint(self) -> QSize:
        """Return the room for the bold text, so that choosing it moves nothing."""
        hint, text = super().sizeHint(), self.text()
        if text:
            bold = self.font()
            bold.setBold(True)
            plain = self.fontMetrics().horizontalAdvance(text)
            more = QFontMetrics(bold).horizontalAdvance(text) - plain
            hint.setWidth(hint.width() + more + 2)  # advances are rounded
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the text is never cut."""
        return self.sizeHint()


def _set_text(button: ChoiceButton, text: str) -> None:
    button.set_text(text)  # of its own class
