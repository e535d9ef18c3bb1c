"""Takes a whole import back, as long as nothing has touched what it brought."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import Product
from posapp.domain.permissions import Permission
from posapp.domain.users import User
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.imports import Change, ImportRecord
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What was taken back.

    Attributes:
        orders, users, products: number of records that were removed. Users and products that other
            records name stay.
        restored: number of users and products that are as they were before.
    """

    orders: int
    users: int
    products: int
    restored: int


class UndoImportService:
    """Lists imports, and undoes them as a whole."""

    def __init__(self, store: Store, clock: Clock, access: AccessControl) -> None:
        self._store = store
        self._clock = clock
        self._access = access

    def newest(self, limit: int) -> tuple[ImportRecord, ...]:
        """Return the newest imports, newest first."""
        with self._store.snapshot() as work:
            return work.imports.newest(limit)

    def find_obstacle(self, import_id: int) -> UserError | None:
        """Return why an import cannot be undone now, or ``None``."""
        with self._store.snapshot() as work:
            try:
                _guard(work, import_id)
            except UserError as error:
                return error
        return None

    def undo(self, actor: Actor, import_id: int) -> UndoReport:
        """Remove what an import brought, in one unit of work.

        Raises:
            UserError: ``NOT_PERMITTED``; ``IMPORT_UNKNOWN``; ``IMPORT_UNDONE``;
                ``IMPORT_TOUCHED``: something happened to one of its orders since (an attempt, a
                payment, a claim, a refund, a request, an entry of the ledger or a print), or
                another import changed a record again. Nothing was removed.
            EnvironmentProblem: the disk failed; nothing was removed.
        """
        with self._store.transaction() as work:
            self._access.require(work, actor, Permission.IMPORT)
            changes = _guard(work, import_id)
            orders, users, products = work.imports.remove_records(import_id)
            _restore(work, changes)
            work.imports.end(import_id, self._clock.now(), actor)
            work.commit()
        log.info("import %s undone by %s", import_id, actor)
        return UndoReport(orders, users, products, len(changes))


def _guard(work: UnitOfWork, import_id: int) -> tuple[Change, ...]:
    """Return the changes that are to be restored, or refuse."""
    record = work.imports.get(import_id)
    if record is None:
        raise UserError(ErrorCode.IMPORT_UNKNOWN, number=import_id)
    if record.undone_at is not None:
        raise UserError(ErrorCode.IMPORT_UNDONE, number=import_id)
    touched = work.imports.touched_orders(import_id, 1)
    if touched:
        raise UserError(ErrorCode.IMPORT_TOUCHED, order=touched[0])
    changes = work.imports.changes(import_id)
    users = work.catalogue.existing_users(c.after.id for c in changes if isinstance(c.after, User))
    goods = work.catalogue.existing_products(
        c.after.id for c in changes if isinstance(c.after, Product)
    )
    for change in changes:
        if isinstance(change.after, User):
            same = users.get(change.after.id) == change.after
        else:
            now = goods.get(change.after.id)
            same = now is not None and replace(change.after, stock=now.stock) == now
        if not same:
            raise UserError(ErrorCode.IMPORT_CHANGED_SINCE, number=change.after.id)
    return changes


def _restore(work: UnitOfWork, changes: tuple[Change, ...]) -> None:
    """Write known users and products as they were; the stock is the till's own."""
    work.catalogue.update_users([c.before for c in changes if isinstance(c.before, User)])
    before = [c.before for c in changes if isinstance(c.before, Product)]
    now = work.catalogue.existing_products(product.id for product in before)
    work.catalogue.update_products([replace(one, stock=now[one.id].stock) for one in before])
