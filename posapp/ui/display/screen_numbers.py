"""A large number on each screen for a few seconds, so that a person can tell which is which."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.roles import Label

SHOWN_MS = 4_000
"""Milliseconds for which the numbers are shown."""

_SIDE = 320
"""Side in pixels of the square with the number."""


class ScreenNumbers(QObject):
    """Shows the number of each screen in its middle; presses and keys go on as before."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.windows: list[QWidget] = []
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(SHOWN_MS)
        self._end.timeout.connect(self.hide)

    def show(self) -> None:
        """Show the numbers, in the order in which the screens can be chosen."""
        self.hide()
        for number, screen in enumerate(QGuiApplication.screens(), start=1):
            window = _Number(self._theme, number)
            room = screen.geometry()
            window.setScreen(screen)
            window.move(room.center().x() - _SIDE // 2, room.center().y() - _SIDE // 2)
            window.show()
            self.windows.append(window)
        self._end.start()

    def hide(self) -> None:
        """Take the numbers away."""
        for window in self.windows:
            window.hide()
            window.deleteLater()
        self.windows.clear()


class _Number(Label):
    """One number, above all windows."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__("display")
        flags = Qt.WindowType
        self.setWindowFlags(
            flags.ToolTip
            | flags.FramelessWindowHint
            | flags.WindowStaysOnTopHint
            | flags.WindowDoesNotAcceptFocus
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAutoFillBackground(True)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), theme.colour("text"))
        palette.setColor(self.foregroundRole(), theme.colour("surface"))
        self.setPalette(palette)
        font = self.font()
        font.setPixelSize(_SIDE // 2)
        font.setWeight(QFont.Weight.Bold)
        self.setFont(font)
        self.setFixedSize(_SIDE, _SIDE)
        self.setText(str(number))
