"""Outbox of refunds: claims with numbered leases, at most one lease per payment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    type_coerce,
    update,
)

from posapp.domain.refunds import Refund
from posapp.services.ports.outbox import OutboxEntry, OutboxState, PendingRefund, PendingTotals
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.columns import MICROSECOND, IntegerColumn
from posapp.store.repositories.pending_refunds import read_one, read_totals, read_unsent
from posapp.store.repositories.row_mapping import to_row
from posapp.store.tables import OUTBOX_PENDING, REFUND_IN_FLIGHT, outbox, refunds

_COLUMNS = (
    outbox.c.id,
    outbox.c.refund_id,
    outbox.c.payment_key,
    outbox.c.state,
    outbox.c.due_at,
    outbox.c.attempts,
    outbox.c.lease,
    outbox.c.last_error,
    outbox.c.till,
)
"""Columns in the order of the fields of ``OutboxEntry``."""

_earlier = outbox.alias("earlier")
_FIRST_OF_ITS_PAYMENT = ~exists().where(
    _earlier.c.payment_key == outbox.c.payment_key,
    _earlier.c.id < outbox.c.id,
    text("earlier.state <> 'SETTLED'"),  # the partial index's condition verbatim, see tables.py
)
_flying = refunds.alias("flying")
_FLYING = select(_flying.c.id).where(
    _flying.c.imp_uid == outbox.c.payment_key, text(f"flying.{REFUND_IN_FLIGHT}")
)
_IN_FLIGHT = _FLYING.where(_flying.c.id == outbox.c.refund_id).exists()
_NONE_IN_FLIGHT = ~_FLYING.exists()
_ITS_TURN = or_(_IN_FLIGHT, and_(_FIRST_OF_ITS_PAYMENT, _NONE_IN_FLIGHT))
"""A refund in flight may be claimed regardless of earlier entries (a restored older copy may have
them). Any other must be its payment's first unsettled one, with no refund of it in flight."""

_ADD = insert(outbox)
_READY = (
    select(outbox.c.id)
    .where(OUTBOX_PENDING, outbox.c.ready_at <= bindparam("now"), _ITS_TURN)
    .order_by(outbox.c.ready_at, outbox.c.id)
    .limit(1)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id == bindparam("of"))
    .values(
        state=OutboxState.CLAIMED,
        attempts=outbox.c.attempts + 1,
        lease=outbox.c.lease + 1,
        ready_at=bindparam("until"),
    )
    .returning(*_COLUMNS)
)
_HELD = update(outbox).where(
    outbox.c.id == bindparam("of"),
    outbox.c.state == OutboxState.CLAIMED,
    outbox.c.lease == bindparam("held"),
)
_SETTLE = _HELD.values(state=OutboxState.SETTLED, last_error="")
_POSTPONE = _HELD.values(
    state=OutboxState.WAITING,
    due_at=bindparam("due"),
    ready_at=bindparam("due"),
    last_error=bindparam("error"),
)
_ABANDON = _HELD.values(state=OutboxState.ABANDONED, last_error=bindparam("error"))
_REQUEUE = (
    update(outbox)
    .where(
        outbox.c.refund_id == bindparam("refund"),
        or_(outbox.c.state == OutboxState.ABANDONED, outbox.c.state == OutboxState.WAITING),
    )
    .values(state=OutboxState.WAITING, due_at=bindparam("due"), ready_at=bindparam("due"))
)
_WITHDRAW = (
    update(outbox)
    .where(outbox.c.refund_id == bindparam("refund"), outbox.c.state == OutboxState.WAITING)
    .values(state=OutboxState.SETTLED)
)
_CLOSE = (
    update(outbox)
    .where(
        outbox.c.refund_id == bindparam("refund"),
        or_(outbox.c.state == OutboxState.ABANDONED, outbox.c.state == OutboxState.WAITING),
    )
    .values(state=OutboxState.SETTLED, last_error="")
)
_NETWORK_BACK = (
    update(outbox)
    .where(
        outbox.c.state == OutboxState.WAITING,
        outbox.c.ready_at > bindparam("due"),
        outbox.c.last_error.in_(bindparam("causes", expanding=True)),
    )
    .values(due_at=bindparam("due"), ready_at=bindparam("due"))
)
_HASTEN = (
    update(outbox)
    .where(outbox.c.state == OutboxState.WAITING)
    .values(due_at=bindparam("due"), ready_at=bindparam("due"))
)
_HAND_OVER = (
    update(outbox)
    .where(outbox.c.refund_id == bindparam("refund"), outbox.c.state == OutboxState.WAITING)
    .values(state=OutboxState.ABANDONED, last_error=bindparam("error"))
)
_RELEASE = (
    update(outbox)
    .where(outbox.c.state == OutboxState.CLAIMED)
    .values(state=OutboxState.WAITING, ready_at=outbox.c.due_at)
)
_PENDING = (
    select(*_COLUMNS)
    .where(OUTBOX_PENDING)
    .order_by(outbox.c.ready_at, outbox.c.id)
    .limit(bindparam("limit"))
)
_by: ColumnElement[int] = bindparam("by", type_=IntegerColumn)
_SHIFT = (
    update(outbox)
    .where(OUTBOX_PENDING)
    .values(
        due_at=type_coerce(outbox.c.due_at, IntegerColumn) + _by,
        ready_at=type_coerce(outbox.c.ready_at, IntegerColumn) + _by,
    )
)
_NEXT = select(func.min(outbox.c.ready_at, type_=outbox.c.ready_at.type)).where(
    and_(OUTBOX_PENDING, _ITS_TURN)
)


