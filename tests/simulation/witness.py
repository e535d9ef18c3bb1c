"""Who watches a shop from outside of its file: what was ever approved is remembered, also when an
older copy takes the place of the file that knew it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from posapp.domain.ledger import ChainCheck, LedgerEntry
from posapp.domain.numbers import item_in, tag_at_end
from posapp.services.reconciling import COMPARED_WIDE
from tests.simulation.invariants import IN_FLIGHT, DoubleRefund, Inspector

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

    @property
    def is_behind(self) -> bool:
        """The file is an older one, and was not compared with PortOne's books yet."""
        return self._since is not None and not self._was_compared()

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

    def _may_lack(self, imp_uid: str) -> bool:
        """While a refund of a payment is not known yet, nobody can say whose its cancels are."""
        waits = any(one.state in IN_FLIGHT for one in self._of(imp_uid))
        return self.is_behind or (self._went_back_at > 0 and waits)

    def _rows(self, after: int) -> Sequence[LedgerEntry]:
        with self._week.beside.reading() as uow:
            return uow.ledger.rows(after, 10_000)

    def remember(self) -> None:
        """Take down what the file knows, before it is gone or changed."""
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
        self._seen = ()
        self._since = self._week.program
        self._went_back_at = int(self._week.clock.unix()) * 1_000_000

    def check(self) -> None:
        if self._since is not None and self._was_compared():
            self._since = None
        super().check()
        self._check_standings()

    def check_over(self, hidden: frozenset[str] = frozenset()) -> None:
        super().check_over(hidden)
        kept = {tag for (tag,) in self._week.look("SELECT tag FROM refunds")}
        named = "".join(
            evidence for (evidence,) in self._week.look("SELECT evidence FROM mismatches")
        )
        for intent in self._week.program.journal.without_end():
            assert intent.tag in kept or intent.tag in named, f"{intent.tag} is lost"

    def _check_standings(self) -> None:
        """What was sold stays sold: money that was accepted once is not sent back as a whole, not
        by an older file either; unless that one had sold the order again before it compared, or
        somebody else had cancelled a part; and what such a file had sent back stays back."""
        rows = self._week.look("SELECT imp_uid, order_id, standing FROM payments")
        sold = {order for _, order, standing in rows if standing == "ACCEPTED"}
        for imp_uid, order, standing in rows:
            if standing == "ACCEPTED":
                self._accepted.add(imp_uid)
            elif imp_uid in self._accepted and order not in sold:
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
