"""Bold label, used as the first text of a row."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.ui.widgets.roles import Label


class BoldLabel(Label):
    """Body text in bold, wrapping."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("body", parent, wraps=True)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
