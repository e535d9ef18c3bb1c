"""Addenda of Z reports, and what was recorded after a report about the time before it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from posapp.domain.money import Won
from posapp.domain.z_addenda import Finding, FindingKind, ZAddendum
from posapp.domain.z_reports import Blocker, ZReport
from posapp.store.cash_tables import z_addenda, z_reports
from posapp.store.columns import to_microseconds
from posapp.store.repositories.row_mapping import to_row

_ALL = select(*z_addenda.c).order_by(z_addenda.c.number)
_LAST = select(*z_addenda.c).order_by(z_addenda.c.number.desc()).limit(1)
# A comparison makes the addenda of all reports that await one: those up to the last are over.
_AWAITED = (
    select(*z_reports.c)
    .where(
        z_reports.c.z_no > select(func.coalesce(func.max(z_addenda.c.z_no), 0)).scalar_subquery(),
        func.instr(z_reports.c.body, f'"{Blocker.NOT_COMPARED.value}:') > 0,
    )
    .order_by(z_reports.c.z_no)
)
# What PortOne did before the closing, by its own times, and the ledger has after it.
_FOUND = text(f"""
SELECT what, order_id, amount, reference FROM (
  SELECT '{FindingKind.PAYMENT.value}' AS what, l.order_id, l.amount, l.imp_uid AS reference,
      0 AS part, l.seq AS place
    FROM ledger AS l JOIN payments AS p ON p.imp_uid = l.imp_uid
    WHERE l.seq > :after AND l.fact IN ('PAYMENT_CAPTURED', 'PAYMENT_REJECTED')
      AND p.paid_at <= :closed
  UNION ALL
  SELECT '{FindingKind.CANCELLATION.value}', l.order_id, l.amount, l.imp_uid, 0, l.seq
    FROM ledger AS l JOIN refunds AS r
      ON r.imp_uid = l.imp_uid AND r.cancellation_id = l.reference
    WHERE l.seq > :after AND l.fact = 'CANCELLED_ELSEWHERE' AND r.confirmed_at <= :closed
  UNION ALL
  SELECT '{FindingKind.DIFFERENCE.value}', coalesce(p.order_id, 0), m.amount,
      CASE m.imp_uid WHEN '' THEN m.merchant_uid ELSE m.imp_uid END, 1, m.id
    FROM mismatches AS m LEFT JOIN payments AS p ON p.imp_uid = m.imp_uid
    WHERE m.found_at > :closed AND coalesce(p.paid_at, 0) <= :closed)
ORDER BY part, place""")  # noqa: S608 - constants of this file


class SqlZAddenda:
    """Port ``ZAddenda``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self) -> ZAddendum | None:
        """Return the newest addendum, or ``None``."""
        row = self._connection.execute(_LAST).one_or_none()
        return None if row is None else ZAddendum(*row)

    def all(self) -> tuple[ZAddendum, ...]:
        """Return all addenda, oldest first."""
        return tuple(ZAddendum(*row) for row in self._connection.execute(_ALL))

    def add(self, addendum: ZAddendum) -> None:
        """Store an addendum at the end."""
        self._connection.execute(insert(z_addenda), to_row(addendum))

    def awaited(self) -> tuple[ZReport, ...]:
        """Return the Z reports that may await an addendum, oldest first."""
        return tuple(ZReport(*row) for row in self._connection.execute(_AWAITED))

    def found(self, after: int, closed_at: datetime) -> tuple[Finding, ...]:
        """Return what was recorded after an entry of the ledger about the money that PortOne took
        until a closing. A difference of a payment that is there already is not counted twice."""
        bounds = {"after": after, "closed": to_microseconds(closed_at)}
        found: list[Finding] = []
        recorded: set[str] = set()
        for what, order_id, amount, reference in self._connection.execute(_FOUND, bounds):
            kind = FindingKind(what)
            if kind is not FindingKind.DIFFERENCE:
                recorded.add(reference)
            elif reference in recorded:
                continue
            found.append(Finding(kind, order_id or 0, Won(amount), reference))
        return tuple(found)
