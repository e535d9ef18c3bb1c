"""Scans on the sale page: each adds what it names to the cart, or is said to add nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.domain.orders import Product
from posapp.services.sale.cart_service import ScanKind, ScanResult
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.sale.sale_messages import SaleMessages
from posapp.ui.scanner.code import SHOWN

if TYPE_CHECKING:
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session


class CartScans(QObject):
    """Stores scans in their order.

    Args:
        has_lines: returns whether something is in the cart.
    """

    added = Signal(object, object, object)
    """A line was added, perhaps one without a product. Carries the cart, the line's id, and whether
    it is in error."""

    needs_choice = Signal(object, int)
    """Options or a weight are to be asked for. Carries the product and the count."""

    order_scanned = Signal(str)
    """It names an order, and the cart is empty. Carries the code."""

    def __init__(
        self,
        texts: Translator,
        calls: CartCalls,
        carts: CartService,
        session: Session,
        messages: SaleMessages,
        has_lines: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._texts, self._calls, self._carts, self._session = texts, calls, carts, session
        self._messages, self._has_lines = messages, has_lines

    def take(self, code: str, count: int) -> None:
        """Add what a code names, so many times."""
        self._messages.begin_sale()
        work = partial(self._carts.scan, self._session.actor, code, count)
        self._calls.run(work, partial(self._scanned, code))

    def _scanned(self, code: str, outcome: TaskResult[ScanResult]) -> None:
        texts, shown = self._texts, display_text(code, SHOWN) or "?"
        result, error = outcome.value, outcome.error
        if result is None:
            failed = error or RuntimeError()
            self._messages.refuse(
                lambda: texts("sale.refused", why=texts.error(failed), code=shown)
            )
        elif result.kind is ScanKind.ORDER and not self._has_lines():
            self.order_scanned.emit(code)
        elif result.kind is ScanKind.ORDER:
            self._messages.refuse(lambda: texts("sale.order_scanned", code=shown))
        elif result.product is not None:
            product: Product = result.product
            self.needs_choice.emit(product, result.count)
        else:
            self.added.emit(result.cart, result.line_id, result.kind is ScanKind.ERROR)
