"""Takes back what an import wrote: one that was stopped or interrupted, or a whole one.

It works in short transactions. An import that is to be taken back is marked so
(``ImportRecord.is_unfinished``), so that a kill ends nothing: the next start goes on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from posapp.domain.claims import ClaimProblem, ClaimState
from posapp.domain.orders import Product
from posapp.domain.users import User
from posapp.services.importing.short_transactions import Step, run_in_short_transactions
from posapp.services.ports.imports import Change, ImportRecord
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)

STEP_SIZE = 20
"""Records of one step. A step is not interrupted."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What was taken back.

    Attributes:
        orders, users, products: number of records that were removed. Users and products that other
            records name stay.
        restored: number of users and products that are as they were before.
        kept: number of orders that stay, because something happened to them meanwhile.
    """

    orders: int
    users: int
    products: int
    restored: int
    kept: int = 0


class TakeBack:
    """Takes imports back, one at a time.

    Attributes:
        turn: held by whoever writes an import or takes one back in this process. Without it,
            ``take_back`` of an import that is still being written would be a bug.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.turn = threading.Lock()

    def take_back_unfinished(self) -> int:
        """Take back all imports that are marked so; returns their number. Needs ``turn``.

        Raises:
            EnvironmentProblem: the disk failed; the next call goes on.
        """
        with self._store.snapshot() as work:
            unfinished = work.imports.unfinished()
        for record in unfinished:
            log.warning("import %s of %s was interrupted", record.id, record.source)
            self.take_back(record)
        return len(unfinished)

    def take_back(self, record: ImportRecord) -> UndoReport:
        """Remove what an import wrote that is marked to be taken back. Needs ``turn``.

        Orders that something happened to meanwhile stay, with their users and products.

        Raises:
            EnvironmentProblem: the disk failed; the mark stays.
        """
        removal = _Removal(record.id)
        self._run(removal.order_steps())
        with self._store.snapshot() as work:
            changes = work.imports.changes(record.id)
        self._run(partial(removal.restore, portion) for portion in _portions(changes))
        with self._store.snapshot() as work:
            unused_products = work.imports.unused_products(record.id)
        self._run(partial(removal.remove_products, ids) for ids in _portions(unused_products))
        with self._store.snapshot() as work:
            unused_users = work.imports.unused_users(record.id)
        self._run(partial(removal.remove_users, ids) for ids in _portions(unused_users))
        with self._store.transaction() as work:
            work.imports.end(record.id, self._clock.now(), record.undone_by)
            work.commit()
        report = removal.report
        log.info("import %s taken back, %s orders stay", record.id, report.kept)
        return report

    def _run(self, steps: Iterator[Step]) -> None:
        run_in_short_transactions(self._store, self._clock, steps)


class _Removal:
    """Removes the records of one import step by step, and counts them."""

    def __init__(self, import_id: int) -> None:
        self._import_id = import_id
        self._last_order = 0
        self._is_over = False
        self.report = UndoReport(0, 0, 0, 0)

    def order_steps(self) -> Iterator[Step]:
        """Return steps until no order of the import is left."""
        while not self._is_over:
            yield self._remove_orders

    def restore(self, changes: Sequence[Change], work: UnitOfWork) -> int:
        """Write known users and products as they were, unless somebody has changed them since; the
        stock is the till's own."""
        old_users: list[User] = []
        old_products: list[Product] = []
        for change, now in with_present(work, changes):
            before = change.before
            if now is None:
                continue
            if isinstance(before, User):
                old_users.append(before)
            elif isinstance(now, Product):
                old_products.append(replace(before, stock=now.stock))
        work.catalogue.update_users(old_users)
        work.catalogue.update_products(old_products)
        self._count(restored=len(old_users) + len(old_products))
        return len(changes)

    def remove_products(self, ids: Sequence[int], work: UnitOfWork) -> int:
        """Remove products."""
        work.imports.remove_products(ids)
        self._count(products=len(ids))
        return len(ids)

    def remove_users(self, ids: Sequence[int], work: UnitOfWork) -> int:
        """Remove users."""
        work.imports.remove_users(ids)
        self._count(users=len(ids))
        return len(ids)

    def _remove_orders(self, work: UnitOfWork) -> int:
        ids = work.imports.next_orders(self._import_id, self._last_order, STEP_SIZE)
        if not ids:
            self._is_over = True
            return 0
        self._last_order = ids[-1]
        free = work.imports.untouched(ids)
        work.imports.remove_orders(free)
        _deny_claims(work, free)
        self._count(orders=len(free), kept=len(ids) - len(free))
        return len(ids)

    def _count(self, **more: int) -> None:
        counts = {name: getattr(self.report, name) + count for name, count in more.items()}
        self.report = replace(self.report, **counts)


def with_present(
    work: UnitOfWork, changes: Sequence[Change]
) -> Iterator[tuple[Change, User | Product | None]]:
    """Return each change with the record as it is now; ``None``: it is no longer as the import left
    it. Stock and picture of a product are the till's own, and do not count."""
    users = work.catalogue.existing_users(one.after.id for one in changes if _is_user(one))
    goods = work.catalogue.existing_products(one.after.id for one in changes if not _is_user(one))
    for change in changes:
        after = change.after
        if isinstance(after, User):
            yield change, after if users.get(after.id) == after else None
        else:
            now = goods.get(after.id)
            is_left = now and now == replace(after, stock=now.stock, picture=now.picture)
            yield change, now if is_left else None


def _deny_claims(work: UnitOfWork, order_ids: Collection[int]) -> None:
    """Deny what the file claimed for orders that are gone: claims are kept for ever."""
    for order_id in order_ids:
        claim = work.claims.for_order(order_id)
        if claim is not None and claim.state is ClaimState.WAITING:
            problem = ClaimProblem.IMPORT_TAKEN_BACK.value
            work.claims.save(replace(claim, state=ClaimState.DENIED, due_at=None, problem=problem))


def _is_user(change: Change) -> bool:
    return isinstance(change.before, User)


def _portions(records: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(records), STEP_SIZE):
        yield records[start : start + STEP_SIZE]
