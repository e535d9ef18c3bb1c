"""Table model of the unsent refunds: four columns of two lines each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from posapp.services.ports.outbox import PendingRefund

_NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("col_refund", "col_state", "col_amount", "col_next")
"""Message ids of the column headings."""

REFUND, STATE, AMOUNT, NEXT = range(4)

_LINES = (("item", "subject"), ("state", "why"), ("amount", "since"), ("next", "tries"))
"""Fields of a row's text for each column."""


class PendingModel(QAbstractTableModel):
    """Holds the rows; ``describe`` builds the texts of visible rows only.

    ``EntryRole`` returns the ``PendingRefund``, ``SecondRole`` a cell's second line, ``ToneRole``
    the tone of the row; the accessible text of any cell is the whole row in one sentence.
    """

    EntryRole = Qt.ItemDataRole.UserRole + 1
    SecondRole = Qt.ItemDataRole.UserRole + 2
    ToneRole = Qt.ItemDataRole.UserRole + 3

    def __init__(
        self,
        describe: Callable[[PendingRefund], Any],
        sentence: Callable[[Any], str],
        title: Callable[[str], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._describe, self._sentence, self._title = describe, sentence, title
        self._rows: tuple[PendingRefund, ...] = ()
        self._said: dict[int, Any] = {}

    @property
    def rows(self) -> tuple[PendingRefund, ...]:
        """Return the rows."""
        return self._rows

    def set_rows(self, rows: Sequence[PendingRefund]) -> None:
        """Replace the rows.

        The same refunds in the same order are updated in place, so that the selection and the
        scroll position stay.
        """
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
        """Rebuild all texts after a change of time, network or language."""
        self._said.clear()
        if self._rows:
            last = self.index(len(self._rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def count_down(self) -> None:
        """Rebuild the times of the next attempts."""
        self._said.clear()
        if self._rows:
            last = self.index(len(self._rows) - 1, NEXT)
            self.dataChanged.emit(self.index(0, NEXT), last)

    def row_of(self, refund_id: int) -> int:
        """Return the row of a refund, or -1."""
        for at, one in enumerate(self._rows):
            if one.refund_id == refund_id:
                return at
        return -1

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Return one row for each refund."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Return 4."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the headings of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(f"sync.{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the texts of a cell, or the entry itself."""
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if role == self.EntryRole:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role in _TEXT_ROLES:
            return self._text(index.row(), index.column(), role)
        return None

    def _text(self, row: int, column: int, role: int) -> str:
        text = self._said.get(row)
        if text is None:
            text = self._said[row] = self._describe(self._rows[row])
        if role == self.ToneRole:
            return str(text.tone)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(text)
        first, second = (str(getattr(text, name)) for name in _LINES[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{first}\n{second}".replace("\u200b", "")
        return second if role == self.SecondRole else first


_TEXT_ROLES = frozenset(
    {
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
        int(Qt.ItemDataRole.ToolTipRole),
        PendingModel.SecondRole,
        PendingModel.ToneRole,
    }
)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == AMOUNT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
