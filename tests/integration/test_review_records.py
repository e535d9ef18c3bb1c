"""The ledger names the actor of each take-over, requeue and decision about a cancel."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import UserError
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.merchant_numbers import build_refund_tag
from posapp.domain.money import Won
from posapp.domain.refunds import Refund, RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.refunds.refund_protocol import IN_DOUBT
from posapp.services.refunds.unresolved_money import AssignmentResult
from posapp.services.sync.sync_status import TAKEN_OVER
from tests.fakes.actors import STAFF, WHO
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import payment_ref
from tests.fakes.till import SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER = 100, 101


@pytest.fixture
def shop(tmp_path, clock) -> Iterator[Till]:
    sandbox = Sandbox(clock=clock.unix)
    gateway = BooksGateway(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (5000, 1)))
    till.imp_uid = till.paid_order(10)
    yield till
    till.close()


def ask(shop: Till, item: int = ITEM, amount: int = 5000) -> Refund:
    return shop.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def ledger(shop: Till) -> list[NewEntry]:
    with shop.store.snapshot() as uow:
        return [row.entry for row in uow.ledger.rows(0, 1000)]


def of(shop: Till, *facts: LedgerEvent) -> list[NewEntry]:
    return [entry for entry in ledger(shop) if entry.event in facts]


def escalate(shop: Till, refund: Refund, why: str) -> None:
    """Let a refund need a person, as if a send of it might have arrived."""
    with shop.store.transaction() as uow:
        held = replace(refund, state=RefundState.NEEDS_REVIEW, send_count=1)
        uow.refunds.save(replace(held, last_unknown_at=shop.clock.now()))
        assert uow.outbox.escalate(refund.id, why)
        uow.commit()


def assert_about(entry: NewEntry, refund: Refund, reason: str) -> None:
    """The entry moves no money and has the refund's numbers."""
    assert entry.actor == WHO
    assert (entry.amount, entry.reason, entry.reference) == (0, reason, refund.tag)
    assert (entry.order_id, entry.item_id, entry.imp_uid) == (10, refund.item_id, refund.imp_uid)


def test_taking_over_and_giving_back_are_entries_with_their_reason(shop):
    refund = ask(shop)
    shop.sync_service.take_over(WHO, refund.id)
    (taken,) = of(shop, LedgerEvent.REFUND_TAKEN_OVER)
    assert_about(taken, refund, "")
    shop.sync_service.requeue(WHO, refund.id)
    (given,) = of(shop, LedgerEvent.REFUND_REQUEUED)
    assert_about(given, refund, TAKEN_OVER)
    with shop.store.transaction() as uow:
        entry = uow.outbox.claim(shop.clock.now(), shop.clock.now())
        assert uow.outbox.postpone(entry, shop.clock.now(), "timeout")
        uow.commit()
    shop.sync_service.take_over(WHO, refund.id)
    assert_about(of(shop, LedgerEvent.REFUND_TAKEN_OVER)[-1], refund, "timeout")


def test_giving_back_from_the_list_of_money_is_the_same_entry(shop):
    refund = ask(shop)
    shop.sync_service.take_over(STAFF, refund.id)
    shop.unresolved_money_service.retry(WHO, refund.id)
    (given,) = of(shop, LedgerEvent.REFUND_REQUEUED)
    assert_about(given, refund, TAKEN_OVER)


def test_waiting_refund_is_made_due_and_logged(shop, caplog):
    refund = ask(shop)
    before = ledger(shop)
    caplog.set_level(logging.INFO)
    shop.unresolved_money_service.retry(WHO, refund.id)
    shop.sync_service.requeue(WHO, refund.id)
    shop.sync_service.try_now(WHO, refund.id)
    shop.sync_service.try_all(WHO)
    shop.sync_service.reconcile_now(WHO)
    assert ledger(shop) == before
    said = [record.getMessage() for record in caplog.records if str(WHO) in record.getMessage()]
    assert len(said) == 5


