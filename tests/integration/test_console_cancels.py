"""Partial cancels in PortOne's console beside refunds of this till: each line is recorded, refunds
that no longer fit are refused in the same transaction, and lines that cannot be recorded are
mismatches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.payments import ReportedCancellation
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.ports.outbox import MismatchKind
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import answered, payment_ref
from tests.fakes.till import SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER = 100, 101


class Lying(BooksGateway):
    """A gateway wrapper that answers a cancel with success and does nothing."""

    lies = False

    def cancel(self, order):
        if not self.lies:
            return super().cancel(order)
        read = self.get_payment(order.ref)
        line = ReportedCancellation(order.amount, order.reason, "cancel_of_nothing")
        told = replace(
            read,
            cancelled=read.cancelled + order.amount,
            history=(*read.cancellations, line),
        )
        return answered(told)


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    gateway = Lying(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (2000, 1)))
    yield till
    till.close()


def ask_back(shop: Till, item: int, amount: int):
    return shop.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def state(shop: Till, refund) -> RefundState:
    return shop.cancellation_service.get_refund(refund.id).refund.state


def external_cancellations(shop: Till, imp_uid: str) -> list[Won]:
    with shop.store.snapshot() as uow:
        refunds = uow.refunds.of_payment(imp_uid)
    return [one.amount for one in refunds if one.origin is RefundOrigin.EXTERNAL]


def reconcile(shop: Till, imp_uid: str) -> None:
    """Compare this payment, and send nothing."""
    shop.reconcile_job._comparison.resolve(payment_ref(imp_uid))


def test_approved_refund_above_the_balance_is_refused(shop):
    """Else the line could not be recorded beside them: refunds would exceed the payment."""
    imp_uid = shop.paid_order(10)
    first, second = ask_back(shop, ITEM, 5000), ask_back(shop, OTHER, 3000)
    shop.books.console_cancel(imp_uid, 6500)
    reconcile(shop, imp_uid)
    assert external_cancellations(shop, imp_uid) == [6500]
    assert state(shop, first) is RefundState.REFUSED
    assert state(shop, second) is RefundState.APPROVED, "3,000 of 3,500 that are left"
    assert shop.ledger_balance() == shop.portone_balance() == 3500


def test_older_refund_keeps_the_remaining_balance(shop):
    imp_uid = shop.paid_order(10)
    first, second = ask_back(shop, OTHER, 3000), ask_back(shop, ITEM, 5000)
    shop.books.console_cancel(imp_uid, 4500)
    reconcile(shop, imp_uid)
    assert external_cancellations(shop, imp_uid) == [4500]
    assert state(shop, first) is RefundState.APPROVED
    assert state(shop, second) is RefundState.REFUSED
    with shop.store.snapshot() as uow:
        refused = [
            r.entry for r in uow.ledger.for_order(10) if r.entry.event is LedgerEvent.REFUND_REFUSED
        ]
    assert len(refused) == 1


def test_refunds_within_the_remaining_balance_stay(shop):
    imp_uid = shop.paid_order(10)
    first, second = ask_back(shop, ITEM, 5000), ask_back(shop, OTHER, 3000)
    shop.books.console_cancel(imp_uid, 2000)
    reconcile(shop, imp_uid)
    assert external_cancellations(shop, imp_uid) == [2000]
    assert {state(shop, first), state(shop, second)} == {RefundState.APPROVED}


def test_line_above_the_payment_is_a_mismatch_and_not_recorded(shop):
    """By our records 5,000 of 10,000 are refunded, and PortOne shows another 8,000: one of the two
    is wrong, and only the staff can decide which."""
    imp_uid = shop.paid_order(10)
    shop.client.lies = True
    refund = ask_back(shop, ITEM, 5000)
    shop.pass_time(10, every=5)
    assert state(shop, refund) is RefundState.CONFIRMED
    shop.client.lies = False
    shop.books.console_cancel(imp_uid, 8000)
    shop.reconcile_job.request_full()
    shop.work(2)
    assert external_cancellations(shop, imp_uid) == []
    (named,) = shop.unresolved_money_service.mismatches()
    assert (named.kind, named.imp_uid) == (MismatchKind.CANCELS_DIFFER, imp_uid)
    assert shop.ledger_balance() == 5000
