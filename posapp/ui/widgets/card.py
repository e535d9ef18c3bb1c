"""Raised card with a heading."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets import boxes
from posapp.ui.widgets.roles import Frame, Label


class Card(Frame):
    """A rounded card: a small line above, a heading, and the contents of ``body``.

    Args:
        padding: white space around its contents, in pixels.
    """

    def __init__(self, parent: QWidget | None = None, *, padding: int = 32) -> None:
        super().__init__("card", parent)
        self._over = Label("caption")
        self._over.hide()
        self._heading = Label("heading")
        self._heading.hide()
        self.body = boxes.column(gap=16, margins=(0, 20, 0, 0))
        layout = boxes.column(self._over, on=self, gap=4, margins=padding)
        self._head = QHBoxLayout()
        self._head.addWidget(self._heading)
        layout.addLayout(self._head)
        layout.addLayout(self.body, 1)  # excess height goes below the heading

    def add_beside_heading(self, widget: QWidget) -> None:
        """Add a widget at the right end of the heading's line."""
        self._head.addStretch(1)
        self._head.addWidget(widget)

    def say(self, heading: BoundText, over: BoundText | None = None) -> None:
        """Show texts that follow the language; not together with ``set_text``."""
        heading.show_in(self, Card._show_heading)
        if over is not None:
            over.show_in(self, Card._show_over)

    def set_text(self, heading: str, over: str = "") -> None:
        """Set the heading and the small line above it."""
        self._show_heading(heading)
        self._show_over(over)

    def _show_heading(self, heading: str) -> None:
        self._heading.setText(heading)
        self._heading.setVisible(bool(heading))
        self.setAccessibleName(heading)

    def _show_over(self, over: str) -> None:
        self._over.setText(over)
        self._over.setVisible(bool(over))
