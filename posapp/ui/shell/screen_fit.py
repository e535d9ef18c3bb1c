"""Keeps a window on a screen that exists, and no larger than it; a small one scrolls as a whole."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import QObject, QSize, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QScrollArea, QWidget

from posapp.ui.core.screen_watch import ScreenWatch

WHOLE = "whole"
"""Object name of what contains the whole window where it is small."""

_NO_FOCUS = 0
"""Value of ``Qt.FocusPolicy.NoFocus``: see ``posapp.ui``."""


class ScreenFit(QObject):
    """Gives a window its first size, and fits it anew when a screen changes.

    A screen may be unplugged, turned, or scaled by other settings while a page is shown.

    Args:
        usual: first size of the window, if the screen has room for it.
        least: smallest size of the window, on a screen with room for it.
    """

    def __init__(self, window: QMainWindow, usual: QSize, least: QSize) -> None:
        super().__init__(window)
        self._window, self._least = window, least
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.fit)
        room = QGuiApplication.primaryScreen().availableGeometry().size()
        self._first = usual.boundedTo(room)
        window.setMinimumSize(least.boundedTo(room))
        window.resize(self._first)
        ScreenWatch(self).changed.connect(self._changed)

    @Slot()
    def fit_frame(self) -> None:
        """Leave room for the frame, which has no size before the window is shown."""
        if self._window.size() == self._first:
            self.fit()

    @Slot()
    def fit(self) -> None:
        """Move the window onto its screen and make it no larger than that."""
        window = self._window
        room = window.screen().availableGeometry()
        frame, inside = window.frameGeometry(), window.geometry()
        edges = frame.size() - inside.size()
        window.setMinimumSize(self._least.boundedTo(room.size() - edges))
        if room.contains(frame) or not window.isVisible():
            return
        window.resize(inside.size().boundedTo(room.size() - edges))
        size = window.size() + edges
        window.move(
            max(room.left(), min(frame.left(), room.left() + room.width() - size.width())),
            max(room.top(), min(frame.top(), room.top() + room.height() - size.height())),
        )

    @Slot()
    def _changed(self) -> None:
        if self._window.isVisible():
            self._later.start(0)


class WholeArea(QScrollArea):
    """Contains all of a window that is small, and scrolls what the window has no room for."""

    def __init__(self, contents: QWidget) -> None:
        super().__init__()
        self._contents = contents
        self.setObjectName(WHOLE)
        self.setProperty("focusPolicy", _NO_FOCUS)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidget(contents)
        for ground in (self.viewport(), contents):  # opaque, they would keep the window unpainted
            ground.setAutoFillBackground(False)

    @classmethod
    def around(cls, window: QMainWindow, contents: QWidget) -> Self:
        """Put the contents of a window into an area, and return it; the focus stays where it is."""
        focused = window.focusWidget()
        window.takeCentralWidget()
        area = cls(contents)
        window.setCentralWidget(area)
        if focused is not None:  # another parent takes it
            focused.setFocus()
        return area

    def fit(self, *, scrolls: bool) -> None:
        """Give the contents the size of the window; if it scrolls, then as much as they need.

        The first comes first: a page arranges itself for the size that it gets.
        """
        self._contents.setMinimumSize(1, 1)
        self._contents.resize(self.maximumViewportSize())
        if scrolls:
            self._contents.setMinimumSize(0, 0)


class PageRoom(QWidget):
    """Gives the pages all of its room and asks for none on their behalf.

    A layout would ask for the height that a page needs at its present arrangement, so that a page
    once arranged for a tall window would never notice that the window is wide.
    """

    def __init__(self, stack: QWidget) -> None:
        super().__init__()
        self._stack = stack
        stack.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pages the same size."""
        super().resizeEvent(event)
        self._stack.setGeometry(self.rect())
