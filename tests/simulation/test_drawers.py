"""The machine finds a receipt that is not what the cash is, and a shift that does not add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.receipt_identity import ReceiptPurpose
from tests.fakes.books_gateway import Fault
from tests.simulation.host import Ready, ShopMachine
from tests.simulation.mutants import (
    leaving_cash_in_the_drawer,
    leaving_receipts_behind,
    reporting_from_the_first_day,
    taking_lost_receipts_for_refused,
)

PERSONAL, UNNAMED = ReceiptPurpose.PERSONAL, ReceiptPurpose.UNNAMED


@pytest.fixture
def day() -> Iterator[ShopMachine]:
    with Ready() as template:

        class OneShop(ShopMachine):
            pass

        OneShop.template = template
        made = OneShop()
        yield made
        made._broken = True
        made.teardown()


def lose_a_receipt(day: ShopMachine) -> None:
    """Sell in cash; the answer to the receipt is lost, and a person asks for another one."""
    day.sell_in_cash(7, 2, "exact", then=False)
    day.work(3)  # compares, which a start does before it sends
    day.ask_receipt(0, PERSONAL, then=False)
    day.trouble_with("issue_receipt", [Fault.LOST_AFTER], then=False)
    day.wait(20)
    day.ask_receipt(0, PERSONAL, then=False)
    day.wait(20)
    day.wait(20)


def give_a_part_back(day: ShopMachine) -> None:
    """Issue the receipt of a sale, and refund it in cash."""
    day.sell_in_cash(7, 2, "exact", then=False)
    day.work(3)
    day.ask_receipt(0, UNNAMED, then=False)
    day.wait(20)
    item = day.shop.query("SELECT max(id) FROM order_items")[0][0]
    pick = [row[0] for row in day.shop.query(PAID_ITEMS)].index(item)
    day.refund(pick if pick % 8 else pick + 1, ActorKind.SELLER, then=False)
    day.finish()


def close_twice(day: ShopMachine) -> None:
    """Close a shift with too little in the drawer, and another one."""
    for over in (-1_000, 2_000):
        day.sell_in_cash(7, 2, "note", then=False)
        day.move_cash(10_000)
        day.look_at_shift()
        day.close_shift(over, names=True, then=False)


def pay_a_refused_refund(day: ShopMachine) -> None:
    """Have KakaoPay refuse the refund of a sale by QR for good, and pay it out in cash."""
    day.sell_in_cash(7, 9, "exact", then=False)
    day.ring_up(7, 1, 0, then=False)
    shop, till = day.shop, day.shop.till
    ((number,),) = shop.query("SELECT id FROM orders WHERE counter AND is_open")
    buyer = Actor.buyer(till.order(number).buyer_id)
    attempt = till.payment_service.start(buyer, number).attempt
    shop.books.pay(attempt.merchant_uid)
    day.wait(20)
    (item,) = till.order(number).items
    shop.gateway.conduct.change(refuse_cancel="거래일로부터 1년이 지났습니다.")
    seller = Actor.seller(item.seller_id)
    till.cancellation_service.refund(seller, item.id, "변심", int(item.total))
    day.wait(20)
    shop.gateway.conduct.change(refuse_cancel=None)
    day.hand_out(then=False)
    day.finish()


PAID_ITEMS = """SELECT id FROM order_items
WHERE status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL') ORDER BY id"""

DAYS: tuple[tuple[Callable[[ShopMachine], None], tuple[str, ...]], ...] = (
    (lose_a_receipt, ("SELECT state FROM cash_receipts", "ISSUED")),
    (give_a_part_back, ("SELECT DISTINCT state FROM cash_receipts", "CANCELLED")),
    (pay_a_refused_refund, ("SELECT state FROM cash_refunds WHERE replaces", "PAID_OUT")),
    (close_twice, ("SELECT group_concat(z_no || ':' || (counted - expected)) FROM shifts",
                   "1:-1000,2:2000")),
)  # fmt: skip


@pytest.mark.parametrize(("live", "end"), DAYS, ids=lambda one: getattr(one, "__name__", ""))
def test_days_that_the_twins_spoil(day: ShopMachine, live, end) -> None:
    live(day)
    assert day.shop.query(end[0]) == [(end[1],)]


@pytest.mark.parametrize(
    ("twin", "live", "says"),
    [
        (taking_lost_receipts_for_refused, lose_a_receipt, "is issued, and is REFUSED here"),
        (leaving_receipts_behind, give_a_part_back, r"not \(0, 0\)"),
        (leaving_cash_in_the_drawer, close_twice, "the entries of closed shift 1 come to"),
        (reporting_from_the_first_day, close_twice, "Z 2 begins at 0"),
    ],
)
def test_twin_is_found(
    day: ShopMachine,
    twin: Callable[[], AbstractContextManager[object]],
    live: Callable[[ShopMachine], None],
    says: str,
) -> None:
    with twin(), pytest.raises(AssertionError, match=says):
        live(day)
