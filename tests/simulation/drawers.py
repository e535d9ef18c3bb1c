"""Invariants of drawers, Z reports and cash receipts, for both simulations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Any

from posapp.domain.cash_receipts import AT_PORTONE, SEALED_STATES, ReceiptState
from posapp.domain.ledger import GENESIS
from posapp.domain.z_addenda import addendum_hash
from posapp.domain.z_reports import z_hash
from posapp.sandbox.records import CashReceipt

Query = Callable[..., list[tuple]]
AT_WORK = frozenset(
    {
        *(ReceiptState.SENDING, ReceiptState.UNKNOWN, ReceiptState.CANCELLING),
        *(ReceiptState.CANCEL_UNKNOWN,),
    }
)
"""States in which a receipt is not once nothing is due any more."""


class Drawers:
    """Checks the closed shifts of one file; a report is reckoned again once."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._reckoned = 0

    def check(self) -> None:
        """Check that each closed shift has one report, the next one, of all since the one before,
        and that its drawer comes to nothing."""
        reports = self._query(REPORTS)
        numbers = [row[0] for row in reports]
        assert numbers == list(range(1, len(reports) + 1)), f"Z reports {numbers} have a gap"
        closed = self._query(CLOSED)
        assert [row[:2] for row in reports] == [row[:2] for row in closed], "shifts and reports"
        after, previous = 0, GENESIS
        for (z_no, shift, body, digest, before), (_, _, counted, expected) in zip(
            reports, closed, strict=True
        ):
            assert (before, digest) == (previous, z_hash(z_no, body, before)), f"Z {z_no} changed"
            content = json.loads(body)
            assert content["from_seq"] == after, f"Z {z_no} begins at {content['from_seq']}"
            ((left,),) = self._query(OF_SHIFT, f"shift:{shift}")
            assert left == 0, f"the entries of closed shift {shift} come to {left} won"
            if z_no > self._reckoned:
                assert (content["expected"], content["counted"]) == (expected, counted)
                assert content["over_short"] == counted - expected
                self._reckon(z_no, content)
            after, previous = content["to_seq"], digest
        self._reckoned = len(reports)
        self._check_addenda(reports)

    def _check_addenda(self, reports: list[tuple]) -> None:
        """Check that addenda are a chain without gap, each of a report that names that it was not
        compared, in the order of the reports."""
        bodies = {row[0]: (json.loads(row[2]), row[3]) for row in reports}
        before, last = GENESIS, 0
        for at, (number, z_no, body, digest, previous) in enumerate(self._query(ADDENDA), 1):
            assert (number, previous) == (at, before), f"addenda: {number} has not its place"
            assert digest == addendum_hash(number, body, before), f"addendum {number} changed"
            report, z_hash_of = bodies[z_no]
            kinds = {one["what"].partition(":")[0] for one in report["named"]}
            assert z_no > last and "NOT_COMPARED" in kinds, f"addendum {number} of Z {z_no}"
            assert json.loads(body)["z_hash"] == z_hash_of, f"addendum {number}: another Z {z_no}"
            before, last = digest, z_no

    def _reckon(self, z_no: int, content: dict[str, Any]) -> None:
        """Add the money of a report up from the ledger's entries, one after the other."""
        facts = self._query(FACTS, content["from_seq"], content["to_seq"])
        rejected = {row[0] for row in self._query(REJECTED)}

        def of(*events: str, without: Collection[str] = ()) -> list[int]:
            return [won for event, won, imp in facts if event in events and imp not in without]

        def both(won: list[int]) -> dict[str, int]:
            return {"count": len(won), "amount": sum(won)}

        right = {
            "paid": {"KAKAOPAY": both(of("PAYMENT_CAPTURED")), "CASH": both(of("CASH_RECEIVED"))},
            "refunded": {
                "KAKAOPAY": both(of("REFUND_CONFIRMED", "CANCELLED_ELSEWHERE", without=rejected)),
                "CASH": both(of("CASH_REFUNDED", "CASH_RETURNED")),
            },
            "cash": {
                "opening_float": sum(of("SHIFT_OPENED")),
                "sales": sum(of("CASH_RECEIVED", "CASH_RETURNED")),
                "refunds": sum(of("CASH_REFUNDED")),
                "paid_in": sum(of("CASH_PAID_IN")),
                "paid_out": sum(of("CASH_PAID_OUT")),
            },
            "drawer_openings": len(of("DRAWER_OPENED")),
        }
        for name, figure in right.items():
            assert content[name] == figure, f"Z {z_no}, {name}: {content[name]}, not {figure}"
        assert content["expected"] == sum(right["cash"].values()), f"Z {z_no}: expected cash"


