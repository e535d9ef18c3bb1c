"""Progress of longer work."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QElapsedTimer, QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.roles import Label

_FRAME_MS = 33
_ROUND_MS = 1_400
_HEIGHT, _BARE_HEIGHT = 34, 4
"""Heights in pixels with the text below the bar, and of the bar alone."""


class BusyBar(QWidget):
    """A moving bar, and a text below it that names the work.

    It keeps its space while idle, so that nothing shifts; it moves only while visible.

    Args:
        bare: without the text, which screen readers still get: for a place that is too small.
    """

    def __init__(self, theme: Theme, *, bare: bool = False) -> None:
        super().__init__()
        self._line = _Line(theme)
        self._text_label = Label("caption")
        self._busy = False
        column = boxes.column(self._line, on=self, gap=8)
        if bare:
            self._text_label.setParent(self)
            self._text_label.hide()
        else:
            column.addLayout(boxes.row(1, self._text_label, 1))
        self.setFixedHeight(_BARE_HEIGHT if bare else _HEIGHT)

    @property
    def is_busy(self) -> bool:
        """Return whether the bar moves."""
        return self._busy

    @property
    def message(self) -> str:
        """Return the text."""
        return self._text_label.text()

    def start(self, text: str) -> None:
        """Start with a text; a further call changes the text."""
        self._text_label.setText(text)
        self.setAccessibleName(text)
        if not self._busy:
            self._busy = True
            self._line.start()
            announce(self, text)

    def stop(self) -> None:
        """Stop the bar and clear the text."""
        self._busy = False
        self._line.stop()
        self._text_label.setText("")
        self.setAccessibleName("")


class _Line(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._running = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, 4)

    def start(self) -> None:
        self._running = True
        self._since.start()
        if self.isVisible():
            self._timer.start()
        self.update()

    def stop(self) -> None:
        self._running = False
        self._timer.stop()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._running:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._running:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("hairline"))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        width = self.width() * 0.3
        part = (self._since.elapsed() % _ROUND_MS) / _ROUND_MS
        left = part * (self.width() + width) - width
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 2, 2)
        painter.end()
