"""The light, large: a shape, a word, and whether it is safe to leave."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.services.sync_light import Light
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.roles import Frame, Label, set_role

_SIGN = 36

_LOOKS = {
    Light.GREEN: ("success", "success", "success"),
    Light.AMBER: ("warning", "busy", "warning"),
    Light.RED: ("error", "error", "danger"),
}
"""Of each light the tone of the ground, and the shape and colour of the sign."""


class LightStrip(Frame):
    """A band in the light's tone; before anything was read it says that it is being checked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("light", parent)
        self._sign = Sign(theme, _SIGN)
        self.word = Label("heading", wraps=True)
        self.safe = Label("body", wraps=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(16)
        row.addWidget(self._sign)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.word)
        column.addWidget(self.safe)
        row.addLayout(column, 1)

    def show_light(self, light: Light | None, word: str, safe: str) -> None:
        """Show the light; ``None``: nothing is known yet."""
        tone, shape, ink = ("busy", "busy", "text-muted") if light is None else _LOOKS[light]
        set_role(self, "tone", tone)
        self._sign.set_sign(shape, ink)
        self.word.setText(word)
        self.safe.setText(safe)
        self.safe.setVisible(bool(safe))
        self.setAccessibleName(f"{word}. {safe}".strip())
