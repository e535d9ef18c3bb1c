"""Status badges: a state shown by icon, label and colour together."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QSizePolicy

from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.icons import sign
from posapp.ui.widgets.roles import Frame, Label, set_role

TONES = {
    "success": "success",
    "error": "danger",
    "warning": "warning",
    "notice": "notice",
    "busy": "text-muted",
    "idle": "text-muted",
}
"""Colour of each tone's icon. The icon has the tone's name and a shape of its own: a ticked ring, a
crossed octagon, a triangle, a ring with an i, a clock, and a dotted ring for what has not begun."""


class Sign(QLabel):
    """An icon in a tone's shape and colour. Decoration beside text, so screen readers skip it."""

    def __init__(self, theme: Theme, size: int) -> None:
        super().__init__()
        self._theme = theme
        self._size = size
        self._name = "notice"
        self._colour = "notice"
        self.setFixedSize(QSize(size, size))
        theme.changed.connect(self._draw)

    def set_tone(self, tone: str) -> None:
        """Show the icon of a tone."""
        self.set_sign(tone, TONES[tone])

    def set_sign(self, name: str, token: str) -> None:
        """Show any icon in any colour of the theme."""
        self._name, self._colour = name, token
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(sign(self._name, self._theme.colour(self._colour), self._size))


class StatusBadge(Frame):
    """Label of a state, after the icon of its tone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("status-badge")
        self._sign = Sign(theme, 20)
        self._text_label = Label("status-word")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        boxes.row(self._sign, self._text_label, on=self, gap=8, margins=(12, 6, 14, 6))

    @property
    def label(self) -> str:
        """Return the text."""
        return self._text_label.text()

    def show_state(self, tone: str, label: str) -> None:
        """Show a state.

        Args:
            tone: success, error, warning, notice, busy or idle.
        """
        set_role(self, "tone", tone)
        set_role(self._text_label, "tone", tone)
        self._sign.set_tone(tone)
        self._text_label.setText(label)
        self.setAccessibleName(label)
