"""Rows of what is not sent yet: four columns of two lines each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from posapp.services.ports.outbox import Unsent

_NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("col_refund", "col_state", "col_amount", "col_next")
"""The columns, by their titles' ids."""

REFUND, STATE, AMOUNT, NEXT = range(4)

_LINES = (("item", "subject"), ("state", "why"), ("amount", "since"), ("next", "tries"))
"""Of each column, the fields of a row's words."""


class UnsentModel(QAbstractTableModel):
    """Holds rows; ``describe`` makes their words, and is asked only for what is on screen.

    ``EntryRole`` gives the ``Unsent``, ``SecondRole`` a cell's second line, ``ToneRole`` the tone
    of the row; the accessible text of any cell is the whole row in one sentence.
    """

    EntryRole = Qt.ItemDataRole.UserRole + 1
    SecondRole = Qt.ItemDataRole.UserRole + 2
    ToneRole = Qt.ItemDataRole.UserRole + 3

    def __init__(
        self,
        describe: Callable[[Unsent], Any],
        sentence: Callable[[Any], str],
        title: Callable[[str], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._describe, self._sentence, self._title = describe, sentence, title
        self._rows: tuple[Unsent, ...] = ()
        self._said: dict[int, Any] = {}

    @property
    def rows(self) -> tuple[Unsent, ...]:
        """What it holds."""
        return self._rows

    def set_rows(self, rows: Sequence[Unsent]) -> None:
        """Hold these instead. The same refunds in the same order keep their places, so that what
        is chosen stays chosen and nothing jumps."""
        fresh = tuple(rows)
        if [one.refund_id for one in fresh] == [one.refund_id for one in self._rows]:
            self._rows = fresh
            self.write_again()
            return
        self.beginResetModel()
        self._rows = fresh
        self._said.clear()
        self.endResetModel()

    def write_again(self) -> None:
        """All words may be others: the time, the network or the language changed."""
        self._said.clear()
        if self._rows:
            last = self.index(len(self._rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def count_down(self) -> None:
        """Time went by: the next tries are nearer."""
        self._said.clear()
        if self._rows:
            last = self.index(len(self._rows) - 1, NEXT)
            self.dataChanged.emit(self.index(0, NEXT), last)

    def row_of(self, refund_id: int) -> int:
        """Where a refund is, or -1."""
        for at, one in enumerate(self._rows):
            if one.refund_id == refund_id:
                return at
        return -1

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row a refund."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Four."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """The titles of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(f"sync.{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell, or the entry itself."""
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if role == self.EntryRole:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role in _WORDS:
            return self._words(index.row(), index.column(), role)
        return None

    def _words(self, row: int, column: int, role: int) -> str:
        words = self._said.get(row)
        if words is None:
            words = self._said[row] = self._describe(self._rows[row])
        if role == self.ToneRole:
            return str(words.tone)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(words)
        first, second = (str(getattr(words, name)) for name in _LINES[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{first}\n{second}".replace("\u200b", "")
        return second if role == self.SecondRole else first


_WORDS = frozenset(
    {
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
        int(Qt.ItemDataRole.ToolTipRole),
        UnsentModel.SecondRole,
        UnsentModel.ToneRole,
    }
)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == AMOUNT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
