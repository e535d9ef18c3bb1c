"""The code of an order as a QR, encoded once and before the GUI thread needs it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from posapp.domain.codes import order_code

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.ui.widgets.qr_matrix import QrMatrix

_KEPT = 64
"""Codes that stay encoded, of 1 KB each."""


@lru_cache(maxsize=_KEPT)
def code_matrix(code: str) -> QrMatrix:
    """Return the modules of a code's QR."""
    # Imported here and not above: the first window does not need the encoder.
    from posapp.ui.widgets.qr_matrix import encode

    return encode(code)


def history_with_code(histories: OrderHistoryService, order_id: int) -> OrderHistory:
    """Read an order for its papers and encode its code; called in a background thread.

    Raises:
        UserError: there is no such order.
    """
    history = histories.for_order(order_id)
    code_matrix(order_code(history.order.id))
    return history
