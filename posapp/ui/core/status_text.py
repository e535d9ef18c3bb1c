"""Labels and tones for the states of items, QRs, payments and refunds, and why one waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefund, CashRefundState
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus, OrderState
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.ports.order_search import OrderSummary
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

ITEM_TONES = {
    ItemStatus.WAITING_FOR_PAYMENT: "busy",
    ItemStatus.COMPLETE_PAYMENT: "success",
    ItemStatus.WAITING_FOR_DELIVERY: "notice",
    ItemStatus.SHIPPING: "notice",
    ItemStatus.DELIVERY_COMPLETE: "success",
    ItemStatus.CANCEL: "error",
}

ORDER_TONES = {
    OrderState.WAITING_FOR_PAYMENT: "busy",
    OrderState.PAID: "success",
    OrderState.IN_DELIVERY: "notice",
    OrderState.DELIVERED: "success",
    OrderState.CANCELLED: "error",
}

ATTEMPT_TONES = {
    AttemptState.CREATED: "busy",
    AttemptState.WAITING: "busy",
    AttemptState.PAID: "success",
    AttemptState.FAILED: "error",
    AttemptState.EXPIRED: "busy",
    AttemptState.ABANDONED: "busy",
    AttemptState.UNKNOWN: "notice",
}

REFUND_TONES = {
    RefundState.APPROVED: "busy",
    RefundState.SENDING: "busy",
    RefundState.CONFIRMED: "success",
    RefundState.REFUSED: "error",
    RefundState.UNKNOWN: "notice",
    RefundState.NEEDS_REVIEW: "warning",
}

FACT_TONES = {
    LedgerEvent.PAYMENT_CAPTURED: "success",
    LedgerEvent.PAYMENT_REJECTED: "warning",
    LedgerEvent.REFUND_APPROVED: "busy",
    LedgerEvent.REFUND_CONFIRMED: "success",
    LedgerEvent.REFUND_REFUSED: "error",
    LedgerEvent.CANCELLED_EXTERNALLY: "warning",
    LedgerEvent.ITEM_CANCELLED: "busy",
    LedgerEvent.MISMATCH_EXPLAINED: "notice",
    LedgerEvent.REQUEST_APPROVED: "success",
    LedgerEvent.REQUEST_REJECTED: "warning",
    LedgerEvent.REQUEST_WITHDRAWN: "busy",
    LedgerEvent.REQUEST_REOPENED: "notice",
    LedgerEvent.REFUND_WITHDRAWN: "notice",
    LedgerEvent.REPLACEMENT_SENT: "success",
    LedgerEvent.REPLACEMENT_STOPPED: "notice",
    LedgerEvent.SEAL_BEGUN: "notice",
    LedgerEvent.REFUND_TAKEN_OVER: "notice",
    LedgerEvent.REFUND_REQUEUED: "busy",
    LedgerEvent.REFUND_MOVED_TO_CASH: "warning",
    LedgerEvent.CANCELLATION_DISOWNED: "notice",
    LedgerEvent.DATABASE_RESTORED: "warning",
    LedgerEvent.DELIVERY_PREPARED: "notice",
    LedgerEvent.ITEM_SHIPPED: "notice",
    LedgerEvent.ITEM_DELIVERED: "success",
    LedgerEvent.ITEM_HANDED_OVER: "success",
    LedgerEvent.DELIVERY_STEP_UNDONE: "notice",
    LedgerEvent.ITEM_DIVIDED: "notice",
    LedgerEvent.DISCOUNT_GIVEN: "notice",
    LedgerEvent.CASH_RECEIVED: "success",
    LedgerEvent.CASH_RETURNED: "warning",
    LedgerEvent.CASH_REFUNDED: "success",
    LedgerEvent.CASH_PAID_IN: "notice",
    LedgerEvent.CASH_PAID_OUT: "notice",
    LedgerEvent.SHIFT_OPENED: "notice",
    LedgerEvent.CASH_OVER_SHORT: "warning",
    LedgerEvent.SHIFT_CLOSED: "notice",
    LedgerEvent.DRAWER_OPENED: "notice",
    LedgerEvent.CASH_RECEIPT_ISSUED: "success",
    LedgerEvent.CASH_RECEIPT_CANCELLED: "notice",
}

_WHY = {
    "needs a person": "needs_person",
    "changed meanwhile": "changed",
    "made already": "made",
    "PortOne does not know this payment": "not_found",
    "the payment's history can be read in two ways": "two_ways",
    "PortOne shows another payment than the one that was captured": "another",
    "a cancel at PortOne may be this money already": "maybe",
    "a difference of this payment is not explained": "in_doubt",
    "an earlier send may still be carried out": "may_land",
    "the reading is older than a refund that was made": "older",
    "a cancel at the provider is not carried out yet": "requested",
    "the provider accepted this refund and does not show it": "unshown",
    "the provider says that this refund was made, without the payment": "said_done",
    "the provider takes no refund from this program": "no_strategy",
}
"""Message keys of the outbox evidence that is a sentence of ours."""

_WHY_LIMIT = 120


@dataclass(frozen=True, slots=True)
class StatusText:
    """A state as it is displayed.

    Attributes:
        tone: success, error, warning, notice or busy.
        label: in the language of the screen.
    """

    tone: str
    label: str


def of_item(texts: Translator, status: ItemStatus) -> StatusText:
    """Return the status of an order item."""
    return StatusText(ITEM_TONES[status], texts(f"order_page.item_{status.value}"))


def of_order(texts: Translator, order: OrderSummary) -> StatusText:
    """Return the status of a whole order."""
    if order.is_claimed:
        return StatusText("busy", texts("orders.claimed"))
    return StatusText(ORDER_TONES[order.state], texts(f"home.state_{order.state.value}"))


def of_attempt(texts: Translator, attempt: Attempt) -> StatusText:
    """Return the status of a QR."""
    return StatusText(
        ATTEMPT_TONES[attempt.state], texts(f"order_page.attempt_{attempt.state.value}")
    )


def of_payment(texts: Translator, payment: Payment) -> StatusText:
    """Return whether a captured payment was accepted or rejected."""
    accepted = payment.disposition is PaymentDisposition.ACCEPTED
    label = texts(f"order_page.payment_{payment.disposition.value}")
    return StatusText("success" if accepted else "warning", label)


NO_NAMES: Mapping[int, str] = MappingProxyType({})
_STAFF_NAME = 24
"""Letters of a name."""


def of_refund(texts: Translator, refund: Refund, *, online: bool = True) -> StatusText:
    """Return the status of a refund.

    Args:
        online: PortOne is reachable. Offline, an unsent refund is shown as waiting for the network,
            and one that was interrupted while it was sent as unknown.
    """
    if refund.origin is RefundOrigin.EXTERNAL:
        return StatusText("warning", texts("order_page.refund_ELSEWHERE"))
    state = refund.state
    if not online and state is RefundState.APPROVED:
        return StatusText("warning", texts("order_page.refund_offline"))
    if not online and state is RefundState.SENDING:
        state = RefundState.UNKNOWN
    return StatusText(REFUND_TONES[state], texts(f"order_page.refund_{state.value}"))


def of_cash_refund(texts: Translator, refund: CashRefund) -> StatusText:
    """Return the status of cash that goes back."""
    amount = texts.won(refund.amount)
    if refund.state is CashRefundState.PAID_OUT:
        return StatusText("success", texts("cash.was_handed_out", amount=amount))
    return StatusText("warning", texts("cash.hand_out_now", amount=amount))


def actor(texts: Translator, who: Actor, names: Mapping[int, str] = NO_NAMES) -> str:
    """Return the display name of an actor: buyer 12 is 구매자 12, and whoever acts for a seller is
    named with that seller.

    Args:
        names: of the staff, by number; whose name is not known is shown by their number.
    """
    if who.staff_id is not None:
        named = display_text(names.get(who.staff_id, str(who.staff_id)), _STAFF_NAME)
        name = f"{texts('order_page.actor_staff')} {named}"
        return f"{name} ({actor(texts, who.user)})" if who.is_user else name
    message_id = f"order_page.actor_{who.kind.value}"
    if not texts.has(message_id):
        return display_text(str(who), 60)
    return f"{texts(message_id)} {display_text(who.id, 20)}".strip()


def problem(texts: Translator, payment: Payment) -> str:
    """Return why a payment was not accepted, or empty."""
    return texts(f"errors.{payment.problem}") if payment.problem else ""


def known_why(texts: Translator, why: str) -> str:
    """Return why something failed, in our words; empty if only PortOne's message says it."""
    key = _WHY.get(why, why)
    if key.isascii() and key.replace("_", "").isalnum() and texts.has(f"sync.why_{key}"):
        return texts(f"sync.why_{key}")
    return ""


def why_text(texts: Translator, why: str) -> str:
    """Return why something failed: the text of a cause, our own sentence, or PortOne's message."""
    return known_why(texts, why) or display_text(why, _WHY_LIMIT, run=24)
