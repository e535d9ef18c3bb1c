"""Staff, their events and approvals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, union_all, update
from sqlalchemy.exc import IntegrityError

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.cash import CashRefundState
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.refund_limits import Approval, RefundSubject
from posapp.domain.refunds import RefundState
from posapp.domain.seals import SealKey
from posapp.domain.staff import Staff
from posapp.domain.staff_events import (
    CHAIN,
    NewStaffEvent,
    StaffEvent,
    StaffEventKind,
    link_event,
)
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.cash_tables import cash_refunds
from posapp.store.columns import to_storable_text
from posapp.store.constraints import violated_name
from posapp.store.repositories.row_mapping import to_row
from posapp.store.staff_tables import (
    APPROVAL_UNUSED,
    STAFF_ACTIVE,
    approvals,
    staff,
    staff_events,
    staff_events_head,
    staff_recovery,
)
from posapp.store.tables import refunds

_ALL = select(*staff.c).order_by(staff.c.id)
_GET = select(*staff.c).where(staff.c.id == bindparam("id"))
_FIND = select(*staff.c).where(staff.c.name == bindparam("of"), STAFF_ACTIVE)
_EXIST = select(staff.c.id).limit(1)
_ADD = insert(staff)
_CHANGING = tuple(column.name for column in staff.c if column.name != "id")
_SAVE = (
    update(staff)
    .where(staff.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_HEAD = select(staff_events_head.c.seq, staff_events_head.c.hash)
_ADD_EVENT = insert(staff_events)
EVENT_COLUMNS = tuple(column for column in staff_events.c if column.name not in ("key_id", "seal"))
"""What the hash of an event covers, in the order of its fields."""

_EVENTS = (
    select(*EVENT_COLUMNS)
    .where(staff_events.c.seq > bindparam("after"))
    .order_by(staff_events.c.seq)
    .limit(bindparam("limit"))
)
_LAST_SIGN_INS = (
    select(staff_events.c.staff_id, func.max(staff_events.c.at, type_=staff_events.c.at.type))
    .where(staff_events.c.event == StaffEventKind.SIGNED_IN, staff_events.c.staff_id.is_not(None))
    .group_by(staff_events.c.staff_id)
)
_DIGEST = select(staff_recovery.c.digest)
_SET_DIGEST = update(staff_recovery).values(digest=bindparam("new"))
_ADD_APPROVAL = insert(approvals)
_UNUSED = (
    select(*approvals.c)
    .where(
        approvals.c.asked_by == bindparam("by"),
        approvals.c.subject == bindparam("what"),
        approvals.c.amount == bindparam("won"),
        approvals.c.reason == bindparam("why"),
        APPROVAL_UNUSED,
    )
    .order_by(approvals.c.id.desc())
)
_USE = (
    update(approvals)
    .where(approvals.c.id == bindparam("of"), APPROVAL_UNUSED)
    .values(used_at=bindparam("at"))
)
_REFUSED_AS = {
    "uq_staff_name": ErrorCode.STAFF_NAME_TAKEN,
    "staff_manager_left": ErrorCode.STAFF_LAST_MANAGER,
    "staff_manager_first": ErrorCode.STAFF_FIRST_MANAGER,
}


def _of_person(column: Any, staff_id: int) -> Any:
    """The person himself, or acting for a user."""
    text = str(Actor.staff(staff_id))
    return or_(column == Actor.staff(staff_id), func.substr(column, 1, len(text) + 1) == f"{text}:")


class SqlStaff:
    """Port ``StaffRecords``."""

    def __init__(
        self, connection: Connection, ids: RecordIds, seal_key: SealKey | None = None
    ) -> None:
        self._connection = connection
        self._ids = ids
        self._seal_key = seal_key

    def exist(self) -> bool:
        """Return whether there is any staff."""
        return self._connection.execute(_EXIST).first() is not None

    def get(self, staff_id: int) -> Staff | None:
        """Return a member of staff, or ``None``."""
        return _staff_of(self._connection.execute(_GET, {"id": staff_id}).one_or_none())

    def find(self, name: str) -> Staff | None:
        """Return the active member of staff of this name, or ``None``."""
        return _staff_of(self._connection.execute(_FIND, {"of": name}).one_or_none())

    def all(self) -> tuple[Staff, ...]:
        """Return all staff, by number."""
        return tuple(Staff(*row) for row in self._connection.execute(_ALL))

    def names(self) -> dict[int, str]:
        """Return the names of all staff by number."""
        return {one.id: one.name for one in self.all()}

    def add(self, person: Staff) -> Staff:
        """Store a new person and return it with its id.

        Raises:
            UserError: ``STAFF_NAME_TAKEN``; ``STAFF_FIRST_MANAGER``.
        """
        stored = replace(person, id=self._ids.next(RecordKind.STAFF))
        try:
            self._connection.execute(_ADD, to_row(stored))
        except IntegrityError as error:
            raise _refusal(error) from error
        return stored

    def save(self, person: Staff) -> None:
        """Write a person's fields.

        Raises:
            UserError: ``STAFF_NAME_TAKEN``; ``STAFF_LAST_MANAGER``.
            LookupError: there is no such person.
        """
        row = to_row(person)
        values = {f"new_{name}": row[name] for name in _CHANGING}
        try:
            saved = self._connection.execute(_SAVE, {**values, "of": person.id}).rowcount
        except IntegrityError as error:
            raise _refusal(error) from error
        if saved != 1:
            raise LookupError(f"no staff {person.id}")

    def refunded_since(self, staff_id: int, since: datetime) -> Won:
        """Return the won of the refunds, by QR and in cash, that this person asked for since then,
        or approved for a buyer's request, without those that ended without money."""
        by_staff = func.substr(refunds.c.asked_by, 1, len(_STAFF_TEXT)) == _STAFF_TEXT
        by_qr = select(refunds.c.amount).where(
            refunds.c.created_at >= since,
            refunds.c.state != RefundState.REFUSED,
            or_(
                _of_person(refunds.c.asked_by, staff_id),
                and_(~by_staff, _of_person(refunds.c.approved_by, staff_id)),
            ),
        )
        in_cash = select(cash_refunds.c.amount).where(
            cash_refunds.c.created_at >= since,
            cash_refunds.c.state != CashRefundState.DROPPED,
            _of_person(cash_refunds.c.asked_by, staff_id),
        )
        found: Iterable[Won] = self._connection.execute(union_all(by_qr, in_cash)).scalars()
        return sum(found, ZERO)

    def last_sign_ins(self) -> dict[int, datetime]:
        """Return when each person signed in last, by number."""
        rows = self._connection.execute(_LAST_SIGN_INS)
        return {row[0]: row[1] for row in rows}

    def append(self, event: NewStaffEvent) -> StaffEvent:
        """Append an event to the chain, sealed if there is a key."""
        seq, previous = self._connection.execute(_HEAD).one()
        row = link_event(seq + 1, replace(event, detail=to_storable_text(event.detail)), previous)
        key = self._seal_key
        self._connection.execute(
            _ADD_EVENT,
            {
                "seq": row.seq,
                **_event_row(row.entry),
                "previous": previous,
                "hash": row.hash,
                "key_id": key.id if key is not None else "",
                "seal": key.seal(row.seq, row.hash, CHAIN) if key is not None else "",
            },
        )
        return row

    def events(self, after_seq: int, limit: int) -> tuple[StaffEvent, ...]:
        """Return events after ``after_seq``, in order."""
        rows = self._connection.execute(_EVENTS, {"after": after_seq, "limit": limit})
        return tuple(event_of(row) for row in rows)

    def recovery_digest(self) -> str:
        """Return the digest of the recovery code; empty for none."""
        return str(self._connection.execute(_DIGEST).scalar_one())

    def set_recovery_digest(self, digest: str) -> None:
        """Replace the digest of the recovery code."""
        self._connection.execute(_SET_DIGEST, {"new": digest})


