"""Card with the items of an order, and the cancellation of the ticked ones."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.cancellation import CancelAction
from posapp.domain.cash import kept
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.refunds import Refund
from posapp.services.orders.order_history import OrderHistory
from posapp.ui.cancellation.cancel_plan import CancelPlan
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import StatusText
from posapp.ui.core.theme import Theme
from posapp.ui.orders.item_row import ItemRow
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Frame, Label, set_role

_STEPS: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ItemsCard(Card):
    """Check boxes, and one button for the ticked items or the current one."""

    cancel_pressed = Signal()
    """Cancel the ticked items, or the current one."""

    request_pressed = Signal()
    """Request an exchange or a refund of the chosen item."""

    receipt_pressed = Signal()
    """Show the cash receipt of the order."""

    pay_pressed = Signal()
    """Pay the order."""

    in_cash_pressed = Signal()
    """Give the chosen item back in cash, whose refund KakaoPay refused for good."""

    slip_pressed = Signal(str)
    """Show the slip of a refund. Carries its place among the papers."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts, self._theme = texts, theme
        self._rows: dict[int, ItemRow] = {}
        self._busy = False
        panel = Frame("panel")
        self._column = QVBoxLayout(panel)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setProperty("role", "panel")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(panel)
        self._current: ItemRow | None = None
        self.chosen = Label("caption")
        self.request = Button("secondary", "F5", text=texts.bind("order_page.request"))
        self.request.setObjectName("requestItem")
        self.request.clicked.connect(self.request_pressed)
        self.receipt = Button("secondary", "F4", text=texts.bind("cash_receipt.title"))
        self.receipt.setObjectName("cashReceipt")
        self.receipt.clicked.connect(self.receipt_pressed)
        self.receipt.hide()
        self.pay = Button("primary", "F7", text=texts.bind("pay.pay"))
        self.pay.setObjectName("payOrder")
        self.pay.clicked.connect(self.pay_pressed)
        self.in_cash = Button("secondary", "F7", text=texts.bind("order_page.in_cash"))
        self.in_cash.setObjectName("refundInCash")
        self.in_cash.clicked.connect(self.in_cash_pressed)
        self._in_cash: frozenset[int] = frozenset()
        self.button = Button("danger", "F8")
        self.button.setObjectName("cancelItems")
        self.button.clicked.connect(self.cancel_pressed)
        self.doubt = Label("notice", wraps=True)
        self.doubt.hide()
        self._doubt: ErrorCode | None = None
        # A line of its own: three buttons in one are wider than the card of the smallest window.
        self._cash_bar = QWidget()
        boxes.row(1, self.in_cash, on=self._cash_bar)
        self._cash_bar.hide()
        self._action_bar = QWidget()
        buttons = QHBoxLayout(self._action_bar)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(12)
        buttons.addWidget(self.receipt)
        buttons.addWidget(self.request)
        buttons.addStretch(1)
        buttons.addWidget(self.pay)
        buttons.addWidget(self.button)
        self.add_beside_heading(self.chosen)
        edge = Frame("hairline")
        edge.setFixedHeight(1)
        self.body.setSpacing(12)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(edge)
        self.body.addWidget(self._cash_bar)
        self.body.addWidget(self._action_bar)
        self.body.addWidget(self.doubt)

    @property
    def rows(self) -> tuple[ItemRow, ...]:
        """Return the rows of the items, in the order's sequence."""
        return tuple(self._rows.values())

    def targets(self) -> tuple[OrderItem, ...]:
        """Return the ticked items, else the current one if it can be cancelled."""
        ticked = self.ticked()
        if ticked:
            return ticked
        current = self._current
        if current is None or current.item is None or not current.tick.isEnabled():
            return ()
        return (current.item,)

    def ticked(self) -> tuple[OrderItem, ...]:
        """Return the ticked items as displayed."""
        return tuple(row.item for row in self.rows if row.is_ticked and row.item is not None)

    def show_history(
        self, history: OrderHistory, results: Mapping[int, StatusText], *, online: bool
    ) -> None:
        """Show the current items; ticks and the focus stay."""
        items = history.order.items
        if tuple(self._rows) != tuple(item.id for item in items):
            self._make_rows(items)
        last: dict[int, Refund] = {}
        for refund in history.refunds:
            last.update(dict.fromkeys(refund.item_ids, refund))
        in_cash = {one.item_id: one for one in history.cash_refunds}
        for item in items:
            row = self._rows[item.id]
            row.show_item(
                item,
                last.get(item.id),
                results.get(item.id),
                online=online,
                in_doubt=history.doubt is not None,
                cash=in_cash.get(item.id),
                is_offered_in_cash=item.id in history.cash_offers,
            )
        is_living = any(item.status is not ItemStatus.CANCEL for item in items)
        is_paid = history.order.is_paid
        self._doubt = history.doubt if is_living else None
        can_act = is_living and self._doubt is None
        has_receipt = kept(history.tenders) > 0
        self.receipt.setVisible(has_receipt)
        self.request.setVisible(can_act and is_paid)
        self.pay.setVisible(can_act and not is_paid and history.order.total > 0)
        self._in_cash = frozenset(history.cash_offers)
        self._cash_bar.setVisible(can_act and bool(self._in_cash))
        self.button.setVisible(can_act)
        self._action_bar.setVisible(can_act or has_receipt)
        self.chosen.setVisible(can_act)
        set_role(self.button, "role", "danger" if is_paid else "secondary")  # then 결제 is first
        self.doubt.setVisible(self._doubt is not None)
        self.write()

    def set_busy(self, busy: bool) -> None:
        """Disable the rows while an action runs."""
        self._busy = busy
        for row in self.rows:
            row.set_busy(busy)
        self._update_enabled()

    def focus_first(self) -> None:
        """Focus the first item that can be cancelled."""
        for row in self.rows:
            if row.tick.isEnabled():
                self._make_current(row)
                row.tick.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make the row current whose box gets the focus; Up and Down lead to the next one."""
        row = next((row for row in self.rows if row.tick is watched), None)
        if row is None:
            return False
        if event.type() is QEvent.Type.FocusIn:
            self._make_current(row)
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = _STEPS.get(event.key())
        if step is not None:
            self._move(row, step)
        return step is not None

    def write(self) -> None:
        """Set all texts except those of the rows."""
        texts = self._texts
        self.set_text(texts("order_page.items"))
        self.doubt.setText(texts.error(UserError(self._doubt)) if self._doubt else "")
        self._update_enabled()

    def _make_rows(self, items: tuple[OrderItem, ...]) -> None:
        """Make the rows that are missing; those of items that stay keep tick and focus. A part that
        was taken out of an item is one row more."""
        known, self._rows = self._rows, {}
        for at, item in enumerate(items):
            row = known.pop(item.id, None)
            if row is None:
                row = self._make_row()
                self._column.insertWidget(at, row)
            self._rows[item.id] = row
        for old in known.values():
            if old is self._current:
                self._current = None
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()

    def _make_row(self) -> ItemRow:
        row = ItemRow(self._texts, self._theme)
        row.ticked.connect(self._update_enabled)
        row.tick.installEventFilter(self)
        row.slip_pressed.connect(self.slip_pressed)
        return row

    def _move(self, row: ItemRow, step: int) -> None:
        """Focus the next row that can be cancelled, if there is one."""
        rows = self.rows
        at = rows.index(row) + step
        while 0 <= at < len(rows):
            if rows[at].tick.isEnabled():
                rows[at].tick.setFocus(Qt.FocusReason.OtherFocusReason)
                self._scroll.ensureWidgetVisible(rows[at])
                return
            at += step

    def _make_current(self, row: ItemRow) -> None:
        if self._current is not row:
            if self._current is not None:
                self._current.set_current(False)
            self._current = row
            row.set_current(True)
        self._update_enabled()

    def _update_enabled(self) -> None:
        texts, ticked, targets = self._texts, self.ticked(), self.targets()
        refunds = not targets or CancelPlan(0, targets).action is CancelAction.REFUND
        action = CancelAction.REFUND if refunds else CancelAction.CANCEL
        why = "" if targets else texts("order_page.tick_first")
        self.button.set_text(texts(f"cancel.{action.value}_button"), description=why)
        self.button.setEnabled(bool(targets) and not self._busy)
        self.request.setEnabled(not self._busy)
        self.pay.setEnabled(not self._busy)
        is_one = len(targets) == 1 and targets[0].id in self._in_cash
        self.in_cash.setEnabled(is_one and not self._busy)
        amount = texts.won(CancelPlan(0, ticked).amount) if ticked else ""
        self.chosen.setText(
            texts("order_page.ticked", count=len(ticked), amount=amount) if ticked else why
        )
