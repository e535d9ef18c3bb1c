"""What the message of the sale page offers to do about the current line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.carts import LineError
from posapp.domain.orders import Product
from posapp.services.sale.cart_view import LineProblem, LineView
from posapp.ui.sale.cart_edits import CartEdits
from posapp.ui.sale.sale_layout import SaleLayout
from posapp.ui.sale.sale_messages import SaleMessages


class LineFixes(QObject):
    """Closes what is said, takes a line out, renews its price, or finds the product of its code.

    Args:
        current: returns the current line.
    """

    shift_requested = Signal()
    """Open a shift."""

    new_product_requested = Signal(str, object)
    """Add a product. Carries the code that no product has, and the line's id."""

    product_chosen = Signal(object, int, object)
    """A line is this product from now on. Carries the product, the count, and the line's id."""

    def __init__(
        self,
        view: SaleLayout,
        messages: SaleMessages,
        edits: CartEdits,
        current: Callable[[], LineView | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view, self._messages, self._edits, self._current = view, messages, edits, current
        view.fix.clicked.connect(self._fix)
        view.register.clicked.connect(self._register)
        view.product_chosen.connect(self._choose)

    @Slot()
    def _fix(self) -> None:
        line = self._current()
        if self._messages.is_said:
            offers_shift = self._messages.offers_shift
            self._messages.forget()
            if offers_shift:
                self.shift_requested.emit()
        elif line is None:
            return
        elif line.line.error is LineError.SEVERAL_PRODUCTS and line.choices:
            self._view.offer_products([(one.id, one.name) for one in line.choices])
        elif line.problem is LineProblem.PRICE_CHANGED:
            self._edits.renew_prices()
        else:
            self._edits.remove(line)

    @Slot()
    def _register(self) -> None:
        line = self._current()
        if line is not None and line.line.error is LineError.UNKNOWN_CODE:
            self.new_product_requested.emit(line.line.code, line.line.id)

    @Slot(object)
    def _choose(self, product_id: int) -> None:
        line = self._current()
        chosen: Product | None = None
        if line is not None:
            chosen = next((one for one in line.choices if one.id == product_id), None)
        if line is not None and chosen is not None:
            self.product_chosen.emit(chosen, 1, line.line.id)
