"""A sale of the counter's own, from the scan to the next customer (docs/specification.md 2.8)."""

from __future__ import annotations

from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE
from tests.e2e.shop import BREAD, LATTE, chain_is_whole, counter_orders
from tests.e2e.till import Till

SOLD = 7_700
"""Won of one 소금빵 and one 라떼."""


def test_two_products_are_scanned_and_paid_and_the_next_sale_begins(
    till: Till, portone: PortOne, phone: Phone
) -> None:
    till.wait_to_read("할 일")
    till.scan(BREAD)
    till.wait_to_read("받을 금액")
    till.wait_to_read("3,200원")
    till.scan(LATTE)
    till.wait_to_read("7,700원")
    assert counter_orders(till.home) == []
    till.wait_to_press("카카오페이")
    till.type("F8")
    phone.open(till.wait_for_code())
    phone.wait_to_read("7,700원")
    phone.press("pay")
    till.wait_to_read(DONE)
    till.wait_for_no_code()

    (order,) = counter_orders(till.home)
    books = till.books(order)
    assert set(books.items) == {"DELIVERY_COMPLETE"} and len(books.items) == 2, "taken along"
    assert books.payments == [("ACCEPTED", SOLD, "")]
    taken_along = [("ITEM_HANDED_OVER", 0)] * 2
    assert sorted(books.facts) == sorted([("PAYMENT_CAPTURED", SOLD), *taken_along])
    assert books.money == SOLD == portone.balance(till.merchant_uid(order))

    till.scan(LATTE)
    till.wait_to_read("받을 금액")
    till.wait_to_read("4,500원")
    assert counter_orders(till.home) == [order], "the next cart is no order yet"
    assert till.close() == 0
    assert till.trouble() == []
    assert chain_is_whole(till.home)
