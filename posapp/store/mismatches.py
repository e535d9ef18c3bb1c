"""What a person has to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from posapp.services.ports.outbox import Mismatch
from posapp.store.rows import fields
from posapp.store.tables import MISMATCH_OPEN, mismatches

_NOTE = insert(mismatches).on_conflict_do_nothing(
    index_elements=["kind", "merchant_uid", "imp_uid"], index_where=MISMATCH_OPEN
)
_OPEN = (
    select(*mismatches.c).where(MISMATCH_OPEN).order_by(mismatches.c.id).limit(bindparam("limit"))
)
_LOOKED_AT = select(mismatches.c.id).where(
    mismatches.c.settled_at.is_not(None),
    *(
        mismatches.c[name] == bindparam(name)
        for name in ("kind", "merchant_uid", "imp_uid", "amount", "evidence")
    ),
)
_SETTLE = (
    update(mismatches)
    .where(mismatches.c.id == bindparam("of"), MISMATCH_OPEN)
    .values(settled_at=bindparam("now"))
)


class SqlMismatches:
    """Port ``Mismatches``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, mismatch: Mismatch) -> bool:
        """Store it (its id is ignored) unless the same (kind, merchant_uid, imp_uid) is open, or
        was closed with the same amount and evidence."""
        values = fields(mismatch, without=("id",))
        if self._connection.execute(_LOOKED_AT.limit(1), values).first() is not None:
            return False
        done = self._connection.execute(_NOTE, values)
        return done.rowcount == 1

    def open(self, limit: int) -> tuple[Mismatch, ...]:
        """Return the open ones, oldest first."""
        return tuple(Mismatch(*row) for row in self._connection.execute(_OPEN, {"limit": limit}))

    def settle(self, mismatch_id: int, now: datetime) -> bool:
        """Let it be open no more; ``False`` if it was not open."""
        done = self._connection.execute(_SETTLE, {"of": mismatch_id, "now": now})
        return done.rowcount == 1
