"""Toast: a short message that needs no answer."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.roles import Frame, Label

SHOWN_MS = 4_000
"""Display time in milliseconds; nothing important is shown only here."""

_FROM_EDGE = 24
_MARGIN = 24


class Toast(Frame):
    """Floats above the lower edge of its parent for four seconds and takes no clicks.

    Args:
        at_top: floats below the upper edge, as in a dialog, whose buttons are at the bottom.
    """

    def __init__(self, parent: QWidget, *, at_top: bool = False) -> None:
        super().__init__("toast", parent)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over, self._at_top = parent, at_top
        self._text_label = Label("toast-words", wraps=True)
        self._row = boxes.row(self._text_label, on=self, margins=(24, 14, 24, 14))
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def message(self) -> str:
        """Return the current or last message."""
        return self._text_label.text()

    def say(self, text: str) -> None:
        """Show a message in place of the current one."""
        self._text_label.setText(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)
        announce(self, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the geometry when the window is resized."""
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        parent = self._over
        most = max(160, min(560, parent.width() - 2 * _MARGIN))
        natural = self._text_label.fontMetrics().horizontalAdvance(self._text_label.text()) + 56
        width = min(natural, most)
        self.ensurePolished()  # the style sheet sets the least height
        height = max(self.minimumHeight(), self._row.totalHeightForWidth(width))
        left = (parent.width() - width) // 2
        top = _FROM_EDGE if self._at_top else parent.height() - _FROM_EDGE - height
        self.setGeometry(left, top, width, height)
