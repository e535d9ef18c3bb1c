"""Mismatches that staff must explain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import (
    Connection,
    Executable,
    bindparam,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from posapp.domain.explanations import Explanation
from posapp.domain.money import Won
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.repositories.counting import count_rows
from posapp.store.repositories.row_mapping import to_row
from posapp.store.tables import MISMATCH_KEY, MISMATCH_OPEN, mismatches

_GROWS = ("amount", "evidence", "gap", "ledger_gap")
_EXPLAINED = mismatches.c.settled_at.is_not(None)
_ALL = select(*mismatches.c)
_ADD = insert(mismatches)
_OPEN_OF_KEY = select(mismatches.c.id).where(
    MISMATCH_OPEN, *(mismatches.c[name] == bindparam(name) for name in MISMATCH_KEY)
)
_new = {name: bindparam(f"new_{name}", type_=mismatches.c[name].type) for name in _GROWS}
_GROW = (
    update(mismatches)
    .where(
        MISMATCH_OPEN,
        *(mismatches.c[name] == bindparam(f"of_{name}") for name in MISMATCH_KEY),
        or_(*(mismatches.c[name] != value for name, value in _new.items())),
    )
    .values(_new)
)
_LATER = mismatches.alias("later")
_SAID = select(mismatches.c.id).where(
    _EXPLAINED,
    *(mismatches.c[name] == bindparam(name) for name in (*MISMATCH_KEY, *_GROWS)),
    # A later explained gap of the same key may have reversed it: a repetition is then new.
    ~exists().where(
        _LATER.c.id > mismatches.c.id,
        *(_LATER.c[name] == mismatches.c[name] for name in MISMATCH_KEY),
        _LATER.c.settled_at.is_not(None),
        or_(_LATER.c.gap != 0, _LATER.c.ledger_gap != 0),
    ),
)
_GET = _ALL.where(mismatches.c.id == bindparam("of"))
_OPEN = _ALL.where(MISMATCH_OPEN).order_by(mismatches.c.id).limit(bindparam("limit"))
_COUNTED = select(literal(1)).select_from(mismatches).where(MISMATCH_OPEN)
_EXPLAIN = (
    update(mismatches)
    .where(mismatches.c.id == bindparam("of"), MISMATCH_OPEN)
    .values(
        settled_at=bindparam("now"),
        explained_by=bindparam("by"),
        explanation=bindparam("note"),
    )
)
_BETWEEN = (
    _ALL.where(
        mismatches.c.settled_at >= bindparam("since"), mismatches.c.settled_at < bindparam("until")
    )
    .order_by(mismatches.c.settled_at, mismatches.c.id)
    .limit(bindparam("limit"))
)
_OPEN_OF_KINDS = (
    select(mismatches.c.id)
    .where(MISMATCH_OPEN, mismatches.c.kind.in_(bindparam("kinds", expanding=True)))
    .limit(1)
)
UNDER_NUMBERS = _OPEN_OF_KINDS.where(
    mismatches.c.merchant_uid.in_(bindparam("numbers", expanding=True))
)
UNDER_BEGINNING = _OPEN_OF_KINDS.where(
    mismatches.c.merchant_uid >= bindparam("beginning"),
    mismatches.c.merchant_uid < bindparam("behind"),
)
"""Two seeks in the index of open mismatches: one combined query would scan it."""
_OF_PAYMENT = _ALL.where(mismatches.c.imp_uid == bindparam("imp_uid")).order_by(mismatches.c.id)
_WITH_GAPS = select(mismatches.c.imp_uid).where(
    _EXPLAINED, or_(mismatches.c.gap != 0, mismatches.c.ledger_gap != 0)
)
_FORGET = (
    update(mismatches)
    .where(mismatches.c.imp_uid == bindparam("of"), _EXPLAINED)
    .values(gap=0, ledger_gap=0)
)
_SET_GOODS_GAP = (
    update(mismatches).where(mismatches.c.id == bindparam("of")).values(gap=bindparam("won"))
)


class SqlMismatches:
    """Port ``Mismatches``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def note(self, mismatch: Mismatch) -> bool:
        """Store a mismatch (its id is ignored) unless the same one was explained with the same
        amount, evidence and gaps. After its gaps were reset (``forget_gaps``), or after a later one
        of its key with a gap was explained, it is new. An open one gets the new amounts and
        evidence. Returns ``False`` if nothing changed."""
        values = to_row(mismatch, without=("id",))
        if self._connection.execute(_SAID.limit(1), values).first() is not None:
            return False
        if mismatch.resolved_at is None:
            if self._grow(values):
                return True
            if self._connection.execute(_OPEN_OF_KEY, values).first() is not None:
                return False
        self._connection.execute(_ADD, {**values, "id": self._ids.next(RecordKind.MISMATCH)})
        return True

    def get(self, mismatch_id: int) -> Mismatch | None:
        """Return the mismatch, or ``None``."""
        row = self._connection.execute(_GET, {"of": mismatch_id}).one_or_none()
        return None if row is None else Mismatch(*row)

    def count_open(self, cap: int) -> int:
        """Return the number of open mismatches, at most ``cap + 1``."""
        return count_rows(self._connection, _COUNTED, cap)

    def open(self, limit: int) -> tuple[Mismatch, ...]:
        """Return the open mismatches, oldest first."""
        return self._several(_OPEN, limit=limit)

    def explain(self, mismatch_id: int, explanation: Explanation, now: datetime) -> bool:
        """Close a mismatch with its explanation; ``False`` if it was not open."""
        done = self._connection.execute(
            _EXPLAIN,
            {"of": mismatch_id, "now": now, "by": explanation.by, "note": explanation.note},
        )
        return done.rowcount == 1

    def explained(self, since: datetime, until: datetime, limit: int) -> tuple[Mismatch, ...]:
        """Return those explained in this period, in the order of their explanations."""
        return self._several(_BETWEEN, since=since, until=until, limit=limit)

    def is_open_under(
        self, kinds: Collection[MismatchKind], numbers: Collection[str], beginning: str
    ) -> bool:
        """Tell whether a mismatch of these kinds is open under one of these merchant_uids, or under
        one with this prefix."""
        named = tuple(kinds)
        exact = {"kinds": named, "numbers": tuple(numbers)}
        if self._connection.execute(UNDER_NUMBERS, exact).first() is not None:
            return True
        behind = f"{beginning[:-1]}{chr(ord(beginning[-1]) + 1)}"
        seek = {"kinds": named, "beginning": beginning, "behind": behind}
        return self._connection.execute(UNDER_BEGINNING, seek).first() is not None

    def of_payment(self, imp_uid: str) -> tuple[Mismatch, ...]:
        """Return a payment's mismatches, open or explained, oldest first."""
        return self._several(_OF_PAYMENT, imp_uid=imp_uid)

    def explained_payments(self) -> frozenset[str]:
        """Return the imp_uids of payments with an explained gap."""
        return frozenset(self._connection.execute(_WITH_GAPS).scalars())

    def set_goods_gap(self, mismatch_id: int, gap: Won) -> None:
        """Set a mismatch's gap of goods in won."""
        self._connection.execute(_SET_GOODS_GAP, {"of": mismatch_id, "won": gap})

    def forget_gaps(self, imp_uid: str) -> None:
        """Set the explained gaps of a payment to 0."""
        self._connection.execute(_FORGET, {"of": imp_uid})

    def _grow(self, values: Mapping[str, object]) -> bool:
        """Change the open mismatch of this key; ``False`` if there is none that differs."""
        key = {f"of_{name}": values[name] for name in MISMATCH_KEY}
        new = {f"new_{name}": values[name] for name in _GROWS}
        return self._connection.execute(_GROW, {**key, **new}).rowcount == 1

    def _several(self, query: Executable, **values: object) -> tuple[Mismatch, ...]:
        return tuple(Mismatch(*row) for row in self._connection.execute(query, values))
