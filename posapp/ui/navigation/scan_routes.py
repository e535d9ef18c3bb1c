"""Routes a scan to what it names, or to a message with the reason."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from posapp.domain.orders import Order, Product
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.scanner.code import SHOWN, decode, order_of
from posapp.ui.scanner.fields import ScanUse, scan_use_of, write_code
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from posapp.services.orders.scan_lookup import ScanLookup

_TOGETHER = 3
"""Messages of scans in quick succession that are shown together."""


class Pages(Protocol):
    """The page on screen, and the payment wherever it is."""

    @property
    def has_to_stay(self) -> str:
        """Return why a scan may not lead away from the current page, or empty.

        A message id with the parameter ``code``.
        """
        ...

    def select_order(self, order_id: int) -> bool:
        """Select the first row of the order on the current page; ``False`` if none is listed."""
        ...

    def take_scan(self, code: str) -> bool:
        """Have the current page take a scanned code; ``False`` if it is none that does."""
        ...

    def sell(self, code: str) -> None:
        """Show the cart, with the product that a code names."""
        ...

    @property
    def begins_sale(self) -> bool:
        """Return whether a product leads from the current page to the cart at once."""
        ...

    @property
    def live_order_id(self) -> int:
        """Return the order whose QR may still be paid, or 0."""
        ...


class ScanRoutes(QObject):
    """Opens scanned orders. A scan never interrupts work in progress.

    Scans are looked up one after another in their order, and each is acted on or answered.

    Args:
        pages: the page on screen, and the payment wherever it is.
    """

    to_pay = Signal(object, object)
    """Open an unpaid order: (buyer id, order id)."""

    to_history = Signal(object)
    """Open the history of any other order: its id."""

    to_payment = Signal()
    """The scanned order is the one being paid."""

    product_found = Signal(object, str)
    """A product was scanned on a page that is not left for it. Carries it and its code."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        lookup: ScanLookup,
        window: MainWindow,
        pages: Pages,
    ) -> None:
        super().__init__(window)
        self._texts, self._runner, self._window = texts, runner, window
        self._pages, self._lookup = pages, lookup
        self._waiting: deque[str] = deque()
        self._is_busy = False
        self._said: list[str] = []

    @Slot(str)
    def take(self, scanned: str) -> None:
        """Process a scanned text."""
        code = display_text(decode(scanned), SHOWN) or "?"
        if self._window.locking.is_locked:
            self._window.status_bar.show_passing(self._texts("scan.while_locked", code=code))
            return
        place = QApplication.focusWidget()
        dialog = QApplication.activeModalWidget()
        use = scan_use_of(place)
        if place is not None and use is ScanUse.CODE:
            write_code(place, decode(scanned))
        elif dialog is None and use is ScanUse.NUMBER:
            self._window.status_bar.show_passing(self._texts("scan.in_number", code=code))
        elif not self._has_to_stay(code):
            self._waiting.append(scanned)
            self._start_next()

    @Slot(str)
    def open_order(self, code: str) -> None:
        """Open the order that a code names, which a page took before."""
        find = partial(self._lookup.find, code)
        self._runner.run(find, partial(self._order_found, code), owner=self)

    def _order_found(self, scanned: str, outcome: TaskResult[Order | Product | None]) -> None:
        code = display_text(scanned, SHOWN) or "?"
        if not self._window.locking.is_locked and not self._has_to_stay(code):
            self._act(scanned, code, outcome)

    def _start_next(self) -> None:
        while self._waiting and not self._is_busy:
            scanned = self._waiting.popleft()
            if not self._pages.take_scan(decode(scanned)):
                self._is_busy = True
                find = partial(self._lookup.find, decode(scanned))
                self._runner.run(find, partial(self._found, scanned), owner=self)

    def _found(self, scanned: str, outcome: TaskResult[Order | Product | None]) -> None:
        self._is_busy = False
        if self._window.locking.is_locked:
            self._waiting.clear()
            return
        code = display_text(decode(scanned), SHOWN) or "?"
        if not self._has_to_stay(code):  # it may be another screen by now
            self._act(scanned, code, outcome)
        self._start_next()

    def _act(self, scanned: str, code: str, outcome: TaskResult[Order | Product | None]) -> None:
        found = outcome.value
        if isinstance(found, Order):
            self._open(found, code)
        elif isinstance(found, Product):
            self._sell(found, decode(scanned))
        elif outcome.error is not None:
            self._say("scan.failed", code, why=self._texts.error(outcome.error))
        else:
            self._say("scan.unknown" if order_of(scanned) is not None else "scan.no_order", code)

    def _sell(self, product: Product, code: str) -> None:
        if self._pages.begins_sale:
            self._pages.sell(code)
        else:
            self.product_found.emit(product, code)

    def _open(self, order: Order, code: str) -> None:
        live = self._pages.live_order_id
        if self._pages.select_order(order.id):
            return
        if live == order.id:
            self.to_payment.emit()
        elif order.is_paid or not order.active_items or not order.total:
            self.to_history.emit(order.id)
        elif live:
            self._say("scan.while_paying", code)
        else:
            self.to_pay.emit(order.buyer_id, order.id)

    def _has_to_stay(self, code: str) -> bool:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            _say_inside(dialog, self._texts.bind("scan.in_dialog", code=code))
            return True
        why = self._pages.has_to_stay
        if why:
            self._say(why, code)
        return bool(why)

    def _say(self, message: str, code: str, **others: str) -> None:
        toast, said = self._window.toast, self._said
        if not toast.isVisible() or toast.message != "\n".join(said):
            said.clear()
        said.append(self._texts(message, code=code, **others))
        del said[:-_TOGETHER]
        toast.say("\n".join(said))


def _say_inside(dialog: QWidget, text: BoundText) -> None:
    """Show a message inside a dialog, which hides the window's own."""
    if isinstance(dialog, ConfirmDialog):
        dialog.show_notice(text)
        return
    shown = dialog.findChild(Toast) if isinstance(dialog, QDialog) else None
    (shown or Toast(dialog, at_top=True)).say(text())
