"""Figures of a shift out of the ledger, and the Z reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from posapp.domain.cash import CASH
from posapp.domain.cash_receipts import ReceiptOutcome, ReceiptState, outcome_of
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO, Won
from posapp.domain.payment_ref import Tender
from posapp.domain.z_reports import CashSums, ShiftFigures, TenderSum, ZReport
from posapp.store.cash_tables import z_reports
from posapp.store.columns import to_microseconds
from posapp.store.ledger_tables import ledger
from posapp.store.repositories.row_mapping import to_row

_LAST = select(*z_reports.c).order_by(z_reports.c.z_no.desc()).limit(1)
_FACTS = text(
    "SELECT fact, count(*), sum(amount) FROM ledger"
    " WHERE seq > :after AND seq <= :until GROUP BY fact"
)
# An order was paid where its payment was captured; one that cash alone paid, with its last tender.
_SOLD = """SELECT order_id, max(seq) AS paid_at FROM ledger AS l
  WHERE seq > :after AND seq <= :until AND (fact = 'PAYMENT_CAPTURED'
    OR fact = 'CASH_RECEIVED'
      AND EXISTS (SELECT 1 FROM cash_tenders AS t
        WHERE t.order_id = l.order_id AND t.state = 'KEPT')
      AND NOT EXISTS (SELECT 1 FROM payments AS p
        WHERE p.order_id = l.order_id AND p.standing = 'ACCEPTED'))
  GROUP BY order_id"""
# What was cancelled before that was not sold.
_SALES = text(f"""
SELECT count(*), sum(net), sum(off), sum(taxable), sum((2 * taxable + 11) / 22), min(no), max(no)
FROM (SELECT sum(i.price * i.count - i.discount) AS net, sum(i.discount) AS off,
    sum(CASE i.tax WHEN 'TAXABLE' THEN i.price * i.count - i.discount ELSE 0 END) AS taxable,
    o.receipt_no AS no
  FROM ({_SOLD}) AS s JOIN orders AS o ON o.id = s.order_id
  JOIN order_items AS i ON i.order_id = o.id
  WHERE i.status <> 'CANCEL' OR NOT EXISTS (SELECT 1 FROM ledger AS c
    WHERE c.order_id = i.order_id AND c.seq < s.paid_at AND c.item_id = i.id
      AND c.fact = 'ITEM_CANCELLED')
  GROUP BY o.id)""")  # noqa: S608 - constants of this file
_REJECTED = text(
    "SELECT count(*), sum(l.amount) FROM ledger AS l JOIN payments AS p ON p.imp_uid = l.imp_uid"
    " WHERE l.seq > :after AND l.seq <= :until AND p.standing <> 'ACCEPTED'"
    " AND l.fact IN ('REFUND_CONFIRMED', 'CANCELLED_ELSEWHERE')"
)

# PortOne files a payment under a whole second: what it took in the last one was perhaps not listed.
_UNCOMPARED = text(
    "SELECT count(*), coalesce(sum(l.amount), 0) FROM ledger AS l"
    " JOIN payments AS p ON p.imp_uid = l.imp_uid"
    " WHERE l.seq > :after AND l.fact = 'PAYMENT_CAPTURED' AND p.paid_at >= :until"
)
# Receipts as they are now, of the orders that took cash in the time of the report.
_RECEIPTS = text(
    "SELECT state, count(*), sum(amount) FROM cash_receipts WHERE order_id IN"
    " (SELECT order_id FROM ledger"
    " WHERE seq > :after AND seq <= :until AND fact = 'CASH_RECEIVED') GROUP BY state"
)

_E = LedgerEvent


class SqlZReports:
    """Port ``ZReports``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self) -> ZReport | None:
        """Return the newest report, or ``None``."""
        row = self._connection.execute(_LAST).one_or_none()
        return None if row is None else ZReport(*row)

    def all(self) -> tuple[ZReport, ...]:
        """Return all reports, oldest first."""
        rows = self._connection.execute(select(*z_reports.c).order_by(z_reports.c.z_no))
        return tuple(ZReport(*row) for row in rows)

    def add(self, report: ZReport) -> None:
        """Store a report at the end."""
        self._connection.execute(insert(z_reports), to_row(report))

    def figures(self, after: int, opening_float: Won) -> ShiftFigures:
        """Return the figures of the ledger's entries after one."""
        until = self._connection.execute(select(func.coalesce(func.max(ledger.c.seq), 0)))
        bounds = {"after": after, "until": until.scalar_one()}
        facts = {
            LedgerEvent(fact): TenderSum(count, Won(amount))
            for fact, count, amount in self._connection.execute(_FACTS, bounds)
        }
        sales, net, off, taxable, vat, first, last = self._connection.execute(_SALES, bounds).one()
        rejected_count, rejected = self._connection.execute(_REJECTED, bounds).one()
        taxable_won, vat_won = Won(taxable or 0), Won(vat or 0)
        by_qr = _plus(facts, _E.REFUND_CONFIRMED, _E.CANCELLED_EXTERNALLY)
        of_sales = TenderSum(by_qr.count - rejected_count, by_qr.amount - (rejected or 0))
        return ShiftFigures(
            from_seq=after,
            to_seq=bounds["until"],
            sales=sales,
            net=Won(net or 0),
            discounts=Won(off or 0),
            supply=taxable_won - vat_won,
            vat=vat_won,
            exempt=Won(net or 0) - taxable_won,
            paid={
                Tender.KAKAOPAY.value: _plus(facts, _E.PAYMENT_CAPTURED),
                CASH: _plus(facts, _E.CASH_RECEIVED),
            },
            refunded={
                Tender.KAKAOPAY.value: of_sales,
                CASH: _plus(facts, _E.CASH_REFUNDED, _E.CASH_RETURNED),
            },
            cash=CashSums(
                opening_float,
                _plus(facts, _E.CASH_RECEIVED, _E.CASH_RETURNED).amount,
                _plus(facts, _E.CASH_REFUNDED).amount,
                _plus(facts, _E.CASH_PAID_IN).amount,
                _plus(facts, _E.CASH_PAID_OUT).amount,
            ),
            receipts=(first or "", last or ""),
            drawer_openings=_plus(facts, _E.DRAWER_OPENED).count,
            cash_receipts=self._receipts(bounds),
        )

    def uncompared(self, after: int, until: datetime | None) -> TenderSum:
        """Return the payments after an entry of the ledger that no comparison has seen."""
        since = 0 if until is None else to_microseconds(until)
        bounds = {"after": after, "until": since}
        count, amount = self._connection.execute(_UNCOMPARED, bounds).one()
        return TenderSum(count, Won(amount))

    def _receipts(self, bounds: Mapping[str, int]) -> dict[str, TenderSum]:
        sums = {one: TenderSum() for one in ReceiptOutcome}
        for state, count, amount in self._connection.execute(_RECEIPTS, bounds):
            outcome = outcome_of(ReceiptState(state))
            if outcome is not None:
                before = sums[outcome]
                sums[outcome] = TenderSum(before.count + count, before.amount + Won(amount))
        return {one.value: found for one, found in sums.items()}


def _plus(facts: Mapping[LedgerEvent, TenderSum], *events: LedgerEvent) -> TenderSum:
    found = [facts[event] for event in events if event in facts]
    return TenderSum(sum(one.count for one in found), sum((one.amount for one in found), ZERO))
