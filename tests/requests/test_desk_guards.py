"""The conditions of an approval are read again in the transaction that approves."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.explanations import Explanation
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision, RequestKind
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.requests import RequestFilter
from tests.requests.desk import SELLER, Desk


def refusal(desk: Desk, request_id: int) -> ErrorCode:
    with pytest.raises(UserError) as refused:
        desk.desk.decide(Actor.seller(SELLER), request_id, Decision.APPROVE)
    return refused.value.code


def test_the_refund_of_an_unpaid_item_is_not_approved(desk: Desk) -> None:
    desk.sell(1)
    request = desk.ask(10)
    desk.put(10, ItemStatus.WAITING_FOR_PAYMENT)
    assert refusal(desk, request.id) is ErrorCode.NOT_PAID_YET
    assert desk.refunds(10) == ()


@pytest.mark.parametrize("kind", RequestKind)
def test_the_request_of_a_cancelled_item_is_not_approved(desk: Desk, kind: RequestKind) -> None:
    desk.sell(1)
    request = desk.ask(10, kind)
    desk.put(10, ItemStatus.CANCEL)
    assert refusal(desk, request.id) is ErrorCode.ITEM_CANCELLED
    assert desk.refunds(10) == ()


def doubtful(desk: Desk) -> list[int]:
    """The items whose rows show that they cannot be approved."""
    page = desk.search.page(SELLER, RequestFilter(), 50)
    return sorted(row.item_id for row in page.rows if row.in_doubt)


@pytest.mark.parametrize("kind", RequestKind)
def test_rows_of_an_order_with_unexplained_money_are_marked(desk: Desk, kind: RequestKind) -> None:
    """Just those that are refused for it: neither another order's, nor what was decided."""
    desk.sell(1, 5000, 3000)
    desk.sell(2)
    first, over, _ = desk.ask(10, kind), desk.ask(11, kind), desk.ask(20, kind)
    desk.desk.decide(Actor.seller(SELLER), over.id, Decision.REJECT, "사용함")
    assert doubtful(desk) == []
    with desk.store.transaction() as uow:
        differ, now = MismatchKind.CANCELS_DIFFER, desk.clock.now()
        uow.mismatches.note(Mismatch(0, differ, "M-1", "imp_1", Won(1000), "seen", now))
        uow.commit()
    assert doubtful(desk) == [10]
    assert refusal(desk, first.id) is ErrorCode.MONEY_IN_DOUBT
    with desk.store.transaction() as uow:
        uow.mismatches.explain(1, Explanation(Actor.seller(7), "서비스", Won(1000)), now)
        uow.commit()
    assert doubtful(desk) == []
    desk.desk.decide(Actor.seller(SELLER), first.id, Decision.APPROVE)


def test_free_item_has_no_unexplained_money(desk: Desk) -> None:
    desk.sell(1, 5000, 0)
    free = desk.ask(11)
    with desk.store.transaction() as uow:
        differ, now = MismatchKind.CANCELS_DIFFER, desk.clock.now()
        uow.mismatches.note(Mismatch(0, differ, "M-1", "imp_1", Won(1000), "seen", now))
        uow.commit()
    assert doubtful(desk) == []
    desk.desk.decide(Actor.seller(SELLER), free.id, Decision.APPROVE)


def test_an_undone_approval_sends_nothing(desk: Desk) -> None:
    desk.sell(1)
    request = desk.ask(10)
    desk.desk.decide(Actor.seller(SELLER), request.id, Decision.APPROVE)
    desk.desk.undo(Actor.seller(SELLER), request.id)
    (refund,) = desk.refunds(10)
    assert refund.state is RefundState.REFUSED
    desk.clock.advance(hours=1)
    with desk.store.transaction() as uow:
        assert uow.outbox.claim(desk.clock.now(), desk.clock.now()) is None


@pytest.mark.parametrize("hand_over", [False, True])
def test_goods_with_a_pending_refund_stay(desk: Desk, hand_over: bool) -> None:
    desk.sell(1)
    request = desk.ask(10)
    desk.desk.decide(Actor.seller(SELLER), request.id, Decision.APPROVE)
    desk.put(10, ItemStatus.COMPLETE_PAYMENT)
    move = desk.fulfilment_service.hand_over if hand_over else desk.fulfilment_service.advance
    with pytest.raises(UserError) as refused:
        move(Actor.seller(SELLER), 10)
    assert refused.value.code is ErrorCode.REFUND_IN_FLIGHT
    assert desk.item(10).status is ItemStatus.COMPLETE_PAYMENT


def test_a_free_item_is_approved_without_money(desk: Desk) -> None:
    desk.sell(1, 5000, 0)
    request = desk.ask(11)
    desk.desk.decide(Actor.seller(SELLER), request.id, Decision.APPROVE)
    assert desk.refunds(11) == ()
    assert desk.item(11).status is ItemStatus.CANCEL
