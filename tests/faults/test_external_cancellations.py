"""Cancels in PortOne's console: the goods follow the money, or the case needs a review."""

from __future__ import annotations

import pytest

from posapp.domain.actors import PORTONE, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import build_refund_tag
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.domain.requests import ClosedBy, Decision, RequestKind, RequestState
from posapp.services.bookkeeping import external_cancellations
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, SELLER, STOCK, an_order

ITEM, OTHER, THIRD = 100, 101, 102


@pytest.fixture
def fulfilment_service(paid) -> FulfilmentService:
    return FulfilmentService(paid.store, paid.clock, EVERYTHING)


@pytest.fixture
def request_service(paid) -> RequestService:
    return RequestService(paid.store, paid.clock, EVERYTHING)


@pytest.fixture
def desk(paid) -> RequestDecisionService:
    return RequestDecisionService(paid.store, paid.clock, paid.ids, lambda: None, EVERYTHING)


def compare(till) -> None:
    till.reconcile_job.request_full()
    till.work(2)


def refund(till, item=ITEM, amount=5000):
    return till.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def statuses(till) -> list[ItemStatus]:
    return [item.status for item in till.order(10).items]


def kinds(till) -> list[MismatchKind]:
    return [one.kind for one in till.unresolved_money_service.mismatches()]


def facts(till, fact: LedgerEvent):
    with till.store.snapshot() as uow:
        return [row.entry for row in uow.ledger.for_order(10) if row.entry.event is fact]


def request_of(till, item):
    with till.store.snapshot() as uow:
        return next(one for one in uow.requests.for_order(10) if one.item_id == item)


def explained_ledger_gap(till) -> int:
    """Explained won that PortOne holds above the ledger."""
    with till.store.snapshot() as uow:
        (payment,) = uow.payments.for_order(10)
        known = uow.mismatches.of_payment(payment.imp_uid)
    return sum(one.ledger_gap for one in known if one.resolved_at is not None)


def refused(action) -> ErrorCode:
    with pytest.raises(UserError) as error:
        action()
    return error.value.code


# All of it.


def test_fault_84_external_whole_cancel_ends_the_items_and_is_named(paid):
    paid.books.console_cancel(paid.imp_uid, reason="고객 요청")
    compare(paid)
    assert statuses(paid) == [ItemStatus.CANCEL] * 3
    assert [paid.stock_of(number) for number in (ITEM, OTHER, THIRD)] == [
        STOCK + 1,
        STOCK + 1,
        STOCK + 2,
    ]
    with paid.store.snapshot() as uow:
        (line,) = uow.refunds.of_payment(paid.imp_uid)
    assert (line.origin, line.state) == (RefundOrigin.EXTERNAL, RefundState.CONFIRMED)
    ended = facts(paid, LedgerEvent.ITEM_CANCELLED)
    assert [one.item_id for one in ended] == [ITEM, OTHER, THIRD]
    assert {(one.actor, one.imp_uid, one.reference) for one in ended} == {
        (PORTONE, paid.imp_uid, line.cancellation_id)
    }
    assert not paid.order(10).is_paid and paid.order(10).total == 0
    assert kinds(paid) == []
    paid.check_books()
    compare(paid)
    assert len(facts(paid, LedgerEvent.ITEM_CANCELLED)) == 3, "once"


@pytest.mark.parametrize("action", ["hand_over", "step", "exchange", "refund"])
def test_fault_84_externally_refunded_goods_accept_no_action(
    paid, fulfilment_service, desk, action
):
    paid.books.console_cancel(paid.imp_uid)
    compare(paid)
    actions = {
        "hand_over": lambda: fulfilment_service.hand_over(Actor.seller(SELLER), ITEM),
        "step": lambda: fulfilment_service.advance(Actor.seller(SELLER), ITEM),
        "refund": lambda: refund(paid),
        "exchange": lambda: RequestService(paid.store, paid.clock, EVERYTHING).create(
            Actor.buyer(BUYER), ITEM, RequestKind.EXCHANGE, "큰 것"
        ),
    }
    expected = ErrorCode.REQUEST_ITEM_STATE if action == "exchange" else ErrorCode.ITEM_CANCELLED
    assert refused(actions[action]) is expected


def test_fault_84_the_rest_cancelled_after_a_refund_of_ours_ends_the_rest(paid):
    refund(paid)
    paid.pass_time(30)
    paid.books.console_cancel(paid.imp_uid)
    compare(paid)
    assert statuses(paid) == [ItemStatus.CANCEL] * 3
    assert paid.stock_of(ITEM) == STOCK + 1, "back in stock once"
    assert kinds(paid) == []
    paid.check_books()


