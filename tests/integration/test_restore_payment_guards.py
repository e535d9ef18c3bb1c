"""A cancel with a tag of ours that the records lack: a refund of just that, or it is named."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.merchant_numbers import build_refund_tag
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.ports.outbox import MismatchKind
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import payment_ref
from tests.fakes.till import SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER, OF_ANOTHER_ORDER = 100, 101, 200


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    gateway = BooksGateway(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(20, (5000, 1)))
    till.paid_order(20)
    yield till
    till.close()


def resolve(shop: Till, imp_uid: str) -> None:
    shop.reconcile_job._comparison.resolve(payment_ref(imp_uid))


def refunds(shop: Till, imp_uid: str):
    with shop.store.snapshot() as uow:
        return uow.refunds.of_payment(imp_uid)


@pytest.mark.parametrize(
    ("item", "amount"),
    [(ITEM, 4999), (ITEM, 3000), (OF_ANOTHER_ORDER, 5000), (None, 5000), (999, 5000)],
    ids=["less", "another's amount", "another order's item", "a whole payment", "no item"],
)
def test_a_lost_refund_fits_just_its_item(shop, item, amount):
    imp_uid = shop.paid_order(10)
    shop.books.console_cancel(imp_uid, amount, f"품절 {build_refund_tag(item, 'LOST')}")
    resolve(shop, imp_uid)
    assert MismatchKind.LOST_REFUND in [
        one.kind for one in shop.unresolved_money_service.mismatches()
    ]
    assert [one.origin for one in refunds(shop, imp_uid)] == [RefundOrigin.EXTERNAL]
    for order in (10, 20):
        assert {one.status for one in shop.order(order).items} == {ItemStatus.COMPLETE_PAYMENT}
    assert shop.ledger_balance() == shop.portone_balance()


def test_a_lost_refund_is_restored(shop):
    imp_uid = shop.paid_order(10)
    tag = build_refund_tag(ITEM, "LOST")
    shop.books.console_cancel(imp_uid, 5000, f"품절 {tag}")
    resolve(shop, imp_uid)
    (found,) = refunds(shop, imp_uid)
    assert (found.tag, found.item_id, found.state) == (tag, ITEM, RefundState.CONFIRMED)
    assert shop.order(10).items[0].status is ItemStatus.CANCEL
    assert shop.unresolved_money_service.mismatches() == ()


def test_a_lost_refund_takes_the_place_of_one_that_waits(shop):
    """The same item, refunded by the newer file under another tag: the older intent is over, in
    the outbox too."""
    imp_uid = shop.paid_order(10)
    waits = shop.cancellation_service.refund(Actor.seller(SELLER), ITEM, "품절", 5000)
    shop.books.console_cancel(imp_uid, 5000, f"품절 {build_refund_tag(ITEM, 'LOST')}")
    resolve(shop, imp_uid)
    assert shop.cancellation_service.get_refund(waits.id).refund.state is RefundState.REFUSED
    with shop.store.snapshot() as uow:
        assert uow.outbox.get_pending(waits.id) is None
    assert [one.state for one in refunds(shop, imp_uid)] == [
        RefundState.REFUSED,
        RefundState.CONFIRMED,
    ]
    shop.pass_time(60)
    assert shop.books.balance(imp_uid) == 3000
    shop.check_books()