class SqlOutbox:
    """Port ``Outbox``.

    Every claim increments the entry's lease number. A worker with an older number, whose lease has
    expired and was claimed by another one, writes nothing.
    """

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def enqueue(self, refund: Refund, due_at: datetime) -> OutboxEntry:
        """Add an entry in the caller's unit of work: stored only together with the intent."""
        entry = OutboxEntry(
            id=self._ids.next(RecordKind.OUTBOX_ENTRY),
            refund_id=refund.id,
            payment_key=refund.imp_uid,
            state=OutboxState.WAITING,
            due_at=due_at,
            attempts=0,
            lease=0,
            till=refund.till,
        )
        self._connection.execute(_ADD, {**to_row(entry), "ready_at": due_at})
        return entry

    def claim(self, now: datetime, lease_until: datetime) -> OutboxEntry | None:
        """Claim the first due entry whose turn it is (``_ITS_TURN``), or return ``None``.

        An abandoned entry is unsettled too: it blocks its payment, and no other. An entry whose
        lease has expired can be claimed again, under a new lease number.
        """
        first = self._connection.execute(_READY, {"now": now}).scalar_one_or_none()
        if first is None:
            return None
        row = self._connection.execute(_CLAIM, {"of": first, "until": lease_until}).one()
        return OutboxEntry(*row)

    def settle(self, entry: OutboxEntry) -> bool:
        """Settle an entry. ``False`` without a change if another claim holds it by now."""
        return self._held(_SETTLE, entry)

    def postpone(self, entry: OutboxEntry, due_at: datetime, error: str) -> bool:
        """Release an entry for a later attempt. ``False`` if another claim holds it by now."""
        return self._held(_POSTPONE, entry, due=due_at, error=error)

    def abandon(self, entry: OutboxEntry, error: str) -> bool:
        """Stop automatic attempts: staff must decide. ``False`` if another claim holds it."""
        return self._held(_ABANDON, entry, error=error)

    def requeue(self, refund_id: int, due_at: datetime) -> bool:
        """Make an abandoned or waiting entry due again; ``False`` if it is neither."""
        done = self._connection.execute(_REQUEUE, {"refund": refund_id, "due": due_at})
        return done.rowcount == 1

    def withdraw(self, refund_id: int) -> bool:
        """Settle a waiting entry; ``False`` if it is claimed, settled or abandoned."""
        done = self._connection.execute(_WITHDRAW, {"refund": refund_id})
        return done.rowcount == 1

    def close(self, refund_id: int) -> bool:
        """Settle an abandoned or waiting entry; ``False`` if it is claimed or settled."""
        done = self._connection.execute(_CLOSE, {"refund": refund_id})
        return done.rowcount == 1

    def expedite_offline(self, now: datetime, causes: Collection[str]) -> int:
        """Make entries due at ``now`` that wait because of one of these causes."""
        values = {"due": now, "causes": tuple(causes)}
        return self._connection.execute(_NETWORK_BACK, values).rowcount

    def expedite_all(self, now: datetime) -> int:
        """Make every waiting entry due at ``now``; returns their number."""
        return self._connection.execute(_HASTEN, {"due": now}).rowcount

    def escalate(self, refund_id: int, why: str) -> bool:
        """Abandon a waiting entry; ``False`` if it is claimed, settled or abandoned."""
        done = self._connection.execute(_HAND_OVER, {"refund": refund_id, "error": why})
        return done.rowcount == 1

    def pending(self, limit: int) -> tuple[PendingRefund, ...]:
        """Return unsettled entries: those that need staff first, then the oldest."""
        return read_unsent(self._connection, limit)

    def get_pending(self, refund_id: int) -> PendingRefund | None:
        """Return one refund's unsettled entry, or ``None``."""
        return read_one(self._connection, refund_id)

    def pending_totals(self) -> PendingTotals:
        """Return number and amount of all unsettled entries."""
        return read_totals(self._connection)

    def release_leases(self) -> None:
        """Release every claimed entry; only for a start, when no other program holds one."""
        self._connection.execute(_RELEASE)

    def waiting(self, limit: int) -> tuple[OutboxEntry, ...]:
        """Return entries that are neither settled nor abandoned, the soonest first."""
        rows = self._connection.execute(_PENDING, {"limit": limit})
        return tuple(OutboxEntry(*row) for row in rows)

    def shift_times(self, by: timedelta) -> int:
        """Move due times and lease ends by this much; returns the number of entries."""
        return self._connection.execute(_SHIFT, {"by": by // MICROSECOND}).rowcount

    def next_due(self) -> datetime | None:
        """Return when an entry can next be claimed, or ``None``.

        The end of a running lease counts; an entry behind an earlier one of its payment does not.
        """
        soonest: datetime | None = self._connection.execute(_NEXT).scalar_one()
        return soonest

    def _held(self, statement: Update, entry: OutboxEntry, **values: object) -> bool:
        done = self._connection.execute(statement, {"of": entry.id, "held": entry.lease, **values})
        return done.rowcount == 1
