"""The history of an order, with the code on its papers encoded before the GUI thread needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.domain.codes import order_code
from posapp.ui.printing.order_code import code_matrix

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService


def history_with_code(histories: OrderHistoryService, order_id: int) -> OrderHistory:
    """Read an order for its papers and encode its code; called in a background thread.

    Raises:
        UserError: there is no such order.
    """
    history = histories.for_order(order_id)
    code_matrix(order_code(history.order.id))
    return history
