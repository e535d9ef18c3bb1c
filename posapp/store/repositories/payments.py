"""Captured payments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from posapp.domain.money import Won
from posapp.domain.payments import Payment
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.services.ports.records import MoneyTotal
from posapp.store.repositories.row_mapping import to_row
from posapp.store.tables import PAYMENT_ACCEPTED, payments

_ALL = select(*[column for column in payments.c if column.name != "id"])
_ADD = insert(payments)
_GET = _ALL.where(payments.c.imp_uid == bindparam("imp_uid"))
_OF_ORDER = _ALL.where(payments.c.order_id == bindparam("order")).order_by(payments.c.id)
_PAID_SINCE = (
    select(payments.c.imp_uid)
    .where(payments.c.paid_at >= bindparam("since"))
    .order_by(payments.c.paid_at, payments.c.id)
)
_TOTAL_PAID = select(func.count(), func.coalesce(func.sum(payments.c.amount), 0)).where(
    payments.c.paid_at >= bindparam("since"),
    payments.c.paid_at < bindparam("until"),
    PAYMENT_ACCEPTED,
)
_RECEIPT_ISSUED = (
    update(payments).where(payments.c.imp_uid == bindparam("of")).values(cash_receipt_issued=True)
)
_ACCEPTED = _ALL.where(payments.c.order_id == bindparam("order"), PAYMENT_ACCEPTED)


class SqlPayments:
    """Port ``Payments``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def get(self, imp_uid: str) -> Payment | None:
        """Return the payment, or ``None``."""
        row = self._connection.execute(_GET, {"imp_uid": imp_uid}).one_or_none()
        return None if row is None else Payment(*row)

    def add(self, payment: Payment) -> None:
        """Store captured money; ``imp_uid`` is unique, as is the accepted payment of an order.

        The caller checks both in the same unit of work; a clash is a bug and is not translated.
        """
        number = self._ids.next(RecordKind.PAYMENT)
        self._connection.execute(_ADD, {**to_row(payment), "id": number})

    def for_order(self, order_id: int) -> tuple[Payment, ...]:
        """Return all payments of an order in the order of recording, accepted or not."""
        rows = self._connection.execute(_OF_ORDER, {"order": order_id})
        return tuple(Payment(*row) for row in rows)

    def accepted_of_order(self, order_id: int) -> Payment | None:
        """Return the payment that pays the order, or ``None``."""
        row = self._connection.execute(_ACCEPTED, {"order": order_id}).one_or_none()
        return None if row is None else Payment(*row)

    def paid_since(self, since: datetime) -> tuple[str, ...]:
        """Return the imp_uids of payments paid since then, the oldest first."""
        return tuple(self._connection.execute(_PAID_SINCE, {"since": since}).scalars())

    def total_paid(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the accepted payments of a time, its end excluded."""
        values = {"since": since, "until": until}
        count, amount = self._connection.execute(_TOTAL_PAID, values).one()
        return MoneyTotal(count, Won(amount))

    def note_cash_receipt(self, imp_uid: str) -> None:
        """Keep that PortOne reports a cash receipt of a payment; never taken back."""
        self._connection.execute(_RECEIPT_ISSUED, {"of": imp_uid})
