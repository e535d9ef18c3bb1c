"""Table of an order's items, one row each: name, count, amount."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
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
    """Model of the rows. Texts are built once for an order and a language, not on each paint."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self._items: tuple[OrderItem, ...] = ()
        self._narrow = False
        self._lines: list[tuple[str, str, str]] = []
        texts.changed.connect(self._retranslate)

    def show_order(self, order: Order | None) -> None:
        """Show the items of an order; cancelled ones are marked."""
        self._items = order.items if order is not None else ()
        self._retranslate()

    def set_narrow(self, narrow: bool) -> None:
        """Show the count in the name column, where there is no room for its own."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._retranslate()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return one row for each item."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return 3: name, count, amount."""
        return 0 if parent.isValid() else 3

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return the prepared texts; ``None`` for unused roles."""
        if role == _DISPLAY:
            name, count, _ = line = self._lines[index.row()]
            if self._narrow and index.column() == NAME:
                return f"{count} · \u2068{name}"  # the count first: only the name is ever cut
            return line[index.column()]
        if role == _ALIGNMENT:
            return _RIGHT if index.column() != NAME else None
        if role == _TOOL_TIP:
            # Tool tips detect markup automatically; escaped text is never parsed.
            return f"<qt>{_escaped(self._lines[index.row()][NAME])}</qt>"
        if role == _COLOUR:
            gone = self._items[index.row()].status is ItemStatus.CANCEL
            muted = gone or index.column() == COUNT
            return self._theme.colour("text-muted") if muted else None
        if role == _SPOKEN:
            name, count, amount = self._lines[index.row()]
            return f"{name}, {count}, {amount}"
        return None

    def _retranslate(self) -> None:
        texts = self._texts
        self.beginResetModel()
        self._lines = [
            (
                display_text(item.name) or texts("pay.nameless"),
                texts("pay.count", count=item.count),
                texts("pay.item_cancelled")
                if item.status is ItemStatus.CANCEL
                else texts.won(item.total),
            )
            for item in self._items
        ]
        self.endResetModel()


class ItemTable(Table):
    """Table without header and selection; the arrow keys scroll it."""

    def __init__(self, lines: ItemLines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "lines")
        self.setModel(lines)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToContents)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.horizontalHeader()
        header.hide()
        header.setResizeContentsPrecision(0)  # only visible rows count, however long the order is
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(AMOUNT, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(56)

    def viewportSizeHint(self) -> QSize:
        """Return the height of two to six rows; longer orders scroll."""
        lines = min(max(self.model().rowCount(), 2), 6)
        return QSize(280, lines * ROW_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Keep two rows visible."""
        return QSize(200, 2 * ROW_HEIGHT)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
