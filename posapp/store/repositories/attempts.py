"""Payment attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.payments import Attempt
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.constraints import violated_name
from posapp.store.repositories.row_mapping import to_row
from posapp.store.tables import ATTEMPT_LIVE, ATTEMPT_WATCHED, attempts

_FIXED = frozenset({"id", "order_id", "merchant_uid", "amount", "provider", "till", "tax_free"})
_ALL = select(*attempts.c)
_ADD = insert(attempts)
_SAVE = (
    update(attempts)
    .where(attempts.c.id == bindparam("of"))
    .values({c.name: bindparam(c.name) for c in attempts.c if c.name not in _FIXED})
)
_GET = _ALL.where(attempts.c.id == bindparam("id"))
_OF_NUMBER = _ALL.where(attempts.c.merchant_uid == bindparam("number"))
_OF_ORDER = _ALL.where(attempts.c.order_id == bindparam("order")).order_by(attempts.c.id)
_LIVE_OF_ORDER = _ALL.where(attempts.c.order_id == bindparam("order"), ATTEMPT_LIVE)
_LIVE = _ALL.where(ATTEMPT_LIVE).order_by(attempts.c.id)
_WATCHED = _ALL.where(ATTEMPT_WATCHED).order_by(attempts.c.next_check_at, attempts.c.id)
_NEXT_CHECK = select(func.min(attempts.c.next_check_at)).where(ATTEMPT_WATCHED)
_NEWEST = _ALL.order_by(attempts.c.id.desc()).limit(bindparam("limit"))
_DUE = _WATCHED.where(attempts.c.next_check_at <= bindparam("now")).limit(bindparam("limit"))


class SqlAttempts:
    """Port ``Attempts``.

    Args:
        guard: raises what forbids a new attempt.
    """

    def __init__(self, connection: Connection, ids: RecordIds, guard: Callable[[], None]) -> None:
        self._connection = connection
        self._ids = ids
        self._guard = guard

    def add(self, attempt: Attempt) -> Attempt:
        """Store a new attempt (its id is ignored) and return it with its id.

        Raises:
            UserError: ``ATTEMPT_IN_PROGRESS``: another attempt of the order is live.
            EnvironmentProblem: the guard's.
        """
        self._guard()
        stored = replace(attempt, id=self._ids.next(RecordKind.ATTEMPT))
        try:
            self._connection.execute(_ADD, to_row(stored))
        except IntegrityError as error:
            if violated_name(error) == "uq_attempts_live":
                raise UserError(ErrorCode.ATTEMPT_IN_PROGRESS) from error
            raise
        return stored

    def get(self, attempt_id: int) -> Attempt | None:
        """Return the attempt, or ``None``."""
        row = self._connection.execute(_GET, {"id": attempt_id}).one_or_none()
        return None if row is None else Attempt(*row)

    def by_merchant_uid(self, merchant_uid: str) -> Attempt | None:
        """Return the attempt with this merchant_uid, or ``None``."""
        row = self._connection.execute(_OF_NUMBER, {"number": merchant_uid}).one_or_none()
        return None if row is None else Attempt(*row)

    def save(self, attempt: Attempt) -> None:
        """Write all fields of an attempt except number, order, amounts, provider and till,
        which never change.

        Raises:
            LookupError: there is no such attempt.
        """
        values = to_row(attempt, without=_FIXED)
        if self._connection.execute(_SAVE, {**values, "of": attempt.id}).rowcount != 1:
            raise LookupError(f"no attempt {attempt.id}")

    def live_of_order(self, order_id: int) -> Attempt | None:
        """Return an order's live attempt, or ``None``."""
        row = self._connection.execute(_LIVE_OF_ORDER, {"order": order_id}).one_or_none()
        return None if row is None else Attempt(*row)

    def for_order(self, order_id: int) -> tuple[Attempt, ...]:
        """Return all attempts of an order, oldest first."""
        return self._several(_OF_ORDER, order=order_id)

    def live(self) -> tuple[Attempt, ...]:
        """Return all live attempts, oldest first."""
        return self._several(_LIVE)

    def newest(self, limit: int) -> tuple[Attempt, ...]:
        """Return the newest attempts, newest first."""
        return self._several(_NEWEST, limit=limit)

    def due(self, now: datetime, limit: int) -> tuple[Attempt, ...]:
        """Return attempts whose ``next_check_at`` has passed, the longest waiting first."""
        return self._several(_DUE, now=now, limit=limit)

    def unconfirmed(self) -> tuple[Attempt, ...]:
        """Return attempts that still have a ``next_check_at``, the soonest first."""
        return self._several(_WATCHED)

    def next_check(self) -> datetime | None:
        """Return the soonest ``next_check_at``, or ``None``."""
        found: datetime | None = self._connection.execute(_NEXT_CHECK).scalar_one()
        return found

    def _several(self, query: Executable, **values: object) -> tuple[Attempt, ...]:
        return tuple(Attempt(*row) for row in self._connection.execute(query, values))
