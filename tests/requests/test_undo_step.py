"""The last step of a delivery is undone within seconds, if nothing else happened to the item."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posapp.domain.actors import PORTONE, TILL, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.orders import DELIVERY_STEPS, IN_FULFILMENT, TO_SHIP, ItemStatus
from posapp.domain.requests import Decision, RequestKind
from tests.requests.desk import BUYER, OTHER_SELLER, SELLER, STOCK, Desk

S = ItemStatus
WHO = Actor.seller(SELLER)
ITEM, OTHER = 10, 11

STEP = {
    S.COMPLETE_PAYMENT: LedgerEvent.DELIVERY_PREPARED,
    S.WAITING_FOR_DELIVERY: LedgerEvent.ITEM_SHIPPED,
    S.SHIPPING: LedgerEvent.ITEM_DELIVERED,
}


def advance(desk: Desk, item: int = ITEM) -> ItemStatus:
    return desk.fulfilment_service.advance(WHO, item).status


def undo(desk: Desk, item: int = ITEM, actor: Actor = WHO) -> ItemStatus:
    return desk.fulfilment_service.undo_step(actor, item).status


def refusal(desk: Desk, item: int = ITEM, actor: Actor = WHO) -> ErrorCode:
    before = desk.item(ITEM), desk.ledger()
    with pytest.raises(UserError) as refused:
        undo(desk, item, actor)
    assert (desk.item(ITEM), desk.ledger()) == before
    return refused.value.code


def entries(desk: Desk) -> list[NewEntry]:
    return [row.entry for row in desk.ledger()]


def test_the_statuses_with_a_next_step_are_those_of_fulfilment() -> None:
    assert (
        set(DELIVERY_STEPS)
        == IN_FULFILMENT
        > TO_SHIP
        == {S.COMPLETE_PAYMENT, S.WAITING_FOR_DELIVERY}
    )


@pytest.mark.parametrize("status", STEP)
def test_each_step_and_its_undoing_are_entries_of_the_ledger(desk: Desk, status: S) -> None:
    desk.sell(1, status=status)
    before = desk.item(ITEM)
    advance(desk)
    desk.clock.advance(seconds=4.9)
    undone_at = desk.clock.now()
    assert undo(desk) is status
    assert desk.item(ITEM) == before
    assert desk.stock_of(ITEM) == STOCK
    step, undone = entries(desk)
    assert (step.event, undone.event) == (STEP[status], LedgerEvent.DELIVERY_STEP_UNDONE)
    for one in (step, undone):
        assert (one.amount, one.actor, one.order_id, one.item_id) == (ZERO, WHO, 1, ITEM)
    assert (step.reference, undone.reference) == ("", STEP[status].value)
    assert undone.at == undone_at
    assert advance(desk) is not status, "it goes on as before"


def test_what_was_handed_over_is_paid_again(desk: Desk) -> None:
    desk.sell(1, status=S.COMPLETE_PAYMENT)
    desk.fulfilment_service.hand_over(WHO, ITEM)
    assert undo(desk) is S.COMPLETE_PAYMENT
    assert [one.event for one in entries(desk)] == [
        LedgerEvent.ITEM_HANDED_OVER,
        LedgerEvent.DELIVERY_STEP_UNDONE,
    ]
    desk.fulfilment_service.hand_over(WHO, ITEM)
    assert undo(desk) is S.COMPLETE_PAYMENT, "a step made anew can be undone anew"


def test_only_the_last_step_is_undone(desk: Desk) -> None:
    desk.sell(1, status=S.COMPLETE_PAYMENT)
    advance(desk)
    advance(desk)
    assert undo(desk) is S.WAITING_FOR_DELIVERY
    assert refusal(desk) is ErrorCode.STEP_UNDO_OVER
    assert desk.item(ITEM).status is S.WAITING_FOR_DELIVERY


def test_after_five_seconds_it_stays(desk: Desk) -> None:
    desk.sell(1, status=S.COMPLETE_PAYMENT)
    advance(desk)
    desk.clock.advance(seconds=5)
    assert refusal(desk) is ErrorCode.STEP_UNDO_OVER


def test_a_clock_that_was_set_back_gives_no_more_time(desk: Desk) -> None:
    desk.sell(1, status=S.COMPLETE_PAYMENT)
    advance(desk)
    desk.clock.advance(seconds=-1)
    assert refusal(desk) is ErrorCode.STEP_UNDO_OVER


@pytest.mark.parametrize("status", S)
def test_without_a_recorded_step_nothing_is_undone(desk: Desk, status: S) -> None:
    """An item from a file, or one moved before schema 9."""
    desk.sell(1)
    desk.put(ITEM, status)
    over = ErrorCode.ITEM_CANCELLED if status is S.CANCEL else ErrorCode.STEP_UNDO_OVER
    assert refusal(desk) is over


def test_steps_of_other_items_are_in_nobodys_way(desk: Desk) -> None:
    desk.sell(1, 1000, 1000, status=S.COMPLETE_PAYMENT)
    advance(desk, ITEM)
    desk.fulfilment_service.hand_over(WHO, OTHER)
    assert undo(desk, ITEM) is S.COMPLETE_PAYMENT
    assert undo(desk, OTHER) is S.COMPLETE_PAYMENT


def asked(desk: Desk) -> None:
    desk.ask(ITEM)


def asked_and_withdrawn(desk: Desk) -> None:
    desk.ask(ITEM)
    desk.request_service.withdraw(Actor.buyer(BUYER), ITEM)


def asked_and_rejected(desk: Desk) -> None:
    desk.desk.decide(WHO, desk.ask(ITEM).id, Decision.REJECT, "아니요")


def exchanged(desk: Desk) -> None:
    desk.desk.decide(WHO, desk.ask(ITEM, RequestKind.EXCHANGE).id, Decision.APPROVE)


def exchange_undone(desk: Desk) -> None:
    number = desk.ask(ITEM, RequestKind.EXCHANGE).id
    desk.desk.decide(WHO, number, Decision.APPROVE)
    desk.desk.undo(WHO, number)
    desk.request_service.withdraw(Actor.buyer(BUYER), ITEM)


def refund_undone(desk: Desk) -> None:
    number = desk.ask(ITEM).id
    desk.desk.decide(WHO, number, Decision.APPROVE)
    desk.desk.undo(WHO, number)
    desk.request_service.withdraw(Actor.buyer(BUYER), ITEM)


def part_cancelled_elsewhere(desk: Desk) -> None:
    """Money of the whole order moved; which item it was of is not known."""
    with desk.store.transaction() as uow:
        uow.ledger.append(
            NewEntry(LedgerEvent.CANCELLED_EXTERNALLY, ZERO, PORTONE, desk.clock.now(), 1)
        )
        uow.commit()


def moved_otherwise(desk: Desk) -> None:
    desk.put(ITEM, S.SHIPPING)


SINCE: list[Callable[[Desk], None]] = [
    asked, asked_and_withdrawn, asked_and_rejected, exchanged, exchange_undone, refund_undone,
    part_cancelled_elsewhere, moved_otherwise,
]  # fmt: skip


@pytest.mark.parametrize("event", SINCE)
def test_whatever_happened_since_keeps_the_step(desk: Desk, event: Callable[[Desk], None]) -> None:
    desk.sell(1, status=S.COMPLETE_PAYMENT)
    desk.fulfilment_service.hand_over(WHO, ITEM)
    event(desk)
    assert refusal(desk) is ErrorCode.STEP_UNDO_OVER


def test_the_guards_of_a_step_guard_its_undoing(desk: Desk) -> None:
    desk.sell(1, 1000, 1000, status=S.COMPLETE_PAYMENT)
    for item in (ITEM, OTHER):
        desk.fulfilment_service.hand_over(WHO, item)
    assert refusal(desk, 99, Actor.seller(99)) is ErrorCode.USER_UNKNOWN
    assert refusal(desk, 99, Actor.seller(BUYER)) is ErrorCode.NOT_A_SELLER
    assert refusal(desk, actor=TILL) is ErrorCode.USER_UNKNOWN
    assert refusal(desk, 99) is ErrorCode.ITEM_UNKNOWN
    assert refusal(desk, actor=Actor.seller(OTHER_SELLER)) is ErrorCode.ITEM_OF_ANOTHER
    desk.desk.decide(WHO, desk.ask(OTHER).id, Decision.APPROVE)
    assert refusal(desk, OTHER) is ErrorCode.REFUND_IN_FLIGHT
    assert undo(desk, ITEM) is S.COMPLETE_PAYMENT


def test_a_replacement_is_shipped_and_that_is_undone(desk: Desk) -> None:
    """Undoing the approval then stops the replacement, as if it had never left."""
    desk.sell(1)
    number = desk.ask(ITEM, RequestKind.EXCHANGE).id
    desk.desk.decide(WHO, number, Decision.APPROVE)
    assert refusal(desk) is ErrorCode.STEP_UNDO_OVER, "that is no step of the delivery"
    advance(desk)
    assert undo(desk) is S.WAITING_FOR_DELIVERY
    desk.desk.undo(WHO, number)
    assert desk.item(ITEM).status is S.DELIVERY_COMPLETE
    assert desk.stock_of(ITEM) == STOCK
