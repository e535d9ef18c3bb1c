"""Grid of name and value pairs in two columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from posapp.ui.core.safe_text import breakable, unbroken
from posapp.ui.widgets.roles import Label, set_role

_NAMES_WIDTH = 96

_RUN = 16
"""Letters of a number that need no blank: a longer one goes on in the next line where there is no
room for it."""


class _Value(Label):
    """A value of which a part can be copied: without the places where it may be broken, which no
    search would find."""

    def __init__(self) -> None:
        super().__init__("body", wraps=True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy what is selected."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            QGuiApplication.clipboard().setText(unbroken(self.selectedText()))
        else:
            super().keyPressEvent(event)


class FactGrid(QWidget):
    """Rows of facts; values can be selected by mouse, so that a number can be copied alone.

    Args:
        is_right: values end at one edge, as amounts do.
    """

    def __init__(self, *, is_right: bool = False) -> None:
        super().__init__()
        self._is_right = is_right
        self._rows: list[tuple[Label, _Value]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, _NAMES_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return the displayed pairs."""
        return tuple(
            (name.text(), unbroken(value.text()))
            for name, value in self._rows
            if not name.isHidden()
        )

    def set_rows(self, rows: Sequence[tuple[str, str]], strong: Collection[str] = ()) -> None:
        """Show (name, value) pairs; pairs with an empty value are omitted.

        Args:
            strong: names of rows in bold.
        """
        said = [(name, value) for name, value in rows if value]
        while len(self._rows) < len(said):
            self._add_row()
        for at, (name, value) in enumerate(self._rows):
            used = at < len(said)
            name.setVisible(used)
            value.setVisible(used)
            if used:
                name.setText(said[at][0])
                value.setText(breakable(unbroken(said[at][1]), _RUN))
                value.setAccessibleName(f"{said[at][0]}: {unbroken(said[at][1])}")
                is_strong = said[at][0] in strong
                set_role(name, "role", "sum" if is_strong else "muted")
                set_role(value, "role", "sum" if is_strong else "body")

    def _add_row(self) -> None:
        name, value = Label("muted"), _Value()
        if self._is_right:
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        at = len(self._rows)
        self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignTop)
        self._rows.append((name, value))
