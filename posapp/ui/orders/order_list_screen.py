"""Screen of the orders in every state, with a search by typing or scanning."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import OrderState
from posapp.services.ports.order_search import OrderSearch, OrderSummary
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.periods import Period
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_cancellation import OrderCancellation
from posapp.ui.orders.order_filter_bar import MOST_COUNTED
from posapp.ui.orders.order_list_filter import OrderListFilter
from posapp.ui.orders.order_list_layout import OrderListLayout
from posapp.ui.orders.order_list_model import OrderReading, is_payable
from posapp.ui.orders.order_printing import OrderPrinting
from posapp.ui.shell.routes import ORDER, PAYING
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce

if TYPE_CHECKING:
    from posapp.services.bookkeeping.print_log import PrintRecord
    from posapp.services.orders.order_history import OrderHistoryService
    from posapp.services.refunds.cancel_item import CancellationService
    from posapp.services.refunds.cancel_remainder import RemainderCancellationService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting

_TOGETHER_MS = 500
"""Delay in milliseconds that combines several changes of the records into one reading."""

_SHORT = 24


class OrderListScreen(Screen):
    """Searches while the user types, without blocking the screen.

    The focus stays in the search field: arrows move in the list, Enter opens: an order to be paid
    for its payment, any other one its page. A typed or scanned order number, with its Enter, opens
    that order as soon as it is found. F3 and F4 choose the next state and the next period.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        source: OrderSearch,
        histories: OrderHistoryService,
        cancellation_service: CancellationService,
        remainder_service: RemainderCancellationService,
        session: Session,
        parent: QWidget | None = None,
        *,
        shop: str = "",
        now: Callable[[], datetime] | None = None,
        exports: Path | None = None,
        printed: MutableMapping[str, PrintRecord] | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._pick_when_found = False
        self._from_top = False
        self._next_row = 0
        self.filters = OrderListFilter()
        self._counts: dict[OrderSegment | None, int] = {}
        self.view = view = OrderListLayout(texts, theme, runner, source, now or _utc_now)
        self.model, self.table, self.search = view.model, view.table, view.search
        self.banner, self.empty, self.busy = view.banner, view.empty, view.busy
        self._again = QTimer(self, singleShot=True, interval=_TOGETHER_MS)
        self._again.timeout.connect(self._update)
        self.cancelling = OrderCancellation(
            *(texts, theme, runner, histories, cancellation_service, remainder_service, self),
            session=session,
        )
        self.printing = OrderPrinting(
            *(texts, runner, histories, session, self),
            shop=shop,
            now=now or _utc_now,
            exports=exports,
            printed=printed,
            roll=roll,
        )
        self._connect()
        boxes.column(view, on=self)
        self.setFocusProxy(self.search)
        texts.changed.connect(self._retranslate)
        self._show_current()
        self._write_state()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.order_search),
            *(services.order_history_service, services.cancellation_service),
            *(services.remainder_service, services.session),
            shop=context.shop,
            now=context.clock.now,
            exports=context.exports,
            printed=context.printed,
            roll=context.roll,
        )

    @property
    def begins_sale(self) -> bool:
        """Return ``True``: nothing of the page is left behind."""
        return True

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        return "scan.while_working" if self.cancelling.is_running else ""

    def open(self, text: str = "", segment: OrderSegment | None = None) -> None:
        """Show the orders that a text finds, or all of a state, of any day."""
        self.search.show_text(text)
        self._ask(OrderListFilter(text.strip(), segment, Period.ALL if segment else None))

    def focus_search(self) -> bool:
        """Empty and focus the search."""
        self.search.clear()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def enter(self) -> None:
        """Begin with an empty search, at the top; state and period stay as they were chosen."""
        self.search.show_text("")
        self._ask(replace(self.filters, text=""))

    def clear(self) -> None:
        """Reset the page for the next user."""
        self.search.show_text("")
        self.filters = OrderListFilter()
        self._from_top = True

    def staff_changed(self) -> None:
        """Forget the search and the filters of whoever was there before."""
        self.clear()
        self._ask(self.filters)

    def status_changed(self) -> None:
        """Show soon what became of the orders."""
        if not self._again.isActive():
            self._again.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Read again: orders may be paid by now. Back from a row, that row stays current."""
        super().showEvent(event)
        self.search.selectAll()  # digits or a scan replace it
        if self._from_top or self.model.filters != self.filters or not self.model.rows:
            self._ask(self.filters)
        else:
            self.model.search_again()

    @property
    def head_actions(self) -> QWidget:
        """Return the buttons that harm nothing; on a low screen the search, too."""
        return self.view.head

    @property
    def current(self) -> OrderSummary | None:
        """Return the current order, or ``None``."""
        row: OrderSummary | None = self.model.row_at(self.table.place)
        return row

    def _ask(self, filters: OrderListFilter) -> None:
        self._from_top = True
        self.filters = filters
        self.view.bar.show_filters(filters)
        self.model.search(filters)

    def _searched(self, text: str) -> None:
        self._ask(replace(self.filters, text=text))

    def _read_again(self) -> None:
        self.search.flush()
        self.model.search_again()

    def _update(self) -> None:
        if self.isVisible():
            self.model.update_rows()

    def _move(self, by: int) -> None:
        if self.model.rowCount():
            self.table.select_by(by)
            announce(self.table, self._row_text())

    def _row_text(self) -> str:
        cells = [
            str(self.model.index(self.table.place, column).data())
            for column in range(self.model.columnCount())
        ]
        order, state, buyer, product, amount = cells
        return self._texts(
            "orders.row", order=order, state=state, buyer=buyer, product=product, amount=amount
        )

    def _pick(self) -> None:
        if self.search.is_pausing or self.model.reading is OrderReading.LOADING:
            self._pick_when_found = True
            self.search.flush()
            return
        self._open_current()

    def _open_current(self) -> None:
        row = self.current
        if row is None:
            return
        if is_payable(row):
            self._pay()
        else:
            self.go_to(ORDER, order_id=row.order_id)

    def _pay(self) -> None:
        row = self._found_row()
        if row is not None and is_payable(row):
            self.go_to(PAYING, actor=Actor.buyer(row.buyer_id), order_id=row.order_id)

    def _found_row(self) -> OrderSummary | None:
        """Return the current order, or ``None`` while the rows are those of an earlier search: the
        current one may be another order then."""
        is_current = self.model.reading is OrderReading.READY and not self.search.is_pausing
        return self.current if is_current else None

    def _ask_to_cancel(self) -> None:
        row = self._found_row()
        if row is not None:
            self.cancelling.ask(row.order_id)

    def _print(self) -> None:
        row = self._found_row()
        if row is not None:
            self.printing.print(row.order_id)

    def _not_read(self, error: Exception) -> None:
        self.banner.show_error(error, button="words.retry")

    def _cancelled(self, order_id: int, error: Exception | None) -> None:
        self.item_changed.emit(order_id)
        if error is None and not self.cancelling.is_refund:
            self.notified.emit(self._texts("orders.cancelled", order=order_id))
            self._next_row = self.table.place
            self._read_again()
            return
        if error is not None:
            self.notified.emit(self._texts.error(error))
        # Its page shows which items are left, and how far their refunds are.
        self.go_to(ORDER, order_id=order_id)

    def _pick_found(self) -> None:
        """Open the order with the typed number, or the only one, once the result is here."""
        self._pick_when_found = False
        if self.model.named is not None:
            self.table.select(self.model.place_of(self.model.named))
            self._open_current()
        elif self.model.rowCount() == 1:
            self.table.select(0)
            self._open_current()

    def _show_state(self) -> None:
        reading, rows = self.model.reading, self.model.rowCount()
        if reading is OrderReading.LOADING:
            self.busy.start(self._texts("orders.loading"))
        else:
            self.busy.stop()
        if reading is OrderReading.FAILED and self.model.error is not None:
            self._pick_when_found = False
            self.banner.show_error(self.model.error, button="words.retry")
        elif reading is OrderReading.READY:
            self.banner.clear()
        self._write_state()
        self.view.show_empty(reading is OrderReading.READY and rows == 0)
        if reading is not OrderReading.READY:
            return
        if self._from_top and rows:
            self.table.select(self._next_row)
            self.table.scrollTo(self.model.index(self.table.place, 0))
        self._from_top, self._next_row = False, 0
        if self._pick_when_found:
            self._pick_found()

    def _show_current(self) -> None:
        row = self.current
        self.view.show_row(row)
        is_open = row is not None
        is_over = row is None or row.state is OrderState.CANCELLED
        is_claimed = row is not None and row.is_claimed
        is_unpaid = row is not None and row.state is OrderState.WAITING_FOR_PAYMENT
        self.view.open.setEnabled(is_open)
        self.view.print.setEnabled(is_open)
        self.view.pay.setEnabled(row is not None and is_payable(row))
        self.view.cancel.setEnabled(not is_over and not is_claimed)
        state = OrderState.WAITING_FOR_PAYMENT if is_unpaid else OrderState.PAID
        self.view.cancel.say(self._texts.bind(f"orders.cancel_{state.value}"))
        self.view.why_not.setText(self._texts("orders.not_at_once") if is_claimed else "")

    def _show_counts(self, counts: dict[OrderSegment | None, int]) -> None:
        self._counts = counts
        self.view.bar.show_counts(counts)
        self._write_count()

    def _write_count(self) -> None:
        count = self._counts.get(self.filters.segment, 0)
        key = "orders.count_more" if count > MOST_COUNTED else "orders.count"
        shown = grouped(min(count, MOST_COUNTED))
        self.set_head(subtitle=self._texts(key, count=shown) if count else "")

    def _retranslate(self) -> None:
        self._write_count()
        self._write_state()
        self._show_current()

    def _write_state(self) -> None:
        texts, filters = self._texts, self.filters
        if filters.text:
            text = display_text(filters.text, _SHORT)
            self.empty.set_text(
                texts("orders.empty_search", text=text), texts("orders.empty_search_why")
            )
        else:
            key = "orders.empty_today" if filters.is_of_today else "orders.empty"
            self.empty.set_text(texts(key), texts(f"{key}_why"))

    def _connect(self) -> None:
        view = self.view
        self.model.changed.connect(self._show_state)
        self.model.counted.connect(self._show_counts)
        self.search.searched.connect(self._searched)
        self.search.picked.connect(self._pick)
        self.search.moved.connect(self._move)
        view.bar.changed.connect(self._ask)
        view.filter.clicked.connect(view.bar.next_state)
        view.period.clicked.connect(view.bar.periods.next_period)
        view.reload.clicked.connect(self._read_again)
        view.print.clicked.connect(self._print)
        view.pay.clicked.connect(self._pay)
        view.cancel.clicked.connect(self._ask_to_cancel)
        view.open.clicked.connect(self._pick)
        self.banner.acted.connect(self._read_again)
        self.table.chosen.connect(self._show_current)
        self.table.opened.connect(self._open_current)
        self.cancelling.not_offered.connect(lambda order_id: self.go_to(ORDER, order_id=order_id))
        self.cancelling.failed.connect(self._not_read)
        self.cancelling.ended.connect(self._cancelled)
        self.cancelling.flow.cash_due.connect(self.cash_due)
        self.cancelling.flow.cash_handed_out.connect(self.cash_handed_out)
        self.printing.said.connect(self.notified)
        self.printing.failed.connect(self._not_read)


def _utc_now() -> datetime:
    return datetime.now(UTC)
