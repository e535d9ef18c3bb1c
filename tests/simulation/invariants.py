"""Invariants of a shop at every moment, and at the end of a day.

``Inspector.check`` compares the file with PortOne's books after each step. In between, the file may
lag behind the books by payments not yet polled, by cancels in the console, and by open refunds; by
nothing else, and it is never ahead of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from posapp.domain.ledger import ChainVerifier, LedgerEntry, LedgerEvent
from posapp.domain.merchant_numbers import TAG
from posapp.domain.money import Won
from posapp.domain.refund_evidence import ItemPieces
from posapp.sandbox.records import Cancellation
from posapp.store.files.ledger_check import verify_ledger
from tests.fakes.till import STOCK
from tests.simulation.drawers import Drawers, check_receipts, check_receipts_over
from tests.simulation.shop import OPEN, Shop

IN_FLIGHT = ("SENDING", "UNKNOWN", "NEEDS_PERSON")


class DoubleRefund(AssertionError):
    """One intent returned its money twice."""


class Inspector:
    """Checks one shop repeatedly; keeps what cannot change."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._chain = ChainVerifier()
        self._moved: dict[str, list[tuple[LedgerEvent, int]]] = defaultdict(list)
        self._stopped: Counter[int] = Counter()
        self._refunded_externally: Counter[int] = Counter()
        self._paid: set[int | None] = set()
        self._cash: Counter[int | None] = Counter()
        self._seen: tuple[object, ...] = ()
        self._drawers = Drawers(shop.query)

    def check(self) -> None:
        """Check everything that holds at every moment."""
        payments = self.shop.books.payments()
        receipts = self.shop.sandbox.receipts.all()
        seen = (
            self.shop.query("PRAGMA data_version"),
            [id(each) for each in payments],
            [(one.merchant_uid, one.cancelled_at) for one in receipts],
        )
        if seen == self._seen:
            return
        self._seen = seen
        self.remember()
        self._kept = payments  # keeps the objects alive, so that no id above is reused
        self.check_no_double_refund()
        self._read_ledger()
        self._read_file()
        self._check_payments()
        self._check_refunds()
        self._check_items()
        self._check_orders()
        self._check_counter()
        self._check_cash()
        self._drawers.check()
        self._check_receipts()
        self._check_open_money()

    def remember(self) -> None:
        """Record what the file knows, for subclasses that need it later."""

    def check_no_double_refund(self) -> None:
        """Check that each tag of ours occurs once in PortOne's history, with its amount."""
        tags = [
            (line.reason[line.reason.index(TAG) :], line.amount)
            for payment in self.shop.books.payments()
            for line in payment.cancellations
            if TAG in line.reason
        ]
        meant = dict(self.shop.query("SELECT tag, amount FROM refunds")) if tags else {}
        for tag, count in Counter(tag for tag, _ in tags).items():
            if count > 1:
                raise DoubleRefund(f"{tag} went back {count} times")
        for tag, amount in tags:
            assert meant.get(tag) == amount, f"{tag}: {amount} won went back, not {meant.get(tag)}"

    def check_over(self) -> None:
        """Check what holds when faults have ended, everything is compared and nothing is due."""
        self.check()
        shop = self.shop
        assert verify_ledger(shop.path) == self._chain.rows
        self._compare_books()
        for refund in self._refunds:
            if refund.state in OPEN:
                self._check_stuck(refund)

    def check_counter_over(self) -> None:
        """Check that no order of the counter keeps its stock for nothing, once its time is over."""
        self.check()
        until = int(self.shop.clock.now().timestamp()) - 1_200
        kept = self.shop.query(KEPT_FOR_NOTHING, until * 1_000_000)
        assert not kept, f"orders {kept} keep their stock, and nobody pays them"
        check_receipts_over(self.shop.query)

    def _named_gap(self, imp_uid: str) -> int:
        """Won that PortOne holds more than the ledger says, and that a mismatch names."""
        query = "SELECT COALESCE(SUM(ledger_gap), 0) FROM mismatches WHERE imp_uid = ?"
        ((gap,),) = self.shop.query(query, imp_uid)
        return int(gap)

    def _compare_books(self) -> None:
        """Check that the ledger and PortOne's books agree, payment by payment."""
        shop = self.shop
        waiting = {
            row[0] for row in shop.query(f"SELECT imp_uid FROM refunds WHERE state IN {OPEN}")
        }
        named = False
        for payment in shop.books.payments():
            if not payment.paid_at:
                continue
            known = self._payments.get(payment.imp_uid)
            if known is None and self._is_named(payment.imp_uid):
                named = True
                continue
            assert known is not None, f"{payment.imp_uid} was paid, and the till knows nothing"
            if payment.imp_uid not in waiting:
                ours = sum(amount for _, amount in self._moved[payment.imp_uid])
                gap = self._named_gap(payment.imp_uid)
                ours += gap
                named = named or gap != 0
                assert ours == payment.balance, f"{payment.imp_uid}: {ours} ≠ {payment.balance}"
        if not waiting and not named:
            shop.till.check_books()

    def _is_line_of(self, line: Cancellation, refund: RefundRow) -> bool:
        """Whether the origin is right: the till's refunds carry a tag, external cancels do not."""
        return (TAG in line.reason) == (refund.origin != "ELSEWHERE")

    def _may_lack(self, imp_uid: str, line: Cancellation) -> bool:
        """Whether the file may lack the refund of ours that made this line."""
        return False

    def _is_named(self, imp_uid: str) -> bool:
        """Whether an open mismatch names this payment: no rule could decide it."""
        return bool(
            self.shop.query(
                "SELECT 1 FROM mismatches WHERE imp_uid = ? AND settled_at IS NULL", imp_uid
            )
        )

    # Reading.

    def _read_ledger(self) -> None:
        (rows,) = self.shop.query("SELECT seq FROM ledger_head")[0]
        if rows == self._chain.rows:
            return
        for row in self._rows(self._chain.rows):
            fault = self._chain.verify_next(row)
            assert fault is None, fault
            entry = row.entry
            if entry.amount:
                self._moved[entry.imp_uid].append((entry.event, int(entry.amount)))
            if entry.event in (LedgerEvent.CASH_RECEIVED, LedgerEvent.CASH_RETURNED):
                self._cash[entry.order_id] += int(entry.amount)
            if entry.event is LedgerEvent.PAYMENT_CAPTURED:
                self._paid.add(entry.order_id)
            if entry.event is LedgerEvent.ITEM_CANCELLED:
                # Of a paid order: others had returned its money, or it was of 0 won.
                was_paid = entry.order_id in self._paid or self._cash[entry.order_id] > 0
                (self._refunded_externally if was_paid else self._stopped)[entry.item_id] += 1
        assert self._chain.rows == rows

    def _rows(self, after: int) -> Sequence[LedgerEntry]:
        """The ledger's rows after that one."""
        with self.shop.till.store.snapshot() as uow:
            return uow.ledger.rows(after, 10_000)

    def _read_file(self) -> None:
        reading = self.shop.query
        self._payments = {row[0]: row[1:] for row in reading(PAYMENTS)}
        self._refunds = [RefundRow(*row) for row in reading(REFUNDS)]
        self._by_payment = {
            imp_uid: list(those) for imp_uid, those in groupby(self._refunds, attrgetter("imp_uid"))
        }
        self._items = reading(ITEMS)
        self._exchanged = Counter(dict(reading(EXCHANGED)))
        self._kept_cash = Counter(dict(reading(KEPT_CASH)))

    # Comparing.

    def _check_payments(self) -> None:
        for imp_uid, (order_id, amount, status) in self._payments.items():
            booked = self.shop.books.payment(imp_uid)
            assert booked is not None and booked.captured == amount
            facts = self._moved[imp_uid]
            captured = [won for fact, won in facts if won > 0]
            assert captured == [amount], f"{imp_uid} of order {order_id}: {facts}"
            if status == "REJECTED":
                back = sum(r.amount for r in self._of(imp_uid) if r.state != "REFUSED")
                known = {r.cancellation_id for r in self._of(imp_uid)}
                # Recorded with the next reading; until then nothing is left to send for it.
                unseen = sum(
                    line.amount
                    for line in booked.cancellations
                    if line.cancellation_id not in known and TAG not in line.reason
                )
                assert back in (amount, amount - unseen), (
                    f"rejected {imp_uid}: {back} of {amount} is on its way back"
                )

    def _check_refunds(self) -> None:
        for imp_uid, refunds in self._by_payment.items():
            booked = self.shop.books.payment(imp_uid)
            lines = {line.cancellation_id: line for line in booked.cancellations}
            done = [one for one in refunds if one.state == "CONFIRMED"]
            ids = [one.cancellation_id for one in done]
            assert len(set(ids)) == len(ids), "one cancel, counted twice"
            for one in done:
                line = lines.get(one.cancellation_id)
                assert line is not None, f"{one.tag} is confirmed, and PortOne has no such cancel"
                assert line.amount == one.amount
                self._check_kind(one, line)
                assert self._is_line_of(line, one) or self._is_named(imp_uid), one.tag
            out = -sum(won for _, won in self._moved[imp_uid] if won < 0)
            assert out == sum(one.amount for one in done), "ledger and refunds differ"
            alive = sum(one.amount for one in refunds if one.state != "REFUSED")
            assert alive <= booked.captured, f"{alive} of {booked.captured} is to go back"
            flying = [one.tag for one in refunds if one.state in IN_FLIGHT]
            assert len(flying) <= 1, f"in flight at once: {flying}"
            state_of = {one.tag: one.state for one in refunds}
            for line in booked.cancellations:
                if TAG in line.reason and line.cancellation_id not in ids:
                    state = state_of.get(line.reason[line.reason.index(TAG) :])
                    if state is None and self._may_lack(imp_uid, line):
                        continue
                    assert state in OPEN, f"the money of {imp_uid} went, and the refund is {state}"

    def _check_kind(self, refund: RefundRow, line: Cancellation) -> None:
        """Check that what went back free of tax is what the refund says. Beside a cancel elsewhere
        it may be of another kind: PortOne does not say which that took."""
        booked = self.shop.books.payment(refund.imp_uid)
        is_alone = all(TAG in one.reason for one in booked.cancellations)
        assert line.tax_free == refund.tax_free or refund.origin != "ITEM" or not is_alone, (
            f"{refund.tag}: {line.tax_free} won are free of tax, not {refund.tax_free}"
        )

    def _check_items(self) -> None:
        refunds = defaultdict(list)
        for one in self._refunds:
            if one.item_id is not None:
                refunds[one.item_id].append(one.state)
        left: Counter[int] = Counter()
        stocks: dict[int, int] = {}
        for item_id, _, status, count, _, stock, product, sold in self._items:
            done = refunds[item_id].count("CONFIRMED")
            alive = len(refunds[item_id]) - refunds[item_id].count("REFUSED")
            assert alive <= 1, f"item {item_id} goes back twice"
            stopped = self._stopped[item_id]
            ended = 1 if status == "CANCEL" else 0
            back = self._refunded_externally[item_id]
            assert done + stopped + back == ended, f"item {item_id} {status}: {done=} {stopped=}"
            # An order of a file took nothing off the stock.
            left[product] += (ended - sold - self._exchanged[item_id]) * count
            stocks[product] = stock
        for product, stock in stocks.items():
            right = STOCK + left[product]
            assert stock == right, f"stock of product {product}: {stock}, not {right}"
        divided = self.shop.query(DIVIDED)
        assert not divided, f"pieces of {divided} were made or lost"

    def _check_orders(self) -> None:
        accepted: Counter[int] = Counter()
        worth: dict[int, int] = {}
        for order_id, amount, status in self._payments.values():
            if status == "ACCEPTED":
                accepted[order_id] += 1
                worth[order_id] = amount
        for order_id, items in groupby(self._items, key=lambda row: row[1]):
            rows = list(items)
            assert accepted[order_id] <= 1, f"money twice for order {order_id}"
            states = {row[2] for row in rows} - {"CANCEL"}
            if order_id in accepted or self._kept_cash[order_id]:
                assert "WAITING_FOR_PAYMENT" not in states
                sold = sum(row[4] for row in rows if not self._stopped[row[0]])
                paid = worth.get(order_id, 0) + self._kept_cash[order_id]
                assert sold == paid, f"order {order_id} is paid with another amount"
            else:
                assert states <= {"WAITING_FOR_PAYMENT"}, f"order {order_id} is paid with nothing"

    def _check_counter(self) -> None:
        """Check that each cart that was ordered is one order, with its discount in the ledger."""
        assert self.shop.query(CARTS) == self.shop.query(COUNTERS), "a cart is no order, or several"
        assert self.shop.query(DISCOUNTS) == [], "a discount, and no fact of it"
        assert self.shop.query(UNNUMBERED) == [], "a paid sale without a receipt number"
        for beginning, count, last in self.shop.query(NUMBERS):
            assert count == last, f"receipts {beginning}: {count} of {last}"

    def _check_cash(self) -> None:
        """Check that the ledger says of each drawer what the tables say, that none owes anything,
        and that no order gets more cash back than it brought."""
        for number, opened, by_ledger in self.shop.query(DRAWERS):
            ((tenders,),) = self.shop.query(TENDERS_OF, number)
            ((moves,),) = self.shop.query(MOVES_OF, number)
            ((back,),) = self.shop.query(REFUNDS_OF, number)
            ((returned,),) = self.shop.query(RETURNED_OF, f"shift:{number}")
            right = opened + tenders + moves - back - returned
            assert by_ledger == right, f"drawer {number}: {by_ledger}, not {right}"
            assert by_ledger >= 0, f"drawer {number} owes {-by_ledger}"
        assert self.shop.query(CASH_BEYOND) == [], "more cash went back than came"
        assert self.shop.query(CASH_UNPAID) == [], "cash waits beside a paid order"

    def _check_receipts(self) -> None:
        check_receipts(self.shop.query, self.shop.sandbox.receipts.all())

    def _check_open_money(self) -> None:
        for one in self._refunds:
            if one.origin == "ELSEWHERE":
                assert one.outbox is None
            elif one.state in OPEN:
                assert one.outbox in ("WAITING", "CLAIMED", "ABANDONED"), f"{one.tag} is forgotten"
                if one.outbox == "ABANDONED":
                    assert one.state == "NEEDS_PERSON", f"{one.tag} {one.state} is not tried again"

    def _check_stuck(self, refund: RefundRow) -> None:
        """Check that the refund is on the list of unresolved money, and for a valid reason."""
        listed = {
            row.refund.id: row.refund.state
            for row in self.shop.till.unresolved_money_service.refunds()
        }
        assert refund.id in listed, f"{refund.tag} is stuck and has no name"
        if self._is_named(refund.imp_uid):
            return  # nothing is sent for it before the mismatch is explained
        competing = [each for each in self._of(refund.imp_uid) if each.state == "NEEDS_PERSON"]
        assert competing, f"{refund.tag} {refund.state} waits for nothing"
        (stuck,) = competing
        known = {
            each.cancellation_id
            for each in self._of(refund.imp_uid)
            if each.origin != "ELSEWHERE"  # an external cancel may be this money nevertheless
        }
        booked = self.shop.books.payment(refund.imp_uid)
        named = (one.imp_uid for one in self.shop.till.unresolved_money_service.mismatches())
        assert refund.imp_uid in named or any(
            self._may_be(stuck, line.amount) and line.cancellation_id not in known
            for line in booked.cancellations
        ), f"{stuck.tag} needs a person for nothing"

    def _may_be(self, refund: RefundRow, amount: int) -> bool:
        """Return whether this is the refund's amount, or the price of some pieces of its item."""
        of_item = self.shop.query(ORDERED, refund.item_id)
        return amount == refund.amount or any(
            ItemPieces(Won(price), ordered, discount=Won(off)).may_come_to(Won(amount))
            for price, ordered, off in of_item
        )

    def _of(self, imp_uid: str) -> list[RefundRow]:
        return self._by_payment.get(imp_uid, [])