class SqlApprovals:
    """Port ``Approvals``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def add(self, approval: Approval) -> Approval:
        """Store an approval and return it with its id.

        Raises:
            UserError: ``REFUND_OWN_APPROVAL``.
        """
        stored = replace(approval, id=self._ids.next(RecordKind.APPROVAL))
        try:
            self._connection.execute(_ADD_APPROVAL, to_row(stored))
        except IntegrityError as error:
            if violated_name(error) == "ck_approvals_another":
                raise UserError(ErrorCode.REFUND_OWN_APPROVAL) from error
            raise
        return stored

    def unused(self, requested_by: int, subject: RefundSubject) -> tuple[Approval, ...]:
        """Return the unused approvals of exactly this refund, newest first."""
        values = {
            "by": requested_by,
            "what": subject.what,
            "won": subject.amount,
            "why": subject.reason,
        }
        return tuple(Approval(*row) for row in self._connection.execute(_UNUSED, values))

    def use(self, approval_id: int, at: datetime) -> bool:
        """Mark an approval as used; ``False``: it was used already."""
        return self._connection.execute(_USE, {"of": approval_id, "at": at}).rowcount == 1


_STAFF_TEXT = f"{ActorKind.STAFF}:"


def event_of(row: Sequence[Any]) -> StaffEvent:
    """Return the event of a row, which has all columns but those of the seal, in order."""
    seq, *facts, previous, digest = row
    return StaffEvent(seq, NewStaffEvent(*facts), previous, digest)


def _event_row(event: NewStaffEvent) -> dict[str, object]:
    """Return an event's fields by column name: unlike the ledger's, each column is its field."""
    return {
        "event": event.event,
        "at": event.at,
        "staff_id": event.staff_id,
        "actor": event.actor,
        "detail": event.detail,
    }


def _staff_of(row: Sequence[Any] | None) -> Staff | None:
    return None if row is None else Staff(*row)


def _refusal(error: IntegrityError) -> Exception:
    code = _REFUSED_AS.get(violated_name(error) or "")
    return UserError(code) if code is not None else error
