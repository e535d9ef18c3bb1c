"""Who watches a shop from outside of its file: what was ever approved is remembered, also when an
older copy takes the place of the file that knew it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from posapp.domain.ledger import ChainCheck, LedgerEntry
from posapp.domain.numbers import PREFIX, item_in, tag_at_end
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.sandbox.records import Cancellation, Payment
from posapp.services.reconciling import COMPARED_WIDE
from tests.simulation.invariants import IN_FLIGHT, DoubleRefund, Inspector, RefundRow
from tests.simulation.program import TILL_CODE
from tests.simulation.shop import OPEN

if TYPE_CHECKING:
    from tests.simulation.week import Week

RETURNED = "[RF-0-"
"""How the tag of a payment begins that was sent back as a whole."""


class Witness(Inspector):
    """Looks at a week; see ``Inspector``.

    Attributes:
        approved: every refund that was ever approved: won by tag.
    """

    def __init__(self, week: Week) -> None:
        super().__init__(week)
        self._week = week
        self.approved: dict[str, int] = {}
        self._since: object = None
        self._went_back_at = 0
        self._accepted: set[str] = set()
        self._named: set[tuple[object, ...]] = set()

    @property
    def is_behind(self) -> bool:
        """The file is an older one, and was not compared with PortOne's books yet."""
        return self._since is not None and not self._was_compared()

    @property
    def waits(self) -> bool:
        """Nothing may be done twice yet: the file was not compared as far as that can be. A payment
        that nobody can read holds up no other one."""
        if self._since is None:
            return False
        ((since,),) = self._week.look("SELECT behind_since FROM lineage")
        return self._week.program is self._since or since is not None

    def _was_compared(self) -> bool:
        """With everything, not with the last hour only: the journal tells a start whether the file
        went back, unless the power went before that was written."""
        week = self._week
        wide = week.look("SELECT at FROM milestones WHERE name = ?", COMPARED_WIDE)
        return (
            week.program is not self._since
            and week.till.board.standing.may_send
            and bool(wide)
            and wide[0][0] >= self._went_back_at
        )

    def _may_lack(self, imp_uid: str, line: Cancellation) -> bool:
        """While a refund of a payment is not known yet, nobody can say whose its cancels are; and
        what a lost file had sent may be carried out when this one has looked everywhere already: it
        looks once more when nothing can land any more."""
        if self.is_behind or self._went_back_at == 0:
            return self.is_behind
        ((wide,),) = self._week.look("SELECT at FROM milestones WHERE name = ?", COMPARED_WIDE)
        return line.cancelled_at * 1_000_000 >= wide or any(
            one.state in IN_FLIGHT for one in self._of(imp_uid)
        )

    def _rows(self, after: int) -> Sequence[LedgerEntry]:
        with self._week.beside.reading() as uow:
            return uow.ledger.rows(after, 10_000)

    def remember(self) -> None:
        """Take down what the file knows, before it is gone or changed."""
        truth = self._week.truth
        truth.attempted.update(one for (one,) in self._week.look("SELECT order_id FROM attempts"))
        truth.decided.update(one for (one,) in self._week.look(DECIDED))
        for tag, amount in self._week.look(
            "SELECT tag, amount FROM refunds WHERE origin <> 'ELSEWHERE'"
        ):
            assert self.approved.setdefault(tag, amount) == amount, f"{tag} is another amount now"

    def begin_again(self) -> None:
        """The file is another one now."""
        self._chain = ChainCheck()
        self._moved = defaultdict(list)
        self._stopped = Counter()
        self._back_elsewhere = Counter()
        self._paid = set()
        self._seen = ()
        self._named.clear()
        self._since = self._week.program
        self._went_back_at = int(self._week.clock.unix()) * 1_000_000

    def check(self) -> None:
        if self._since is not None and self._was_compared():
            self._since = None
        super().check()
        self._check_standings()
        if self._week.pace.eventful:
            self._check_named()

    # What was done just now.

    def cancelled(self, order_id: int, *, behind: bool) -> None:
        """주문취소 of an item that waited for payment."""
        lost = behind and order_id in self._week.truth.attempted
        assert not lost, f"order {order_id}, which had a QR, is cancelled in a file that is behind"

    def decided(self, requests: Sequence[int], *, behind: bool) -> None:
        """승인 or 거부."""
        again = self._week.truth.decided.intersection(requests) if behind else ()
        assert not again, f"requests {again} are decided again in a file that is behind"
        self._week.truth.decided.update(requests)

    def handed_over(self, item: OrderItem, *, behind: bool) -> None:
        """A step of the goods on their way; the last ones take them out of the shop."""
        if item.status not in GONE:
            return
        truth = self._week.truth
        again = behind and item.id in truth.delivered
        assert not again, f"item {item.id} leaves the shop again, in a file that is behind"
        truth.delivered.add(item.id)
        if self._week.pace.eventful:
            self._check_goods(item.order_id)

    def _check_goods(self, order_id: int) -> None:
        """Goods handed over ≤ money kept, as far as the records know; and nothing of a difference
        that nobody has explained."""
        ((kept, open_ones, explained),) = self._week.look(KEPT, order_id, order_id, order_id)
        assert not open_ones, f"goods of order {order_id} leave, whose money is in doubt"
        ((goods,),) = self._week.look(GOODS, order_id)
        assert goods <= kept or explained, f"order {order_id}: goods of {goods}, and {kept} is kept"

    def check_over(self) -> None:
        super().check_over()
        kept = {tag for (tag,) in self._week.look("SELECT tag FROM refunds")}
        named = "".join(
            evidence for (evidence,) in self._week.look("SELECT evidence FROM mismatches")
        )
        for intent in self._week.program.journal.without_end():
            assert intent.tag in kept or intent.tag in named, f"{intent.tag} is lost"

    def _compare_books(self) -> None:
        """The ledger and PortOne's books agree, but for what a mismatch names, to the won."""
        look = self._week.look
        gaps = dict(look("SELECT imp_uid, sum(ledger_gap) FROM mismatches GROUP BY imp_uid"))
        waiting = {row[0] for row in look(f"SELECT imp_uid FROM refunds WHERE state IN {OPEN}")}
        for payment in self._week.books.payments():
            one = payment.imp_uid
            known = one in self._payments
            ours = known or payment.merchant_uid.startswith(f"{PREFIX}{TILL_CODE}-")
            if not payment.paid_at or not ours or one in waiting:
                continue
            assert known or one in gaps, f"{one} was paid, and the till knows nothing"
            gap = payment.balance - sum(amount for _, amount in self._moved[one])
            named = gaps.get(one, 0)
            # What was explained is not taken back when PortOne says otherwise later.
            assert gap in (0, named), (
                f"{one}: PortOne holds {gap} more than the ledger, named: {named}"
            )

    def _is_line_of(self, line: Cancellation, refund: RefundRow) -> bool:
        """Also what somebody did in the console instead; a tag that PortOne did not show whole is
        none; and what fits nothing in an older file was named, and may be explained by now."""
        return (
            super()._is_line_of(line, refund)
            or refund.item_id in self._week.truth.meant.values()
            or self._week.misfortunes.struck["reasons"] > 0
            or bool(
                self._week.look(
                    "SELECT 1 FROM mismatches WHERE imp_uid = ? AND kind = 'LOST_REFUND'",
                    refund.imp_uid,
                )
            )
        )

    def _check_named(self) -> None:
        """What was named stays until a person has explained it."""
        rows = self._week.look("SELECT kind, merchant_uid, imp_uid, settled_at FROM mismatches")
        there = {row[:3] for row in rows}
        for one in self._named - there:
            raise AssertionError(f"{one} was named, and is gone")
        truth = self._week.truth
        for *one, settled_at in rows:
            self._named.add(tuple(one))
            explained = tuple(one) in truth.explained or one[2] in truth.answered
            assert settled_at is None or explained, f"{one}: nobody explained it"

    def _check_standings(self) -> None:
        """What was sold stays sold: money that was accepted once is not sent back as a whole, not
        by an older file either; unless that one had sold the order again before it compared, or
        somebody else had cancelled a part; and what such a file had sent back stays back."""
        rows = self._week.look("SELECT imp_uid, order_id, standing FROM payments")
        sold = {order for _, order, standing in rows if standing == "ACCEPTED"}
        for imp_uid, order, standing in rows:
            if standing == "ACCEPTED":
                self._accepted.add(imp_uid)
            elif imp_uid in self._accepted and order not in sold and self._is_sent_back(imp_uid):
                payment = self._week.books.payment(imp_uid)
                ((at,),) = self._week.look(
                    "SELECT at FROM ledger WHERE imp_uid = ? AND fact = 'PAYMENT_REJECTED'", imp_uid
                )
                assert any(
                    not tag_at_end(line.reason)
                    or (
                        tag_at_end(line.reason).startswith(RETURNED)
                        and line.cancelled_at < at / 1e6
                    )
                    for line in payment.cancellations
                ), f"{imp_uid} was accepted, and is rejected now"

    def _is_sent_back(self, imp_uid: str) -> bool:
        """All that is left of it has gone back, or is on its way."""
        return bool(
            self._week.look(
                "SELECT 1 FROM refunds WHERE imp_uid = ? AND origin = 'REJECTED_PAYMENT'"
                " AND state <> 'REFUSED'",
                imp_uid,
            )
        )

    def check_no_double_refund(self) -> None:
        """Each tag, and each item of a payment, is once in PortOne's history, with what was
        approved."""
        tags: Counter[str] = Counter()
        for payment in self._week.books.payments():
            items: Counter[int] = Counter()
            for line in payment.cancellations:
                tag = tag_at_end(line.reason)
                if not tag:
                    continue
                tags[tag] += 1
                item = item_in(tag)
                if item is not None:
                    items[item] += 1
                if tags[tag] > 1 or (item is not None and items[item] > 1):
                    raise DoubleRefund(f"{tag} of {payment.imp_uid} went back twice")
                meant = self.approved.get(tag)
                assert meant is not None, f"{tag} went back, and nobody approved it"
                assert meant == line.amount, f"{tag}: {line.amount} went back, not {meant}"
            if self._week.pace.eventful:
                self._check_items_of(payment)

    def _check_items_of(self, payment: Payment) -> None:
        """No item goes back by more than its total, whoever sent it; but what the console took by
        itself afterwards, or while the till's money was on its way, is no fault of the till's."""
        truth = self._week.truth
        for item, lines in truth.items_of(payment.cancellations).items():
            taken = [line for line in lines if truth.is_console(line)]
            for line in lines:
                if taken and not truth.is_console(line):
                    sent = truth.sent_at.get(tag_at_end(line.reason), 0)
                    before = [one for one in taken if truth.made_at[one.cancellation_id] < sent]
                    if before:
                        raise DoubleRefund(f"item {item} of {payment.imp_uid} went back twice")


GONE = (ItemStatus.SHIPPING, ItemStatus.DELIVERY_COMPLETE)
DECIDED = "SELECT id FROM requests WHERE state <> 'WAIT'"
GOODS = """SELECT coalesce(sum(price * count), 0) FROM order_items
WHERE order_id = ? AND status IN ('SHIPPING', 'DELIVERY_COMPLETE')"""
KEPT = """SELECT (SELECT coalesce(sum(l.amount), 0) FROM ledger l JOIN payments p
    ON p.imp_uid = l.imp_uid WHERE p.order_id = ? AND p.standing = 'ACCEPTED'),
  (SELECT count(*) FROM mismatches m JOIN payments p ON p.imp_uid = m.imp_uid
    WHERE p.order_id = ? AND p.standing = 'ACCEPTED' AND m.settled_at IS NULL),
  (SELECT count(*) FROM mismatches m JOIN payments p ON p.imp_uid = m.imp_uid
    WHERE p.order_id = ? AND p.standing = 'ACCEPTED' AND m.settled_at IS NOT NULL)"""
