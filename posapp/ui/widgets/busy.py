"""Work that takes longer than a moment."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QElapsedTimer, QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.roles import Label

_FRAME_MS = 33
_ROUND_MS = 1_400
_HEIGHT = 34


class BusyBar(QWidget):
    """A moving line, and words below it that say what is being done.

    It keeps its room while it is idle, so that nothing jumps when work begins and ends; it moves
    only while it is seen.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = _Line(theme)
        self._words = Label("caption")
        self._busy = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._line)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._words)
        middle.addStretch(1)
        column.addLayout(middle)
        self.setFixedHeight(_HEIGHT)

    @property
    def is_busy(self) -> bool:
        """Whether it moves."""
        return self._busy

    @property
    def words(self) -> str:
        """What it says is being done."""
        return self._words.text()

    def start(self, words: str) -> None:
        """Say what is being done; calling it again changes the words."""
        self._words.setText(words)
        self.setAccessibleName(words)
        if not self._busy:
            self._busy = True
            self._line.start()
            announce(self, words)

    def stop(self) -> None:
        """The work is over."""
        self._busy = False
        self._line.stop()
        self._words.setText("")
        self.setAccessibleName("")


class _Line(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._running = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
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
