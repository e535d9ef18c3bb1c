"""A seller's side: guards, approvals with their effects, rejections, several at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import Refund, RefundOrigin, RefundState, RefundTrigger
from posapp.domain.requests import ClosedBy, Decision, Request, RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.services.requests.decide_request import DecisionPreview
from tests.requests.desk import BUYER, OTHER_SELLER, SELLER, STOCK, Desk

APPROVE, REJECT = Decision.APPROVE, Decision.REJECT
REFUND, EXCHANGE = RequestKind.REFUND, RequestKind.EXCHANGE


def error_of(action: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as error:
        action()
    return error.value


def test_the_guards_run_in_their_order(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)

    def decide(seller: int, request: int, decision: Decision = REJECT) -> ErrorCode:
        return error_of(lambda: desk.desk.decide(Actor.seller(seller), request, decision)).code

    assert decide(99, 99) is ErrorCode.USER_UNKNOWN
    assert decide(BUYER, 99) is ErrorCode.NOT_A_SELLER
    assert decide(SELLER, 99) is ErrorCode.REQUEST_UNKNOWN
    assert decide(OTHER_SELLER, requested.id) is ErrorCode.REQUEST_OF_ANOTHER
    assert decide(SELLER, requested.id) is ErrorCode.NOTE_REQUIRED
    assert desk.request(requested.id) == requested
    desk.desk.decide(Actor.seller(SELLER), requested.id, REJECT, "사용 흔적")
    assert decide(SELLER, requested.id) is ErrorCode.REQUEST_DONE
    assert error_of(lambda: desk.desk.get_seller(Actor.seller(99))).code is ErrorCode.USER_UNKNOWN
    assert (
        error_of(lambda: desk.desk.get_seller(Actor.seller(BUYER))).code is ErrorCode.NOT_A_SELLER
    )
    assert desk.desk.get_seller(Actor.seller(SELLER)).id == SELLER


def test_an_approved_refund_is_an_intent_due_after_the_time_to_undo(desk: Desk) -> None:
    desk.sell(1, 5000)
    requested = desk.ask(10, reason="파손")
    desk.clock.advance(seconds=9)
    decided = desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE, " 확인함 ")
    (refund,) = desk.refunds(10)
    assert (decided.state, decided.ended_by) == (RequestState.OK, ClosedBy.SELLER)
    assert (decided.processed_by, decided.note) == (Actor.seller(7), "확인함")
    assert decided.refund_id == refund.id
    assert desk.request(requested.id) == decided
    assert (refund.state, refund.amount, refund.reason) == (RefundState.APPROVED, 10_000, "파손")
    assert (refund.requested_by, refund.approved_by) == (Actor.buyer(1), Actor.seller(7))
    with desk.store.snapshot() as uow:
        (entry,) = uow.outbox.waiting(9)
    assert entry.due_at == desk.clock.now() + timedelta(seconds=5) == decided.undo_until
    assert desk.item(10).status is ItemStatus.DELIVERY_COMPLETE, "the money is not back yet"
    assert desk.facts() == [
        (LedgerEvent.REQUEST_APPROVED, Actor.seller(7)),
        (LedgerEvent.REFUND_APPROVED, Actor.seller(7)),
    ]
    assert desk.wakes == 1


def test_the_row_follows_the_money(desk: Desk) -> None:
    """환불 대기 → 확인 중 → 환불 완료, and the two that are neither."""
    desk.sell(1)
    requested = desk.ask(10)
    desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)
    assert money_of(desk, requested) is RefundProgress.WAITING
    steps = [
        (RefundTrigger.SEND_STARTED, RefundProgress.CHECKING),
        (RefundTrigger.RESPONSE_UNKNOWN, RefundProgress.CHECKING),
        (RefundTrigger.ESCALATED, RefundProgress.NEEDS_REVIEW),
        (RefundTrigger.OBSERVED_DONE, RefundProgress.REFUNDED),
    ]
    for trigger, expected in steps:
        with desk.store.transaction() as uow:
            uow.refunds.save(uow.refunds.of_item(10)[0].apply(trigger))
            uow.commit()
        assert money_of(desk, requested) is expected
        found = desk.search.page(SELLER, RequestFilter(money=expected), 5).rows
        assert [row.id for row in found] == [requested.id]


def money_of(desk: Desk, request: Request) -> RefundProgress:
    (row,) = (r for r in desk.search.page(SELLER, RequestFilter(), 50).rows if r.id == request.id)
    assert row.refund_id == desk.request(request.id).refund_id
    return row.money


def test_an_approved_exchange_sends_a_replacement_and_no_money(desk: Desk) -> None:
    desk.sell(1, count=3)
    requested = desk.ask(10, EXCHANGE)
    decided = desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)
    assert (decided.state, decided.refund_id) == (RequestState.OK, None)
    assert desk.item(10).status is ItemStatus.WAITING_FOR_DELIVERY
    assert desk.stock_of(10) == STOCK - 3
    assert desk.refunds(10) == ()
    assert desk.facts() == [
        (LedgerEvent.REQUEST_APPROVED, Actor.seller(7)),
        (LedgerEvent.REPLACEMENT_SENT, Actor.seller(7)),
    ]
    assert {int(row.entry.amount) for row in desk.ledger()} == {0}


def test_too_little_in_stock_sends_nothing(desk: Desk) -> None:
    desk.sell(1, count=STOCK + 1)
    requested = desk.ask(10, EXCHANGE)
    error = error_of(lambda: desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE))
    assert (error.code, error.parameters) == (ErrorCode.OUT_OF_STOCK, {"product": "상품 10"})
    unchanged(desk, requested)
    with desk.store.transaction() as uow:
        uow.connection.exec_driver_sql("DELETE FROM products")
        uow.commit()
    error = error_of(lambda: desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE))
    assert (error.code, error.parameters) == (ErrorCode.OUT_OF_STOCK, {"product": "상품 10"})


def unchanged(desk: Desk, requested: Request) -> None:
    assert desk.request(requested.id) == requested
    assert desk.item(10).status is ItemStatus.DELIVERY_COMPLETE
    assert desk.ledger() == ()


def test_a_rejection_keeps_its_note_and_moves_nothing(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    decided = desk.desk.decide(Actor.seller(SELLER), requested.id, REJECT, "사용 흔적")
    assert (decided.state, decided.ended_by) == (RequestState.CANCEL, ClosedBy.SELLER)
    assert decided.note == "사용 흔적"
    (row,) = desk.ledger()
    assert (row.entry.event, row.entry.reason) == (LedgerEvent.REQUEST_REJECTED, "사용 흔적")
    assert desk.refunds(10) == ()
    desk.ask(10)


@pytest.mark.parametrize("kind", RequestKind)
def test_change_of_the_item_meanwhile_is_reported(desk: Desk, kind: RequestKind) -> None:
    """Cancelled in another way: an approval says so, and a rejection can still end the request."""
    desk.sell(1)
    requested = desk.ask(10, kind)
    desk.put(10, ItemStatus.CANCEL)
    assert error_of(lambda: desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)).code is (
        ErrorCode.ITEM_CANCELLED
    )
    assert desk.request(requested.id) == requested
    desk.desk.decide(Actor.seller(SELLER), requested.id, REJECT, "이미 취소됨")


@pytest.mark.parametrize("kind", RequestKind)
def test_with_its_money_on_the_way_back_nothing_is_approved(desk: Desk, kind: RequestKind) -> None:
    desk.sell(1)
    requested = desk.ask(10, kind)
    refund_externally(desk, item_id=10)
    assert error_of(lambda: desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)).code is (
        ErrorCode.REFUND_IN_FLIGHT
    )
    unchanged(desk, requested)


def test_insufficient_balance_is_reported(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    refund_externally(desk, item_id=None)
    assert error_of(lambda: desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)).code is (
        ErrorCode.REFUND_BEYOND
    )
    unchanged(desk, requested)


def refund_externally(desk: Desk, item_id: int | None) -> None:
    with desk.store.transaction() as uow:
        uow.refunds.add(
            Refund(
                0, "imp_1", 1, item_id, RefundOrigin.ITEM, Won(9000), "", "[RF-x]", "", "",
                desk.clock.now(),
            )
        )  # fmt: skip
        uow.commit()


def test_several_are_decided_each_by_itself(desk: Desk) -> None:
    desk.sell(1, 1000, 2000, 3000)
    first, second, third = (desk.ask(n, EXCHANGE if n == 12 else REFUND) for n in (10, 11, 12))
    desk.put(11, ItemStatus.CANCEL)
    results = desk.desk.decide_many(
        Actor.seller(SELLER), [third.id, second.id, 99, first.id], APPROVE
    )
    assert [result.request_id for result in results] == [third.id, second.id, 99, first.id]
    codes = [
        result.error.code if isinstance(result.error, UserError) else None for result in results
    ]
    assert codes == [None, ErrorCode.ITEM_CANCELLED, ErrorCode.REQUEST_UNKNOWN, None]
    assert [r.request.state if r.request else None for r in results] == [
        RequestState.OK, None, None, RequestState.OK,
    ]  # fmt: skip
    (no_note,) = desk.desk.decide_many(Actor.seller(SELLER), [second.id], REJECT)
    assert isinstance(no_note.error, UserError)
    assert no_note.error.code is ErrorCode.NOTE_REQUIRED


def test_full_disk_is_reported_per_request(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sell(1)
    requested = desk.ask(10)

    def full(*_: object) -> None:
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL)

    monkeypatch.setattr("posapp.store.unit_of_work.SqlUnitOfWork.commit", full)
    (result,) = desk.desk.decide_many(Actor.seller(SELLER), [requested.id], APPROVE)
    assert isinstance(result.error, EnvironmentProblem)
    assert desk.request(requested.id) == requested


def test_cost_of_an_approval_is_shown_before(desk: Desk) -> None:
    desk.sell(1, 1000, 2000)
    refund, exchange = desk.ask(10), desk.ask(11, EXCHANGE)
    assert desk.desk.preview(Actor.seller(SELLER), [exchange.id, refund.id]) == (
        DecisionPreview(exchange.id, EXCHANGE, Won(0), "상품 11", "김하나", 2, 11),
        DecisionPreview(refund.id, REFUND, Won(2000), "상품 10", "김하나", 2, 10),
    )
    assert error_of(lambda: desk.desk.preview(Actor.seller(OTHER_SELLER), [refund.id])).code is (
        ErrorCode.REQUEST_OF_ANOTHER
    )
