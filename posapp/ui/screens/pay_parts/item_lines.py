"""The items of an order, one a line: name, count, amount."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.theme import Theme
from posapp.ui.widgets.table import ROW_HEIGHT, Table

NAME, COUNT, AMOUNT = range(3)

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_DISPLAY = Qt.ItemDataRole.DisplayRole
_ALIGNMENT = Qt.ItemDataRole.TextAlignmentRole
_TOOL_TIP = Qt.ItemDataRole.ToolTipRole
_COLOUR = Qt.ItemDataRole.ForegroundRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole

_Index = QModelIndex | QPersistentModelIndex


class ItemLines(QAbstractTableModel):
    """The strings are made once for an order and a language, not once for a paint."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self._items: tuple[OrderItem, ...] = ()
        self._narrow = False
        self._lines: list[tuple[str, str, str]] = []
        texts.changed.connect(self._write)

    def show_order(self, order: Order | None) -> None:
        """Show the items of this order; those that were cancelled say so."""
        self._items = order.items if order is not None else ()
        self._write()

    def set_narrow(self, narrow: bool) -> None:
        """Say the count together with the name, where there is no room for a column of it."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._write()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One a line."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Name, count, amount."""
        return 0 if parent.isValid() else 3

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Ready strings; nothing for roles that do not matter here."""
        if role == _DISPLAY:
            name, count, _ = line = self._lines[index.row()]
            if self._narrow and index.column() == NAME:
                return f"{count} · \u2068{name}"  # the count first: only the name is ever cut
            return line[index.column()]
        if role == _ALIGNMENT:
            return _RIGHT if index.column() != NAME else None
        if role == _TOOL_TIP:
            # A tool tip takes text for markup if it looks like it; this one never does.
            return f"<qt>{_escaped(self._lines[index.row()][NAME])}</qt>"
        if role == _COLOUR:
            gone = self._items[index.row()].status is ItemStatus.CANCEL
            muted = gone or index.column() == COUNT
            return self._theme.colour("text-muted") if muted else None
        if role == _SPOKEN:
            name, count, amount = self._lines[index.row()]
            return f"{name}, {count}, {amount}"
        return None

    def _write(self) -> None:
        texts = self._texts
        self.beginResetModel()
        self._lines = [
            (
                shown(item.name) or texts("pay.nameless"),
                texts("pay.count", count=item.count),
                texts("pay.item_cancelled")
                if item.status is ItemStatus.CANCEL
                else texts.won(item.total),
            )
            for item in self._items
        ]
        self.endResetModel()


class ItemTable(Table):
    """Reads like a till roll: no header, no selection; arrows scroll it."""

    def __init__(self, lines: ItemLines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "lines")
        self.setModel(lines)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToContents)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.horizontalHeader()
        header.hide()
        header.setResizeContentsPrecision(0)  # what is seen decides, however long the order is
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(AMOUNT, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(56)

    def viewportSizeHint(self) -> QSize:
        """Its lines, from two to six of them; longer orders scroll."""
        lines = min(max(self.model().rowCount(), 2), 6)
        return QSize(280, lines * ROW_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Two lines are always seen."""
        return QSize(200, 2 * ROW_HEIGHT)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