class RefundRow:
    __slots__ = (
        *("id", "imp_uid", "item_id", "origin", "amount", "tag", "state"),
        *("cancellation_id", "outbox", "tax_free"),
    )

    def __init__(self, *values: object) -> None:
        for name, value in zip(self.__slots__, values, strict=True):
            setattr(self, name, value)


PAYMENTS = "SELECT imp_uid, order_id, amount, standing FROM payments"
REFUNDS = """SELECT r.id, r.imp_uid, r.item_id, r.origin, r.amount, r.tag, r.state,
  r.cancellation_id, o.state, r.tax_free
FROM refunds r LEFT JOIN outbox o ON o.refund_id = r.id ORDER BY r.imp_uid, r.id"""
ITEMS = """SELECT i.id, i.order_id, i.status, i.count, i.price * i.count - i.discount, p.stock,
  p.id, o.counter
FROM order_items i JOIN products p ON p.id = i.product_id JOIN orders o ON o.id = i.order_id
ORDER BY i.order_id, i.id"""
CARTS = "SELECT order_id FROM carts WHERE state = 'ORDERED' ORDER BY order_id"
COUNTERS = "SELECT id FROM orders WHERE counter ORDER BY id"
DISCOUNTS = """SELECT o.id FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.counter
GROUP BY o.id HAVING sum(i.discount) <> coalesce((SELECT CAST(l.reference AS INTEGER)
  FROM ledger l WHERE l.order_id = o.id AND l.fact = 'DISCOUNT_GIVEN'), 0)"""
