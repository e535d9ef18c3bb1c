"""The decision about a history that can be read in two ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, GatewayError, InvalidAmount, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import build_refund_tag
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.refunds.unresolved_money import AssignmentResult
from tests.fakes.actors import STAFF
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, STOCK, Till, an_order

CANCEL = "/payments/cancel"
ITEM, OTHER = 100, 101


def ask(till: Till, item: int = ITEM, amount: int = 5000):
    return till.cancellation_service.refund(Actor.buyer(BUYER), item, "단순 변심", amount)


def state(till: Till, refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def rows(till: Till, *facts: LedgerEvent):
    with till.store.snapshot() as uow:
        return [row.entry for row in uow.ledger.for_order(10) if row.entry.event in facts]


def external_cancellations(till: Till) -> list[Won]:
    with till.store.snapshot() as uow:
        refunds = uow.refunds.of_payment(till.imp_uid)
    return [one.amount for one in refunds if one.origin is RefundOrigin.EXTERNAL]


@pytest.fixture
def unclear(paid):
    """A lost send, and the same amount cancelled in the console: the refund needs a review."""
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    paid.refund = ask(paid)
    paid.work(1)
    paid.books.console_cancel(paid.imp_uid, 5000)
    paid.pass_time(20 * 60)
    assert state(paid, paid.refund) is RefundState.NEEDS_REVIEW
    return paid


def test_the_payment_is_read_for_a_person_and_nothing_else_happens(unclear):
    """What staff decides on: the cancellation without our tag, and what is left."""
    entry = unclear.sync_service.report().waiting
    reported = unclear.unresolved_money_service.read_payment(STAFF, unclear.imp_uid, "")
    (line,) = reported.cancellations
    assert (line.amount, reported.refundable_balance) == (Won(5000), Won(5000))
    assert unclear.sync_service.report().waiting == entry
    assert external_cancellations(unclear) == []
    unclear.pass_time(20 * 60)
    again = unclear.unresolved_money_service.read_payment(STAFF, unclear.imp_uid, "")
    assert again.cancellations == reported.cancellations


def test_a_payment_that_is_not_recorded_is_read_by_portones_number(unclear):
    service = unclear.unresolved_money_service
    foreign = unclear.books.add_foreign("web-9", 7_000)
    assert service.read_payment(STAFF, foreign.imp_uid, foreign.merchant_uid).amount == Won(7_000)
    assert service.read_payment(STAFF, "imp_000000000000", "web-1") is None


def test_a_reading_that_fails_is_reported(unclear):
    unclear.sandbox.faults.add("status", path="/payments/*", status=503)
    with pytest.raises(GatewayError):
        unclear.unresolved_money_service.read_payment(STAFF, unclear.imp_uid, "")
    assert state(unclear, unclear.refund) is RefundState.NEEDS_REVIEW


def test_it_was_ours_and_is_confirmed_once(unclear):
    assert (
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, True)
        is AssignmentResult.CONFIRMED
    )
    with pytest.raises(UserError) as refused:
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, True)
    assert refused.value.code is ErrorCode.REFUND_NOT_WAITING
    unclear.pass_time(20 * 60)
    reported = unclear.cancellation_service.get_refund(unclear.refund.id)
    assert reported.refund.state is RefundState.CONFIRMED
    (line,) = unclear.client.get_payment(payment_ref(unclear.imp_uid)).cancellations
    assert reported.refund.cancellation_id == line.cancellation_id
    assert reported.item.status is ItemStatus.CANCEL
    assert unclear.stock_of(ITEM) == STOCK + 1
    (entry,) = rows(unclear, LedgerEvent.REFUND_CONFIRMED, LedgerEvent.CANCELLED_EXTERNALLY)
    assert (entry.amount, entry.actor, entry.reference) == (
        -5000,
        Actor.person(),
        line.cancellation_id,
    )
    assert unclear.books.balance(unclear.imp_uid) == 5000
    assert unclear.unresolved_money_service.refunds() == ()
    unclear.check_books()


def test_it_was_not_ours_and_the_refund_is_carried_out(unclear):
    assert (
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, False)
        is AssignmentResult.SENDS_AGAIN
    )
    assert state(unclear, unclear.refund) is RefundState.UNKNOWN
    assert external_cancellations(unclear) == [5000]
    unclear.check_books()
    unclear.work(2)
    assert unclear.books.balance(unclear.imp_uid) == 5000, "goods and money differ by it"
    unclear.explain()
    unclear.work(2)
    assert state(unclear, unclear.refund) is RefundState.CONFIRMED
    assert unclear.order(10).items[0].status is ItemStatus.CANCEL
    assert unclear.stock_of(ITEM) == STOCK + 1
    assert unclear.books.balance(unclear.imp_uid) == 0
    assert [one.amount for one in rows(unclear, LedgerEvent.CANCELLED_EXTERNALLY)] == [-5000]
    assert [one.amount for one in rows(unclear, LedgerEvent.REFUND_CONFIRMED)] == [-5000]
    unclear.check_books()


def test_it_was_not_ours_and_too_little_is_left_for_the_refund(unclear):
    """No refund is possible any more: refused like any impossible refund."""
    unclear.books.console_cancel(unclear.imp_uid, 3000)
    assert (
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, False)
        is AssignmentResult.REFUSED
    )
    unclear.pass_time(300)
    assert state(unclear, unclear.refund) is RefundState.REFUSED
    assert unclear.order(10).items[0].status is ItemStatus.COMPLETE_PAYMENT
    assert external_cancellations(unclear) == [5000, 3000]
    assert unclear.unresolved_money_service.refunds() == ()
    unclear.check_books()


def test_line_with_a_lost_tag_ends_the_refund_that_a_review_releases(unclear):
    """It is recorded as the refund that it is, and this one ends with it: nothing is sent."""
    unclear.books.console_cancel(unclear.imp_uid, 5000, f"품절 {build_refund_tag(ITEM, 'LOST')}")
    assert (
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, False)
        is AssignmentResult.TAGGED
    )
    unclear.work(2)
    assert state(unclear, unclear.refund) is RefundState.REFUSED
    assert unclear.order(10).items[0].status is ItemStatus.CANCEL
    assert [one.amount for one in rows(unclear, LedgerEvent.REFUND_CONFIRMED)] == [-5000]
    unclear.check_books()


def test_unmatched_line_naming_the_item_ends_the_refund_with_a_text(paid):
    """An item is refunded once: the next round would find that line again and need the same
    review."""
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    paid.books.console_cancel(paid.imp_uid, 1000, f"품절 {build_refund_tag(ITEM, 'LOST')}")
    paid.pass_time(20 * 60)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, False)
        is AssignmentResult.TAGGED
    )
    assert external_cancellations(paid) == [1000]
    assert [one.kind for one in paid.unresolved_money_service.mismatches()] == [
        MismatchKind.LOST_REFUND
    ]
    paid.pass_time(20 * 60)
    assert state(paid, refund) is RefundState.REFUSED
    assert paid.unresolved_money_service.refunds() == (), "nobody is asked the same again"
    assert paid.books.balance(paid.imp_uid) == 9000
    assert paid.order(10).items[0].status is ItemStatus.COMPLETE_PAYMENT
    paid.explain()
    following = ask(paid, OTHER, 3000)
    paid.work(2)
    assert state(paid, following) is RefundState.CONFIRMED
    paid.check_books()


def test_of_two_equal_lines_one_is_ours_and_the_other_is_not(unclear):
    unclear.books.console_cancel(unclear.imp_uid, 5000)
    assert (
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, True)
        is AssignmentResult.CONFIRMED
    )
    assert external_cancellations(unclear) == [5000]
    unclear.check_books()


@pytest.mark.parametrize("ours", [True, False])
def test_the_next_refund_of_the_payment_is_held_up_no_longer(unclear, ours):
    if not ours:
        unclear.books.console_cancel(unclear.imp_uid, 1000)  # too little is left for the first
    following = ask(unclear, OTHER, 3000)
    unclear.pass_time(300)
    assert state(unclear, following) is RefundState.APPROVED, "a person is asked first"
    unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, ours)
    unclear.explain()
    unclear.work(2)
    assert state(unclear, following) is RefundState.CONFIRMED
    assert unclear.books.balance(unclear.imp_uid) == (2000 if ours else 1000)
    unclear.check_books()


@pytest.mark.parametrize("ours", [True, False])
def test_nothing_is_changed_while_portone_cannot_be_read(unclear, ours):
    unclear.sandbox.faults.add("status", status=503)
    with pytest.raises(GatewayError):
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, ours)
    assert state(unclear, unclear.refund) is RefundState.NEEDS_REVIEW
    assert external_cancellations(unclear) == []
    assert rows(unclear, LedgerEvent.REFUND_CONFIRMED, LedgerEvent.CANCELLED_EXTERNALLY) == []


@pytest.mark.parametrize("ours", [True, False])
def test_unneeded_decision_triggers_another_reading(paid, ours):
    """Many sends without an answer and no cancel: no answer of the staff invents money."""
    rule = paid.sandbox.faults.add("drop_before", path=CANCEL)
    refund = ask(paid)
    paid.pass_time(5 * 60 * 60, every=60)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    paid.sandbox.faults.remove(rule)
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours)
        is AssignmentResult.READS_AGAIN
    )
    assert paid.books.balance(paid.imp_uid) == 10_000
    paid.pass_time(22 * 60, every=60)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 5000
    paid.check_books()


def test_only_a_refund_that_waits_for_a_decision_takes_one(paid):
    refund = ask(paid)
    for number, code in ((refund.id, ErrorCode.REFUND_NOT_WAITING), (99, ErrorCode.REFUND_UNKNOWN)):
        with pytest.raises(UserError) as refused:
            paid.unresolved_money_service.assign_cancellation(STAFF, number, True)
        assert refused.value.code is code
    assert state(paid, refund) is RefundState.APPROVED


def test_a_decision_made_while_the_round_ends_is_refused_whole(unclear):
    """A worker holds the entry and is about to abandon it: no partial change."""
    with unclear.store.transaction() as uow:
        uow.outbox.requeue(unclear.refund.id, unclear.clock.now())
        uow.commit()
    entry = unclear.refund_worker.claim()
    for ours in (True, False):
        with pytest.raises(UserError) as refused:
            unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, ours)
        assert refused.value.code is ErrorCode.REFUND_NOT_WAITING
    assert state(unclear, unclear.refund) is RefundState.NEEDS_REVIEW
    assert external_cancellations(unclear) == []
    unclear.refund_worker.process(entry)
    assert (
        unclear.unresolved_money_service.assign_cancellation(STAFF, unclear.refund.id, True)
        is AssignmentResult.CONFIRMED
    )
    unclear.check_books()


def noted(paid, **changes):
    found = Mismatch(
        0, MismatchKind.FOREIGN_PAYMENT, "pos-x", "imp_9", Won(700), "why", paid.clock.now()
    )
    with paid.store.transaction() as uow:
        uow.mismatches.note(replace(found, **changes))
        uow.commit()
    return paid.unresolved_money_service.mismatches()[-1]


def explained_facts(paid):
    with paid.store.snapshot() as uow:
        return [
            row.entry
            for row in uow.ledger.rows(0, 1000)
            if row.entry.event is LedgerEvent.MISMATCH_EXPLAINED
        ]


def test_fault_86_explained_mismatch_leaves_the_list_and_is_in_the_ledger(paid):
    first, second = noted(paid), noted(paid, imp_uid="imp_8")
    balance = paid.ledger_balance()
    paid.unresolved_money_service.close_mismatch(Actor.seller(7), first.id, "콘솔에서 확인함", 700)
    paid.unresolved_money_service.close_mismatch(Actor.seller(8), first.id, "또", 700)
    assert paid.unresolved_money_service.mismatches() == (second,)
    (fact,) = explained_facts(paid)
    assert (fact.actor, fact.amount, fact.imp_uid) == (Actor.seller(7), 0, "imp_9")
    assert "700" in fact.reason and "콘솔에서 확인함" in fact.reason
    assert paid.ledger_balance() == balance, "no money moves"
    now = paid.clock.now()
    (listed,) = paid.unresolved_money_service.explained(now, now + timedelta(seconds=1))
    assert (listed.explained_by, listed.explanation) == (Actor.seller(7), "콘솔에서 확인함")


@pytest.mark.parametrize(
    ("who", "note", "amount", "code"),
    [
        (Actor.seller(7), "", 700, ErrorCode.EXPLANATION_REQUIRED),
        (Actor.seller(7), " \t\u200b", 700, ErrorCode.EXPLANATION_REQUIRED),
        (Actor.parse("  "), "콘솔", 700, ErrorCode.EXPLANATION_REQUIRED),
        (Actor.seller(7), "콘솔", 0, ErrorCode.EXPLAINED_AMOUNT_DIFFERS),
        (Actor.seller(7), "콘솔", 699, ErrorCode.EXPLAINED_AMOUNT_DIFFERS),
        (Actor.seller(7), "콘솔", -700, None),
        (Actor.seller(7), "콘솔", None, None),
        (Actor.seller(7), "콘솔", 700.0, None),
    ],
)
def test_fault_86_closing_a_mismatch_needs_actor_reason_and_amount(paid, who, note, amount, code):
    found = noted(paid)
    with pytest.raises((UserError, InvalidAmount)) as refused:
        paid.unresolved_money_service.close_mismatch(who, found.id, note, amount)
    assert code is None or refused.value.code is code
    assert paid.unresolved_money_service.mismatches() == (found,)
    assert explained_facts(paid) == []


def test_fault_86_grown_mismatch_is_not_explained_by_the_old_amount(paid):
    found = noted(paid)
    noted(paid, amount=Won(900))
    with pytest.raises(UserError) as refused:
        paid.unresolved_money_service.close_mismatch(Actor.seller(7), found.id, "콘솔", 700)
    assert refused.value.code is ErrorCode.EXPLAINED_AMOUNT_DIFFERS
    paid.unresolved_money_service.close_mismatch(Actor.seller(7), found.id, "콘솔", 900)
    with pytest.raises(UserError) as unknown:
        paid.unresolved_money_service.close_mismatch(Actor.seller(7), found.id + 9, "콘솔", 900)
    assert unknown.value.code is ErrorCode.MISMATCH_UNKNOWN


def test_a_mismatch_that_was_closed_stays_closed(till):
    """Its payment is read again while the QR is live: exactly that is explained already."""
    till.stock_shop(an_order(10, (5000, 1)))
    till.sandbox.faults.add("lie", path="/payments/*", fields={"merchant_uid": "pos-other"})
    progress = till.payment_service.start(Actor.buyer(BUYER), 10)
    till.books.pay(progress.attempt.merchant_uid)
    till.pass_time(60, every=5)
    assert MismatchKind.FOREIGN_PAYMENT in [
        one.kind for one in till.unresolved_money_service.mismatches()
    ]
    till.explain()
    till.pass_time(3600, every=300)
    assert till.unresolved_money_service.mismatches() == ()


def test_a_refund_for_which_too_little_is_left_is_refused_in_text(paid):
    paid.books.console_cancel(paid.imp_uid, 8000)
    ask(paid)
    paid.work(2)  # reads the payment: the console's cancel is recorded
    with pytest.raises(UserError) as refused:
        ask(paid, OTHER, 3000)
    assert refused.value.code is ErrorCode.MONEY_IN_DOUBT
    paid.explain()
    with pytest.raises(UserError) as refused:
        ask(paid, OTHER, 3000)
    assert refused.value.code is ErrorCode.REFUND_BEYOND
    assert rows(paid, LedgerEvent.REFUND_APPROVED)[-1].item_id == ITEM
    paid.check_books()
