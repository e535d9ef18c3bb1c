"""An order, a buyer, and a FakePaying that a test moves from phase to phase."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from posapp.domain.actors import Actor
from posapp.domain.cash import CashTaken, CashTender, TenderState
from posapp.domain.errors import (  # noqa: F401 - handed on to the tests
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
)
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.users import User
from posapp.domain.verification import PaymentProblem
from posapp.services.cash_receipts.receipt_service import OrderReceipt
from posapp.services.orders.order_history import OrderHistory
from posapp.services.payments.payment_progress import (
    PaymentPhase,
    PaymentProgress,
    PaymentSummary,
    progress_of,
)
from tests.fakes.world import START, FakeClock

LINK = "https://impay.link/91e8f8cc"
BUYER = User(12, "김서연", phone="01012345678")
GAVE_UP = "[결제포기] 사용자가 결제를 취소하셨습니다"
LINK_SECONDS = 300
PHASES = {phase.value: phase for phase in PaymentPhase}


def item(number: int, name: str, price: int, count: int, **more: object) -> OrderItem:
    """One line of order 1024."""
    return OrderItem(number, 1024, BUYER.id, 3, number, name, Won(price), count, **more)


def usual_order() -> Order:
    return Order(
        1024,
        BUYER.id,
        START,
        (
            item(1, "아메리카노", 4500, 2),
            item(2, "수제 딸기 케이크 1호", 32000, 1),
            item(3, "제주 감귤 3kg", 18900, 1),
            item(4, "유기농 그릭요거트 500g", 9800, 1, status=ItemStatus.CANCEL),
        ),
    )


WEIRD = (
    "<b>굵게</b><img src=x onerror=alert(1)>",
    "\u202eمتجر القهوة\u202c 커피",
    "👨‍👩‍👧‍👦 가족 세트 🍓🍰",
    "널\x00문자\x07와\n줄바꿈\t탭",
    "가" * 10_000,
    "x" * 10_000,
    "",
    "../../etc/passwd'; DROP TABLE orders;--",
)


def weird_order() -> Order:
    items = tuple(item(n, name, 1000 * (n + 1), 1) for n, name in enumerate(WEIRD))
    return Order(1024, BUYER.id, START, items)


class FakeCash:
    """Answers like ``CashService`` for the order of a ``FakePaymentService``."""

    def __init__(self, payment_service: FakePaymentService) -> None:
        self._payments = payment_service
        self.calls: list[tuple[str, int, int]] = []
        self.refusal: Exception | None = None

    def take(
        self, actor: Actor, order_id: int, due: int, received: int, *, rest_by_qr: bool = False
    ) -> CashTaken:
        self._called("take", due, received)
        payments = self._payments
        amount = Won(min(due, received))
        payments.cash += amount
        tender = CashTender(
            *(1, order_id, 1, amount, Won(received), Won(received) - amount, ZERO),
            *(TenderState.RECEIVED, 1, payments.clock.now()),
        )
        return CashTaken(payments.order, tender, Won(due) - amount)

    def give_back(self, actor: Actor, order_id: int, amount: int) -> Won:
        self._called("give_back", order_id, amount)
        self._payments.cash = ZERO
        return Won(amount)

    def _called(self, what: str, first: int, second: int) -> None:
        self.calls.append((what, first, second))
        if self.refusal is not None:
            raise self.refusal


class NoReceipts:
    """Answers like ``CashReceiptService`` where nobody asked for a cash receipt."""

    def of_order(self, order_id: int) -> OrderReceipt:
        return OrderReceipt(
            order_id,
            Won(5_000),
            receipt=None,
            is_mandatory=False,
            has_channel=True,
            task=None,
            is_overdue=False,
            may_request=True,
        )


class FakePaymentService:
    """Answers like ``PaymentService``; ``become`` sets the state of the attempt."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.order = usual_order()
        self.buyer = BUYER
        self.calls: list[str] = []
        self.actors: list[Actor] = []
        self.threads: set[int] = set()
        self.refusal: Exception | None = None
        self.attempt: Attempt | None = None
        self.payment: Payment | None = None
        self.refund: Refund | None = None
        self.live_attempt: Attempt | None = None
        self.hold: Callable[[str], None] = lambda _: None
        self.after_stop = PaymentPhase.STOPPED
        self.link = LINK
        self.made_link = ""
        self.cash = ZERO

    def get_summary(self, actor: Actor, order_id: int) -> PaymentSummary:
        self._called("look_up")
        return PaymentSummary(self.buyer, self.order, self.live_attempt, self.cash)

    def start(
        self, actor: Actor, order_id: int, link_made: Callable[[str], object] = lambda _: None
    ) -> PaymentProgress:
        link_made(self.made_link or self.link)
        self._called("start")
        self.actors.append(actor)
        if self.live_attempt is not None:
            self.attempt = self.live_attempt
        else:
            number = 7 if self.attempt is None else self.attempt.id + 1
            self.attempt = Attempt(
                number, order_id, f"pos-{number}", self.order.total - self.cash, self.clock.now()
            )
            self.payment = self.refund = None
            self.become(PaymentPhase.SCAN)
        return self._progress()

    def get_progress(self, attempt_id: int) -> PaymentProgress:
        self._called("progress")
        return self._progress()

    def abandon(self, actor: Actor, attempt_id: int) -> PaymentProgress:
        self._called("stop")
        self.actors.append(actor)
        self.become(self.after_stop)
        return self._progress()

    def list_live(self) -> tuple[PaymentProgress, ...]:
        return (self._progress(),)

    def become(self, phase: PaymentPhase, reason: str = GAVE_UP) -> None:
        """Set the state of the attempt, as the records would show it."""
        assert self.attempt is not None
        state = _STATES.get(phase, AttemptState.PAID)
        ends = self.attempt.expires_at or self.clock.now() + timedelta(seconds=LINK_SECONDS)
        self.attempt = replace(
            self.attempt,
            state=state,
            link_url="" if phase is PaymentPhase.PREPARING else self.link,
            expires_at=None if phase is PaymentPhase.PREPARING else ends,
            first_seen_at=self.clock.now() if phase is PaymentPhase.PAYING else None,
            reason=reason if phase is PaymentPhase.FAILED else "",
        )
        if phase is PaymentPhase.DONE:
            self.payment = self._payment(PaymentDisposition.ACCEPTED)
        elif phase in _REFUNDS:
            self.payment = replace(
                self._payment(PaymentDisposition.REJECTED),
                problem=PaymentProblem.AMOUNT_DIFFERS.value,
            )
            self.refund = self._refund(_REFUNDS[phase])

    def now_is(self) -> PaymentProgress:
        """The answer of ``progress``, without counting as a call."""
        return self._progress()

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.threads.add(threading.get_ident())
        self.hold(name)
        if self.refusal is not None:
            raise self.refusal

    def _progress(self) -> PaymentProgress:
        assert self.attempt is not None
        return progress_of(self.attempt, self.order, self.payment, self.refund)

    def _payment(self, status: PaymentDisposition) -> Payment:
        return Payment(
            "imp_448280090638",
            "pos-7",
            self.order.id,
            self.order.total,
            self.clock.now(),
            status,
            sandbox=True,
            receipt_url="https://pg-web.kakao.com/v1/confirmation/p/T1234567890/91e8f8cc",
        )

    def _refund(self, state: RefundState) -> Refund:
        refused = state is RefundState.REFUSED
        return Refund(
            5,
            "imp_448280090638",
            self.order.id,
            None,
            RefundOrigin.REJECTED_PAYMENT,
            self.order.total,
            "결제금액 위/변조",
            "[RF-1]",
            "system",
            "system",
            self.clock.now(),
            state=state,
            gateway_message="결제취소에 실패하였습니다." if refused else "",
        )


_STATES = {
    PaymentPhase.PREPARING: AttemptState.CREATED,
    PaymentPhase.SCAN: AttemptState.WAITING,
    PaymentPhase.PAYING: AttemptState.WAITING,
    PaymentPhase.CHECKING: AttemptState.UNKNOWN,
    PaymentPhase.EXPIRED: AttemptState.EXPIRED,
    PaymentPhase.STOPPED: AttemptState.ABANDONED,
    PaymentPhase.FAILED: AttemptState.FAILED,
}

_REFUNDS = {
    PaymentPhase.RETURNING: RefundState.SENDING,
    PaymentPhase.RETURNED: RefundState.CONFIRMED,
    PaymentPhase.RETURN_FAILED: RefundState.REFUSED,
}


def paid_history(order: Order | None = None) -> OrderHistory:
    """A paid order as the pages of its papers read it."""
    payment_service = FakePaymentService()
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    payment_service.become(PaymentPhase.DONE)
    payment = payment_service.payment
    assert payment is not None
    return OrderHistory(order or usual_order(), BUYER, (), (payment,), (), ())