def test_fault_84_parts_that_are_all_of_it_together_end_the_items(paid):
    paid.books.console_cancel(paid.imp_uid, 4000)
    compare(paid)
    paid.books.console_cancel(paid.imp_uid, 6000)
    compare(paid)
    assert statuses(paid) == [ItemStatus.CANCEL] * 3
    assert kinds(paid) == [MismatchKind.CANCELS_DIFFER], "named stays named until explained"
    paid.check_books()


def test_fault_84_a_refund_that_waited_ends_and_nothing_is_sent(paid):
    waiting = refund(paid)
    paid.books.console_cancel(paid.imp_uid)
    compare(paid)
    paid.pass_time(300)
    assert paid.cancellation_service.get_refund(waiting.id).refund.state is RefundState.REFUSED
    assert statuses(paid) == [ItemStatus.CANCEL] * 3
    assert len(paid.books.payment(paid.imp_uid).cancellations) == 1
    paid.check_books()


def test_fault_84_refund_with_lost_answer_ends_in_its_own_round(paid):
    """Sent, lost on the way, and meanwhile all was cancelled: its item is cancelled when the refund
    ends."""
    paid.sandbox.faults.add("drop_before", path="/payments/cancel", uses=1)
    waiting = refund(paid)
    paid.work(2)
    assert paid.cancellation_service.get_refund(waiting.id).refund.state is RefundState.UNKNOWN
    paid.books.console_cancel(paid.imp_uid)
    paid.pass_time(1800)
    assert paid.cancellation_service.get_refund(waiting.id).refund.state is RefundState.REFUSED
    assert statuses(paid) == [ItemStatus.CANCEL] * 3
    assert paid.stock_of(ITEM) == STOCK + 1
    paid.check_books()


@pytest.mark.parametrize("kind", [RequestKind.REFUND, RequestKind.EXCHANGE])
def test_fault_84_waiting_request_for_such_an_item_ends(
    paid, fulfilment_service, request_service, kind
):
    fulfilment_service.hand_over(Actor.seller(SELLER), ITEM)
    request_service.create(Actor.buyer(BUYER), ITEM, kind, "안 맞아요")
    paid.books.console_cancel(paid.imp_uid)
    compare(paid)
    ended = request_of(paid, ITEM)
    assert (ended.state, ended.ended_by) == (RequestState.CANCEL, ClosedBy.PORTONE)
    assert statuses(paid) == [ItemStatus.CANCEL] * 3


def test_fault_84_twin_without_it_leaves_the_items_paid(paid, fulfilment_service, monkeypatch):
    monkeypatch.setattr(external_cancellations, "_follow_with_goods", lambda *_: None)
    paid.books.console_cancel(paid.imp_uid)
    compare(paid)
    assert statuses(paid)[0] is ItemStatus.COMPLETE_PAYMENT


# A part of it.


@pytest.mark.parametrize("won", [1234, 5000])
def test_fault_84_part_is_recorded_even_if_an_item_costs_as_much(paid, won):
    paid.books.console_cancel(paid.imp_uid, won)
    compare(paid)
    (found,) = paid.unresolved_money_service.mismatches()
    assert (found.kind, found.amount, found.goods_gap) == (MismatchKind.CANCELS_DIFFER, won, -won)
    assert found.ledger_gap == 0, "the ledger has it"
    assert statuses(paid) == [ItemStatus.COMPLETE_PAYMENT] * 3
    paid.check_books()
    compare(paid)
    assert paid.unresolved_money_service.mismatches() == (found,)


def test_fault_84_goods_with_unexplained_money_need_review(
    paid, fulfilment_service, request_service, desk
):
    fulfilment_service.hand_over(Actor.seller(SELLER), THIRD)
    exchange = request_service.create(Actor.buyer(BUYER), THIRD, RequestKind.EXCHANGE, "큰 것")
    paid.books.console_cancel(paid.imp_uid, 1000)
    compare(paid)
    actions = (
        lambda: fulfilment_service.hand_over(Actor.seller(SELLER), ITEM),
        lambda: fulfilment_service.advance(Actor.seller(SELLER), ITEM),
        lambda: refund(paid, OTHER, 3000),
        lambda: desk.decide(Actor.seller(SELLER), exchange.id, Decision.APPROVE),
    )
    assert {refused(action) for action in actions} == {ErrorCode.MONEY_IN_DOUBT}
    paid.explain()
    fulfilment_service.hand_over(Actor.seller(SELLER), ITEM)
    assert desk.decide(Actor.seller(SELLER), exchange.id, Decision.APPROVE).state is RequestState.OK
    assert refund(paid, OTHER, 3000).state is RefundState.APPROVED


