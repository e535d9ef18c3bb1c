"""Table model of rows that are described by cells of two lines each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        heading: follows the language.
        most: largest width in pixels, beyond which its texts are elided; 0: never elided.
        stretches: it takes the rest of the width, and is elided where that is too little.
        is_right: its texts end at one edge, as amounts do.
    """

    heading: BoundText
    most: int = 0
    stretches: bool = False
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """The two lines of a cell, and the tone whose sign stands before them, if any."""

    first: str
    second: str = ""
    tone: str = ""


class RowsModel(QAbstractTableModel):
    """Rows with an identity; a fresh reading of the same ones changes them where they are.

    Args:
        key_of: returns the identity of a row across readings.
        describe: returns a row's cells in the current language, one for each column.
        fetch: reads the page after the last row, which ``add`` then takes.
    """

    CellRole = Qt.ItemDataRole.UserRole + 1

    def __init__(
        self,
        texts: Translator,
        columns: Sequence[Column],
        key_of: Callable[[Any], Hashable],
        describe: Callable[[Any], Sequence[Cell]],
        fetch: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key_of, self._describe, self._fetch = key_of, describe, fetch
        self._rows: list[Any] = []
        self._cells: list[tuple[Cell, ...]] = []
        self._has_more = False
        texts.changed.connect(self.write_again)

    @property
    def rows(self) -> tuple[Any, ...]:
        """Return the rows read so far."""
        return tuple(self._rows)

    def show(self, rows: Sequence[Any], *, has_more: bool) -> None:
        """Replace the rows."""
        self._has_more = has_more
        if [self._key_of(row) for row in rows] == [self._key_of(row) for row in self._rows]:
            self._rows = list(rows)
            self.write_again()
            return
        self.beginResetModel()
        self._rows = list(rows)
        self._cells = [tuple(self._describe(row)) for row in rows]
        self.endResetModel()

    def add(self, rows: Sequence[Any], *, has_more: bool) -> None:
        """Add a further page."""
        self._has_more = has_more
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(_NO_PARENT, first, first + len(rows) - 1)
        self._rows.extend(rows)
        self._cells.extend(tuple(self._describe(row)) for row in rows)
        self.endInsertRows()

    def insert(self, at: int, row: Any) -> None:
        """Insert one row."""
        self.beginInsertRows(_NO_PARENT, at, at)
        self._rows.insert(at, row)
        self._cells.insert(at, tuple(self._describe(row)))
        self.endInsertRows()

    def replace(self, at: int, row: Any) -> None:
        """Show a row's new state in its place."""
        self._rows[at], self._cells[at] = row, tuple(self._describe(row))
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))

    def remove(self, at: int) -> None:
        """Remove one row."""
        self.beginRemoveRows(_NO_PARENT, at, at)
        del self._rows[at], self._cells[at]
        self.endRemoveRows()

    def write_again(self) -> None:
        """Make all texts again, after a change of language or time."""
        self._cells = [tuple(self._describe(row)) for row in self._rows]
        last = len(self.columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, last))

    def row_at(self, at: int) -> Any:
        """Return the row at a place, or ``None``."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def place_of(self, key: Hashable) -> int:
        """Return the place of the row with this identity, or -1."""
        return next((at for at, row in enumerate(self._rows) if self._key_of(row) == key), -1)

    def key_at(self, at: int) -> Hashable:
        """Return the identity of the row at a place, or ``None``."""
        row = self.row_at(at)
        return None if row is None else self._key_of(row)

    def cells_of(self, column: int, first: int, last: int) -> list[Cell]:
        """Return the cells of a column, of the rows from ``first`` to ``last``."""
        return [cells[column] for cells in self._cells[first : last + 1]]

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of rows read so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        """Return a cell, its first line, or both as the tool tip; the whole row is spoken."""
        if not index.isValid():
            return None
        cells = self._cells[index.row()]
        cell = cells[index.column()]
        if role == self.CellRole:
            return cell
        if role == _DISPLAY:
            return cell.first
        if role == _TOOL_TIP:
            return "\n".join(line for line in (cell.first, cell.second) if line)
        if role == _SPOKEN:
            return ", ".join(line for one in cells for line in (one.first, one.second) if line)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return the headings, aligned as the cells below."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _DISPLAY:
            return self.columns[section].heading()
        if role == _ALIGNMENT:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].is_right else _LEFT
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def canFetchMore(self, parent: _Index) -> bool:
        """Return whether there is a further page."""
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: _Index) -> None:
        """Read the next page once."""
        if self.canFetchMore(parent):
            self._has_more = False
            self._fetch()


_LEFT = Qt.AlignmentFlag.AlignLeft
