"""faults.md, 78-80, 83 and 96: a refund that was refused lands later, and what a reading must show
before money is sent."""

from __future__ import annotations

import pytest

from posapp.domain.cancelling import Side
from posapp.domain.refunds import Refund, RefundState
from posapp.sandbox.cancelling import CancelOrder
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.till import BUYER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds
from tests.portone.unlisted import UNLISTED_TEXTS

__all__ = ["clock", "sandbox"]

CANCEL = "/payments/cancel"
ITEM, OTHER, THIRD = 100, 101, 102


@pytest.fixture
def till(tmp_path, sandbox, clock):
    till = Till(tmp_path / "posapp.db", sandbox, clock, make_ids=NumberedIds)
    yield till
    till.close()


@pytest.fixture
def paid(till):
    """A paid order of three items (5,000 + 3,000 + 2 × 1,000 won)."""
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (1000, 2)))
    till.imp_uid = till.paid_order(10)
    return till


def ask(till: Till, item: int = ITEM, amount: int = 5000) -> Refund:
    return till.cancelling.refund(Side.BUYER, BUYER, item, "단순 변심", amount)


def state(till: Till, refund: Refund) -> RefundState:
    return till.cancelling.view(refund.id).refund.state


def land(till: Till, refund: Refund, checksum: int = 10_000) -> None:
    """What was sent is carried out now, with the checksum that it was sent with."""
    till.books.cancel(
        CancelOrder(
            imp_uid=refund.imp_uid,
            amount=int(refund.amount),
            checksum=checksum,
            reason=refund.tagged_reason,
        )
    )


def refuse_once(till: Till, message: str) -> None:
    till.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=message)


def refuse_always(till: Till, message: str) -> int:
    return till.sandbox.faults.add("envelope", path=CANCEL, code=-1, message=message)


LIMIT = "결제취소에 실패하였습니다. 한도 초과"


@pytest.mark.parametrize("text", UNLISTED_TEXTS)
def test_fault_78_a_no_of_any_other_text_is_not_known_and_lands_once(paid, text):
    rule = refuse_always(paid, text)
    refund = ask(paid)
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.UNKNOWN
    land(paid, refund)
    paid.sandbox.faults.remove(rule)
    paid.pass_time(120, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 5000
    assert paid.stock_of(ITEM) == STOCK + 1
    paid.check_books()


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_fault_78_a_listed_text_under_another_status_is_not_known(paid, status):
    paid.sandbox.faults.add(
        "envelope", path=CANCEL, uses=1, code=1, http=status, message="이미 전액취소된 주문입니다."
    )
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    land(paid, refund)
    paid.pass_time(120, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 5000
    paid.check_books()
