"""Shifts, and the cash that moves in their drawers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from posapp.domain.actors import Actor
from posapp.domain.cash import CashMove, Shift
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.cash_tables import SHIFT_OPEN, cash_moves, count_drafts, shifts
from posapp.store.constraints import violated_name
from posapp.store.ledger_tables import LEDGER_CASH, ledger
from posapp.store.repositories.row_mapping import to_row
from posapp.store.triggers import CASH_IN_SHIFT

_OPEN = select(*shifts.c).where(shifts.c.till == bindparam("till"), SHIFT_OPEN)
_LAST_DATE = select(func.max(shifts.c.business_date)).where(
    shifts.c.till == bindparam("till"), shifts.c.closed_at.is_not(None)
)
_EXPECTED = select(func.coalesce(func.sum(ledger.c.amount), 0)).where(
    LEDGER_CASH, ledger.c.reference == bindparam("reference")
)

_KEPT_COUNT = select(count_drafts.c.counts).where(count_drafts.c.shift_id == bindparam("shift"))


class SqlShifts:
    """Port ``Shifts``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def open(self) -> Shift | None:
        """Return the open shift, or ``None``."""
        row = self._connection.execute(_OPEN, {"till": self._ids.till}).one_or_none()
        return None if row is None else Shift(*row)

    def last_date(self) -> date | None:
        """Return the business date of the newest closed shift, or ``None``."""
        found: date | None = self._connection.execute(
            _LAST_DATE, {"till": self._ids.till}
        ).scalar_one()
        return found

    def add(self, shift: Shift) -> Shift:
        """Store a new shift (its id is ignored) and return it with its id.

        Raises:
            UserError: ``SHIFT_OPEN``: another one is open.
        """
        stored = replace(shift, id=self._ids.next(RecordKind.SHIFT), till=self._ids.till)
        try:
            self._connection.execute(insert(shifts), to_row(stored))
        except IntegrityError as error:
            if violated_name(error) == "uq_shifts_open":
                raise UserError(ErrorCode.SHIFT_OPEN) from error
            raise
        return stored

    def close(
        self,
        shift: Shift,
        at: datetime,
        actor: Actor,
        counted: Won,
        expected: Won,
        reason: str,
        z_no: int,
    ) -> None:
        """Close a shift.

        Raises:
            LookupError: there is no such shift.
        """
        closed = update(shifts).where(shifts.c.id == shift.id)
        values = {"closed_at": at, "closed_by": actor, "counted": counted, "expected": expected}
        done = self._connection.execute(closed.values(**values, reason=reason, z_no=z_no))
        if done.rowcount != 1:
            raise LookupError(f"no shift {shift.id}")
        self._drop_count(shift)

    def add_move(self, move: CashMove) -> CashMove:
        """Store cash that was moved (its id is ignored) and return it with its id.

        Raises:
            UserError: ``NO_SHIFT``: its shift is closed.
        """
        stored = replace(move, id=self._ids.next(RecordKind.CASH_MOVE), till=self._ids.till)
        try:
            self._connection.execute(insert(cash_moves), to_row(stored))
        except IntegrityError as error:
            if violated_name(error) == CASH_IN_SHIFT:
                raise UserError(ErrorCode.NO_SHIFT) from error
            raise
        return stored

    def expected(self, shift: Shift) -> Won:
        """Return what is in the drawer of a shift by the ledger, in won."""
        found = self._connection.execute(_EXPECTED, {"reference": shift.reference})
        return Won(found.scalar_one())

    def keep_count(self, shift: Shift, counts: Mapping[int, int], at: datetime) -> None:
        """Keep what is counted so far; an empty count keeps nothing."""
        self._drop_count(shift)
        if counts:
            row = {"shift_id": shift.id, "counts": _as_text(counts), "counted_at": at}
            self._connection.execute(insert(count_drafts), row)

    def kept_count(self, shift: Shift) -> Mapping[int, int]:
        """Return what was counted so far."""
        found = self._connection.execute(_KEPT_COUNT, {"shift": shift.id}).scalar_one_or_none()
        if found is None:
            return {}
        return {int(value): int(pieces) for value, pieces in json.loads(found).items()}

    def _drop_count(self, shift: Shift) -> None:
        gone = delete(count_drafts).where(count_drafts.c.shift_id == shift.id)
        self._connection.execute(gone)


def _as_text(counts: Mapping[int, int]) -> str:
    return json.dumps({str(value): pieces for value, pieces in sorted(counts.items())})
