"""An observer outside of the shop's file: it remembers everything that was ever approved, also when
an older copy replaces the file that knew it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from posapp.domain.ledger import ChainVerifier, LedgerEntry
from posapp.domain.merchant_numbers import PREFIX, item_id_of, part_of, trailing_tag
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.sandbox.records import Cancellation, Payment
from posapp.services.ports.checkpoints import FULLY_RECONCILED_UNTIL
from tests.simulation.drawers import Drawers, check_receipts
from tests.simulation.invariants import DoubleRefund, Inspector, RefundRow
from tests.simulation.program import TILL_CODE
from tests.simulation.shop import OPEN

if TYPE_CHECKING:
    from tests.simulation.scenario_week import ScenarioWeek

RETURNED = "[RF-0-"
"""Prefix of the tag of a full refund of a payment."""


class Oracle(Inspector):
    """Checks a week; see ``Inspector``.

    Attributes:
        approved: won of every refund ever approved, by tag.
    """

    def __init__(self, week: ScenarioWeek) -> None:
        super().__init__(week)
        self._week = week
        self.approved: dict[str, int] = {}
        self._since: object = None
        self._restored_at = 0
        self._accepted: set[str] = set()
        self._rejected_first: set[str] = set()
        self._named: set[tuple[object, ...]] = set()
        self._receipts: set[str] = set()

    @property
    def is_behind(self) -> bool:
        """Whether the file is an older one that was not compared with PortOne's books yet."""
        return self._since is not None and not self._was_compared()

    @property
    def waits(self) -> bool:
        """Whether the till must not act yet: the file was not compared as far as possible. An
        unreadable payment holds up no other one."""
        if self._since is None:
            return False
        ((since,),) = self._week.query("SELECT behind_since FROM lineage")
        return self._week.program is self._since or since is not None

    def _was_compared(self) -> bool:
        """Whether it was compared with everything, not with the last hour only: a start learns from
        the journal that the file is older, unless the power failed before that was written."""
        week = self._week
        wide = week.query("SELECT at FROM milestones WHERE name = ?", FULLY_RECONCILED_UNTIL)
        return (
            week.program is not self._since
            and week.till.status_store.status.may_send
            and bool(wide)
            and wide[0][0] >= self._restored_at
        )

    def _may_lack(self, imp_uid: str, line: Cancellation) -> bool:
        """Allow it while a refund of the payment may have been sent, because its cancels cannot be
        attributed before that is known; and while a send of a lost file may still be carried out
        after the comparison: the file is compared once more when no such send is left."""
        if self.is_behind or self._restored_at == 0:
            return self.is_behind
        ((wide,),) = self._week.query(
            "SELECT at FROM milestones WHERE name = ?", FULLY_RECONCILED_UNTIL
        )
        return line.cancelled_at * 1_000_000 >= wide or bool(self._week.query(MAY_BE_SENT, imp_uid))

    def _rows(self, after: int) -> Sequence[LedgerEntry]:
        with self._week.beside.snapshot() as uow:
            return uow.ledger.rows(after, 10_000)

    def remember(self) -> None:
        """Record what the file knows, before it is replaced or changed."""
        truth = self._week.truth
        truth.attempted.update(one for (one,) in self._week.query("SELECT order_id FROM attempts"))
        truth.decided.update(one for (one,) in self._week.query(DECIDED))
        for tag, amount in self._week.query(
            "SELECT tag, amount FROM refunds WHERE origin <> 'ELSEWHERE'"
        ):
            assert self.approved.setdefault(tag, amount) == amount, f"{tag} is another amount now"
        self._receipts.update(one for (one,) in self._week.query(OWN_NUMBERS))

    def _check_receipts(self) -> None:
        """Check receipts; those of a file that is gone, of which PortOne has no list, are not this
        one's. What an older file says of one may be old until the job has read it."""
        lost = self._receipts - {one for (one,) in self._week.query(OWN_NUMBERS)}
        held = self._week.sandbox.receipts.all()
        check_receipts(self._week.query, held, lost, is_restored=self._restored_at > 0)

    def begin_again(self) -> None:
        """Start anew on a replaced file."""
        self._chain = ChainVerifier()
        self._moved = defaultdict(list)
        self._stopped = Counter()
        self._refunded_externally = Counter()
        self._paid = set()
        self._cash = Counter()
        self._drawers = Drawers(self._week.query)
        self._seen = ()
        self._named.clear()
        self._since = self._week.program
        self._restored_at = int(self._week.clock.unix()) * 1_000_000

    def check(self) -> None:
        if self._since is not None and self._was_compared():
            self._since = None
        super().check()
        self._check_dispositions()
        if self._week.pace.eventful:
            self._check_named()

    # Actions that were just carried out.

    def cancelled(self, order_id: int, *, behind: bool) -> None:
        """Check 주문취소 of an item that waited for payment."""
        lost = behind and order_id in self._week.truth.attempted
        assert not lost, f"order {order_id}, which had a QR, is cancelled in a file that is behind"

    def decided(self, requests: Sequence[int], *, behind: bool) -> None:
        """Check 승인 or 거부."""
        again = self._week.truth.decided.intersection(requests) if behind else ()
        assert not again, f"requests {again} are decided again in a file that is behind"
        self._week.truth.decided.update(requests)

    def handed_over(self, item: OrderItem, *, behind: bool) -> None:
        """Check a step of a delivery; with the last steps the goods leave the shop."""
        if item.status not in GONE:
            return
        truth = self._week.truth
        again = behind and item.id in truth.delivered
        assert not again, f"item {item.id} leaves the shop again, in a file that is behind"
        truth.delivered.add(item.id)
        if self._week.pace.eventful:
            self._check_goods(item.order_id)

    def taken_back(self, item: OrderItem) -> None:
        """Note that a step was undone: goods that had left are in the shop again."""
        if item.status not in GONE:
            self._week.truth.delivered.discard(item.id)

    def _check_goods(self, order_id: int) -> None:
        """Check that goods handed over ≤ money kept, as far as the records know, and that no
        unexplained mismatch concerns the order."""
        ((kept, open_ones, explained),) = self._week.query(KEPT, *(order_id,) * 4)
        assert not open_ones, f"goods of order {order_id} leave, whose money is in doubt"
        ((goods,),) = self._week.query(GOODS, order_id)
        assert goods <= kept or explained, f"order {order_id}: goods of {goods}, and {kept} is kept"

    def check_over(self) -> None:
        super().check_over()
        kept = {tag for (tag,) in self._week.query("SELECT tag FROM refunds")}
        named = "".join(
            evidence for (evidence,) in self._week.query("SELECT evidence FROM mismatches")
        )
        for intent in self._week.program.journal.open_intents():
            assert intent.tag in kept or intent.tag in named, f"{intent.tag} is lost"

    def _compare_books(self) -> None:
        """Check that the ledger and PortOne's books agree to the won, but for named mismatches."""
        reading = self._week.query
        gaps = dict(reading("SELECT imp_uid, sum(ledger_gap) FROM mismatches GROUP BY imp_uid"))
        waiting = {row[0] for row in reading(f"SELECT imp_uid FROM refunds WHERE state IN {OPEN}")}
        for payment in self._week.books.payments():
            one = payment.imp_uid
            known = one in self._payments
            ours = known or payment.merchant_uid.startswith(f"{PREFIX}{TILL_CODE}-")
            if not payment.paid_at or not ours or one in waiting:
                continue
            assert known or one in gaps, f"{one} was paid, and the till knows nothing"
            gap = payment.balance - sum(amount for _, amount in self._moved[one])
            named = gaps.get(one, 0)
            # An explanation is not revoked when PortOne reports otherwise later.
            assert gap in (0, named), (
                f"{one}: PortOne holds {gap} more than the ledger, named: {named}"
            )

    def _is_line_of(self, line: Cancellation, refund: RefundRow) -> bool:
        """Accept also a cancel in the console instead of the refund; a tag that PortOne shows cut
        counts as none; a line that fits nothing in an older file was named, and may be explained.
        """
        return (
            super()._is_line_of(line, refund)
            or refund.item_id in self._week.truth.meant.values()
            or self._week.misfortunes.struck["reasons"] > 0
            or bool(
                self._week.query(
                    "SELECT 1 FROM mismatches WHERE imp_uid = ? AND kind = 'LOST_REFUND'",
                    refund.imp_uid,
                )
            )
        )

    def _check_named(self) -> None:
        """Check that each mismatch stays until a person has explained it."""
        rows = self._week.query("SELECT kind, merchant_uid, imp_uid, settled_at FROM mismatches")
        there = {row[:3] for row in rows}
        for one in self._named - there:
            raise AssertionError(f"{one} was named, and is gone")
        truth = self._week.truth
        for *one, recorded_at in rows:
            self._named.add(tuple(one))
            explained = tuple(one) in truth.explained or one[2] in truth.answered
            assert recorded_at is None or explained, f"{one}: nobody explained it"

    def _check_dispositions(self) -> None:
        """Check that a payment accepted once is not refunded as a whole, by an older file either;
        unless that file had sold the order again before it compared, or another person had
        cancelled a part. What such a file had refunded stays refunded, and what a file had rejected
        before another one accepted it stays rejected when that file is restored."""
        rows = self._week.query("SELECT imp_uid, order_id, standing FROM payments")
        sold = {order for _, order, status in rows if status == "ACCEPTED"}
        for imp_uid, order, status in rows:
            if status == "ACCEPTED":
                if imp_uid not in self._rejected_first:
                    self._accepted.add(imp_uid)
                continue
            if imp_uid not in self._accepted:
                self._rejected_first.add(imp_uid)
            elif order not in sold and self._is_sent_back(imp_uid):
                payment = self._week.books.payment(imp_uid)
                ((at,),) = self._week.query(
                    "SELECT at FROM ledger WHERE imp_uid = ? AND fact = 'PAYMENT_REJECTED'", imp_uid
                )
                assert any(
                    not trailing_tag(line.reason)
                    or (
                        trailing_tag(line.reason).startswith(RETURNED)
                        and line.cancelled_at < at / 1e6
                    )
                    for line in payment.cancellations
                ), f"{imp_uid} was accepted, and is rejected now"

    def _is_sent_back(self, imp_uid: str) -> bool:
        """Whether all that was left of it is refunded, or its refund is open."""
        return bool(
            self._week.query(
                "SELECT 1 FROM refunds WHERE imp_uid = ? AND origin = 'REJECTED_PAYMENT'"
                " AND state <> 'REFUSED'",
                imp_uid,
            )
        )

    def check_no_double_refund(self) -> None:
        """Check that each tag, and each item of a payment, is once in PortOne's history, with the
        approved amount."""
        tags: Counter[str] = Counter()
        totals = dict(self._week.query(TOTALS))
        for payment in self._week.books.payments():
            items: Counter[int] = Counter()
            wholes: Counter[int] = Counter()
            for line in payment.cancellations:
                tag = trailing_tag(line.reason)
                if not tag:
                    continue
                tags[tag] += 1
                item = item_id_of(tag)
                if item is not None:
                    items[item] += 1
                if tags[tag] > 1 or (item is not None and items[item] > 1):
                    raise DoubleRefund(f"{tag} of {payment.imp_uid} went back twice")
                part = part_of(tag)
                whole = item if part is None else part.of_item
                if whole is not None:
                    wholes[whole] += line.amount
                    if wholes[whole] > totals.get(whole, wholes[whole]):
                        raise DoubleRefund(f"more than item {whole} came to went back")
                meant = self.approved.get(tag)
                assert meant is not None, f"{tag} went back, and nobody approved it"
                assert meant == line.amount, f"{tag}: {line.amount} went back, not {meant}"
            if self._week.pace.eventful:
                self._check_items_of(payment)

    def _check_items_of(self, payment: Payment) -> None:
        """Check that no item is refunded by more than its total, by any sender; a cancel in the
        console afterwards, or while the till's refund was in flight, is no fault of the till."""
        truth = self._week.truth
        for item, lines in truth.items_of(payment.cancellations).items():
            taken = [line for line in lines if truth.is_console(line)]
            for line in lines:
                if taken and not truth.is_console(line):
                    sent = truth.sent_at.get(trailing_tag(line.reason), 0)
                    before = [one for one in taken if truth.made_at[one.cancellation_id] < sent]
                    if before:
                        raise DoubleRefund(f"item {item} of {payment.imp_uid} went back twice")