def check_receipts(
    query: Query,
    held: Iterable[CashReceipt],
    lost: Collection[str] = frozenset(),
    *,
    is_restored: bool = False,
) -> None:
    """Check that PortOne has at most one valid receipt of an order, which the file knows with its
    amount, and that what is issued here is valid there.

    Args:
        lost: numbers of receipts that a file which is gone had made.
        is_restored: the file is an older copy, which another one went beyond.
    """
    known = {row[1]: row for row in query(RECEIPTS)}
    there = {one.merchant_uid: one for one in held}
    valid: Counter[int] = Counter()
    for number, one in there.items():
        if one.cancelled_at or number in lost:
            continue
        assert number in known, f"receipt {number} is issued, and nobody knows it"
        order_id, _, state, amount, tax_free, *_ = known[number]
        valid[order_id] += 1
        assert state in AT_PORTONE or is_restored, (
            f"receipt {number} is issued, and is {state} here"
        )
        assert (one.amount, one.tax_free) == (amount, tax_free), f"receipt {number}: another amount"
    twice = [order for order, count in valid.items() if count > 1]
    assert is_restored or not twice, f"several receipts of sales {twice} are valid"
    for order_id, number, state, _, _, approval, by_hand, is_sealed in known.values():
        assert not is_sealed or state in SEALED_STATES, f"the number of {number} is kept: {state}"
        if state == ReceiptState.ISSUED and not by_hand and not is_restored:
            one = there.get(number)
            assert one is not None and not one.cancelled_at, f"{number} of {order_id} is not there"
            assert one.apply_num == approval


def check_receipts_over(query: Query) -> None:
    """Check that nothing about receipts is under way, and that each that is issued is of what the
    shop has of its sale in cash."""
    for order_id, number, state, amount, tax_free, _, by_hand, _ in query(RECEIPTS):
        assert state not in AT_WORK, f"receipt {number} is still {state}"
        is_waiting = state in (ReceiptState.REQUESTED, ReceiptState.CANCEL_REQUESTED)
        assert by_hand or not is_waiting, f"receipt {number} waits for nothing: {state}"
        if state == ReceiptState.ISSUED:
            ((kept, kept_free),) = query(KEPT_OF, order_id)
            ((back, back_free),) = query(BACK_OF, order_id)
            right = (kept - back, kept_free - back_free)
            assert (amount, tax_free) == right, f"{number}: {amount}, not {right} of {order_id}"


ADDENDA = "SELECT number, z_no, body, hash, previous FROM z_addenda ORDER BY number"
REPORTS = "SELECT z_no, shift_id, body, hash, previous FROM z_reports ORDER BY z_no"
CLOSED = """SELECT z_no, id, counted, expected FROM shifts WHERE closed_at IS NOT NULL
ORDER BY z_no"""
OF_SHIFT = """SELECT coalesce(sum(amount), 0) FROM ledger
WHERE reference = ? AND (fact LIKE 'CASH%' OR fact LIKE 'SHIFT%')"""
FACTS = "SELECT fact, amount, imp_uid FROM ledger WHERE seq > ? AND seq <= ? ORDER BY seq"
REJECTED = "SELECT imp_uid FROM ledger WHERE fact = 'PAYMENT_REJECTED'"
RECEIPTS = """SELECT order_id, own_no, state, amount, tax_free, approval_no, by_hand,
  sealed IS NOT NULL FROM cash_receipts ORDER BY id"""
KEPT_OF = """SELECT coalesce(sum(amount), 0), coalesce(sum(tax_free), 0) FROM cash_tenders
WHERE order_id = ? AND state = 'KEPT'"""
BACK_OF = """SELECT coalesce(sum(amount - replaced), 0),
  coalesce(sum(CASE tax_free WHEN 0 THEN 0 ELSE amount - replaced END), 0) FROM cash_refunds
WHERE order_id = ? AND state = 'PAID_OUT'"""
