"""Decisions: only where one is open, about all of the won, and recorded in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.sandbox.server import Sandbox
from tests.fakes.actors import STAFF
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import payment_ref
from tests.fakes.till import Till
from tests.integration.two_item_shop import ask_back, two_item_shop


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    yield from two_item_shop(tmp_path / "posapp.db", sandbox, clock, BooksGateway(sandbox))


@pytest.fixture
def imp_uid(shop):
    return shop.paid_order(10)


def refusal(call, *arguments) -> ErrorCode:
    with pytest.raises(UserError) as refused:
        call(*arguments)
    return refused.value.code


def facts(shop: Till, fact: LedgerEvent):
    with shop.store.snapshot() as uow:
        return [row.entry for row in uow.ledger.rows(0, 1000) if row.entry.event is fact]


def test_refund_outside_review_accepts_no_decision(shop, imp_uid):
    refund = ask_back(shop)
    shop.books.console_cancel(imp_uid, 5000)
    for ours in (True, False):
        assert (
            refusal(shop.unresolved_money_service.assign_cancellation, STAFF, refund.id, ours)
            is ErrorCode.REFUND_NOT_WAITING
        )
    assert shop.cancellation_service.get_refund(refund.id).refund.state is RefundState.APPROVED


def test_refund_in_the_outbox_accepts_no_decision(shop, imp_uid):
    """Its round is just ending; the decision can be repeated afterwards."""
    refund = ask_back(shop)
    shop.books.console_cancel(imp_uid, 5000)
    assert shop.refund_worker.claim() is not None
    with shop.store.transaction() as uow:
        held = replace(uow.refunds.get(refund.id), state=RefundState.NEEDS_REVIEW, send_count=1)
        uow.refunds.save(held)
        uow.commit()
    for ours in (True, False):
        assert (
            refusal(shop.unresolved_money_service.assign_cancellation, STAFF, refund.id, ours)
            is ErrorCode.REFUND_NOT_WAITING
        )
    assert shop.cancellation_service.get_refund(refund.id).refund.state is RefundState.NEEDS_REVIEW
    assert facts(shop, LedgerEvent.REFUND_CONFIRMED) == []


def named(shop: Till, imp_uid: str):
    shop.books.console_cancel(imp_uid, 1000)
    shop.reconcile_job._comparison.resolve(payment_ref(imp_uid))
    found = shop.unresolved_money_service.mismatches()
    assert [one.amount for one in found] == [1000]
    return found[0]


@pytest.mark.parametrize("amount", [0, 999, 1001])
def test_a_difference_is_explained_to_the_last_won(shop, imp_uid, amount):
    mismatch = named(shop, imp_uid)
    text = (Actor.seller(7), mismatch.id, "깎음", amount)
    assert (
        refusal(shop.unresolved_money_service.close_mismatch, *text)
        is ErrorCode.EXPLAINED_AMOUNT_DIFFERS
    )
    assert shop.unresolved_money_service.mismatches() == (mismatch,)


def test_an_explanation_is_a_fact_of_the_ledger(shop, imp_uid):
    mismatch = named(shop, imp_uid)
    shop.unresolved_money_service.close_mismatch(
        Actor.seller(7), mismatch.id, "흠집이 있어 깎음", 1000
    )
    said = [
        (one.actor, one.imp_uid, one.amount) for one in facts(shop, LedgerEvent.MISMATCH_EXPLAINED)
    ]
    assert said == [(Actor.seller(7), imp_uid, Won(0))]
    reasons = [one.reason for one in facts(shop, LedgerEvent.MISMATCH_EXPLAINED)]
    assert all("1000" in reason and "흠집이 있어 깎음" in reason for reason in reasons)
    now = shop.clock.now()
    assert len(shop.unresolved_money_service.explained(now - timedelta(1), now + timedelta(1))) == 1
