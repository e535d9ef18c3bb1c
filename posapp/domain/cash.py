"""Cash of the counter: tenders, cash that goes back, and what a shift's drawer holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order, OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.state_machine import StateMachine
from posapp.domain.text import strip_controls
from posapp.domain.vat import TaxKind, TaxSplit

CASH = "CASH"
"""How figures name what was paid in cash, beside the values of ``Tender``."""

MOST_TENDERS = 2
"""Cash tenders of an order that were not given back: a first part, and the rest."""

MOST_CASH = Won(99_999_999)
"""Largest amount of cash that is received, paid in or out, or put in a drawer, in won."""

TYPO_TIMES, TYPO_WON = 10, 100_000
"""From so many times the amount and so many won more than it, received cash is asked about."""

QUICK_KEYS = (1_000, 5_000, 10_000, 50_000)
"""Won of the notes that a key adds to what was received."""

LONGEST_REASON = 100
"""Characters of the reason of a movement of cash; longer ones are cut."""


class TenderState(StrEnum):
    """State of a cash tender. ``RECEIVED``: it waits for the rest, by QR or in cash. ``KEPT``: it
    pays its order. ``RETURNED``: the buyer has it again. The last two are ends."""

    RECEIVED = "RECEIVED"
    KEPT = "KEPT"
    RETURNED = "RETURNED"


class TenderTrigger(StrEnum):
    """Event that changes the state of a cash tender."""

    ORDER_PAID = "order_paid"
    GIVEN_BACK = "given_back"


TENDER_TRANSITIONS: StateMachine[TenderState, TenderTrigger] = StateMachine(
    "cash tender",
    {
        (TenderState.RECEIVED, TenderTrigger.ORDER_PAID): TenderState.KEPT,
        (TenderState.RECEIVED, TenderTrigger.GIVEN_BACK): TenderState.RETURNED,
    },
)


@dataclass(frozen=True, slots=True)
class CashTender:
    """Cash that was received for an order.

    Attributes:
        part: 1 for the first part or all of it, 2 for the rest.
        amount: won of the order that it pays.
        received: won that the buyer gave; ``amount`` and ``change`` come to that.
        change: 거스름돈, in won.
        tax_free: won of exempt goods within ``amount``.
        shift_id: the shift whose drawer has it.
    """

    id: int
    order_id: int
    part: int
    amount: Won
    received: Won
    change: Won
    tax_free: Won
    state: TenderState
    shift_id: int
    received_at: datetime
    till: int = 0

    def apply(self, trigger: TenderTrigger) -> CashTender:
        """Return the tender after ``trigger``; the only way to another state.

        Raises:
            IllegalTransition: the state has no such transition.
        """
        return replace(self, state=TENDER_TRANSITIONS.next_state(self.state, trigger))


class CashRefundState(StrEnum):
    """State of cash that goes back for an item. ``WAITING``: first the part that was paid by QR has
    to be back; then it is handed out. ``PAID_OUT`` and ``DROPPED`` (the part by QR does not go
    back) are ends."""

    WAITING = "WAITING"
    PAID_OUT = "PAID_OUT"
    DROPPED = "DROPPED"


class CashRefundTrigger(StrEnum):
    """Event that changes the state of a cash refund."""

    HANDED_OUT = "handed_out"
    QR_REFUSED = "qr_refused"


CASH_REFUND_TRANSITIONS: StateMachine[CashRefundState, CashRefundTrigger] = StateMachine(
    "cash refund",
    {
        (CashRefundState.WAITING, CashRefundTrigger.HANDED_OUT): CashRefundState.PAID_OUT,
        (CashRefundState.WAITING, CashRefundTrigger.QR_REFUSED): CashRefundState.DROPPED,
    },
)


@dataclass(frozen=True, slots=True)
class CashTaken:
    """Cash that was taken for an order.

    Attributes:
        rest: won that are left to pay, by QR or in cash; 0: the order is paid.
    """

    order: Order
    tender: CashTender
    rest: Won


@dataclass(frozen=True, slots=True)
class CashRefund:
    """Cash that goes back for an item of an order.

    Attributes:
        tax_free: won of exempt goods within ``amount``.
        shift_id: the shift whose drawer gave it; ``None`` until then.
        refund_id: the refund of the item's part by QR; ``None``: it has none.
        replaces: the refund by QR that KakaoPay refused for good, whose money goes back in cash
            instead; ``None``: there is none.
        replaced: won of that money within ``amount``; the rest is cash that paid the item.
    """

    id: int
    item_id: int
    order_id: int
    amount: Won
    tax_free: Won
    state: CashRefundState
    reason: str
    requested_by: Actor
    approved_by: Actor
    approval_needed: bool
    created_at: datetime
    shift_id: int | None = None
    paid_at: datetime | None = None
    refund_id: int | None = None
    till: int = 0
    replaces: int | None = None
    replaced: Won = ZERO

    @property
    def of_cash(self) -> Won:
        """Won within ``amount`` that cash had paid."""
        return self.amount - self.replaced

    @property
    def of_cash_tax_free(self) -> Won:
        """Won of exempt goods within ``of_cash``; a refund is of one item, and so of one kind."""
        return self.of_cash if self.tax_free else ZERO

    def apply(self, trigger: CashRefundTrigger) -> CashRefund:
        """Return the cash refund after ``trigger``; the only way to another state.

        Raises:
            IllegalTransition: the state has no such transition.
        """
        return replace(self, state=CASH_REFUND_TRANSITIONS.next_state(self.state, trigger))

    def hand_out(self, shift_id: int, at: datetime) -> CashRefund:
        """Return the cash refund once its money was handed out of a shift's drawer.

        Raises:
            IllegalTransition: it does not wait.
        """
        return replace(self.apply(CashRefundTrigger.HANDED_OUT), shift_id=shift_id, paid_at=at)


class MoveKind(StrEnum):
    """입금 or 출금: cash that is put into a drawer, or taken out of it, without a sale."""

    IN = "IN"
    OUT = "OUT"


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash that was put into a drawer, or taken out of it."""

    id: int
    shift_id: int
    kind: MoveKind
    amount: Won
    reason: str
    moved_by: Actor
    moved_at: datetime
    till: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of a till, from 개점 to 마감 정산.

    Attributes:
        business_date: 영업일.
        opening_float: 준비금, in won.
        closed_at: ``None`` while it is open.
        counted: 실제 현금, in won.
        expected: 예상 현금 at its end, in won.
        reason: of a difference between the two.
        z_no: number of its Z report.
    """

    id: int
    business_date: date
    opened_at: datetime
    opened_by: Actor
    opening_float: Won
    closed_at: datetime | None = None
    closed_by: Actor = NOBODY
    counted: Won | None = None
    expected: Won | None = None
    reason: str = ""
    z_no: int | None = None
    till: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it was not closed yet."""
        return self.closed_at is None

    @property
    def reference(self) -> str:
        """How the ledger names it."""
        return f"shift:{self.id}"


