"""Writes a plan in short transactions, so that the till goes on meanwhile, and it can be followed
and stopped.

An import that is being written is marked to be taken back (``ImportRecord.is_unfinished``); the
last transaction removes the mark. An order is written together with its claim, as without it the
order would look unpaid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from posapp.domain.actors import TILL, Actor
from posapp.domain.claims import ClaimState, PaymentClaim
from posapp.domain.orders import Product
from posapp.domain.users import User
from posapp.services.importing.import_plan import Plan, is_payment_known
from posapp.services.importing.rows import Batch, ImportOrderRow
from posapp.services.importing.short_transactions import Step, run_in_short_transactions
from posapp.services.ports.imports import Change, ImportRecord
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

STEP_SIZE = 20
"""Records of one step. A step is not interrupted."""

Progress = Callable[[int, int], bool]
"""Called with the records written and their number after each transaction; ``False`` stops."""

T = TypeVar("T")


class Stopped(Exception):
    """The caller wants no more. What was written has to be taken back."""


class Overtaken(Exception):
    """The records changed since the plan was made. What was written has to be taken back."""


def begin_import(work: UnitOfWork, plan: Plan, batch: Batch, actor: Actor, now: datetime) -> int:
    """Record an import that is going to be written; returns its number."""
    record = ImportRecord(
        0,
        batch.source,
        batch.digest,
        now,
        actor,
        len(plan.new_orders),
        len(plan.new_users),
        len(plan.new_products),
        undone_by=TILL,  # unless it is finished
    )
    return work.imports.add(record).id


def write_plan(
    store: Store,
    clock: Clock,
    plan: Plan,
    import_id: int,
    source: str,
    progress: Progress,
) -> None:
    """Write the records of an import that has begun.

    Args:
        source: name of the file, for claims.

    Raises:
        Stopped: ``progress`` returned ``False``.
        Overtaken: somebody wrote one of the records, or a payment of one, since the plan.
        EnvironmentProblem: the disk failed.
    """
    now, done = clock.now(), 0

    def follow(records: int) -> None:
        nonlocal done
        done += records
        if not progress(done, plan.size):
            raise Stopped

    run_in_short_transactions(store, clock, _records(plan, import_id, source, now), follow)
    run_in_short_transactions(store, clock, _last_steps(plan, source, now))


def _records(plan: Plan, import_id: int, source: str, now: datetime) -> Iterator[Step]:
    """Return the steps that can be taken back."""
    for users in _portions(plan.new_users):
        yield partial(_add_users, import_id, users)
    for users in _portions(plan.changed_users):
        yield partial(_change_users, import_id, users)
    for products in _portions(plan.new_products):
        yield partial(_add_products, import_id, products)
    for products in _portions(plan.changed_products):
        yield partial(_change_products, import_id, products)
    for rows in _portions(plan.new_orders):
        yield partial(_add_orders, import_id, rows, source, now)


def _last_steps(plan: Plan, source: str, now: datetime) -> Iterator[Step]:
    """Return the steps that stay: requests are kept for ever, and a denied claim that is made again
    is decided by PortOne alone."""
    with_requests = [row for row in plan.new_orders if row.requests and row.payment is None]
    for rows in _portions(with_requests):
        yield partial(_add_requests, rows)
    for rows in _portions(plan.claims_again):
        yield partial(_claim_again, rows, source, now)


def _add_users(import_id: int, users: Sequence[User], work: UnitOfWork) -> int:
    if work.catalogue.existing_users(user.id for user in users):
        raise Overtaken
    work.catalogue.add_users(users)
    work.imports.own_users(import_id, [user.id for user in users])
    return len(users)


def _change_users(import_id: int, users: Sequence[User], work: UnitOfWork) -> int:
    known = work.catalogue.existing_users(user.id for user in users)
    if len(known) < len(users):
        raise Overtaken
    work.imports.note_changes(import_id, [Change(known[user.id], user) for user in users])
    work.catalogue.update_users(users)
    return len(users)


def _add_products(import_id: int, products: Sequence[Product], work: UnitOfWork) -> int:
    if work.catalogue.existing_products(product.id for product in products):
        raise Overtaken
    work.catalogue.add_products(products)
    work.imports.own_products(import_id, [product.id for product in products])
    return len(products)


def _change_products(import_id: int, products: Sequence[Product], work: UnitOfWork) -> int:
    known = work.catalogue.existing_products(product.id for product in products)
    if len(known) < len(products):
        raise Overtaken
    # The till may have sold some since the plan.
    after = [replace(product, stock=known[product.id].stock) for product in products]
    work.imports.note_changes(import_id, [Change(known[one.id], one) for one in after])
    work.catalogue.update_products(after)
    return len(products)


def _add_orders(
    import_id: int,
    rows: Sequence[ImportOrderRow],
    source: str,
    now: datetime,
    work: UnitOfWork,
) -> int:
    items = (item.id for row in rows for item in row.order.items)
    if work.catalogue.existing_orders(row.order.id for row in rows) or (
        work.catalogue.existing_items(items)
    ):
        raise Overtaken
    work.catalogue.add_orders([row.before_payment() for row in rows])
    work.imports.own_orders(import_id, [row.order.id for row in rows])
    for row in rows:
        if row.payment is not None:
            if is_payment_known(work, row.payment):
                raise Overtaken
            work.claims.save(_claim(row, source, now))
    return len(rows)


def _add_requests(rows: Sequence[ImportOrderRow], work: UnitOfWork) -> int:
    for row in rows:
        for request in row.requests:
            work.requests.add(request)
    return len(rows)


def _claim_again(
    rows: Sequence[ImportOrderRow], source: str, now: datetime, work: UnitOfWork
) -> int:
    for row in rows:
        claim = work.claims.for_order(row.order.id)
        # One that was decided since the plan stays as it is.
        is_denied = claim is not None and claim.state is ClaimState.DENIED
        if is_denied and row.payment is not None and not is_payment_known(work, row.payment):
            work.claims.save(_claim(row, source, now))
    return len(rows)


def _portions(records: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(records), STEP_SIZE):
        yield records[start : start + STEP_SIZE]


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
