"""Refunds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    Connection,
    Executable,
    String,
    and_,
    bindparam,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.money import Won, require_positive
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import Refund, RefundState
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.services.ports.records import MoneyTotal
from posapp.store.constraints import violated_name
from posapp.store.repositories.counting import count_rows
from posapp.store.repositories.row_mapping import to_row
from posapp.store.tables import order_items, payments, refunds
from posapp.store.triggers import REFUNDED_IN_CASH, REFUNDS_WITHIN_PAYMENT

_EVIDENCE = (
    "state",
    "checksum",
    "sends",
    "sent_at",
    "unclear_at",
    "confirmed_at",
    "cancellation_id",
    "raw_code",
    "raw_text",
    "refused_as",
    "reviewed_to",
    "accepted_line",
)
"""Columns that change during a refund's life."""

_ALL = select(*refunds.c).order_by(refunds.c.id)
_ADD = insert(refunds)
_SAVE = (
    update(refunds)
    .where(refunds.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in _EVIDENCE})
)
_GET = _ALL.where(refunds.c.id == bindparam("id"))
_OF_PAYMENT = _ALL.where(refunds.c.imp_uid == bindparam("imp_uid"))
_COVERING = and_(
    refunds.c.order_id
    == select(order_items.c.order_id)
    .where(order_items.c.id == bindparam("item"))
    .scalar_subquery(),
    (literal(" ") + refunds.c.covers + " ").contains(
        literal(" ") + cast(bindparam("item"), String) + " "
    ),
)
_OF_ITEM = _ALL.where(or_(refunds.c.item_id == bindparam("item"), _COVERING))
_OF_ORDER = _ALL.where(refunds.c.order_id == bindparam("order"))
_IN_STATES = _ALL.where(refunds.c.state.in_(bindparam("states", expanding=True))).limit(
    bindparam("limit")
)
_COUNTED = (
    select(literal(1))
    .select_from(refunds)
    .where(refunds.c.state.in_(bindparam("states", expanding=True)))
)

_TOTAL_CONFIRMED = (
    select(func.count(), func.coalesce(func.sum(refunds.c.amount), 0))
    .join(payments, payments.c.imp_uid == refunds.c.imp_uid)
    .where(
        refunds.c.confirmed_at >= bindparam("since"),
        refunds.c.confirmed_at < bindparam("until"),
        # In this form no index of states is taken, which has all refunds of five years.
        (refunds.c.state == RefundState.CONFIRMED).is_(True),
        payments.c.standing == PaymentDisposition.ACCEPTED,
    )
)


class SqlRefunds:
    """Port ``Refunds``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def add(self, refund: Refund) -> Refund:
        """Store an intent (its id is ignored) and return it with its id.

        Raises:
            UserError: ``REFUND_IN_FLIGHT``: the item has a refund that is not refused, or goes back
                in cash instead, or this one and another of its payment are both in flight;
                ``REFUND_OWN_APPROVAL``: it needs approval by another person than its requester.
            InvalidAmount: not above 0, or the refunds of the payment would exceed the captured
                amount, or no payment has that number.
        """
        require_positive(refund.amount)
        stored = replace(refund, id=self._ids.next(RecordKind.REFUND))
        try:
            self._connection.execute(_ADD, to_row(stored))
        except IntegrityError as error:
            violated = violated_name(error)
            if violated in ("uq_refunds_in_flight", "uq_refunds_item", REFUNDED_IN_CASH):
                raise UserError(ErrorCode.REFUND_IN_FLIGHT) from error
            if violated == REFUNDS_WITHIN_PAYMENT:
                raise InvalidAmount(refund.amount) from error
            if violated in ("ck_refunds_approval", "refunds_approved_by_another"):
                raise UserError(ErrorCode.REFUND_OWN_APPROVAL) from error
            raise
        return stored

    def get(self, refund_id: int) -> Refund | None:
        """Return the refund, or ``None``."""
        row = self._connection.execute(_GET, {"id": refund_id}).one_or_none()
        return None if row is None else Refund(*row)

    def save(self, refund: Refund) -> None:
        """Write state and evidence of a refund; amount, payment, item and tag never change.

        Raises:
            LookupError: there is no such refund.
        """
        row = to_row(refund)
        values = {name: row[name] for name in _EVIDENCE}
        if self._connection.execute(_SAVE, {**values, "of": refund.id}).rowcount != 1:
            raise LookupError(f"no refund {refund.id}")

    def of_payment(self, imp_uid: str) -> tuple[Refund, ...]:
        """Return all refunds of a payment, oldest first."""
        return self._several(_OF_PAYMENT, imp_uid=imp_uid)

    def of_item(self, item_id: int) -> tuple[Refund, ...]:
        """Return all refunds of an order item, oldest first, including those of its payment's
        remainder (``covers``)."""
        return self._several(_OF_ITEM, item=item_id)

    def for_order(self, order_id: int) -> tuple[Refund, ...]:
        """Return all refunds of an order's payments, oldest first."""
        return self._several(_OF_ORDER, order=order_id)

    def in_states(self, states: Sequence[RefundState], limit: int) -> tuple[Refund, ...]:
        """Return refunds in these states, oldest first."""
        return self._several(_IN_STATES, states=list(states), limit=limit)

    def count_in_states(self, states: Collection[RefundState], cap: int) -> int:
        """Return the number of refunds in these states, at most ``cap + 1``."""
        return count_rows(self._connection, _COUNTED, cap, states=tuple(states))

    def total_confirmed(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the refunds of accepted payments that were confirmed in a time, its end
        excluded."""
        values = {"since": since, "until": until}
        count, amount = self._connection.execute(_TOTAL_CONFIRMED, values).one()
        return MoneyTotal(count, Won(amount))

    def _several(self, query: Executable, **values: object) -> tuple[Refund, ...]:
        return tuple(Refund(*row) for row in self._connection.execute(query, values))
