"""Cash of orders: tenders, and what goes back for their items."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from posapp.domain.cash import CashRefund, CashTender
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.services.ports.records import MoneyTotal
from posapp.store.cash_tables import (
    CASH_REFUND_PAID,
    CASH_REFUND_WAITING,
    TENDER_HELD,
    TENDER_KEPT,
    cash_refunds,
    cash_tenders,
)
from posapp.store.constraints import violated_name
from posapp.store.repositories.row_mapping import to_row
from posapp.store.triggers import CASH_IN_SHIFT

_TENDERS = select(*cash_tenders.c).order_by(cash_tenders.c.id)
_OF_ORDER = _TENDERS.where(cash_tenders.c.order_id == bindparam("order"))
_HELD = _TENDERS.where(TENDER_HELD)
_SAVE = (
    update(cash_tenders)
    .where(cash_tenders.c.id == bindparam("of"))
    .values(state=bindparam("state"))
)
_REFUNDS = select(*cash_refunds.c).order_by(cash_refunds.c.id)
_REFUND = _REFUNDS.where(cash_refunds.c.id == bindparam("of"))
_REFUNDS_OF_ORDER = _REFUNDS.where(cash_refunds.c.order_id == bindparam("order"))
_WAITING = _REFUNDS.where(CASH_REFUND_WAITING)
_ENDS = ("state", "shift_id", "paid_at")
_SAVE_REFUND = (
    update(cash_refunds)
    .where(cash_refunds.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in _ENDS})
)
_TOTAL_KEPT = select(func.count(), func.coalesce(func.sum(cash_tenders.c.amount), 0)).where(
    TENDER_KEPT,
    cash_tenders.c.received_at >= bindparam("since"),
    cash_tenders.c.received_at < bindparam("until"),
)
_TOTAL_REFUNDED = select(func.count(), func.coalesce(func.sum(cash_refunds.c.amount), 0)).where(
    CASH_REFUND_PAID,
    cash_refunds.c.paid_at >= bindparam("since"),
    cash_refunds.c.paid_at < bindparam("until"),
)

_REFUSED_TENDERS = {
    "uq_cash_tenders_part": ErrorCode.CASH_TENDERS,
    "cash_tenders_within": ErrorCode.CASH_DUE_CHANGED,
    CASH_IN_SHIFT: ErrorCode.NO_SHIFT,
}
_REFUSED_REFUNDS = {
    "uq_cash_refunds_item": ErrorCode.REFUND_IN_FLIGHT,
    "cash_refunds_within": ErrorCode.REFUND_BEYOND,
    "cash_refunds_replace": ErrorCode.CASH_NOT_OFFERED,
    "ck_cash_refunds_approval": ErrorCode.REFUND_OWN_APPROVAL,
    "cash_refunds_approved_by_another": ErrorCode.REFUND_OWN_APPROVAL,
    CASH_IN_SHIFT: ErrorCode.NO_SHIFT,
}


class SqlCash:
    """Port ``Cash``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def of_order(self, order_id: int) -> tuple[CashTender, ...]:
        """Return all tenders of an order, oldest first."""
        rows = self._connection.execute(_OF_ORDER, {"order": order_id})
        return tuple(CashTender(*row) for row in rows)

    def held(self) -> tuple[CashTender, ...]:
        """Return the tenders that are neither kept nor returned, oldest first."""
        return tuple(CashTender(*row) for row in self._connection.execute(_HELD))

    def add(self, tender: CashTender) -> CashTender:
        """Store a new tender (its id is ignored) and return it with its id.

        Raises:
            UserError: ``CASH_TENDERS``, ``CASH_DUE_CHANGED``, ``NO_SHIFT``.
        """
        number = self._ids.next(RecordKind.CASH_TENDER)
        stored = replace(tender, id=number, till=self._ids.till)
        try:
            self._connection.execute(insert(cash_tenders), to_row(stored))
        except IntegrityError as error:
            raise _refusal(error, _REFUSED_TENDERS) from error
        return stored

    def save(self, tender: CashTender) -> None:
        """Write the state of a tender.

        Raises:
            LookupError: there is no such tender.
        """
        values = {"of": tender.id, "state": tender.state}
        if self._connection.execute(_SAVE, values).rowcount != 1:
            raise LookupError(f"no cash tender {tender.id}")

    def refund(self, refund_id: int) -> CashRefund | None:
        """Return a cash refund, or ``None``."""
        row = self._connection.execute(_REFUND, {"of": refund_id}).one_or_none()
        return None if row is None else CashRefund(*row)

    def refunds_of_order(self, order_id: int) -> tuple[CashRefund, ...]:
        """Return all cash refunds of an order, oldest first."""
        rows = self._connection.execute(_REFUNDS_OF_ORDER, {"order": order_id})
        return tuple(CashRefund(*row) for row in rows)

    def waiting_refunds(self) -> tuple[CashRefund, ...]:
        """Return the cash refunds that wait, oldest first."""
        return tuple(CashRefund(*row) for row in self._connection.execute(_WAITING))

    def add_refund(self, refund: CashRefund) -> CashRefund:
        """Store a new cash refund (its id is ignored) and return it with its id.

        Raises:
            UserError: ``REFUND_IN_FLIGHT``, ``REFUND_BEYOND``, ``NO_SHIFT``,
                ``REFUND_OWN_APPROVAL``.
        """
        number = self._ids.next(RecordKind.CASH_REFUND)
        stored = replace(refund, id=number, till=self._ids.till)
        try:
            self._connection.execute(insert(cash_refunds), to_row(stored))
        except IntegrityError as error:
            raise _refusal(error, _REFUSED_REFUNDS) from error
        return stored

    def save_refund(self, refund: CashRefund) -> None:
        """Write state, shift and time of a cash refund.

        Raises:
            LookupError: there is no such cash refund.
            UserError: ``NO_SHIFT``.
        """
        row = to_row(refund)
        values = {"of": refund.id, **{name: row[name] for name in _ENDS}}
        try:
            done = self._connection.execute(_SAVE_REFUND, values)
        except IntegrityError as error:
            raise _refusal(error, _REFUSED_REFUNDS) from error
        if done.rowcount != 1:
            raise LookupError(f"no cash refund {refund.id}")

    def total_kept(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the kept tenders that were received in a time, its end excluded."""
        return self._total(_TOTAL_KEPT, since, until)

    def total_refunded(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the cash refunds that were handed out in a time, its end excluded."""
        return self._total(_TOTAL_REFUNDED, since, until)

    def _total(self, query: Executable, since: datetime, until: datetime) -> MoneyTotal:
        values = {"since": since, "until": until}
        count, amount = self._connection.execute(query, values).one()
        return MoneyTotal(count, Won(amount))


def _refusal(error: IntegrityError, codes: dict[str, ErrorCode]) -> Exception:
    """Return the refusal that a violated rule means; an unknown one is a bug."""
    code = codes.get(violated_name(error) or "")
    return UserError(code) if code is not None else error
