"""What a buyer may see of a sale and its payment, as data: no name, no phone number, no other
order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posapp.domain.money import Won
from posapp.domain.orders import Order, OrderState
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress

if TYPE_CHECKING:
    from posapp.domain.cash import CashTaken
    from posapp.services.sale.cart_view import CartView
    from posapp.ui.widgets.qr_matrix import QrMatrix


class BuyerPhase(StrEnum):
    """What is asked of the buyer now."""

    IDLE = "idle"
    ORDER = "order"
    SCAN = "scan"
    PAYING = "paying"
    CHECKING = "checking"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class BuyerLine:
    """One line of what is paid."""

    name: str
    count: int
    amount: Won


@dataclass(frozen=True, slots=True)
class BuyerView:
    """What a screen for the buyer shows.

    Attributes:
        phase: what is asked of the buyer.
        lines: what is paid, as ordered.
        amount: won to pay, or paid; ``None`` if nothing is.
        matrix: the QR; ``None`` unless it may be scanned now.
        seconds: seconds left of the QR; ``None`` while nothing runs.
    """

    phase: BuyerPhase = BuyerPhase.IDLE
    lines: tuple[BuyerLine, ...] = ()
    amount: Won | None = None
    matrix: QrMatrix | None = None
    seconds: int | None = None


NOTHING = BuyerView()
"""The view while nobody pays, and after an outcome that the staff explains: never an error."""

_PHASES = {
    PaymentPhase.PREPARING: BuyerPhase.ORDER,
    PaymentPhase.SCAN: BuyerPhase.SCAN,
    PaymentPhase.PAYING: BuyerPhase.PAYING,
    PaymentPhase.CHECKING: BuyerPhase.CHECKING,
    PaymentPhase.DONE: BuyerPhase.PAID,
}
"""Phases that concern the buyer. A payment that failed, expired or goes back is explained by the
staff."""


def buyer_view(
    order: Order | None,
    progress: PaymentProgress | None,
    matrix: QrMatrix | None,
    seconds: int | None,
) -> BuyerView:
    """Return what the buyer may see of an order and its attempt.

    Args:
        matrix: the QR, if it may be scanned now.
        seconds: seconds left of the QR; 0 once its time is over, and its result is still asked for.
    """
    phase = _PHASES.get(progress.phase) if progress is not None else _phase_before(order)
    if order is None or phase is None:
        return NOTHING
    items = order.active_items
    lines = tuple(BuyerLine(one.name, one.count, one.total) for one in items)
    amount = progress.attempt.amount if progress is not None else order.total
    if phase in (BuyerPhase.SCAN, BuyerPhase.PAYING):
        if matrix is None:
            return BuyerView(BuyerPhase.CHECKING, lines, amount)
        return BuyerView(phase, lines, amount, matrix, seconds)
    return BuyerView(phase, lines, amount)


def paid_in_cash(taken: CashTaken) -> BuyerView:
    """Return what the buyer may see of an order that was paid in cash."""
    order = taken.order
    lines = tuple(BuyerLine(one.name, one.count, one.total) for one in order.active_items)
    return BuyerView(BuyerPhase.PAID, lines, order.total)


def cart_for_buyer(cart: CartView | None) -> BuyerView:
    """Return what the buyer may see of what is being rung up: not what is no product yet."""
    if cart is None:
        return NOTHING
    lines = tuple(
        BuyerLine(one.name, one.line.count, one.amount)
        for one in cart.lines
        if one.product is not None
    )
    return BuyerView(BuyerPhase.ORDER, lines, cart.amounts.payable) if lines else NOTHING


def _phase_before(order: Order | None) -> BuyerPhase | None:
    """Return the phase of an order without an attempt; ``None`` if there is nothing to pay."""
    if order is None or order.state is not OrderState.WAITING_FOR_PAYMENT or not order.total:
        return None
    return BuyerPhase.ORDER
