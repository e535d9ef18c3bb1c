"""Cash receipts (현금영수증)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from posapp.domain.cash_receipts import CashReceipt
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.cash_tables import TENDER_KEPT, cash_tenders
from posapp.store.constraints import violated_name
from posapp.store.receipt_tables import RECEIPT_DUE, RECEIPT_OPEN, cash_receipts
from posapp.store.repositories.row_mapping import to_row

_ALL = select(*cash_receipts.c)
_GET = _ALL.where(cash_receipts.c.id == bindparam("of"))
_OF_ORDER = _ALL.where(cash_receipts.c.order_id == bindparam("order")).order_by(cash_receipts.c.id)
_DUE = (
    _ALL.where(RECEIPT_DUE, cash_receipts.c.next_at <= bindparam("now"))
    .order_by(cash_receipts.c.next_at, cash_receipts.c.id)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(cash_receipts.c.next_at)).where(RECEIPT_DUE)
_OPEN = _ALL.where(RECEIPT_OPEN).order_by(cash_receipts.c.due_at, cash_receipts.c.id)
_WITHOUT = (
    select(cash_tenders.c.order_id)
    .where(
        TENDER_KEPT,
        cash_tenders.c.received_at >= bindparam("since"),
        cash_tenders.c.received_at < bindparam("until"),
        ~exists().where(cash_receipts.c.order_id == cash_tenders.c.order_id),
    )
    .group_by(cash_tenders.c.order_id)
    .having(func.sum(cash_tenders.c.amount) >= bindparam("least"))
    .order_by(cash_tenders.c.order_id)
)
_FIXED = frozenset(
    {
        *("id", "order_id", "purpose", "own_no", "requested_by", "created_at", "kind"),
        *("masked", "replaces_id"),
    }
)
_TAKEN = ("uq_cash_receipts_held", "uq_cash_receipts_waiting")


class SqlCashReceipts:
    """Port ``CashReceipts``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def get(self, receipt_id: int) -> CashReceipt | None:
        """Return a receipt, or ``None``."""
        row = self._connection.execute(_GET, {"of": receipt_id}).one_or_none()
        return None if row is None else _receipt(row)

    def of_order(self, order_id: int) -> tuple[CashReceipt, ...]:
        """Return the receipts of an order, oldest first."""
        return tuple(map(_receipt, self._connection.execute(_OF_ORDER, {"order": order_id})))

    def due(self, now: datetime, most: int) -> tuple[CashReceipt, ...]:
        """Return receipts that the background is to work on now."""
        return tuple(map(_receipt, self._connection.execute(_DUE, {"now": now, "most": most})))

    def next_due(self) -> datetime | None:
        """Return when the background is to work on one next; ``None``: on none."""
        at: datetime | None = self._connection.execute(_NEXT).scalar_one()
        return at

    def open(self) -> tuple[CashReceipt, ...]:
        """Return the receipts that are neither valid nor cancelled, first due first."""
        return tuple(map(_receipt, self._connection.execute(_OPEN)))

    def orders_without(self, since: datetime, until: datetime, least: Won) -> tuple[int, ...]:
        """Return orders whose kept cash of a time comes to ``least`` or more, and that never had a
        receipt."""
        values = {"since": since, "until": until, "least": int(least)}
        return tuple(self._connection.execute(_WITHOUT, values).scalars())

    def add(self, receipt: CashReceipt) -> CashReceipt:
        """Store a new receipt (its id is ignored) and return it with its id.

        Raises:
            UserError: ``RECEIPT_EXISTS``: another one of the order waits.
        """
        stored = replace(receipt, id=self._ids.next(RecordKind.CASH_RECEIPT))
        try:
            self._connection.execute(insert(cash_receipts), to_row(stored))
        except IntegrityError as error:
            raise _refusal(error) from error
        return stored

    def save(self, receipt: CashReceipt) -> None:
        """Write what may change of a receipt.

        Raises:
            UserError: ``RECEIPT_EXISTS``: PortOne may hold another one of the order.
            LookupError: there is no such receipt.
        """
        changed = update(cash_receipts).where(cash_receipts.c.id == receipt.id)
        try:
            result = self._connection.execute(changed.values(to_row(receipt, _FIXED)))
        except IntegrityError as error:
            raise _refusal(error) from error
        if result.rowcount != 1:
            raise LookupError(f"no cash receipt {receipt.id}")


def _receipt(row: Row[Any]) -> CashReceipt:
    return CashReceipt(*tuple(row))


def _refusal(error: IntegrityError) -> Exception:
    return UserError(ErrorCode.RECEIPT_EXISTS) if violated_name(error) in _TAKEN else error
