"""Grid of name and value pairs in two columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from posapp.ui.widgets.roles import Label

_NAMES_WIDTH = 96


class FactGrid(QWidget):
    """Rows of facts; values can be selected by mouse, so that a number can be copied alone."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[Label, Label]] = []
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
            (name.text(), value.text()) for name, value in self._rows if not name.isHidden()
        )

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show (name, value) pairs; pairs with an empty value are omitted."""
        said = [(name, value) for name, value in rows if value]
        while len(self._rows) < len(said):
            self._add_row()
        for at, (name, value) in enumerate(self._rows):
            used = at < len(said)
            name.setVisible(used)
            value.setVisible(used)
            if used:
                name.setText(said[at][0])
                value.setText(said[at][1])
                value.setAccessibleName(f"{said[at][0]}: {said[at][1]}")

    def _add_row(self) -> None:
        name, value = Label("muted"), Label("body", wraps=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        at = len(self._rows)
        self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignTop)
        self._rows.append((name, value))
