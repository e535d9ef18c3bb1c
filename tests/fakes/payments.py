"""A minimal payment, its order and a refund of it, for tests of rules. Frozen: use them as they
are, or change them by ``dataclasses.replace``."""

from __future__ import annotations

from datetime import UTC, datetime

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.orders import Order, OrderItem
from posapp.domain.payment_ref import PaymentRef, Provider
from posapp.domain.payments import (
    Attempt,
    AttemptState,
    CancellationState,
    Payment,
    PaymentDisposition,
    ReportedCancellation,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.refunds import Refund, RefundAnswer, RefundOrigin
from posapp.services.ports.gateway import RefundCommand

NOW = datetime(2026, 1, 1, tzinfo=UTC)

# An attempt of 5,000 won that PortOne shows as paid.

ITEM = OrderItem(100, 10, 1, 7, 1000, "단팥빵", Won(2500), 2)
ORDER = Order(10, 1, NOW, (ITEM,))
ATTEMPT = Attempt(5, 10, "pos-abc", Won(5000), NOW, AttemptState.WAITING)
GOOD = ReportedPayment(
    "imp_1",
    "pos-abc",
    ReportedStatus.PAID,
    Won(5000),
    sandbox=True,
    pg_provider="kakaopay",
    paid_at=NOW,
)

# A recorded payment of 10,000 won, and a refund of 3,000 won of it.

PAYMENT = Payment("imp_1", "m", 10, Won(10000), NOW, PaymentDisposition.ACCEPTED, sandbox=True)
PAID = ReportedPayment(
    "imp_1",
    "m",
    ReportedStatus.PAID,
    Won(10000),
    paid_at=NOW,
    sandbox=True,
    pg_provider="kakaopay",
)
REFUND = Refund(
    1,
    "imp_1",
    10,
    100,
    RefundOrigin.ITEM,
    Won(3000),
    "단순 변심",
    "[RF-2S-AAA]",
    Actor.buyer(1),
    Actor.buyer(1),
    NOW,
)


def payment_ref(imp_uid: str) -> PaymentRef:
    """Reference of a payment at PortOne V1, which needs only its imp_uid."""
    return PaymentRef(Provider.PORTONE_V1, "m", imp_uid)


def refund_command(
    imp_uid: str, amount: Won, balance: Won, reason: str, holder: str = ""
) -> RefundCommand:
    """The first send of a refund by PortOne V1, in won; its tag is the end of the reason."""
    tag = reason.rpartition(" ")[2]
    return RefundCommand(payment_ref(imp_uid), amount, balance, reason, tag, 1, holder)


def answered(after: ReportedPayment) -> RefundAnswer:
    """A provider's answer that confirms the refund, with the payment after it."""
    return RefundAnswer(CancellationState.SUCCEEDED, after)


def line(amount: int, reason: str = "콘솔 취소", number: str = "c1") -> ReportedCancellation:
    """A cancellation line of PortOne's history, ``amount`` in won."""
    return ReportedCancellation(Won(amount), reason, number)