def cash_reason(text: str) -> str:
    """Return the reason of a movement of cash as it is stored; empty if there is none."""
    return strip_controls(text)[:LONGEST_REASON].strip()


def is_unlikely(received: int, due: int) -> bool:
    """Return whether received cash may be a slip of the keys: it is asked about."""
    return received >= TYPO_TIMES * due and received >= due + TYPO_WON


def held(tenders: Iterable[CashTender]) -> Won:
    """Return the won that were received and neither kept nor returned."""
    return _sum(tenders, TenderState.RECEIVED)


def kept(tenders: Iterable[CashTender]) -> Won:
    """Return the won that pay an order."""
    return _sum(tenders, TenderState.KEPT)


def _sum(tenders: Iterable[CashTender], state: TenderState) -> Won:
    return sum((one.amount for one in tenders if one.state is state), ZERO)


def tax_free_of(order: Order, before: Sequence[CashTender], amount: Won) -> Won:
    """Return the exempt won of a new tender. The QR has its share of them (``TaxSplit``), and cash
    has the rest.

    Args:
        before: the tenders that are held.
        amount: of the new one.
    """
    split = TaxSplit.of((item.tax, item.total) for item in order.active_items)
    rest = order.total - held(before) - amount
    earlier = sum((one.tax_free for one in before if one.state is TenderState.RECEIVED), ZERO)
    return split.exempt - split.tax_free_of(rest) - earlier


@dataclass(frozen=True, slots=True)
class TenderSplit:
    """What goes back of an item by QR and in cash, in won."""

    qr: Won
    cash: Won


def replaced_won(given: Iterable[CashRefund]) -> Won:
    """Return the won of a payment by QR that go back in cash, as KakaoPay refused them for good."""
    return sum((one.replaced for one in given if one.state is not CashRefundState.DROPPED), ZERO)


def split_refund(
    item: OrderItem,
    order: Order,
    tenders: Iterable[CashTender],
    given: Collection[CashRefund],
    captured: Won,
    refunds: Collection[Refund],
) -> TenderSplit:
    """Return how an item goes back: by QR as far as the QR paid goods of its kind and has won left,
    so that no wallet is turned into cash; the rest in cash.

    Args:
        given: the order's cash refunds.
        captured: won of the accepted payment; 0 without one.
        refunds: of that payment.
    """
    going = {one.item_id for one in refunds if one.state is not RefundState.REFUSED}
    there = [
        one for one in order.items if one.id == item.id or (one.is_paid and one.id not in going)
    ]
    in_cash = _left_of_kind(item.tax, tenders, given)
    of_kind = sum((one.total for one in there if one.tax is item.tax), ZERO) - in_cash
    sent = sum((one.amount for one in refunds if one.state is not RefundState.REFUSED), ZERO)
    sent += replaced_won(given)
    qr = max(ZERO, min(item.total, of_kind, captured - sent))
    return TenderSplit(qr, item.total - qr)


def _left_of_kind(kind: TaxKind, tenders: Iterable[CashTender], given: Iterable[CashRefund]) -> Won:
    """Return the won of kept cash that paid goods of a kind and are not to go back."""
    left = ZERO
    for tender in tenders:
        if tender.state is TenderState.KEPT:
            left += _of_kind(kind, tender.amount, tender.tax_free)
    for refund in given:
        if refund.state is not CashRefundState.DROPPED:
            left -= _of_kind(kind, refund.of_cash, refund.of_cash_tax_free)
    return left


def _of_kind(kind: TaxKind, amount: Won, tax_free: Won) -> Won:
    return tax_free if kind is TaxKind.EXEMPT else amount - tax_free
