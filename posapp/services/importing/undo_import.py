"""Takes a whole import back, as long as nothing has touched what it brought."""

from __future__ import annotations

import logging

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Permission
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.importing.take_back import TakeBack, UndoReport, with_present
from posapp.services.ports.imports import ImportRecord
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)


class UndoImportService:
    """Lists imports, and undoes them as a whole."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        access: AccessControl,
        taking_back: TakeBack | None = None,
    ) -> None:
        self._store = store
        self._access = access
        self._taking_back = taking_back or TakeBack(store, clock)

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
        """Remove what an import brought, in short transactions; if the program ends meanwhile, the
        next start goes on. What something happens to in these seconds stays (``kept``).

        Raises:
            UserError: ``NOT_PERMITTED``; ``IMPORT_UNKNOWN``; ``IMPORT_UNDONE``;
                ``IMPORT_TOUCHED``: something happened to one of its orders since (an attempt, a
                payment, a claim, a refund, a request, an entry of the ledger or a print);
                ``IMPORT_CHANGED_SINCE``: another import changed a record again. Nothing was
                removed.
            EnvironmentProblem: the disk failed. If anything was removed, the next start goes on.
        """
        with self._taking_back.turn:
            with self._store.snapshot() as work:
                self._access.require(work, actor, Permission.IMPORT)
                _guard(work, import_id)
            with self._store.transaction() as work:
                self._access.require(work, actor, Permission.IMPORT)
                work.imports.begin_undo(import_id, actor)
                record = work.imports.get(import_id)
                work.commit()
            assert record is not None  # noqa: S101 - imports are never deleted
            report = self._taking_back.take_back(record)
        log.info("import %s undone by %s", import_id, actor)
        return report


def _guard(work: UnitOfWork, import_id: int) -> None:
    """Refuse what cannot be taken back now."""
    record = work.imports.get(import_id)
    if record is None:
        raise UserError(ErrorCode.IMPORT_UNKNOWN, number=import_id)
    if not record.is_whole:
        raise UserError(ErrorCode.IMPORT_UNDONE, number=import_id)
    touched = work.imports.touched_orders(import_id, 1)
    if touched:
        raise UserError(ErrorCode.IMPORT_TOUCHED, order=touched[0])
    changes = work.imports.changes(import_id)
    for change, now in with_present(work, changes):
        if now is None:
            raise UserError(ErrorCode.IMPORT_CHANGED_SINCE, number=change.after.id)
