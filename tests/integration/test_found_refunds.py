"""Refunds that PortOne's history shows and the records do not have: one item's, or all that was
left, beside open and confirmed ones for the same money."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import build_refund_tag, build_remainder_tag
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import ReportedCancellation
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.bookkeeping.external_cancellations import recorded_cancellation_ids
from posapp.services.bookkeeping.found_refunds import note_lost_lines
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.services.bookkeeping.restored_refunds import restore_refunds
from posapp.services.ports.outbox import MismatchKind
from posapp.services.refunds.unresolved_money import AssignmentResult
from tests.fakes.actors import STAFF
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.payments import payment_ref
from tests.fakes.till import SELLER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER, THIRD = 100, 101, 102
PAID, CANCELLED = ItemStatus.COMPLETE_PAYMENT, ItemStatus.CANCEL
APPROVED, UNKNOWN = RefundState.APPROVED, RefundState.UNKNOWN
CONFIRMED, REFUSED = RefundState.CONFIRMED, RefundState.REFUSED
REST = build_remainder_tag(build_refund_tag(None, "LOST"))


class Bent(BooksGateway):
    """Bends what is read."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.seen = lambda one: one

    def get_payment(self, ref):
        return self.seen(super().get_payment(ref))


@pytest.fixture
def till(tmp_path, clock):
    """An order of three items (5,000 + 3,000 + 2 × 1,000 won) is paid."""
    sandbox = Sandbox(clock=clock.unix)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=Bent(sandbox), make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (1000, 2)))
    till.imp_uid = till.paid_order(10)
    yield till
    till.close()


def ask(till: Till, item: int = ITEM, amount: int = 5000) -> Refund:
    return till.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def ask_for_rest(till: Till) -> Refund:
    """A seller said yes to sending back all that is left."""
    with till.store.transaction() as uow:
        refund = create_refund(
            uow,
            imp_uid=till.imp_uid,
            order_id=10,
            item_id=None,
            amount=Won(10_000),
            reason="품절",
            tag=build_remainder_tag(till.ids.refund_tag(None)),
            actor=Actor.seller(SELLER),
            now=till.clock.now(),
            covers=(ITEM, OTHER, THIRD),
        )
        uow.commit()
    return refund


def send_unclear(till: Till, refund: Refund) -> None:
    """Send it so that its result is unclear."""
    till.gateway.aimed["cancel"] = deque([Fault.LOST_BEFORE])
    till.work(1)
    assert state(till, refund) is UNKNOWN


def resolve(till: Till) -> None:
    till.reconcile_job._comparison.resolve(payment_ref(till.imp_uid))


def restore(till: Till) -> None:
    """While another refund's round is about to record the lines that it finds."""
    reported = till.gateway.get_payment(payment_ref(till.imp_uid))
    with till.store.transaction() as uow:
        payment = uow.payments.get(till.imp_uid)
        restore_refunds(
            uow, payment, reported, recorded_cancellation_ids(uow, reported), till.clock.now()
        )
        uow.commit()


