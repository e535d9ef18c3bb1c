"""Dialog without a title bar, in the middle of the darkened window behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from posapp.ui.widgets.scrim import Scrim


class FramedDialog(QDialog):
    """Draws its own edge, as no window manager does, and darkens the window behind.

    Its title is written in it; ``setWindowTitle`` is for screen readers and lists of windows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setProperty("role", "confirm")
        self._scrim: Scrim | None = None

    def showEvent(self, event: QShowEvent) -> None:
        """Darken the window behind, once."""
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None and self._scrim is None:
            self._scrim = Scrim(parent.window(), self)
            self._scrim.resized.connect(self.follow_window)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    @Slot()
    def follow_window(self) -> None:
        """Be in the middle of the window behind again, after either has another size."""
        behind = self.parentWidget()
        if behind is not None:
            self.adjustPosition(behind)
