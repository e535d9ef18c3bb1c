"""How items, QRs, payments and refunds stand: a word and a tone for each state."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.ledger import Fact
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentStanding
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown

ITEM_TONES = {
    ItemStatus.WAITING_FOR_PAYMENT: "busy",
    ItemStatus.COMPLETE_PAYMENT: "success",
    ItemStatus.WAITING_FOR_DELIVERY: "notice",
    ItemStatus.SHIPPING: "notice",
    ItemStatus.DELIVERY_COMPLETE: "success",
    ItemStatus.CANCEL: "error",
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
    RefundState.NEEDS_PERSON: "warning",
}

FACT_TONES = {
    Fact.PAYMENT_CAPTURED: "success",
    Fact.PAYMENT_REJECTED: "warning",
    Fact.REFUND_APPROVED: "busy",
    Fact.REFUND_CONFIRMED: "success",
    Fact.REFUND_REFUSED: "error",
    Fact.CANCELLED_ELSEWHERE: "warning",
    Fact.ITEM_CANCELLED: "busy",
    Fact.MISMATCH_EXPLAINED: "notice",
    Fact.REQUEST_APPROVED: "success",
    Fact.REQUEST_REJECTED: "warning",
    Fact.REQUEST_WITHDRAWN: "busy",
    Fact.REQUEST_REOPENED: "notice",
    Fact.REFUND_WITHDRAWN: "notice",
    Fact.REPLACEMENT_SENT: "success",
    Fact.REPLACEMENT_STOPPED: "notice",
    Fact.SEAL_BEGUN: "notice",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A state for people.

    Attributes:
        tone: success, error, warning, notice or busy.
        word: in the language of the screen.
    """

    tone: str
    word: str


def of_item(texts: Texts, status: ItemStatus) -> Standing:
    """How an order item stands."""
    return Standing(ITEM_TONES[status], texts(f"order_page.item_{status.value}"))


def of_attempt(texts: Texts, attempt: Attempt) -> Standing:
    """How a QR stands."""
    return Standing(
        ATTEMPT_TONES[attempt.state], texts(f"order_page.attempt_{attempt.state.value}")
    )


def of_payment(texts: Texts, payment: Payment) -> Standing:
    """What became of captured money."""
    accepted = payment.standing is PaymentStanding.ACCEPTED
    word = texts(f"order_page.payment_{payment.standing.value}")
    return Standing("success" if accepted else "warning", word)


def of_refund(texts: Texts, refund: Refund, *, online: bool = True) -> Standing:
    """Where money that goes back is.

    Args:
        online: PortOne can be reached; what waits for the network says that it waits, and what
            was cut off while being sent is not known.
    """
    if refund.origin is RefundOrigin.ELSEWHERE:
        return Standing("warning", texts("order_page.refund_ELSEWHERE"))
    state = refund.state
    if not online and state is RefundState.APPROVED:
        return Standing("warning", texts("order_page.refund_offline"))
    if not online and state is RefundState.SENDING:
        state = RefundState.UNKNOWN
    return Standing(REFUND_TONES[state], texts(f"order_page.refund_{state.value}"))


def actor(texts: Texts, who: str) -> str:
    """Who did something, from the ledger's form: ``buyer:12`` is 구매자 12."""
    kind, _, number = who.partition(":")
    message_id = f"order_page.actor_{kind}"
    if not kind.isascii() or not kind.isalpha() or not texts.has(message_id):
        return shown(who, 60)
    return f"{texts(message_id)} {shown(number, 20)}".strip()


def problem(texts: Texts, payment: Payment) -> str:
    """Why a payment was not accepted, or empty."""
    return texts(f"errors.{payment.problem}") if payment.problem else ""