def state(till: Till, refund: Refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def found(till: Till) -> list[tuple[tuple[int, ...], RefundOrigin, RefundState]]:
    with till.store.snapshot() as uow:
        refunds = uow.refunds.of_payment(till.imp_uid)
    return [(one.item_ids, one.origin, one.state) for one in refunds]


def statuses(till: Till) -> list[ItemStatus]:
    return [item.status for item in till.order(10).items]


def named(till: Till) -> list[tuple[MismatchKind, int, int, int]]:
    return [
        (one.kind, one.amount, one.goods_gap, one.ledger_gap)
        for one in till.unresolved_money_service.mismatches()
    ]


def is_queued(till: Till, refund: Refund) -> bool:
    with till.store.snapshot() as uow:
        return uow.outbox.get_pending(refund.id) is not None


def moved(till: Till) -> list[tuple[LedgerEvent, int]]:
    with till.store.snapshot() as uow:
        facts = [row.entry for row in uow.ledger.for_order(10)]
    return [(one.event, one.amount) for one in facts if one.amount < 0]


ITEM_REFUND = RefundOrigin.ITEM


# A line of all that was left.


def test_lost_rest_replaces_an_item_refund_that_was_never_sent(till):
    waits = ask(till, OTHER, 3000)
    till.books.console_cancel(till.imp_uid, 10_000, f"품절 {REST}")
    resolve(till)
    assert found(till) == [
        ((OTHER,), ITEM_REFUND, REFUSED),
        ((ITEM, OTHER, THIRD), ITEM_REFUND, CONFIRMED),
    ]
    assert not is_queued(till, waits)
    assert statuses(till) == [CANCELLED] * 3
    assert [till.stock_of(one) for one in (ITEM, OTHER, THIRD)] == [STOCK + n for n in (1, 1, 2)]
    assert named(till) == []
    till.pass_time(600)
    assert moved(till) == [(LedgerEvent.REFUND_CONFIRMED, -10_000)]
    assert till.ledger_balance() == till.portone_balance() == 0
    till.check_books()


def test_lost_rest_is_recorded_beside_an_item_refund_that_was_sent(till):
    sent = ask(till, OTHER, 3000)
    send_unclear(till, sent)
    till.books.console_cancel(till.imp_uid, 10_000, f"품절 {REST}")
    restore(till)
    assert found(till) == [((OTHER,), ITEM_REFUND, UNKNOWN)]
    assert statuses(till) == [PAID] * 3
    assert named(till) == [(MismatchKind.LOST_REFUND, 10_000, -10_000, 0)]


def test_lost_rest_is_restored_when_the_item_s_refund_cannot_be_sent(till):
    """Its own round finds no balance for it; then the line can belong only to the lost rest."""
    sent = ask(till, OTHER, 3000)
    send_unclear(till, sent)
    till.books.console_cancel(till.imp_uid, 10_000, f"품절 {REST}")
    till.pass_time(600)
    assert found(till) == [
        ((OTHER,), ITEM_REFUND, REFUSED),
        ((ITEM, OTHER, THIRD), ITEM_REFUND, CONFIRMED),
    ]
    assert statuses(till) == [CANCELLED] * 3
    assert moved(till) == [(LedgerEvent.REFUND_CONFIRMED, -10_000)]
    assert named(till) == []
    till.check_books()


def test_lost_rest_is_restored_after_a_lost_part_in_any_position(till):
    till.books.console_cancel(till.imp_uid, 5000, f"품절 {build_refund_tag(ITEM, 'PART')}")
    till.books.console_cancel(till.imp_uid, 5000, f"품절 {REST}")
    till.gateway.seen = lambda one: replace(one, history=one.cancellations[::-1])
    resolve(till)
    assert sorted(found(till)) == [
        ((ITEM,), ITEM_REFUND, CONFIRMED),
        ((OTHER, THIRD), ITEM_REFUND, CONFIRMED),
    ]
    assert statuses(till) == [CANCELLED] * 3
    assert named(till) == []
    till.check_books()


# A line of one item.


def test_lost_item_replaces_a_rest_that_was_never_sent(till):
    waits = ask_for_rest(till)
    till.books.console_cancel(till.imp_uid, 3000, f"품절 {build_refund_tag(OTHER, 'LOST')}")
    resolve(till)
    assert found(till) == [
        ((ITEM, OTHER, THIRD), ITEM_REFUND, REFUSED),
        ((OTHER,), ITEM_REFUND, CONFIRMED),
    ]
    assert not is_queued(till, waits)
    assert statuses(till) == [PAID, CANCELLED, PAID]
    assert named(till) == []
    till.pass_time(600)
    assert till.books.balance(till.imp_uid) == 7000
    assert moved(till) == [(LedgerEvent.REFUND_CONFIRMED, -3000)]
    till.check_books()


def test_lost_item_is_recorded_beside_a_rest_that_was_sent(till):
    sent = ask_for_rest(till)
    send_unclear(till, sent)
    till.books.console_cancel(till.imp_uid, 3000, f"품절 {build_refund_tag(OTHER, 'LOST')}")
    restore(till)
    assert found(till) == [((ITEM, OTHER, THIRD), ITEM_REFUND, UNKNOWN)]
    assert statuses(till) == [PAID] * 3
    assert named(till) == [(MismatchKind.LOST_REFUND, 3000, -3000, 0)]


def test_lost_item_is_recorded_beside_a_rest_that_was_made(till):
    """PortOne shows the item's line in the place of the rest that it confirmed."""
    made = ask_for_rest(till)
    till.work(2)
    assert state(till, made) is CONFIRMED

    def other_line(one):
        line = replace(
            one.cancellations[0],
            cancellation_id="another",
            amount=Won(3000),
            reason=f"품절 {build_refund_tag(OTHER, 'LOST')}",
        )
        return replace(one, cancelled=Won(3000), history=(line,))

    till.gateway.seen = other_line
    resolve(till)
    assert found(till) == [((ITEM, OTHER, THIRD), ITEM_REFUND, CONFIRMED)]
    assert moved(till) == [(LedgerEvent.REFUND_CONFIRMED, -10_000)]
    assert {one[0] for one in named(till)} == {
        MismatchKind.LOST_REFUND,
        MismatchKind.CANCELS_DIFFER,
    }
    assert sum(gap for _, _, gap, _ in named(till)) == 7000
    assert sum(gap for _, _, _, gap in named(till)) == 7000, "PortOne holds 7,000 and we none"
    before = named(till)
    resolve(till)
    assert named(till) == before, "each reading names it once"


def test_a_lost_item_does_not_end_its_own_refund_that_was_sent(till):
    """The sent one may be carried out as well: a review decides."""
    sent = ask(till)
    send_unclear(till, sent)
    till.books.console_cancel(till.imp_uid, 5000, f"품절 {build_refund_tag(ITEM, 'LOST')}")
    till.pass_time(2400, every=30)
    assert found(till) == [((ITEM,), ITEM_REFUND, RefundState.NEEDS_REVIEW)]
    assert till.books.balance(till.imp_uid) == 5000
    assert (
        till.unresolved_money_service.assign_cancellation(STAFF, sent.id, ours=True)
        is AssignmentResult.CONFIRMED
    )
    till.pass_time(600)
    assert statuses(till) == [CANCELLED, PAID, PAID]
    assert moved(till) == [(LedgerEvent.REFUND_CONFIRMED, -5000)]
    till.check_books()


# The mismatch of lines that fit nothing.


def a_line(number: str, amount: int) -> ReportedCancellation:
    return ReportedCancellation(Won(amount), f"품절 {build_refund_tag(999, 'LOST')}", number)


def name(till: Till, *lines: ReportedCancellation, recorded: bool) -> None:
    with till.store.transaction() as uow:
        payment = uow.payments.get(till.imp_uid)
        note_lost_lines(uow, payment, lines, till.clock.now(), recorded=recorded)
        uow.commit()


def test_lines_that_fit_nothing_are_summed_up_in_one_mismatch_each_once(till):
    first, second, third = a_line("11", 1000), a_line("1", 1000), a_line("3", 3000)
    name(till, first, recorded=False)
    assert named(till) == [(MismatchKind.LOST_REFUND, 1000, -1000, -1000)]
    name(till, first, second, recorded=False)
    assert named(till) == [(MismatchKind.LOST_REFUND, 2000, -2000, -2000)]
    name(till, third, recorded=True)
    assert named(till) == [(MismatchKind.LOST_REFUND, 5000, -5000, -2000)]
    name(till, first, second, third, recorded=False)
    assert named(till) == [(MismatchKind.LOST_REFUND, 5000, -5000, -2000)]
    till.explain()
    name(till, first, third, recorded=False)
    assert named(till) == []
