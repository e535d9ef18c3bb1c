"""The lamp in the header: whether PortOne can be reached."""

from __future__ import annotations

from enum import StrEnum

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.roles import Frame, Label


class LampState(StrEnum):
    """What the lamp can say; the words are ``window.lamp_<value>``."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"
    PORTAL = "portal"
    BUSY = "busy"


_AWAY = frozenset({LampState.OFFLINE, LampState.PORTAL})


class Lamp(QWidget):
    """A shape and words: a full disc online, a crossed ring offline, one with a mark of exclamation
    where a portal wants a sign-in, a half disc while checking, an empty ring before anything is
    known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._light = _Light(theme)
        self._words = Label("caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._light)
        row.addWidget(self._words)

    @property
    def state(self) -> LampState:
        """What it says now."""
        return self._light.state

    @property
    def words(self) -> str:
        """The words beside the light."""
        return self._words.text()

    def show_state(self, state: LampState, words: str) -> None:
        """Show a state; a change from one known state to another is announced."""
        before = self._light.state
        self._light.state = state
        self._light.update()
        self._words.setText(words)
        self.setAccessibleName(words)
        if state is not before and LampState.UNKNOWN not in (state, before):
            announce(self, words, urgent=state in _AWAY)


class _Light(Frame):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("lamp", parent)
        self._theme = theme
        self.state = LampState.UNKNOWN
        self.setFixedSize(QSize(14, 14))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.state is LampState.UNKNOWN:
            super().paintEvent(event)  # the style sheet's ring: the first window's, see posapp.ui
            return
        state = LampState.OFFLINE if self.state in _AWAY else self.state
        colour = self._theme.colour(f"lamp-{state.value}")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 2))
        disc = QRectF(2, 2, 10, 10)
        if state is LampState.ONLINE:
            painter.setBrush(colour)
        painter.drawEllipse(disc)
        if self.state is LampState.PORTAL:
            painter.drawLine(QPointF(7, 4.6), QPointF(7, 7.2))
            painter.drawPoint(QPointF(7, 9.6))
        elif self.state is LampState.OFFLINE:
            painter.drawLine(QPointF(3.6, 10.4), QPointF(10.4, 3.6))
        elif state is LampState.BUSY:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPie(disc, 90 * 16, 180 * 16)
        painter.end()
