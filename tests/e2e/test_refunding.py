"""Money back by keyboard alone: one item of three, then another, and PortOne's books at the end."""

from __future__ import annotations

from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE
from tests.e2e.shop import BUYER, OF_THREE, chain_is_whole
from tests.e2e.till import Till

REFUNDED = "결제가 성공적으로 취소되었습니다"
BREAD, LATTE, BEANS = OF_THREE * 10, OF_THREE * 10 + 1, OF_THREE * 10 + 2
TOTAL = 24_900


def refund(till: Till, item_id: int, amount: str) -> None:
    """From home: to the cards, the buyer's second one, its ids, and the action with its amount."""
    till.wait_to_read("홈")
    till.open_cards()
    till.type("Tab", "Tab", *str(BUYER), "Return", *str(item_id), "Return")
    # Pressed once it is taken: a bounce of the key before does nothing.
    till.wait_to_press(f"{amount} 결제취소")
    till.type("F8")
    till.wait_to_read(REFUNDED)


def test_one_item_of_three_and_then_another(till: Till, portone: PortOne, phone: Phone) -> None:
    phone.open(till.show_code(OF_THREE))
    phone.press("pay")
    till.wait_to_read(DONE)
    merchant_uid = till.merchant_uid(OF_THREE)
    assert portone.balance(merchant_uid) == TOTAL
    till.type("Escape")

    refund(till, LATTE, "4,500원")
    assert portone.balance(merchant_uid) == TOTAL - 4_500
    till.type("Escape")

    refund(till, BREAD, "6,400원")
    assert portone.balance(merchant_uid) == TOTAL - 4_500 - 6_400

    books = till.books(OF_THREE)
    assert books.items == ["CANCEL", "CANCEL", "COMPLETE_PAYMENT"]
    assert sorted(books.refunds) == [("CONFIRMED", 4_500), ("CONFIRMED", 6_400)]
    assert books.money == portone.balance(merchant_uid) == 14_000
    assert till.close() == 0
    assert till.trouble() == []
    assert chain_is_whole(till.home)
