"""Steps of a sale that several tests share, and checks after it."""

from __future__ import annotations

from tests.e2e.deadline import eventually
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.shop import PAID, TOTAL, WAITING, chain_is_whole
from tests.e2e.till import Till

DONE = "성공적으로 결제되었습니다."
STOPPED = "결제를 중단했습니다."
ORDER = 1


def pay_late(till: Till, phone: Phone) -> None:
    """Let a buyer enter KakaoPay, the cashier abandon the attempt, and then the buyer pay."""
    phone.open(till.show_code(ORDER))
    till.wait_to_read("결제 중")
    till.type("F8")
    till.wait_to_read("결제를 중단할까요?")
    eventually(
        lambda: all(one.enabled for one in till.shown() if one.text == "결제 중단"),
        lambda: till.reported("the action is not taken"),
    )
    till.type("F8")
    till.wait_to_read(STOPPED)
    till.wait_for_no_code()
    assert till.books(ORDER).items == WAITING
    assert [state for state, _ in till.books(ORDER).attempts] == ["ABANDONED"]
    phone.press("pay")
    phone.wait_to_read("결제가 완료되었습니다")


def recorded_once(till: Till, portone: PortOne) -> None:
    """Assert one attempt, one payment, one entry: in the till's books and in PortOne's."""
    books = till.books(ORDER)
    assert books.items == PAID
    assert [state for state, _ in books.attempts] == ["PAID"]
    assert books.payments == [("ACCEPTED", TOTAL, "")]
    assert books.facts == [("PAYMENT_CAPTURED", TOTAL)]
    assert books.money == TOTAL == portone.balance(till.merchant_uid(ORDER))
    assert chain_is_whole(till.home)
