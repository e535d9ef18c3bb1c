"""Sums of what was sold, by time, tender and product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Subquery,
    bindparam,
    exists,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from posapp.domain.cash import CASH, TenderState
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.domain.time_zone import SEOUL
from posapp.services.ports.records import MoneyTotal
from posapp.services.ports.sales_figures import MoneyMovement, ProductSales, SalesUnit
from posapp.store.cash_tables import CASH_REFUND_PAID, TENDER_KEPT, cash_refunds, cash_tenders
from posapp.store.columns import ActorColumn, IntegerColumn
from posapp.store.tables import PAYMENT_ACCEPTED, order_items, payments, products, refunds

_NUMBER = IntegerColumn()
_MICROSECOND = timedelta(microseconds=1)
_HOUR = timedelta(hours=1) // _MICROSECOND
_DAY = timedelta(days=1) // _MICROSECOND
_SEOUL = (SEOUL.utcoffset(None) or timedelta()) // _MICROSECOND
"""Seoul's time has one distance from UTC all the year."""


_TEXT = payments.c.imp_uid.type
_CASH = literal(CASH, _TEXT)
_WITHIN = (
    payments.c.paid_at >= bindparam("since"),
    payments.c.paid_at < bindparam("until"),
    PAYMENT_ACCEPTED,
)
_CONFIRMED = (
    refunds.c.confirmed_at >= bindparam("since"),
    refunds.c.confirmed_at < bindparam("until"),
    # In this form no index of states is taken, as in ``SqlRefunds.total_confirmed``.
    (refunds.c.state == RefundState.CONFIRMED).is_(True),
    payments.c.standing == PaymentDisposition.ACCEPTED,
)
_PAID = union_all(
    select(
        payments.c.paid_at.label("at"),
        payments.c.order_id,
        type_coerce(payments.c.amount, _NUMBER).label("amount"),
        type_coerce(payments.c.tender, _TEXT).label("tender"),
        payments.c.imp_uid.label("reference"),
        type_coerce(null(), ActorColumn).label("actor"),
    ).where(*_WITHIN),
    select(
        cash_tenders.c.received_at,
        cash_tenders.c.order_id,
        type_coerce(cash_tenders.c.amount, _NUMBER),
        _CASH,
        literal("", _TEXT),
        type_coerce(null(), ActorColumn),
    ).where(
        TENDER_KEPT,
        cash_tenders.c.received_at >= bindparam("since"),
        cash_tenders.c.received_at < bindparam("until"),
    ),
).subquery("paid")
_REFUNDED = union_all(
    select(
        refunds.c.confirmed_at.label("at"),
        refunds.c.order_id,
        type_coerce(refunds.c.amount, _NUMBER).label("amount"),
        type_coerce(payments.c.tender, _TEXT).label("tender"),
        refunds.c.cancellation_id.label("reference"),
        refunds.c.asked_by.label("actor"),
    )
    .select_from(refunds.join(payments, payments.c.imp_uid == refunds.c.imp_uid))
    .where(*_CONFIRMED),
    select(
        cash_refunds.c.paid_at,
        cash_refunds.c.order_id,
        type_coerce(cash_refunds.c.amount, _NUMBER),
        _CASH,
        literal("", _TEXT),
        cash_refunds.c.asked_by,
    ).where(
        CASH_REFUND_PAID,
        cash_refunds.c.paid_at >= bindparam("since"),
        cash_refunds.c.paid_at < bindparam("until"),
    ),
).subquery("refunded")


def _unit_of(unit: SalesUnit, money: Subquery) -> ColumnElement[Any]:
    local = type_coerce(money.c.at, _NUMBER) + _SEOUL
    if unit is SalesUnit.HOUR:
        return local // _HOUR % 24
    if unit is SalesUnit.DAY:
        return local // _DAY
    return money.c.tender


def _by(unit: SalesUnit, money: Subquery) -> Executable:
    return select(
        _unit_of(unit, money).label("unit"), func.count(), func.sum(money.c.amount)
    ).group_by("unit")


