"""What keeps a shift open unless somebody names it."""

from __future__ import annotations

import json

from posapp.domain.cash import Shift, TenderState
from posapp.domain.refunds import RefundState
from posapp.domain.z_reports import Blocker, OpenMatter
from posapp.services.bookkeeping.cash_records import is_due
from posapp.services.ports.checkpoints import RECONCILED_UNTIL
from posapp.services.ports.unit_of_work import UnitOfWork

_OPEN = tuple(one for one in RefundState if one not in (RefundState.CONFIRMED, RefundState.REFUSED))
_MOST = 1_000


def find_open_matters(uow: UnitOfWork) -> tuple[OpenMatter, ...]:
    """Return what keeps the open shift open."""
    found = [
        OpenMatter(Blocker.HELD_CASH, one.order_id, one.amount, one.order_id)
        for one in uow.cash.held()
        if one.state is TenderState.RECEIVED
    ]
    found += [
        OpenMatter(Blocker.LIVE_QR, one.id, one.amount, one.order_id) for one in uow.attempts.live()
    ]
    found += [
        OpenMatter(Blocker.OPEN_REFUND, one.id, one.amount, one.order_id)
        for one in uow.refunds.in_states(_OPEN, _MOST)
    ]
    found += [
        OpenMatter(Blocker.CASH_REFUND, one.id, one.amount, one.order_id)
        for one in uow.cash.waiting_refunds()
        if is_due(uow, one)
    ]
    found += [
        OpenMatter(Blocker.DIFFERENCE, one.id, one.amount) for one in uow.mismatches.open(_MOST)
    ]
    shift = uow.shifts.open()
    uncompared = find_uncompared(uow, shift) if shift is not None else None
    return (*found, uncompared) if uncompared is not None else tuple(found)


def end_of_last_report(uow: UnitOfWork) -> int:
    """Return the last entry of the ledger that the Z report before has."""
    last = uow.z_reports.last()
    return int(json.loads(last.body)["to_seq"]) if last is not None else 0


def find_uncompared(uow: UnitOfWork, shift: Shift) -> OpenMatter | None:
    """Return that PortOne was not compared since the last payment; ``None``: it was, or there was
    none. An older copy is not compared before it has everything back."""
    until = uow.checkpoints.get(RECONCILED_UNTIL)
    payments = uow.z_reports.uncompared(end_of_last_report(uow), until)
    if not payments.count and uow.checkpoints.behind_since() is None:
        return None
    return OpenMatter(Blocker.NOT_COMPARED, shift.id, payments.amount)
