"""A raised sheet with a heading."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.widgets.roles import Frame, Label


class Card(Frame):
    """A rounded sheet: a small line that says for whom, a heading, and what is put into ``body``.

    Args:
        padding: white space around its contents, in pixels.
    """

    def __init__(self, parent: QWidget | None = None, *, padding: int = 32) -> None:
        super().__init__("card", parent)
        self._over = Label("caption")
        self._over.hide()
        self._heading = Label("heading")
        self._heading.hide()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 20, 0, 0)
        self.body.setSpacing(16)
        sheet = QVBoxLayout(self)
        sheet.setContentsMargins(padding, padding, padding, padding)
        sheet.setSpacing(4)
        sheet.addWidget(self._over)
        self._head = QHBoxLayout()
        self._head.addWidget(self._heading)
        sheet.addLayout(self._head)
        sheet.addLayout(self.body, 1)  # what is too much stays below the heading

    def add_beside_heading(self, widget: QWidget) -> None:
        """Put something at the right end of the heading's line."""
        self._head.addStretch(1)
        self._head.addWidget(widget)

    def set_words(self, heading: str, over: str = "") -> None:
        """Set the heading and the small line above it."""
        self._heading.setText(heading)
        self._heading.setVisible(bool(heading))
        self._over.setText(over)
        self._over.setVisible(bool(over))
        self.setAccessibleName(heading)
