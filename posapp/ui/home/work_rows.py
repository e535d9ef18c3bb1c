"""Row of the first page: what waits, how much of it, and the key that leads there, if any."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout

from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label, set_role

_OF_THE_WINDOW = frozenset({"F12", "Ctrl+4", "Ctrl+5"})
"""Keys that the window binds on every page."""


_HEIGHT = 52
_MARGIN = 12
"""Pixels at the right of a row without a key, as there are beside a key."""


class WorkRow(Button):
    """A button with a count before its key.

    Args:
        key: the key that leads to the page; empty: the row is pressed.
        name: name of the row; its message id is ``home.<name>``.
        page: id of the page that it leads to.
        arguments: of the page's ``open``, if it shows something at once.
    """

    def __init__(self, key: str, name: str, page: str, **arguments: object) -> None:
        super().__init__("row", key)
        if key in _OF_THE_WINDOW:
            self.leave_key()
        self.setObjectName(f"work_{name}")
        self.setMinimumHeight(_HEIGHT)
        self.name, self.page, self.arguments = name, page, arguments
        self._label = ""
        self._count = ""
        self._number = Label("count")
        row = self.layout()
        if not isinstance(row, QBoxLayout):  # a button without a key has none
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, _MARGIN, 0)
            row.addStretch(1)
        self._gap = row.spacing()
        row.insertWidget(1, self._number)

    def sizeHint(self) -> QSize:
        """Return the room for text and key; without a key, for text and count."""
        hint = super().sizeHint()
        if self._badge is None:
            hint.setWidth(hint.width() + _MARGIN + self._number.sizeHint().width())
        return hint

    def align_count(self, widest: int) -> None:
        """End the count where those of the other rows end.

        Args:
            widest: width in pixels of the widest key among them.
        """
        own = self._badge.sizeHint().width() if self._badge is not None else -self._gap
        self._number.setContentsMargins(0, 0, max(0, widest - own), 0)

    @property
    def key_width(self) -> int:
        """Return the width in pixels of the key."""
        if self._badge is None:
            return 0
        self._badge.ensurePolished()
        return self._badge.sizeHint().width()

    def set_label(self, text: str) -> None:
        """Set what waits."""
        self._label = text
        self._write()

    def show_count(self, count: int, *, more: bool = False) -> None:
        """Show how much waits; ``more`` if it is at least that."""
        self._count = f"{count}+" if more else str(count)
        set_role(self._number, "some", "true" if count else "")
        self._write()

    def _write(self) -> None:
        self._number.setText(self._count)
        self.set_text(self._label, name=f"{self._label} {self._count}".strip())