def test_a_refused_action_leaves_no_entry(shop):
    refund = ask(shop)
    assert shop.refund_worker.claim() is not None
    before = ledger(shop)
    with pytest.raises(UserError):
        shop.sync_service.take_over(WHO, refund.id)
    assert ledger(shop) == before


def test_explanation_requeues_the_refund_that_waited_for_it(shop):
    refund = ask(shop)
    shop.books.console_cancel(shop.imp_uid, 1000)
    shop.reconcile_job._comparison.resolve(payment_ref(shop.imp_uid))
    escalate(shop, refund, IN_DOUBT)
    (found,) = shop.unresolved_money_service.mismatches()
    shop.unresolved_money_service.close_mismatch(
        WHO, found.id, "콘솔에서 확인함", int(found.amount)
    )
    (explained, given) = of(shop, LedgerEvent.MISMATCH_EXPLAINED, LedgerEvent.REFUND_REQUEUED)
    assert explained.actor == WHO
    assert_about(given, refund, IN_DOUBT)


def test_cancel_assigned_as_ours_is_confirmed_with_its_actor(shop):
    refund = ask(shop)
    escalate(shop, refund, "two ways")
    shop.books.console_cancel(shop.imp_uid, 5000)
    found = Mismatch(
        0, MismatchKind.CANCELS_DIFFER, "", shop.imp_uid, Won(5000), "e", shop.clock.now()
    )
    with shop.store.transaction() as uow:
        uow.mismatches.note(found)
        uow.commit()
    result = shop.unresolved_money_service.assign_cancellation(WHO, refund.id, True)
    assert result is AssignmentResult.CONFIRMED
    said = of(shop, LedgerEvent.REFUND_CONFIRMED, LedgerEvent.MISMATCH_EXPLAINED)
    assert [one.actor for one in said] == [WHO, WHO]
    assert of(shop, LedgerEvent.CANCELLATION_DISOWNED, LedgerEvent.REFUND_REQUEUED) == []


@pytest.mark.parametrize(
    ("reason", "more", "result"),
    [
        ("콘솔", 0, AssignmentResult.SENDS_AGAIN),
        ("콘솔", 3000, AssignmentResult.REFUSED),
        (f"품절 {build_refund_tag(ITEM, 'LOST')}", 0, AssignmentResult.TAGGED),
    ],
)
def test_not_ours_is_one_entry_with_the_number_of_the_cancel(shop, reason, more, result):
    refund = ask(shop)
    escalate(shop, refund, "two ways")
    shop.books.console_cancel(shop.imp_uid, 5000, reason)
    (line,) = shop.gateway.get_payment(payment_ref(shop.imp_uid)).cancellations
    if more:
        shop.books.console_cancel(shop.imp_uid, more)
    assert shop.unresolved_money_service.assign_cancellation(WHO, refund.id, False) is result
    (entry,) = of(shop, LedgerEvent.CANCELLATION_DISOWNED)
    assert_about(entry, refund, line.cancellation_id)
    assert of(shop, LedgerEvent.REFUND_REQUEUED) == [], "giving back follows from the decision"


def test_not_ours_names_every_cancel_that_may_be_it(shop):
    refund = ask(shop)
    escalate(shop, refund, "two ways")
    for _ in range(2):
        shop.books.console_cancel(shop.imp_uid, 5000)
    lines = shop.gateway.get_payment(payment_ref(shop.imp_uid)).cancellations
    shop.unresolved_money_service.assign_cancellation(WHO, refund.id, False)
    (entry,) = of(shop, LedgerEvent.CANCELLATION_DISOWNED)
    assert_about(entry, refund, ", ".join(line.cancellation_id for line in lines))


def test_refund_without_a_decision_is_requeued_with_its_actor(shop):
    refund = ask(shop)
    escalate(shop, refund, "two ways")
    result = shop.unresolved_money_service.assign_cancellation(WHO, refund.id, False)
    assert result is AssignmentResult.READS_AGAIN
    (given,) = of(shop, LedgerEvent.REFUND_REQUEUED)
    assert_about(given, refund, "two ways")
    assert of(shop, LedgerEvent.CANCELLATION_DISOWNED) == []
