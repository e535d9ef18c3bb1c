"""Cash receipts of orders: makes, revises, issues and cancels their records, in the caller's unit
of work (docs/specification.md 2.10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from posapp.domain.actors import TILL, Actor
from posapp.domain.cash import CashRefundState, TenderState
from posapp.domain.cash_receipts import (
    AT_PORTONE,
    DUE_AFTER,
    CashReceipt,
    ReceiptProblem,
    ReceiptState,
    ReceiptTrigger,
    ReportedReceipt,
    following_no,
)
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.services.ports.unit_of_work import UnitOfWork

NAMED_WITHIN = timedelta(minutes=10)
"""Time in which a buyer can be asked for a number again before the rest is issued for nobody."""


@dataclass(frozen=True, slots=True)
class SaleCash:
    """The cash of a sale that the shop has.

    Attributes:
        amount: won that were kept and not handed out again.
        tax_free: won of exempt goods within ``amount``.
        received_at: when the first of it was received; ``None``: none was.
    """

    amount: Won
    tax_free: Won
    received_at: datetime | None


def cash_of_sale(uow: UnitOfWork, order_id: int) -> SaleCash:
    """Return the cash of a sale: what a receipt is issued for."""
    kept = [one for one in uow.cash.of_order(order_id) if one.state is TenderState.KEPT]
    out = [
        one for one in uow.cash.refunds_of_order(order_id) if one.state is CashRefundState.PAID_OUT
    ]
    out_free = sum((one.of_cash_tax_free for one in out), ZERO)
    return SaleCash(
        sum((one.amount for one in kept), ZERO) - sum((one.of_cash for one in out), ZERO),
        sum((one.tax_free for one in kept), ZERO) - out_free,
        min((one.received_at for one in kept), default=None),
    )


def current_receipt(receipts: tuple[CashReceipt, ...]) -> CashReceipt | None:
    """Return the receipt of an order that counts: the waiting one, the one that PortOne may hold,
    or the newest that was refused; ``None``: all are cancelled, or there is none."""
    return (
        _waiting(receipts)
        or _held(receipts)
        or next((one for one in reversed(receipts) if one.state is ReceiptState.REFUSED), None)
    )


def revise_receipt(uow: UnitOfWork, order_id: int, now: datetime) -> None:
    """Let the receipts of an order follow its cash. Call it in the transaction that changed the
    cash.

    A receipt that was not sent takes the new amount. One that PortOne may hold is cancelled whole,
    and the rest is issued under a new number, for nobody unless a person gives a number again.
    """
    receipts = uow.cash_receipts.of_order(order_id)
    cash = cash_of_sale(uow, order_id)
    waiting, held = _waiting(receipts), _held(receipts)
    if waiting is not None:
        if cash.amount == ZERO:
            uow.cash_receipts.save(waiting.apply(ReceiptTrigger.WITHDRAWN))
        elif (waiting.amount, waiting.tax_free) != (cash.amount, cash.tax_free):
            uow.cash_receipts.save(replace(waiting, amount=cash.amount, tax_free=cash.tax_free))
        return
    before = held or current_receipt(receipts)
    if before is None or (before.amount, before.tax_free) == (cash.amount, cash.tax_free):
        return
    if held is not None:
        ask_cancel(uow, held, now)
    else:
        uow.cash_receipts.save(before.apply(ReceiptTrigger.WITHDRAWN))
    if cash.amount > ZERO:
        uow.cash_receipts.add(rest_of(before, receipts, cash, now))


def rest_of(
    before: CashReceipt, receipts: tuple[CashReceipt, ...], cash: SaleCash, now: datetime
) -> CashReceipt:
    """Return a new receipt of what is left, for nobody, which replaces an earlier one."""
    return CashReceipt(
        id=0,
        order_id=before.order_id,
        purpose=ReceiptPurpose.UNNAMED,
        amount=cash.amount,
        tax_free=cash.tax_free,
        own_no=following_no(receipts[0].own_no, len(receipts)),
        requested_by=TILL,
        created_at=now,
        due_at=now + DUE_AFTER,
        next_at=now + NAMED_WITHIN,
        by_hand=before.by_hand,
        replaces_id=before.id,
    )


def ask_cancel(uow: UnitOfWork, receipt: CashReceipt, now: datetime) -> CashReceipt:
    """Have a receipt cancelled that PortOne may hold: at once if it is issued, else as soon as it
    is known what became of it."""
    if receipt.state is ReceiptState.ISSUED:
        begun = replace(
            receipt.apply(ReceiptTrigger.CANCEL_BEGUN),
            cancel_wanted=True,
            next_at=now,
            send_count=0,
            last_unknown_at=None,
        )
    else:
        begun = replace(receipt, cancel_wanted=True)
    if begun != receipt:
        uow.cash_receipts.save(begun)
    return begun


def record_issued(
    uow: UnitOfWork,
    receipt: CashReceipt,
    trigger: ReceiptTrigger,
    approval_no: str,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> CashReceipt:
    """Record that a receipt is issued, with its fact; cancel it then if that is wanted."""
    issued = replace(
        receipt.apply(trigger),
        approval_no=approval_no,
        issued_at=at,
        problem=ReceiptProblem.NONE,
        gateway_code=None,
        gateway_message="",
    )
    uow.cash_receipts.save(issued)
    _record(uow, issued, LedgerEvent.CASH_RECEIPT_ISSUED, actor, now)
    return ask_cancel(uow, issued, now) if issued.cancel_wanted else issued


def record_cancelled(
    uow: UnitOfWork,
    receipt: CashReceipt,
    trigger: ReceiptTrigger,
    reported: ReportedReceipt | None,
    actor: Actor,
    now: datetime,
) -> CashReceipt:
    """Record that a receipt which was issued is cancelled, with its fact."""
    shown = reported.approval_no if reported is not None else ""
    at = reported.cancelled_at if reported is not None else None
    cancelled = replace(
        receipt.apply(trigger),
        approval_no=receipt.approval_no or shown,
        cancelled_at=at or now,
        problem=ReceiptProblem.NONE,
    )
    uow.cash_receipts.save(cancelled)
    _record(uow, cancelled, LedgerEvent.CASH_RECEIPT_CANCELLED, actor, now)
    return cancelled


def _record(
    uow: UnitOfWork, receipt: CashReceipt, event: LedgerEvent, actor: Actor, now: datetime
) -> None:
    uow.ledger.append(
        NewEntry(
            event=event,
            amount=ZERO,
            actor=actor,
            at=now,
            order_id=receipt.order_id,
            reference=receipt.approval_no,
            reason=receipt.own_no,
        )
    )


def _waiting(receipts: tuple[CashReceipt, ...]) -> CashReceipt | None:
    return next((one for one in receipts if one.state is ReceiptState.REQUESTED), None)


def _held(receipts: tuple[CashReceipt, ...]) -> CashReceipt | None:
    return next((one for one in receipts if one.state in AT_PORTONE), None)
