"""Writes a plan in the caller's unit of work, in portions, so that it can be followed and
stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from posapp.domain.actors import Actor
from posapp.domain.claims import PaymentClaim
from posapp.services.importing.import_plan import Plan
from posapp.services.importing.rows import Batch, ImportOrderRow
from posapp.services.ports.imports import Change, ImportRecord
from posapp.services.ports.unit_of_work import UnitOfWork

WRITE_CHUNK = 1000

Progress = Callable[[int, int], bool]
"""Called with the records written and their number after each portion; ``False`` stops."""

T = TypeVar("T")


class Stopped(Exception):
    """The caller wants no more; the unit of work is left without a commit."""


def write_plan(
    work: UnitOfWork, plan: Plan, batch: Batch, actor: Actor, now: datetime, progress: Progress
) -> int:
    """Write a plan; returns the number of the import, 0 if it writes nothing.

    Raises:
        Stopped: ``progress`` returned ``False``.
    """
    if plan.is_empty:
        return 0
    catalogue = work.catalogue
    import_id = work.imports.add(
        ImportRecord(
            0,
            batch.source,
            batch.digest,
            now,
            actor,
            len(plan.new_orders),
            len(plan.new_users),
            len(plan.new_products),
        )
    ).id
    done = _Counted(plan.size, progress)
    work.imports.note_changes(import_id, _changes(work, plan))
    for users in done.portions(plan.new_users):
        catalogue.add_users(users)
        work.imports.own_users(import_id, [user.id for user in users])
    for users in done.portions(plan.changed_users):
        catalogue.update_users(users)
    for products in done.portions(plan.new_products):
        catalogue.add_products(products)
        work.imports.own_products(import_id, [product.id for product in products])
    for products in done.portions(plan.changed_products):
        catalogue.update_products(products)
    for rows in done.portions(plan.new_orders):
        catalogue.add_orders([row.before_payment() for row in rows])
        work.imports.own_orders(import_id, [row.order.id for row in rows])
    for row in plan.claims:
        work.claims.save(_claim(row, batch.source, now))
    for row in plan.new_orders:
        if row.payment is None:
            for request in row.requests:
                work.requests.add(request)
    return import_id


class _Counted:
    """Cuts lists into portions and reports each one that is done."""

    def __init__(self, size: int, progress: Progress) -> None:
        self._size = size
        self._progress = progress
        self._done = 0

    def portions(self, records: Sequence[T]) -> Iterator[Sequence[T]]:
        for start in range(0, len(records), WRITE_CHUNK):
            portion = records[start : start + WRITE_CHUNK]
            yield portion
            self._done += len(portion)
            if not self._progress(self._done, self._size):
                raise Stopped


def _changes(work: UnitOfWork, plan: Plan) -> list[Change]:
    users = work.catalogue.existing_users(user.id for user in plan.changed_users)
    goods = work.catalogue.existing_products(product.id for product in plan.changed_products)
    changes = [Change(users[user.id], user) for user in plan.changed_users]
    return changes + [Change(goods[one.id], one) for one in plan.changed_products]


def _claim(row: ImportOrderRow, source: str, now: datetime) -> PaymentClaim:
    payment = row.payment
    assert payment is not None  # noqa: S101 - only rows with a payment are claims
    return PaymentClaim(
        order_id=row.order.id,
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        amount=payment.amount,
        paid_at=payment.paid_at,
        source=f"{source}:{row.line}",
        items=row.order.items,
        refunds=row.refunds,
        requests=row.requests,
        due_at=now,
    )
