"""Records of a small shop, and stand-ins for the services that a test drives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.cancellation import cancel_action_for
from posapp.domain.ledger import GENESIS, LedgerEvent, NewEntry, link_entry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Pieces
from posapp.domain.payments import (
    Attempt,
    AttemptState,
    Payment,
    PaymentDisposition,
    ReportedPayment,
)
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.users import User, UserStatus
from posapp.services.orders.order_history import OrderHistory
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.refunds.cancel_item import CancelSummary, RefundWithItem
from posapp.services.refunds.cancel_remainder import RemainderOffer
from posapp.services.refunds.unresolved_money import AssignmentResult, UnresolvedRefund

NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
"""14:30 in Seoul."""

BUYER = User(12, "김서연", phone="01012345678")
SELLER = User(3, "오늘의 커피", status=UserStatus.SELLER)
IMP_UID = "imp_448280090638"
MERCHANT_UID = "pos-7f3a9c4e8b1d2056-1024"


def item(
    number: int = 2048,
    name: str = "에티오피아 예가체프 200g",
    price: int = 18_000,
    count: int = 1,
    status: ItemStatus = ItemStatus.COMPLETE_PAYMENT,
) -> OrderItem:
    return OrderItem(number, 1024, 12, 3, number, name, Won(price), count, status)


ITEMS = (
    item(),
    item(2049, "핸드드립 서버 600ml", 24_000, 1),
    item(2050, "종이 필터 100매", 4_500, 2),
)
ORDER = Order(1024, 12, NOW - timedelta(minutes=42), ITEMS)
PAYMENT = Payment(
    IMP_UID,
    MERCHANT_UID,
    1024,
    Won(51_000),
    NOW - timedelta(minutes=40),
    PaymentDisposition.ACCEPTED,
    "https://example.test/receipt",
    sandbox=True,
)


def order_of(*items: OrderItem) -> Order:
    return replace(ORDER, items=items)


def refund(
    state: RefundState = RefundState.APPROVED,
    number: int = 7,
    *,
    of: OrderItem | None = ITEMS[0],
    **more: Any,
) -> Refund:
    made = Refund(
        id=number,
        imp_uid=IMP_UID,
        order_id=1024,
        item_id=of.id if of else None,
        origin=RefundOrigin.ITEM if of else RefundOrigin.REJECTED_PAYMENT,
        amount=of.total if of else Won(51_000),
        reason="단순 변심",
        tag=f"[RF-9K2M{number:04d}]",
        requested_by=Actor.buyer(12),
        approved_by=Actor.buyer(12),
        created_at=NOW - timedelta(minutes=20),
        state=state,
    )
    return replace(made, **more)


SENT = {
    "send_count": 1,
    "expected_balance": Won(51_000),
    "sent_at": NOW - timedelta(minutes=19),
}
CONFIRMED = refund(
    RefundState.CONFIRMED,
    5,
    of=ITEMS[2],
    confirmed_at=NOW - timedelta(minutes=18),
    cancellation_id="cancel_20261123_01",
    **SENT,
)
NEEDS_REVIEW = refund(
    RefundState.NEEDS_REVIEW,
    9,
    gateway_code=-1,
    gateway_message="취소 처리 중 알 수 없는 오류가 발생했습니다. [PG:9999]",
    last_unknown_at=NOW - timedelta(minutes=17),
    **(SENT | {"send_count": 12}),
)


BY_BUYER = Actor.buyer(12)


def summary(
    of: OrderItem = ITEMS[0],
    actor: Actor = BY_BUYER,
    *,
    last: Refund | None = None,
    refunded: int = 9_000,
) -> CancelSummary:
    paid = of.status is not ItemStatus.WAITING_FOR_PAYMENT
    user = BUYER if actor.kind is ActorKind.BUYER else SELLER
    return CancelSummary(
        actor,
        user,
        of,
        order_of(of, *ITEMS[1:]),
        cancel_action_for(of),
        PAYMENT if paid else None,
        Won(refunded) if paid else ZERO,
        last,
    )


def entry(event: LedgerEvent, amount: int, minutes: int, **more: Any) -> NewEntry:
    return NewEntry(
        event=event,
        amount=Won(amount),
        actor=more.pop("actor", Actor.buyer(12)),
        at=NOW - timedelta(minutes=minutes),
        order_id=1024,
        imp_uid=IMP_UID,
        **more,
    )


def history() -> OrderHistory:
    """Two QRs (one ran out), a payment, a refund that is done and one that needs a person."""
    attempts = (
        Attempt(
            1, 1024, "pos-1b22c0d94e7f3a65-1024", Won(51_000), NOW - timedelta(minutes=60),
            AttemptState.EXPIRED, closed_at=NOW - timedelta(minutes=50),
        ),
        Attempt(
            2, 1024, MERCHANT_UID, Won(51_000), NOW - timedelta(minutes=41),
            AttemptState.PAID, closed_at=NOW - timedelta(minutes=40), imp_uid=IMP_UID,
        ),
    )  # fmt: skip
    facts = (
        entry(LedgerEvent.PAYMENT_CAPTURED, 51_000, 40, reference=MERCHANT_UID),
        entry(LedgerEvent.REFUND_APPROVED, 0, 20, item_id=2050, reason="단순 변심"),
        entry(
            LedgerEvent.REFUND_CONFIRMED, -9_000, 18, item_id=2050, reference="cancel_20261123_01"
        ),
    )
    rows, previous = [], GENESIS
    for seq, fact in enumerate(facts, 31):
        row = link_entry(seq, fact, previous)
        rows.append(row)
        previous = row.hash
    items = (*ITEMS[:2], replace(ITEMS[2], status=ItemStatus.CANCEL, cancel_reason="단순 변심"))
    return OrderHistory(
        order_of(*items), BUYER, attempts, (PAYMENT,), (CONFIRMED, NEEDS_REVIEW), tuple(rows)
    )


def open_refunds() -> tuple[UnresolvedRefund, ...]:
    """Oldest first, as the service gives them: one off line, one unclear, one for a person."""
    waiting = refund(RefundState.APPROVED, 10, of=ITEMS[1])
    unclear = refund(RefundState.UNKNOWN, 8, of=None, gateway_message="timeout", **SENT)
    return (
        UnresolvedRefund(unclear, PAYMENT, None),
        UnresolvedRefund(NEEDS_REVIEW, PAYMENT, ITEMS[0]),
        UnresolvedRefund(waiting, PAYMENT, ITEMS[1]),
    )


MISMATCH = Mismatch(
    1,
    MismatchKind.FOREIGN_PAYMENT,
    MERCHANT_UID,
    "imp_999999999999",
    Won(33_000),
    "verify_merchant_uid: PortOne pos-other paid",
    NOW - timedelta(hours=3),
)


def answer(what: Any) -> Any:
    """Raise an exception, or return anything else."""
    if isinstance(what, Exception):
        raise what
    return what


@dataclass
class FakeCancelling:
    """Answers as the test sets it; records its calls."""

    found: Any = None
    cancelled: Any = None
    kept: Any = None
    views: dict[int, Any] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None

    def get_item(self, actor: Actor, item_id: int) -> CancelSummary:
        self.calls.append(("look_up", actor, item_id))
        found = self.found(item_id) if callable(self.found) else self.found
        return answer(found)

    def cancel(self, actor: Actor, item_id: int, reason: str) -> OrderItem:
        self.calls.append(("cancel", actor, item_id, reason))
        self.before_answer()
        return answer(self.cancelled)

    def refund(
        self, actor: Actor, item_id: int, reason: str, amount: int, pieces: Pieces | None = None
    ) -> Refund:
        some = () if pieces is None else (pieces,)
        self.calls.append(("refund", actor, item_id, reason, amount, *some))
        self.before_answer()
        kept = self.kept(item_id) if callable(self.kept) else self.kept
        return answer(kept)

    def get_refund(self, refund_id: int) -> RefundWithItem:
        return answer(self.views[refund_id])

    def actions(self) -> list[tuple[Any, ...]]:
        return [call for call in self.calls if call[0] != "look_up"]


@dataclass
class FakeRest:
    """Offers and records refunds of the remainder as the test sets it; records its calls."""

    offered: Any = None
    kept: Any = None
    loaded: list[int] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def offer(self, refund_id: int) -> RemainderOffer | None:
        self.loaded.append(refund_id)
        return answer(self.offered)

    def cancel(self, actor: Actor, refund_id: int, reason: str, amount: int) -> Refund:
        self.calls.append((actor, refund_id, reason, amount))
        return answer(self.kept)


@dataclass
class FakeHistories:
    found: Any = None
    requested: list[int] = field(default_factory=list)
    printed: list[tuple[str, datetime]] = field(default_factory=list)
    printed_by: list[Actor] = field(default_factory=list)
    unwritable: Exception | None = None

    def for_order(self, order_id: int) -> OrderHistory:
        self.requested.append(order_id)
        return answer(self.found)

    def note_printed(self, actor: Actor, paper: str, at: datetime) -> None:
        if self.unwritable is not None:
            raise self.unwritable
        self.printed.append((paper, at))
        self.printed_by.append(actor)


@dataclass
class FakeOpenMoney:
    open: Any = ()
    strange: Any = ()
    tried: list[int] = field(default_factory=list)
    refusal: Exception | None = None
    decided: AssignmentResult = AssignmentResult.CONFIRMED
    said: list[tuple[int, bool]] = field(default_factory=list)
    closed: list[tuple[int, Actor, str, int]] = field(default_factory=list)
    reported: Any = None
    read: list[tuple[str, str]] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)

    def refunds(self, limit: int = 200) -> tuple[UnresolvedRefund, ...]:
        return answer(self.open)

    def mismatches(self, limit: int = 200) -> tuple[Mismatch, ...]:
        return answer(self.strange)

    def read_payment(self, actor: Actor, imp_uid: str, merchant_uid: str) -> ReportedPayment | None:
        self.actors.append(actor)
        self.read.append((imp_uid, merchant_uid))
        return answer(self.reported)

    def retry(self, actor: Actor, refund_id: int) -> None:
        self.actors.append(actor)
        self.tried.append(refund_id)
        if self.refusal is not None:
            raise self.refusal

    def assign_cancellation(self, actor: Actor, refund_id: int, ours: bool) -> AssignmentResult:
        self.actors.append(actor)
        self.said.append((refund_id, ours))
        if self.refusal is not None:
            raise self.refusal
        return self.decided

    def close_mismatch(self, actor: Actor, mismatch_id: int, note: str, amount: int) -> None:
        self.actors.append(actor)
        self.closed.append((mismatch_id, actor, note, amount))
        if self.refusal is not None:
            raise self.refusal
        self.strange = ()
