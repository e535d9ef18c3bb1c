"""Order on the payment page: its buyer, its items and their total."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.users import WALK_IN, User
from posapp.ui.core.formats import masked_phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.money import AmountLabel, MoneyLabel
from posapp.ui.widgets.roles import Frame, Label, set_role

LINE_HEIGHT = 40
"""Height in pixels of the card when it is folded."""

FACTS = Qt.ItemDataRole.UserRole
"""Role of an item's count, amount and whether it is cancelled."""

_ROW, _NARROW_ROW = 48, 64
_PADDING, _GAP = 16, 24
_LONGEST_NAME, _LONGEST_IN_LINE = 40, 20

_LEFT = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ItemList(QListView):
    """Names, counts and amounts of items: one line an item, two where there is little width."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = QStandardItemModel(self)
        self._painter = _RowPainter(theme, self)
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setProperty("role", "lines")
        self.setSelectionMode(self.SelectionMode.NoSelection)
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)

    def set_narrow(self, narrow: bool) -> None:
        """Show each item in two lines."""
        self._painter.is_narrow = narrow
        self.scheduleDelayedItemsLayout()

    def add(self, name: str, count: str, amount: str, *, is_cancelled: bool) -> None:
        """Add an item, muted if it is cancelled."""
        row = QStandardItem(name)
        row.setData((count, amount, is_cancelled), FACTS)
        # Tool tips detect markup automatically; escaped text is never parsed.
        escaped = name.replace("&", "&amp;").replace("<", "&lt;")
        row.setToolTip(f"<qt>{escaped}</qt>")
        row.setAccessibleText(f"{name}, {count}, {amount}")
        self.rows.appendRow(row)

    def minimumSizeHint(self) -> QSize:
        """Return nothing: the layout gives what is left."""
        return QSize(0, 0)


class _RowPainter(QStyledItemDelegate):
    """Paints a row. Only a name is ever cut; its tool tip and accessible text are whole."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.is_narrow = False

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of one line, or of two."""
        return QSize(0, _NARROW_ROW if self.is_narrow else _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint name, count and amount, and the line below them."""
        count, amount, is_cancelled = index.data(FACTS)
        metrics, theme = option.fontMetrics, self._theme
        name_place = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        others = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        if self.is_narrow:
            name_place.setBottom(name_place.center().y())
            others.setTop(name_place.bottom())
            count_place, side = others, _LEFT
        else:
            count_place = others.adjusted(0, 0, -metrics.horizontalAdvance("00,000,000원"), 0)
            side = _RIGHT
            taken = metrics.horizontalAdvance(count) + _GAP
            name_place.setRight(count_place.right() - taken)
        name = metrics.elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, name_place.width()
        )
        painter.save()
        painter.setPen(theme.colour("text-muted"))
        painter.drawText(count_place, side, count)
        if not is_cancelled:
            painter.setPen(theme.colour("text"))
        painter.drawText(name_place, _LEFT, name)
        painter.drawText(others, _RIGHT, amount)
        painter.setPen(theme.colour("hairline"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()


class OrderCard(Frame):
    """The order of docs/specification.md 2.3, as a column or folded to one line.

    The screen is turned to the customer: the phone number is masked, and there is no member number.
    """

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self._texts = texts
        self._order: Order | None = None
        self._cash = ZERO
        self._buyer: User | None = None
        self._is_unfolded = False
        self.items = ItemList(theme)
        texts.bind("pay.items").show_in(self.items, QWidget.setAccessibleName)
        self._heading = Label("heading")
        self._buyer_label = Label("muted", wraps=True)
        self.cancelled = Button("quiet")
        self.cancelled.clicked.connect(self._unfold)
        self.total = AmountLabel(texts, role="title")
        self.received, self.left = MoneyLabel(texts), AmountLabel(texts, role="title")
        self.line = Label("body")
        self._line_total = AmountLabel(texts, role="heading")
        self._row = _ends(self.line, self._line_total)
        self._column = self._build_column()
        both = QVBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self._row)
        both.addWidget(self._column)
        texts.changed.connect(self._write)
        self._write()

    @property
    def caption(self) -> str:
        """Return number and buyer of the order in one line, or empty."""
        order, texts = self._order, self._texts
        if order is None:
            return ""
        return f"{texts('pay.order', order=order.id)} · {self._buyer_name(_LONGEST_IN_LINE)}"

    def show_order(self, order: Order | None, buyer: User | None, cash: Won = ZERO) -> None:
        """Show an order, or nothing; ``buyer`` may be unknown.

        Args:
            cash: won that were received in cash beside a QR.
        """
        if (order, buyer, cash) == (self._order, self._buyer, self._cash):
            return
        self._is_unfolded = self._is_unfolded and order == self._order
        self._order, self._buyer, self._cash = order, buyer, cash
        self._write()

    def set_shape(self, *, folded: bool, narrow: bool) -> None:
        """Show one line if ``folded``, else a column, with items of two lines if ``narrow``."""
        set_role(self, "lies", "low" if folded else "")
        self._row.setVisible(folded)
        self._column.setVisible(not folded)
        self.items.set_narrow(narrow)

    def _unfold(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._write()

    def _buyer_name(self, longest: int) -> str:
        if self._buyer is None:
            return self._texts("pay.buyer_unknown")
        if self._buyer.id == WALK_IN:
            return self._buyer.name
        name = display_text(self._buyer.name, longest, run=16)
        # Isolated, so that a right-to-left name does not reorder its neighbours.
        return self._texts("pay.buyer", name=f"\u2068{name}\u2069")

    def _write(self) -> None:
        order, texts = self._order, self._texts
        items = sorted(order.items, key=_is_cancelled) if order is not None else []
        gone = sum(map(_is_cancelled, items))
        self.cancelled.setVisible(gone > 0)
        way = "pay.hide_cancelled" if self._is_unfolded else "pay.show_cancelled"
        self.cancelled.say(texts.bind(way, count=gone))
        self.items.rows.clear()
        for item in items:
            self._add(item)
        whole = order.total if order is not None else None
        left = whole - self._cash if whole is not None else None
        self.total.set_amount(whole)
        self.received.set_amount(-self._cash)
        self.left.set_amount(left)
        self._line_total.set_amount(left)
        for row in self._cash_rows:
            row.setVisible(self._cash > ZERO)
        if order is None:
            for label in (self._heading, self._buyer_label, self.line):
                label.clear()
            return
        number = masked_phone(self._buyer.phone) if self._buyer is not None else ""
        buyer = self._buyer_name(_LONGEST_NAME)
        self._heading.setText(texts("pay.order", order=order.id))
        self._buyer_label.setText(f"{buyer} · {number}" if number else buyer)
        count = texts("pay.item_count", count=len(items) - gone)
        self.line.setText(f"{self.caption} · {count}")
        self.total.setAccessibleName(f"{texts('pay.total')} {texts.won(order.total)}")

    def _add(self, item: OrderItem) -> None:
        texts, is_cancelled = self._texts, _is_cancelled(item)
        if is_cancelled and not self._is_unfolded:
            return
        self.items.add(
            display_text(item.name) or texts("pay.nameless"),
            texts("pay.count", count=item.count),
            texts("pay.item_cancelled") if is_cancelled else texts.won(item.total),
            is_cancelled=is_cancelled,
        )

    def _build_column(self) -> QWidget:
        names = QVBoxLayout()
        names.setContentsMargins(_PADDING, 0, _PADDING, 0)  # a row of the list has its own
        names.addWidget(self._heading)
        names.addWidget(self._buyer_label)
        fold = QHBoxLayout()
        fold.setContentsMargins(_PADDING // 2, 0, _PADDING, 0)
        fold.addWidget(self.cancelled)
        fold.addStretch(1)
        rule = Frame("hairline")
        rule.setFixedHeight(1)
        total = Label("muted", text=self._texts.bind("pay.total"))
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, _PADDING, 0, _PADDING)
        column.setSpacing(8)
        column.addLayout(names)
        column.addWidget(self.items, 1)
        column.addLayout(fold)
        column.addWidget(rule)
        column.addWidget(_ends(total, self.total))
        bind = self._texts.bind
        self._cash_rows = (
            _ends(Label("muted", text=bind("cash.held")), self.received),
            _ends(Label("muted", text=bind("cash.left")), self.left),
        )
        for row in self._cash_rows:
            row.hide()
            column.addWidget(row)
        return made


def _ends(left: QLabel, right: QLabel) -> QWidget:
    """Return a row with one label at each end."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(_PADDING, 0, _PADDING, 0)
    row.setSpacing(8)
    row.addWidget(left, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    row.addWidget(right)
    return holder


def _is_cancelled(item: OrderItem) -> bool:
    return item.status is ItemStatus.CANCEL
