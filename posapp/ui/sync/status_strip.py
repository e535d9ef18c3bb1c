"""Headline of the page F11: icon, status, and whether it is safe to close."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.services.sync.close_safety import CloseSafety
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.roles import Frame, Label, set_role

_SIGN = 28

_STYLES = {
    CloseSafety.GREEN: ("success", "success", "success"),
    CloseSafety.AMBER: ("warning", "busy", "warning"),
    CloseSafety.RED: ("error", "error", "danger"),
}
"""For each safety level: tone of the background, icon, colour of the icon."""


class StatusStrip(Frame):
    """Band in the tone of the status; before the first report the status is being checked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent)
        self._sign = Sign(theme, _SIGN)
        self.status_label = Label("heading")
        self.safe = Label("body", wraps=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        boxes.row(
            self._sign, self.status_label, (self.safe, 1), on=self, gap=16, margins=(20, 8, 20, 8)
        )

    def show_safety(self, safety: CloseSafety | None, label: str, safe: str) -> None:
        """Show the safety level; ``None``: not known yet."""
        tone, shape, colour = ("busy", "busy", "text-muted") if safety is None else _STYLES[safety]
        set_role(self, "tone", tone)
        self._sign.set_sign(shape, colour)
        self.status_label.setText(label)
        self.safe.setText(safe)
        self.safe.setVisible(bool(safe))
        self.setAccessibleName(f"{label}. {safe}".strip())
