"""A gift: an item of 0 won in an order. It is cancelled like any other, and no money moves."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.cancellation import CancelAction, default_reason
from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.store.search.request_search import SqlRequestSearch
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, SELLER, STOCK, an_order

BREAD, GIFT = 100, 101


@pytest.fixture
def till(till):
    till.stock_shop(an_order(10, (4000, 1), (0, 2)))
    till.imp_uid = till.paid_order(10)
    return till


def status_of(till, item=GIFT):
    with till.store.snapshot() as uow:
        return uow.orders.item(item).status


def facts(till):
    with till.store.snapshot() as uow:
        return [row.entry for row in uow.ledger.for_order(10)]


def check_gone(till, actor: Actor) -> None:
    assert status_of(till) is ItemStatus.CANCEL
    assert till.stock_of(GIFT) == STOCK + 2
    (fact,) = [one for one in facts(till) if one.event is LedgerEvent.ITEM_CANCELLED]
    assert (fact.item_id, fact.amount, fact.actor) == (GIFT, 0, actor)
    till.pass_time(120)
    assert till.books.payment(till.imp_uid).cancellations == ()
    assert till.refund_states() == []
    assert (
        till.unresolved_money_service.refunds() == ()
        and till.unresolved_money_service.mismatches() == ()
    )
    till.check_books()


@pytest.mark.parametrize("actor", [Actor.buyer(BUYER), Actor.seller(SELLER)])
@pytest.mark.parametrize("way", ["cancel", "refund"])
def test_fault_90_paid_item_of_0_won_is_cancelled_without_a_refund(till, actor, way):
    assert till.cancellation_service.get_item(actor, GIFT).action is CancelAction.CANCEL
    if way == "cancel":
        assert till.cancellation_service.cancel(actor, GIFT, "").cancel_reason == default_reason(
            actor.kind
        )
    else:
        refund = till.cancellation_service.refund(actor, GIFT, "", 0)
        assert (refund.state, refund.amount) == (RefundState.CONFIRMED, 0)
    check_gone(till, actor)
    with pytest.raises(UserError) as again:
        till.cancellation_service.refund(actor, GIFT, "", 0)
    assert again.value.code is ErrorCode.ITEM_CANCELLED


def test_fault_90_amount_for_free_item_and_0_for_paid_item_are_refused(till):
    with pytest.raises(UserError) as refused:
        till.cancellation_service.refund(Actor.seller(SELLER), GIFT, "", 4000)
    assert refused.value.code is ErrorCode.REFUND_AMOUNT_DIFFERS
    with pytest.raises(InvalidAmount):
        till.cancellation_service.refund(Actor.seller(SELLER), BREAD, "", 0)
    assert status_of(till) is status_of(till, BREAD) is ItemStatus.COMPLETE_PAYMENT


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_fault_90_seller_cancels_it_at_any_delivery_step(till, steps):
    fulfilment_service = FulfilmentService(till.store, till.clock, EVERYTHING)
    for _ in range(steps):
        fulfilment_service.advance(Actor.seller(SELLER), GIFT)
    with pytest.raises(UserError):
        till.cancellation_service.cancel(Actor.buyer(BUYER), GIFT, "")
    till.cancellation_service.cancel(Actor.seller(SELLER), GIFT, "")
    check_gone(till, Actor.seller(SELLER))


@pytest.mark.parametrize("batch", [False, True])
def test_fault_90_approved_refund_of_a_free_item_ends_at_once(till, batch):
    FulfilmentService(till.store, till.clock, EVERYTHING).hand_over(Actor.seller(SELLER), GIFT)
    requested = RequestService(till.store, till.clock, EVERYTHING).create(
        Actor.buyer(BUYER), GIFT, RequestKind.REFUND, "안 쓸래요"
    )
    desk = RequestDecisionService(till.store, till.clock, till.ids, lambda: None, EVERYTHING)
    (cost,) = desk.preview(Actor.seller(SELLER), [requested.id])
    assert cost.amount == 0
    if batch:
        (result,) = desk.decide_many(Actor.seller(SELLER), [requested.id], Decision.APPROVE)
        assert result.error is None
    else:
        desk.decide(Actor.seller(SELLER), requested.id, Decision.APPROVE)
    with till.store.snapshot() as uow:
        decided = uow.requests.get(requested.id)
    assert (decided.state, decided.refund_id) == (RequestState.OK, None)
    (row,) = SqlRequestSearch(till.store).page(SELLER, RequestFilter(), 5).rows
    assert row.money is RefundProgress.NONE
    of_no_money = RequestFilter(
        kind=RequestKind.REFUND, state=RequestState.OK, money=RefundProgress.NONE
    )
    assert SqlRequestSearch(till.store).page(SELLER, of_no_money, 5).rows == (row,)
    check_gone(till, Actor.seller(SELLER))
    with pytest.raises(UserError) as over:
        desk.undo(Actor.seller(SELLER), requested.id)
    assert over.value.code is ErrorCode.UNDO_OVER
    assert status_of(till) is ItemStatus.CANCEL


def test_fault_90_free_item_stays_paid_after_the_rest_is_refunded(till):
    """The item remains paid when the rest is refunded and can be cancelled then. All remaining paid
    items of the order cost nothing."""
    till.cancellation_service.refund(Actor.seller(SELLER), BREAD, "", 4000)
    till.pass_time(60)
    assert (status_of(till, BREAD), status_of(till)) == (
        ItemStatus.CANCEL,
        ItemStatus.COMPLETE_PAYMENT,
    )
    till.cancellation_service.cancel(Actor.seller(SELLER), GIFT, "")
    assert status_of(till) is ItemStatus.CANCEL
    assert not till.order(10).is_paid
    till.check_books()


def test_fault_90_free_item_is_cancelled_by_an_external_whole_cancel(till):
    till.books.console_cancel(till.imp_uid)
    till.reconcile_job.request_full()
    till.work(2)
    assert status_of(till) is ItemStatus.CANCEL
    assert till.stock_of(GIFT) == STOCK + 2
    till.check_books()
