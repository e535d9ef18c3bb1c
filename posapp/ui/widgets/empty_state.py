"""Placeholder of an empty list: reason and advice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.roles import Frame, Label


class EmptyState(Frame):
    """An icon and two sentences in the middle of an empty panel."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        sign = Sign(theme, 48)
        sign.set_sign("receipt", "text-muted")
        self._what = Label("heading", wraps=True)
        self._why = Label("muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 48, 48, 48)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._what, self._why):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(3)

    @property
    def message(self) -> str:
        """Return the first sentence."""
        return self._what.text()

    def set_text(self, what: str, why: str) -> None:
        """Set both sentences: what is missing, and why."""
        self._what.setText(what)
        self._why.setText(why)
        self.setAccessibleName(f"{what} {why}")