_PAID_BY = {unit: _by(unit, _PAID) for unit in SalesUnit}
_REFUNDED_BY = {unit: _by(unit, _REFUNDED) for unit in SalesUnit}
_NET = func.sum(
    type_coerce(order_items.c.price, _NUMBER) * order_items.c.count
    - type_coerce(order_items.c.discount, _NUMBER)
)
_LATER, _PAYMENT = cash_tenders.alias("later"), payments.alias("beside")
# Each order once, when its last won came: with the payment by QR, or with the last cash.
_ORDERS = union_all(
    select(payments.c.order_id).where(*_WITHIN),
    select(cash_tenders.c.order_id).where(
        TENDER_KEPT,
        cash_tenders.c.received_at >= bindparam("since"),
        cash_tenders.c.received_at < bindparam("until"),
        ~exists().where(
            _PAYMENT.c.order_id == cash_tenders.c.order_id,
            _PAYMENT.c.standing == PaymentDisposition.ACCEPTED,
        ),
        ~exists().where(
            _LATER.c.order_id == cash_tenders.c.order_id,
            _LATER.c.state == TenderState.KEPT,
            _LATER.c.part > cash_tenders.c.part,
        ),
    ),
).subquery("orders_paid")
_PRODUCTS = (
    select(
        order_items.c.product_id,
        func.coalesce(func.max(products.c.name), func.max(order_items.c.name)),
        func.sum(order_items.c.count),
        _NET.label("net"),
    )
    .select_from(
        _ORDERS.join(order_items, order_items.c.order_id == _ORDERS.c.order_id).outerjoin(
            products, products.c.id == order_items.c.product_id
        )
    )
    .where(order_items.c.status.not_in([ItemStatus.CANCEL, ItemStatus.WAITING_FOR_PAYMENT]))
    .group_by(order_items.c.product_id)
    .order_by(_NET.desc(), order_items.c.product_id)
    .limit(bindparam("most"))
)
_MOVEMENTS = union_all(
    select(*_PAID.c),
    select(
        _REFUNDED.c.at,
        _REFUNDED.c.order_id,
        literal(0, _NUMBER) - _REFUNDED.c.amount,
        _REFUNDED.c.tender,
        _REFUNDED.c.reference,
        _REFUNDED.c.actor,
    ),
).order_by("at")


class SqlSalesFigures:
    """Port ``SalesFigures``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def paid_by(
        self, unit: SalesUnit, since: datetime, until: datetime
    ) -> Mapping[int | str, MoneyTotal]:
        """See the port."""
        return self._sums(_PAID_BY[unit], since, until)

    def refunded_by(
        self, unit: SalesUnit, since: datetime, until: datetime
    ) -> Mapping[int | str, MoneyTotal]:
        """See the port."""
        return self._sums(_REFUNDED_BY[unit], since, until)

    def products(self, since: datetime, until: datetime, most: int) -> Sequence[ProductSales]:
        """See the port."""
        values = {"since": since, "until": until, "most": most}
        return [
            ProductSales(product, name, count, Won(amount))
            for product, name, count, amount in self._connection.execute(_PRODUCTS, values)
        ]

    def movements(
        self, since: datetime, until: datetime, size: int
    ) -> Iterator[Sequence[MoneyMovement]]:
        """See the port."""
        values = {"since": since, "until": until}
        for page in self._connection.execute(_MOVEMENTS, values).partitions(size):
            yield [
                MoneyMovement(at, order, Won(amount), tender, reference, actor)
                for at, order, amount, tender, reference, actor in page
            ]

    def _sums(
        self, query: Executable, since: datetime, until: datetime
    ) -> dict[int | str, MoneyTotal]:
        rows = self._connection.execute(query, {"since": since, "until": until})
        return {unit: MoneyTotal(count, Won(amount)) for unit, count, amount in rows}