UNNUMBERED = """SELECT o.id FROM orders o WHERE (o.receipt_no IS NULL) = (o.counter AND (EXISTS
  (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.standing = 'ACCEPTED')
  OR EXISTS (SELECT 1 FROM cash_tenders c WHERE c.order_id = o.id AND c.state = 'KEPT')))"""
NUMBERS = """SELECT substr(receipt_no, 1, 10), count(*),
  max(CAST(substr(receipt_no, 11) AS INTEGER))
FROM orders WHERE receipt_no IS NOT NULL GROUP BY 1"""
KEPT_FOR_NOTHING = """SELECT o.id FROM orders o WHERE o.counter AND o.is_open
AND o.created_at < ?
AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.order_id = o.id AND a.next_check_at IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM cash_tenders c WHERE c.order_id = o.id AND c.state = 'RECEIVED')
AND NOT EXISTS (SELECT 1 FROM mismatches m JOIN attempts a ON a.merchant_uid = m.merchant_uid
  WHERE a.order_id = o.id AND m.settled_at IS NULL)"""
KEPT_CASH = "SELECT order_id, sum(amount) FROM cash_tenders WHERE state = 'KEPT' GROUP BY order_id"
DRAWERS = """SELECT s.id, s.opening_float, (SELECT coalesce(sum(l.amount), 0) FROM ledger l
  WHERE l.reference = 'shift:' || s.id AND (l.fact LIKE 'CASH%' OR l.fact LIKE 'SHIFT%'))
FROM shifts s WHERE s.closed_at IS NULL"""
TENDERS_OF = "SELECT coalesce(sum(amount), 0) FROM cash_tenders WHERE shift_id = ?"
MOVES_OF = """SELECT coalesce(sum(CASE kind WHEN 'IN' THEN amount ELSE -amount END), 0)
FROM cash_moves WHERE shift_id = ?"""
REFUNDS_OF = "SELECT coalesce(sum(amount), 0) FROM cash_refunds WHERE shift_id = ?"
RETURNED_OF = """SELECT coalesce(-sum(amount), 0) FROM ledger
WHERE fact = 'CASH_RETURNED' AND reference = ?"""
CASH_BEYOND = """SELECT order_id FROM cash_refunds r WHERE state <> 'DROPPED' GROUP BY order_id
HAVING sum(amount - replaced) > (SELECT coalesce(sum(t.amount), 0) FROM cash_tenders t
  WHERE t.order_id = r.order_id AND t.state = 'KEPT')"""
CASH_UNPAID = """SELECT t.order_id FROM cash_tenders t JOIN order_items i ON i.order_id = t.order_id
WHERE t.state = 'RECEIVED' AND i.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')"""
DIVIDED = """SELECT i.id FROM order_items i WHERE i.part_of IS NULL AND (
  i.first_count <>
    i.count + (SELECT coalesce(sum(p.count), 0) FROM order_items p WHERE p.part_of = i.id)
  OR i.first_discount <>
    i.discount + (SELECT coalesce(sum(p.discount), 0) FROM order_items p WHERE p.part_of = i.id))"""
ORDERED = """SELECT i.price, coalesce(w.first_count, i.first_count),
  coalesce(w.first_discount, i.first_discount)
FROM order_items i LEFT JOIN order_items w ON w.id = i.part_of WHERE i.id = ?"""
EXCHANGED = """SELECT item_id, count(*) FROM requests
WHERE kind = 'EXCHANGE' AND state = 'OK' GROUP BY item_id"""
