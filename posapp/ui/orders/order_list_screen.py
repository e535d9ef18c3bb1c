"""Screen of the open orders, with a search by typing or scanning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from posapp.domain.actors import Actor
from posapp.domain.errors import UserError
from posapp.domain.users import parse_id
from posapp.services.ports.order_search import OrderSearch
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_cancellation import OrderCancellation
from posapp.ui.orders.order_list_model import COLUMNS, PRODUCT, OrderListModel, OrderReading
from posapp.ui.shell.routes import ORDER, PAYING
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.table import Table

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistoryService
    from posapp.services.refunds.cancel_item import CancellationService
    from posapp.services.refunds.cancel_remainder import RemainderCancellationService

WIDTHS = {"order": 116, "buyer": 128, "phone": 168, "amount": 150, "ordered": 240}
"""Column widths in pixels; the product takes the rest."""


class OrderListScreen(Screen):
    """Searches while the user types, without blocking the screen.

    The focus stays in the search field: arrows move in the list, Enter picks. A scanned order
    number, with the scanner's Enter, picks that order as soon as it is found. F8 asks about
    cancelling the current order.
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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._pick_when_found = False
        self._next_row = 0
        self.model = OrderListModel(texts, runner, source, self)
        self.model.changed.connect(self._show_state)
        self.search = SearchField(theme)
        self.search.setObjectName("orderSearch")
        self.search.searched.connect(self.model.search)
        self.search.picked.connect(self._pick)
        self.search.moved.connect(self._move)
        self._hint = Label("caption", text=texts.bind("orders.hint"))
        self.reload = Button("quiet", "F5", text=texts.bind("orders.reload"))
        self.reload.clicked.connect(self._read_again)
        self.pay = Button("primary", "F7", text=texts.bind("orders.pick"))
        self.pay.clicked.connect(self._pick)
        self.cancel = Button("secondary", "F8", text=texts.bind("orders.cancel"))
        self.cancel.setObjectName("cancelOrder")
        self.cancel.clicked.connect(self._ask_to_cancel)
        self.cancelling = OrderCancellation(
            *(texts, theme, runner, histories, cancellation_service, remainder_service, self)
        )
        self.cancelling.not_unpaid.connect(lambda order_id: self.go_to(ORDER, order_id=order_id))
        self.cancelling.failed.connect(self._not_read)
        self.cancelling.ended.connect(self._cancelled)
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self._read_again)
        self.busy = BusyBar(theme)
        self.table = self._table()
        self.empty = EmptyState(theme)
        self._build_layout()
        self.setFocusProxy(self.search)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.order_search),
            *(services.order_history_service, services.cancellation_service),
            services.remainder_service,
        )

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        return "scan.while_working" if self.cancelling.is_running else ""

    def open(self, text: str) -> None:
        """Show the orders that a text finds."""
        self.search.setText(text)
        self.search.flush()

    def focus_search(self) -> bool:
        """Empty and focus the search."""
        self.search.clear()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def enter(self) -> None:
        """Begin with an empty search, and all orders."""
        self.search.show_text("")
        if self.model.text:  # the page was shown with the last search
            self.model.search("")

    def clear(self) -> None:
        """Reset the page for the next user."""
        self.search.show_text("")

    def showEvent(self, event: QShowEvent) -> None:
        """Search again: open orders may be paid by now."""
        super().showEvent(event)
        self.search.selectAll()  # back from a row: digits or a scan replace it
        self.model.search(self.search.text().strip())

    @property
    def head_actions(self) -> QWidget:
        """Return the button that reads the list again."""
        return self.reload

    def _read_again(self) -> None:
        self.model.search(self.model.text)

    def _table(self) -> Table:
        table = Table()
        table.show_rows(self.model)
        table.set_widths([WIDTHS.get(column, 0) for column in COLUMNS], stretched=PRODUCT)
        table.setFocusProxy(self.search)
        table.activated.connect(lambda index: self._pick_row(index.row()))
        table.clicked.connect(lambda index: self._pick_row(index.row()))
        return table

    def _move(self, by: int) -> None:
        rows = self.model.rowCount()
        if rows == 0:
            return
        now = self.table.currentIndex().row()
        row = min(max(now + by, 0), rows - 1) if now >= 0 else 0
        self._select(row)
        chosen = self.model.row_at(row)
        if chosen is not None:
            announce(self.table, self._row_text(row))

    def _row_text(self, row: int) -> str:
        cells = [str(self.model.index(row, column).data()) for column in range(len(COLUMNS))]
        order, buyer, _, product, amount, _ = cells
        return self._texts("orders.row", order=order, buyer=buyer, product=product, amount=amount)

    def _select(self, row: int) -> None:
        self.table.setCurrentIndex(self.model.index(row, 0))

    def _pick(self) -> None:
        if self.search.is_pausing or self.model.reading is OrderReading.LOADING:
            self._pick_when_found = True
            self.search.flush()
            return
        self._pick_row(self.table.currentIndex().row())

    def _pick_row(self, row: int) -> None:
        chosen = self.model.row_at(row)
        if chosen is not None:
            self.go_to(PAYING, actor=Actor.buyer(chosen.buyer_id), order_id=chosen.order_id)

    def _ask_to_cancel(self) -> None:
        # Not while the rows are those of an earlier search: the current one may be another order.
        is_current = self.model.reading is OrderReading.READY and not self.search.is_pausing
        chosen = self.model.row_at(self.table.currentIndex().row())
        if is_current and chosen is not None:
            self.cancelling.ask(chosen.order_id)

    def _not_read(self, error: Exception) -> None:
        self.banner.show_error(error, button="words.retry")

    def _cancelled(self, order_id: int, error: Exception | None) -> None:
        self.item_changed.emit(order_id)
        if error is None:
            self.notified.emit(self._texts("orders.cancelled", order=order_id))
            self._next_row = self.table.currentIndex().row()
            self._read_again()
        else:  # its page shows which items are left
            self.notified.emit(self._texts.error(error))
            self.go_to(ORDER, order_id=order_id)

    def _pick_found(self) -> None:
        """Pick the order with the typed number, or the only one, once the result is here."""
        self._pick_when_found = False
        try:
            named = self.model.place_of(parse_id(self.model.text))
        except UserError:
            named = -1
        if named >= 0:
            self._pick_row(named)
        elif self.model.rowCount() == 1:
            self._pick_row(0)

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
        self.pay.setEnabled(rows > 0)
        self.cancel.setEnabled(rows > 0)
        self._write_state()
        self._show_page(1 if reading is OrderReading.READY and rows == 0 else 0)
        if reading is not OrderReading.READY:
            return
        if self.table.currentIndex().row() < 0 and rows:
            self._select(min(self._next_row, rows - 1))
        self._next_row = 0
        if self._pick_when_found:
            self._pick_found()

    def _show_page(self, page: int) -> None:
        # Hiding the table takes the focus from its proxy, the search field.
        is_typing = self.search.hasFocus()
        self._pages.setCurrentIndex(page)
        if is_typing:
            self.search.setFocus()

    def _build_layout(self) -> None:
        pages = Frame("card")
        inside = QVBoxLayout(pages)
        inside.setContentsMargins(8, 8, 8, 8)
        # With a parent from the start: without one, its first page would be a window.
        ground = QWidget(pages)
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        inside.addWidget(ground)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 8, 24, 16)
        page.setSpacing(16)
        page.addWidget(self.search)
        page.addWidget(self.banner)
        page.addWidget(pages, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._hint)
        foot.addStretch(1)
        foot.addWidget(self.busy)
        foot.addWidget(self.pay)
        foot.addWidget(self.cancel)
        page.addLayout(foot)

    def _retranslate(self) -> None:
        texts = self._texts
        self.search.setPlaceholderText(texts("orders.search_hint"))
        self.search.setAccessibleName(texts("orders.search"))
        self.search.setAccessibleDescription(texts("orders.search_hint"))
        self.table.setAccessibleName(texts("orders.table"))
        self._write_state()

    def _write_state(self) -> None:
        texts, text = self._texts, self.model.text
        rows = self.model.rowCount()
        count = "orders.count" if self.model.is_complete else "orders.count_more"
        known = self.model.reading is OrderReading.READY
        self.set_head(subtitle=texts(count, count=rows) if known and rows else "")
        if text:
            self.empty.set_text(
                texts("orders.empty_search", text=text), texts("orders.empty_search_why")
            )
        else:
            self.empty.set_text(texts("orders.empty"), texts("orders.empty_why"))
