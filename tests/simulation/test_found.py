"""What the simulation (or the look at it) found, cut down to the shortest day that shows it."""

from __future__ import annotations

import pytest

from posapp.domain.cancelling import Side
from posapp.domain.refunds import RefundState
from tests.fakes.books_gateway import Fault
from tests.fakes.till import SELLER
from tests.simulation.invariants import Inspector
from tests.simulation.machine import Ready
from tests.simulation.shop import open_shop


@pytest.fixture
def shop():
    with Ready() as template:
        shop = open_shop(template, template.with_name("shop.db"))
        yield shop
        shop.close()


def finish(shop) -> None:
    inspector = Inspector(shop)
    assert shop.calm_down()
    inspector.check_over(shop.reconcile())


def sold_order(shop, items: int) -> tuple[str, list[tuple[int, int]]]:
    """Sell the first order of so many items; return its imp_uid and (item, won) of each."""
    (order,) = shop.look(
        "SELECT order_id FROM order_items GROUP BY order_id HAVING count(*) = ? LIMIT 1", items
    )[0]
    orders = [row[0] for row in shop.look("SELECT id FROM orders WHERE is_open ORDER BY id")]
    assert shop.sell(orders.index(order))
    rows = shop.look("SELECT id, price * count FROM order_items WHERE order_id = ?", order)
    return shop.books.payments()[-1].imp_uid, rows


def ask(shop, item: int, won: int):
    return shop.till.cancelling.refund(Side.SELLER, SELLER, item, "", won)


def state(shop, refund) -> RefundState:
    return shop.till.cancelling.view(refund.id).refund.state


def test_a_console_cancel_under_several_approved_refunds_refuses_those_that_no_longer_fit(shop):
    """The line from the console and the approved refunds were together more than was captured; the
    database said so (rightly), the round ended in InvalidAmount, and so did every later one: no
    refund of any payment was sent any more."""
    imp_uid, items = sold_order(shop, 3)
    asked = [ask(shop, *each) for each in items]
    shop.books.console_cancel(imp_uid, items[-1][1])
    finish(shop)
    assert [state(shop, each) for each in asked] == [
        *[RefundState.CONFIRMED] * 2,
        RefundState.REFUSED,
    ]


def test_all_cancelled_in_the_console_refuses_every_approved_refund(shop):
    imp_uid, items = sold_order(shop, 3)
    asked = [ask(shop, *each) for each in items]
    shop.books.console_cancel(imp_uid)
    finish(shop)
    assert {state(shop, each) for each in asked} == {RefundState.REFUSED}


def test_money_that_went_back_is_confirmed_although_the_console_took_from_the_next_refund(shop):
    """Sent, answer lost, and then the console cancels what an approved refund was to send."""
    imp_uid, items = sold_order(shop, 3)
    asked = [ask(shop, *each) for each in items]
    shop.trouble_with("cancel", [Fault.LOST_AFTER])
    shop.work()
    assert state(shop, asked[0]) is RefundState.UNKNOWN
    shop.books.console_cancel(imp_uid, shop.books.balance(imp_uid) - items[1][1])
    finish(shop)
    assert state(shop, asked[0]) is RefundState.CONFIRMED
    assert state(shop, asked[2]) is RefundState.REFUSED


@pytest.mark.parametrize("call", ["find_all", "read"])
def test_a_status_that_nobody_knows_at_the_last_look_is_looked_at_again(shop, call):
    """The buyer pays at the very end of the quarter of an hour, and in the last look that there
    was PortOne says something new: the money was never found."""
    shop.start(0)
    shop.scan(0, "open")
    shop.sleep(300 + 61)
    shop.work(2)
    shop.sleep(800)
    assert shop.scan(0, "pay_late")
    shop.trouble_with("find_all", [Fault.UNKNOWN_STATUS])
    shop.trouble_with("read", [Fault.UNKNOWN_STATUS])
    if call == "read":
        shop.trouble_with("find_all", [None])
    shop.sleep(200)
    shop.work()
    finish(shop)
