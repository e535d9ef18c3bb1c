"""Connectivity indicator in the header: whether PortOne is reachable."""

from __future__ import annotations

from enum import StrEnum

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.roles import Frame, Label


class IndicatorState(StrEnum):
    """State of the indicator; its text is ``window.lamp_<value>``."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"
    PORTAL = "portal"
    BUSY = "busy"


_AWAY = frozenset({IndicatorState.OFFLINE, IndicatorState.PORTAL})


class StatusIndicator(QWidget):
    """An icon and a text.

    A full disc means online, a crossed ring offline, a ring with an exclamation mark that a portal
    requires a sign-in, a half disc checking, an empty ring that nothing is known yet.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = _Dot(theme)
        self._text_label = Label("caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._text_label)

    @property
    def state(self) -> IndicatorState:
        """Return the current state."""
        return self._dot.state

    @property
    def caption(self) -> str:
        """Return the text beside the icon."""
        return self._text_label.text()

    def show_state(self, state: IndicatorState, text: str) -> None:
        """Show a state; a change between known states is announced."""
        before = self._dot.state
        self._dot.state = state
        self._dot.update()
        self._text_label.setText(text)
        self.setAccessibleName(text)
        if state is not before and IndicatorState.UNKNOWN not in (state, before):
            announce(self, text, urgent=state in _AWAY)


class _Dot(Frame):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("lamp", parent)
        self._theme = theme
        self.state = IndicatorState.UNKNOWN
        self.setFixedSize(QSize(14, 14))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.state is IndicatorState.UNKNOWN:
            super().paintEvent(event)  # the style sheet's ring: the first window's, see posapp.ui
            return
        state = IndicatorState.OFFLINE if self.state in _AWAY else self.state
        colour = self._theme.colour(f"lamp-{state.value}")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 2))
        disc = QRectF(2, 2, 10, 10)
        if state is IndicatorState.ONLINE:
            painter.setBrush(colour)
        painter.drawEllipse(disc)
        if self.state is IndicatorState.PORTAL:
            painter.drawLine(QPointF(7, 4.6), QPointF(7, 7.2))
            painter.drawPoint(QPointF(7, 9.6))
        elif self.state is IndicatorState.OFFLINE:
            painter.drawLine(QPointF(3.6, 10.4), QPointF(10.4, 3.6))
        elif state is IndicatorState.BUSY:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPie(disc, 90 * 16, 180 * 16)
        painter.end()
