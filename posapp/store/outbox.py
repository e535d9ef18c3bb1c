"""What waits to be sent: claims with numbered leases, one payment never in two hands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
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
from posapp.services.ports.outbox import OutboxEntry, OutboxState, Unsent, UnsentTotals
from posapp.store.columns import MICROSECOND
from posapp.store.tables import OUTBOX_PENDING, REFUND_IN_FLIGHT, outbox, refunds
from posapp.store.unsent import read_one, read_totals, read_unsent

_COLUMNS = (
    outbox.c.id,
    outbox.c.refund_id,
    outbox.c.payment_key,
    outbox.c.state,
    outbox.c.due_at,
    outbox.c.attempts,
    outbox.c.lease,
    outbox.c.last_error,
)
"""In the order of the fields of ``OutboxEntry``."""

_earlier = outbox.alias("earlier")
_FIRST_OF_ITS_PAYMENT = ~exists().where(
    _earlier.c.payment_key == outbox.c.payment_key,
    _earlier.c.id < outbox.c.id,
    text("earlier.state <> 'SETTLED'"),  # the words of the partial index, see tables.py
)
_flying = refunds.alias("flying")
_FLYING = select(_flying.c.id).where(
    _flying.c.imp_uid == outbox.c.payment_key, text(f"flying.{REFUND_IN_FLIGHT}")
)
_IN_FLIGHT = _FLYING.where(_flying.c.id == outbox.c.refund_id).exists()
_NONE_IN_FLIGHT = ~_FLYING.exists()
_ITS_TURN = or_(_IN_FLIGHT, and_(_FIRST_OF_ITS_PAYMENT, _NONE_IN_FLIGHT))
"""What is in flight goes on, whatever stands before it (an older copy may have brought that back);
else the first of a payment, while none of it is in flight."""

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
_by: ColumnElement[int] = bindparam("by", type_=Integer)
_SHIFT = (
    update(outbox)
    .where(OUTBOX_PENDING)
    .values(
        due_at=type_coerce(outbox.c.due_at, Integer) + _by,
        ready_at=type_coerce(outbox.c.ready_at, Integer) + _by,
    )
)
_NEXT = select(func.min(outbox.c.ready_at, type_=outbox.c.ready_at.type)).where(
    and_(OUTBOX_PENDING, _ITS_TURN)
)


class SqlOutbox:
    """Port ``Outbox``.

    Every claim raises the entry's lease number; who comes back with an older one, after the lease
    was over and somebody else took the entry, writes nothing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enqueue(self, refund: Refund, due_at: datetime) -> OutboxEntry:
        """Add an entry in the caller's unit of work: kept exactly if the intent is kept."""
        done = self._connection.execute(
            _ADD,
            {
                "refund_id": refund.id,
                "payment_key": refund.imp_uid,
                "state": OutboxState.WAITING,
                "due_at": due_at,
                "attempts": 0,
                "lease": 0,
                "last_error": "",
                "ready_at": due_at,
            },
        )
        return OutboxEntry(
            id=done.lastrowid,
            refund_id=refund.id,
            payment_key=refund.imp_uid,
            state=OutboxState.WAITING,
            due_at=due_at,
            attempts=0,
            lease=0,
        )

    def claim(self, now: datetime, lease_until: datetime) -> OutboxEntry | None:
        """Take the first due entry whose payment has no earlier unsettled one, or ``None``.

        An abandoned entry is unsettled too: it holds up its payment, and no other. A claim whose
        lease is over can be taken again: by a new lease number.
        """
        first = self._connection.execute(_READY, {"now": now}).scalar_one_or_none()
        if first is None:
            return None
        row = self._connection.execute(_CLAIM, {"of": first, "until": lease_until}).one()
        return OutboxEntry(*row)

    def settle(self, entry: OutboxEntry) -> bool:
        """Mark as done. ``False`` if another claim holds it by now: then nothing was written."""
        return self._held(_SETTLE, entry)

    def postpone(self, entry: OutboxEntry, due_at: datetime, error: str) -> bool:
        """Give back for a later try. ``False`` if another claim holds it by now."""
        return self._held(_POSTPONE, entry, due=due_at, error=error)

    def abandon(self, entry: OutboxEntry, error: str) -> bool:
        """Stop trying, loudly: a person has to look. ``False`` if another claim holds it."""
        return self._held(_ABANDON, entry, error=error)

    def requeue(self, refund_id: int, due_at: datetime) -> bool:
        """Let an abandoned or waiting entry be due again; ``False`` if it is neither."""
        done = self._connection.execute(_REQUEUE, {"refund": refund_id, "due": due_at})
        return done.rowcount == 1

    def withdraw(self, refund_id: int) -> bool:
        """Settle an entry that nobody holds; ``False`` if it is claimed, settled or abandoned."""
        done = self._connection.execute(_WITHDRAW, {"refund": refund_id})
        return done.rowcount == 1

    def close(self, refund_id: int) -> bool:
        """Settle an abandoned or waiting entry; ``False`` if it is claimed or settled."""
        done = self._connection.execute(_CLOSE, {"refund": refund_id})
        return done.rowcount == 1

    def network_back(self, now: datetime, causes: Collection[str]) -> int:
        """Let waiting entries be due at ``now`` that wait for one of these causes."""
        values = {"due": now, "causes": tuple(causes)}
        return self._connection.execute(_NETWORK_BACK, values).rowcount

    def hasten(self, now: datetime) -> int:
        """Let every waiting entry be due at ``now``; returns how many there are."""
        return self._connection.execute(_HASTEN, {"due": now}).rowcount

    def hand_over(self, refund_id: int, why: str) -> bool:
        """Abandon a waiting entry; ``False`` if it is claimed, settled or abandoned."""
        done = self._connection.execute(_HAND_OVER, {"refund": refund_id, "error": why})
        return done.rowcount == 1

    def unsent(self, limit: int) -> tuple[Unsent, ...]:
        """Return what is not settled: what needs a person first, then the oldest."""
        return read_unsent(self._connection, limit)

    def unsent_one(self, refund_id: int) -> Unsent | None:
        """Return the same for one refund."""
        return read_one(self._connection, refund_id)

    def unsent_totals(self) -> UnsentTotals:
        """Count all of it."""
        return read_totals(self._connection)

    def release_leases(self) -> None:
        """Let every claimed entry be claimed again: at a start, when nobody else can hold one."""
        self._connection.execute(_RELEASE)

    def waiting(self, limit: int) -> tuple[OutboxEntry, ...]:
        """Return entries that are neither settled nor abandoned, the soonest first."""
        rows = self._connection.execute(_PENDING, {"limit": limit})
        return tuple(OutboxEntry(*row) for row in rows)

    def shift(self, by: timedelta) -> int:
        """Move what waits, and the ends of leases, by so much; returns how many there were."""
        return self._connection.execute(_SHIFT, {"by": by // MICROSECOND}).rowcount

    def next_due(self) -> datetime | None:
        """Return when something can be claimed next, or ``None``.

        The end of a running lease counts; an entry behind an earlier one of its payment does not.
        """
        soonest: datetime | None = self._connection.execute(_NEXT).scalar_one()
        return soonest

    def _held(self, statement: Update, entry: OutboxEntry, **values: object) -> bool:
        done = self._connection.execute(statement, {"of": entry.id, "held": entry.lease, **values})
        return done.rowcount == 1