OWN_NUMBERS = "SELECT own_no FROM cash_receipts"
TOTALS = "SELECT id, price * first_count - first_discount FROM order_items WHERE part_of IS NULL"
GONE = (ItemStatus.SHIPPING, ItemStatus.DELIVERY_COMPLETE)
MAY_BE_SENT = """SELECT 1 FROM refunds WHERE imp_uid = ?
AND (state IN ('SENDING', 'UNKNOWN', 'NEEDS_PERSON') OR state = 'APPROVED' AND sends > 0)"""
DECIDED = "SELECT id FROM requests WHERE state <> 'WAIT'"
GOODS = """SELECT coalesce(sum(price * count - discount), 0) FROM order_items
WHERE order_id = ? AND status IN ('SHIPPING', 'DELIVERY_COMPLETE')"""
KEPT = """SELECT (SELECT coalesce(sum(l.amount), 0) FROM ledger l JOIN payments p
    ON p.imp_uid = l.imp_uid WHERE p.order_id = ? AND p.standing = 'ACCEPTED')
  + (SELECT coalesce(sum(amount), 0) FROM ledger WHERE order_id = ?
    AND fact IN ('CASH_RECEIVED', 'CASH_RETURNED', 'CASH_REFUNDED')),
  (SELECT count(*) FROM mismatches m JOIN payments p ON p.imp_uid = m.imp_uid
    WHERE p.order_id = ? AND p.standing = 'ACCEPTED' AND m.settled_at IS NULL),
  (SELECT count(*) FROM mismatches m JOIN payments p ON p.imp_uid = m.imp_uid
    WHERE p.order_id = ? AND p.standing = 'ACCEPTED' AND m.settled_at IS NOT NULL)"""