def test_fault_84_approval_of_a_refund_waits_for_the_review(
    paid, fulfilment_service, request_service, desk
):
    fulfilment_service.hand_over(Actor.seller(SELLER), ITEM)
    requested = request_service.create(Actor.buyer(BUYER), ITEM, RequestKind.REFUND, "안 맞아요")
    paid.books.console_cancel(paid.imp_uid, 1000)
    compare(paid)
    code = refused(lambda: desk.decide(Actor.seller(SELLER), requested.id, Decision.APPROVE))
    assert code is ErrorCode.MONEY_IN_DOUBT
    assert request_of(paid, ITEM).state is RequestState.WAIT
    paid.explain()
    assert desk.decide(Actor.seller(SELLER), requested.id, Decision.APPROVE).refund_id is not None


def test_another_orders_goods_are_in_no_doubt(till):
    till.stock_shop(an_order(10), an_order(20))
    doubtful, _ = till.paid_order(10), till.paid_order(20)
    till.books.console_cancel(doubtful, 1000)
    compare(till)
    FulfilmentService(till.store, till.clock, EVERYTHING).hand_over(Actor.seller(SELLER), 200)


def test_fault_86_explained_amount_is_counted_and_only_more_is_reported(paid):
    paid.books.console_cancel(paid.imp_uid, 1000)
    compare(paid)
    paid.explain()
    compare(paid)
    assert paid.unresolved_money_service.mismatches() == (), "just that was explained"
    refund(paid)
    paid.pass_time(60)
    assert statuses(paid)[0] is ItemStatus.CANCEL
    compare(paid)
    assert paid.unresolved_money_service.mismatches() == (), "by our own refund nothing differs"
    paid.books.console_cancel(paid.imp_uid, 700)
    compare(paid)
    (found,) = paid.unresolved_money_service.mismatches()
    assert (found.amount, found.goods_gap) == (700, -700), "the rest, and not all again"
    paid.check_books()


def test_fault_86_an_open_difference_grows(paid):
    paid.books.console_cancel(paid.imp_uid, 1000)
    compare(paid)
    paid.books.console_cancel(paid.imp_uid, 700)
    compare(paid)
    (found,) = paid.unresolved_money_service.mismatches()
    assert found.amount == 1700


def test_fault_86_explained_mismatch_that_disappears_is_not_reported(paid):
    rule = paid.sandbox.faults.add(
        "lie", path="/payments/*", fields={"amount": 9000, "cancel_amount": 0}
    )
    compare(paid)
    (found,) = paid.unresolved_money_service.mismatches()
    assert (found.kind, found.ledger_gap) == (MismatchKind.AMOUNT_DIFFERS, -1000)
    paid.explain()
    assert explained_ledger_gap(paid) == -1000
    compare(paid)
    assert explained_ledger_gap(paid) == -1000, "it still differs by that"
    paid.sandbox.faults.clear()
    assert rule is not None
    compare(paid)
    assert explained_ledger_gap(paid) == 0
    assert paid.unresolved_money_service.mismatches() == ()
    count = len(facts(paid, LedgerEvent.MISMATCH_EXPLAINED))
    compare(paid)
    assert len(facts(paid, LedgerEvent.MISMATCH_EXPLAINED)) == count
    paid.check_books()


def test_explained_unreadable_payment_covers_no_refund_of_ours(paid):
    """A reading that meant nothing was explained; the next one shows a refund of ours that an older
    copy did not have."""
    with paid.store.transaction() as uow:
        payment = uow.payments.get(paid.imp_uid)
        uow.mismatches.note(
            Mismatch(
                id=0,
                kind=MismatchKind.UNKNOWN_STATUS,
                merchant_uid=payment.merchant_uid,
                imp_uid=paid.imp_uid,
                amount=Won(3000),
                evidence="melted",
                found_at=paid.clock.now(),
                goods_gap=Won(-3000),
                ledger_gap=Won(-3000),
            )
        )
        uow.commit()
    paid.explain()
    paid.books.console_cancel(paid.imp_uid, 3000, f"품절 {build_refund_tag(OTHER, 'LOST')}")
    compare(paid)
    assert statuses(paid)[1] is ItemStatus.CANCEL
    (fact,) = facts(paid, LedgerEvent.REFUND_CONFIRMED)
    assert (fact.amount, fact.item_id, fact.actor) == (-3000, OTHER, PORTONE)
    assert kinds(paid) == []
    assert explained_ledger_gap(paid) == 0, "nothing differs any more"
    compare(paid)
    assert kinds(paid) == []
    paid.check_books()
