"""docs/portone.md, "Cancel": KakaoPay refuses a second partial cancel; the remainder is still
refunded."""

from __future__ import annotations

import shutil

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import is_remainder_tag
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import Refund, RefundState
from posapp.store.files.backup import backup
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.till import BUYER, OTHER_SELLER, SELLER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds

__all__ = ["clock", "sandbox"]

CANCEL = "/payments/cancel"
VAT = "requested cancel amount is bigger than cancelable amount"


@pytest.fixture
def till(tmp_path, sandbox, clock):
    till = Till(tmp_path / "posapp.db", sandbox, clock, make_ids=NumberedIds)
    yield till
    till.close()


@pytest.fixture
def part(till):
    """Of 10,000 won, 5,000 are refunded; the next request, for 3,000, was refused."""
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (1000, 2)))
    till.imp_uid = till.paid_order(10)
    till.sandbox.faults.conduct.refuse_second_partial = VAT
    till.cancellation_service.refund(Actor.buyer(BUYER), 100, "단순 변심", 5000)
    till.work(2)
    till.refused = till.cancellation_service.refund(Actor.seller(SELLER), 101, "품절", 3000)
    till.work(2)
    assert state(till, till.refused) is RefundState.REFUSED
    return till


def state(till: Till, refund: Refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def cancel_rest(till: Till, amount: int = 5000, seller: int = SELLER) -> Refund:
    return till.remainder_service.cancel(Actor.seller(seller), till.refused.id, "품절", amount)


def assert_all_back(till: Till) -> None:
    assert till.books.balance(till.imp_uid) == 0
    assert [item.status for item in till.order(10).items] == [ItemStatus.CANCEL] * 3
    assert [till.stock_of(number) for number in (100, 101, 102)] == [
        STOCK + 1,
        STOCK + 1,
        STOCK + 2,
    ]
    with till.store.snapshot() as uow:
        facts = [row.entry for row in uow.ledger.for_order(10)]
    back = (LedgerEvent.REFUND_CONFIRMED, LedgerEvent.CANCELLED_EXTERNALLY)
    assert [one.amount for one in facts if one.event in back] == [-5000, -5000]
    assert till.unresolved_money_service.mismatches() == ()
    till.check_books()


def test_remainder_is_offered_and_refunded_by_one_cancel(part):
    offer = part.remainder_service.offer(part.refused.id)
    assert offer is not None
    assert [item.id for item in offer.items] == [101, 102]
    assert offer.amount == 5000
    refund = cancel_rest(part)
    assert (refund.amount, refund.item_ids, refund.follows) == (5000, (101, 102), part.refused.id)
    assert is_remainder_tag(refund.tag)
    assert part.order(10).items[1].status is ItemStatus.COMPLETE_PAYMENT
    part.work(2)
    assert state(part, refund) is RefundState.CONFIRMED
    assert_all_back(part)
    part.reconcile_job.request_full()
    part.pass_time(1200, every=60)
    assert_all_back(part)


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "late_effect"])
def test_remainder_is_refunded_once_after_any_fault_of_the_answer(part, fault):
    part.sandbox.faults.add(fault, path=CANCEL, uses=1)
    refund = cancel_rest(part)
    part.work(1)
    assert state(part, refund) is RefundState.UNKNOWN
    part.pass_time(120, every=5)
    part.sandbox.faults.release()
    part.pass_time(1800, every=60)
    assert state(part, refund) is RefundState.CONFIRMED
    assert_all_back(part)


def test_it_is_requested_once_and_nothing_else_beside_it(part):
    cancel_rest(part)
    with pytest.raises(UserError) as refused:
        cancel_rest(part)
    assert refused.value.code is ErrorCode.REST_NOT_OFFERED
    with pytest.raises(UserError) as refused:
        part.cancellation_service.refund(Actor.seller(SELLER), 102, "품절", 2000)
    assert refused.value.code is ErrorCode.REFUND_BEYOND
    part.work(2)
    assert_all_back(part)


@pytest.mark.parametrize("amount", [0, -1, 3000, 4999, 10_000])
def test_refunded_amount_is_the_confirmed_one(part, amount):
    with pytest.raises((UserError, InvalidAmount)):
        cancel_rest(part, amount)
    part.work(2)
    assert part.books.balance(part.imp_uid) == 5000


@pytest.mark.parametrize(
    ("seller", "code"),
    [(OTHER_SELLER, ErrorCode.ITEM_OF_ANOTHER), (BUYER, ErrorCode.NOT_A_SELLER)],
)
def test_only_the_items_own_seller_cancels_them(part, seller, code):
    with pytest.raises(UserError) as refused:
        cancel_rest(part, seller=seller)
    assert refused.value.code is code


def test_a_refusal_of_another_kind_offers_nothing(till):
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    till.imp_uid = till.paid_order(10)
    till.sandbox.faults.conduct.refuse_cancel = "한도 초과"
    till.refused = till.cancellation_service.refund(Actor.seller(SELLER), 100, "품절", 5000)
    till.work(2)
    assert state(till, till.refused) is RefundState.REFUSED
    assert till.remainder_service.offer(till.refused.id) is None
    with pytest.raises(UserError) as refused:
        cancel_rest(till, 8000)
    assert refused.value.code is ErrorCode.REST_NOT_OFFERED


def test_external_cancel_of_the_rest_refuses_the_remainder(part):
    part.books.console_cancel(part.imp_uid, 5000)
    refund = cancel_rest(part)
    part.pass_time(600, every=20)
    assert state(part, refund) is RefundState.REFUSED
    assert part.books.balance(part.imp_uid) == 0
    assert part.remainder_service.offer(part.refused.id) is None
    part.check_books()


def test_older_copy_recognises_the_remainder_refund(part, tmp_path):
    """It is money of an order that was paid, and never the return of a rejected payment."""
    path = tmp_path / "posapp.db"
    backup(path, tmp_path / "copy.db")
    cancel_rest(part)
    part.work(2)
    part.close()
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "copy.db", path)
    again = Till(path, part.sandbox, part.clock, make_ids=NumberedIds)
    again.imp_uid = part.imp_uid
    again.reconcile_job.request_full()
    again.pass_time(60, every=10)
    assert_all_back(again)
    again.close()


def test_each_item_shows_the_refund_of_all_that_is_left_as_its_last(part):
    """The screens read it there and offer no separate refund of one of these items."""
    refund = cancel_rest(part)
    for number in (101, 102):
        assert part.cancellation_service.get_item(Actor.seller(SELLER), number).refund == refund
    before = part.cancellation_service.get_item(Actor.seller(SELLER), 101)
    assert before.refunded == 5000
    part.work(2)
    view = part.cancellation_service.get_refund(refund.id)
    assert view.item is None
    assert [(item.id, item.status) for item in view.items] == [
        (101, ItemStatus.CANCEL),
        (102, ItemStatus.CANCEL),
    ]
