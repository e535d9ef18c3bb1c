"""Signs with words: how something stands, told by shape, word and colour together."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from posapp.ui.theme import Theme
from posapp.ui.widgets.roles import Frame, Label, set_role
from posapp.ui.widgets.strokes import sign

TONES = {
    "success": "success",
    "error": "danger",
    "warning": "warning",
    "notice": "notice",
    "busy": "text-muted",
}
"""Every tone with the colour of its sign; the sign itself has the tone's name."""


class Sign(QLabel):
    """One sign in a tone's shape and colour; decoration beside words, so readers skip it."""

    def __init__(self, theme: Theme, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size = size
        self._name = "notice"
        self._ink = "notice"
        self.setFixedSize(QSize(size, size))
        theme.changed.connect(self._draw)

    def set_tone(self, tone: str) -> None:
        """Show a tone's sign."""
        self.set_sign(tone, TONES[tone])

    def set_sign(self, name: str, token: str) -> None:
        """Show any sign in any colour of the theme."""
        self._name, self._ink = name, token
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(sign(self._name, self._theme.colour(self._ink), self._size))


class StatusBadge(Frame):
    """A word for a state, with the shape of its tone before it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("status-badge", parent)
        self._sign = Sign(theme, 20)
        self._word = Label("status-word")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 14, 6)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._word)

    @property
    def word(self) -> str:
        """The word on it."""
        return self._word.text()

    def show_state(self, tone: str, word: str) -> None:
        """Show a state.

        Args:
            tone: success, error, warning, notice or busy.
        """
        set_role(self, "tone", tone)
        set_role(self._word, "tone", tone)
        self._sign.set_tone(tone)
        self._word.setText(word)
        self.setAccessibleName(word)
