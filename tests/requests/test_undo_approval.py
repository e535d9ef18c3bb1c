"""A decision is undone within seconds: facts are added to the ledger, and nothing was sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision, RequestKind
from posapp.services.ports.requests import RequestFilter
from tests.requests.desk import BUYER, OTHER_SELLER, SELLER, STOCK, Desk

APPROVE, REJECT = Decision.APPROVE, Decision.REJECT


def code_of_undo(desk: Desk, request_id: int, seller: int = SELLER) -> ErrorCode:
    with pytest.raises(UserError) as error:
        desk.desk.undo(Actor.seller(seller), request_id)
    return error.value.code


def test_an_unsent_refund_is_withdrawn_and_can_be_approved_again(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE, "예")
    desk.clock.advance(seconds=4)
    assert (
        desk.desk.undo(Actor.seller(SELLER), requested.id)
        == requested
        == desk.request(requested.id)
    )
    (withdrawn,) = desk.refunds(10)
    assert (withdrawn.state, withdrawn.send_count) == (RefundState.REFUSED, 0)
    assert [fact for fact, _ in desk.facts()] == [
        LedgerEvent.REQUEST_APPROVED,
        LedgerEvent.REFUND_APPROVED,
        LedgerEvent.REFUND_WITHDRAWN,
        LedgerEvent.REQUEST_REOPENED,
    ]
    with desk.store.transaction() as uow:
        desk.clock.advance(hours=1)
        assert uow.outbox.waiting(9) == ()
        assert uow.outbox.claim(desk.clock.now(), desk.clock.now()) is None
    again = desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)
    assert again.refund_id not in (None, withdrawn.id)
    assert [refund.state for refund in desk.refunds(10)] == [
        RefundState.REFUSED,
        RefundState.APPROVED,
    ]


def test_a_replacement_is_stopped_and_its_pieces_are_back(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10, RequestKind.EXCHANGE)
    desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)
    desk.desk.undo(Actor.seller(SELLER), requested.id)
    assert desk.item(10).status is ItemStatus.DELIVERY_COMPLETE
    assert desk.stock_of(10) == STOCK
    assert [fact for fact, _ in desk.facts()][2:] == [
        LedgerEvent.REPLACEMENT_STOPPED,
        LedgerEvent.REQUEST_REOPENED,
    ]


def test_rejection_is_undone(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    desk.desk.decide(Actor.seller(SELLER), requested.id, REJECT, "아니요")
    assert desk.desk.undo(Actor.seller(SELLER), requested.id) == requested
    assert [fact for fact, _ in desk.facts()] == [
        LedgerEvent.REQUEST_REJECTED,
        LedgerEvent.REQUEST_REOPENED,
    ]


def test_undo_after_its_time_is_refused_and_the_row_shows_the_limit(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    decided = desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)
    (row,) = desk.search.page(SELLER, RequestFilter(), 5).rows
    assert row.undo_until == decided.undo_until
    desk.clock.advance(seconds=5)
    assert code_of_undo(desk, requested.id) is ErrorCode.UNDO_OVER
    assert desk.request(requested.id) == decided


def test_undo_conditions(desk: Desk) -> None:
    desk.sell(1, 1000, 1000)
    waiting, withdrawn = desk.ask(10), desk.ask(11)
    desk.request_service.withdraw(Actor.buyer(BUYER), 11)
    assert code_of_undo(desk, waiting.id) is ErrorCode.UNDO_OVER
    assert code_of_undo(desk, withdrawn.id) is ErrorCode.UNDO_OVER
    assert code_of_undo(desk, 99) is ErrorCode.REQUEST_UNKNOWN
    desk.desk.decide(Actor.seller(SELLER), waiting.id, APPROVE)
    assert code_of_undo(desk, waiting.id, OTHER_SELLER) is ErrorCode.REQUEST_OF_ANOTHER
    assert code_of_undo(desk, waiting.id, BUYER) is ErrorCode.NOT_A_SELLER


@pytest.mark.parametrize("what", ["claimed", "sending", "sent before"])
def test_possibly_sent_refund_is_never_withdrawn(desk: Desk, what: str) -> None:
    """A user retried it at once, within the time to undo."""
    desk.sell(1)
    requested = desk.ask(10)
    decided = desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)
    assert decided.refund_id is not None
    with desk.store.transaction() as uow:
        refund = uow.refunds.of_item(10)[0]
        if what == "claimed":
            uow.outbox.requeue(decided.refund_id, desk.clock.now())
            assert uow.outbox.claim(desk.clock.now(), desk.clock.now()) is not None
        elif what == "sending":
            uow.refunds.save(replace(refund, state=RefundState.SENDING, send_count=1))
        else:
            uow.refunds.save(replace(refund, send_count=1))
        uow.commit()
    before = desk.refunds(10), desk.facts()
    assert code_of_undo(desk, requested.id) is ErrorCode.UNDO_OVER
    assert (desk.refunds(10), desk.facts()) == before
    assert desk.request(requested.id) == decided


def test_a_replacement_that_left_is_not_stopped(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10, RequestKind.EXCHANGE)
    desk.desk.decide(Actor.seller(SELLER), requested.id, APPROVE)
    desk.fulfilment_service.advance(Actor.seller(SELLER), 10)
    assert code_of_undo(desk, requested.id) is ErrorCode.UNDO_OVER
    assert desk.item(10).status is ItemStatus.SHIPPING


def test_rejection_cannot_be_undone_after_a_new_request(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    desk.desk.decide(Actor.seller(SELLER), requested.id, REJECT, "아니요")
    desk.ask(10, RequestKind.EXCHANGE)
    assert code_of_undo(desk, requested.id) is ErrorCode.UNDO_OVER
