"""Sums of what was sold, by time, tender and product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    bindparam,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.domain.time_zone import SEOUL
from posapp.services.ports.records import MoneyTotal
from posapp.services.ports.sales_figures import MoneyMovement, ProductSales, SalesUnit
from posapp.store.columns import ActorColumn, IntegerColumn
from posapp.store.tables import PAYMENT_ACCEPTED, order_items, payments, products, refunds

_NUMBER = IntegerColumn()
_MICROSECOND = timedelta(microseconds=1)
_HOUR = timedelta(hours=1) // _MICROSECOND
_DAY = timedelta(days=1) // _MICROSECOND
_SEOUL = (SEOUL.utcoffset(None) or timedelta()) // _MICROSECOND
"""Seoul's time has one distance from UTC all the year."""


def _unit_of(unit: SalesUnit, at: ColumnElement[datetime]) -> ColumnElement[Any]:
    local = type_coerce(at, _NUMBER) + _SEOUL
    if unit is SalesUnit.HOUR:
        return local // _HOUR % 24
    if unit is SalesUnit.DAY:
        return local // _DAY
    return type_coerce(payments.c.tender, payments.c.imp_uid.type)


_PAID = (
    payments.c.paid_at >= bindparam("since"),
    payments.c.paid_at < bindparam("until"),
    PAYMENT_ACCEPTED,
)
_REFUNDED = (
    refunds.c.confirmed_at >= bindparam("since"),
    refunds.c.confirmed_at < bindparam("until"),
    # In this form no index of states is taken, as in ``SqlRefunds.total_confirmed``.
    (refunds.c.state == RefundState.CONFIRMED).is_(True),
    payments.c.standing == PaymentDisposition.ACCEPTED,
)
_OF_REFUND = refunds.join(payments, payments.c.imp_uid == refunds.c.imp_uid)
_PAID_BY = {
    unit: select(
        _unit_of(unit, payments.c.paid_at).label("unit"),
        func.count(),
        func.sum(type_coerce(payments.c.amount, _NUMBER)),
    )
    .where(*_PAID)
    .group_by("unit")
    for unit in SalesUnit
}
_REFUNDED_BY = {
    unit: select(
        _unit_of(unit, refunds.c.confirmed_at).label("unit"),
        func.count(),
        func.sum(type_coerce(refunds.c.amount, _NUMBER)),
    )
    .select_from(_OF_REFUND)
    .where(*_REFUNDED)
    .group_by("unit")
    for unit in SalesUnit
}
_NET = func.sum(
    type_coerce(order_items.c.price, _NUMBER) * order_items.c.count
    - type_coerce(order_items.c.discount, _NUMBER)
)
_PRODUCTS = (
    select(
        order_items.c.product_id,
        func.coalesce(func.max(products.c.name), func.max(order_items.c.name)),
        func.sum(order_items.c.count),
        _NET.label("net"),
    )
    .select_from(
        payments.join(order_items, order_items.c.order_id == payments.c.order_id).outerjoin(
            products, products.c.id == order_items.c.product_id
        )
    )
    .where(*_PAID, order_items.c.status.not_in([ItemStatus.CANCEL, ItemStatus.WAITING_FOR_PAYMENT]))
    .group_by(order_items.c.product_id)
    .order_by(_NET.desc(), order_items.c.product_id)
    .limit(bindparam("most"))
)
_MOVEMENTS = union_all(
    select(
        payments.c.paid_at.label("at"),
        payments.c.order_id,
        type_coerce(payments.c.amount, _NUMBER).label("amount"),
        payments.c.tender,
        payments.c.imp_uid,
        type_coerce(null(), ActorColumn).label("actor"),
    ).where(*_PAID),
    select(
        refunds.c.confirmed_at,
        refunds.c.order_id,
        literal(0, _NUMBER) - type_coerce(refunds.c.amount, _NUMBER),
        payments.c.tender,
        refunds.c.cancellation_id,
        refunds.c.asked_by,
    )
    .select_from(_OF_REFUND)
    .where(*_REFUNDED),
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
                MoneyMovement(at, order, Won(amount), str(tender), reference, actor)
                for at, order, amount, tender, reference, actor in page
            ]

    def _sums(
        self, query: Executable, since: datetime, until: datetime
    ) -> dict[int | str, MoneyTotal]:
        rows = self._connection.execute(query, {"since": since, "until": until})
        return {unit: MoneyTotal(count, Won(amount)) for unit, count, amount in rows}
