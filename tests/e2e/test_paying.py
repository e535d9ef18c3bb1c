"""A sale from the order to the receipt, and its other ends (docs/specification.md 2.3, 2.4).

The till's real window on a virtual screen gets real keys. An independent decoder reads the QR from
a picture of that screen; a real browser opens its address. The till learns only what is pressed
there.
"""

from __future__ import annotations

from tests.e2e.deadline import PATIENCE, eventually
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE, ORDER
from tests.e2e.shop import PAID, TOTAL, WAITING, chain_is_whole
from tests.e2e.till import Till


def test_a_buyer_pays_by_the_code_on_the_screen(till: Till, portone: PortOne, phone: Phone) -> None:
    """Scanned, entered, paid: the till says so, and order, payment and ledger hold it once."""
    address = till.show_code(ORDER)
    till.wait_to_read("스캔 대기")
    till.wait_to_read("10,900원")
    phone.open(address)
    phone.wait_to_read("10,900원")
    till.wait_to_read("결제 중")
    phone.press("pay")
    phone.wait_to_read("결제가 완료되었습니다")
    till.wait_to_read(DONE)
    till.wait_for_no_code()

    books = till.books(ORDER)
    assert books.items == PAID
    assert books.attempts == [("PAID", "")]
    assert books.payments == [("ACCEPTED", TOTAL, "")]
    assert books.facts == [("PAYMENT_CAPTURED", TOTAL)]
    assert books.money == TOTAL == portone.balance(till.merchant_uid(ORDER))
    assert till.books(ORDER + 1).items == WAITING

    till.type("Ctrl+p")
    till.wait_to_read("주소 복사")
    till.type("Escape")
    till.wait_to_read("할 일")
    assert till.close() == 0
    assert till.trouble() == []
    assert chain_is_whole(till.home)


def test_a_payment_fails_and_the_next_one_succeeds(till: Till, phone: Phone) -> None:
    """PortOne's words on the screen, the order as it was, and one key to another QR."""
    first = till.show_code(ORDER)
    phone.open(first)
    phone.unfold()
    phone.press("fail")
    till.wait_to_read("결제에 실패했습니다.")
    till.wait_to_read("잔액이 부족합니다.")
    till.wait_for_no_code()
    books = till.books(ORDER)
    assert books.items == WAITING
    assert books.attempts == [("FAILED", "잔액이 부족합니다.")]
    assert (books.payments, books.money) == ([], 0)

    till.wait_to_press("다시 시도")
    till.type("Return")
    second = till.wait_for_code()
    assert second != first
    phone.open(second)
    phone.press("pay")
    till.wait_to_read(DONE)
    books = till.books(ORDER)
    assert books.items == PAID
    assert [state for state, _ in books.attempts] == ["FAILED", "PAID"]
    assert books.payments == [("ACCEPTED", TOTAL, "")]
    assert books.money == TOTAL
    till.wait_to_press("다음 손님")
    till.type("Return")
    till.wait_to_read("할 일")
    assert till.close() == 0
    assert till.trouble() == []


def test_a_buyer_closes_the_page(till: Till, portone: PortOne, phone: Phone) -> None:
    """PortOne's own text is shown, and the order still waits for payment."""
    phone.open(till.show_code(ORDER))
    phone.press("close")
    till.wait_to_read("[결제포기] 사용자가 결제를 취소하셨습니다")
    till.wait_for_no_code()
    books = till.books(ORDER)
    assert books.items == WAITING
    assert [state for state, _ in books.attempts] == ["FAILED"]
    assert (books.payments, books.facts, books.money) == ([], [], 0)
    assert portone.balance(till.merchant_uid(ORDER)) == 0


def test_payment_of_another_amount_is_cancelled_in_full(
    till: Till, portone: PortOne, phone: Phone
) -> None:
    """A manipulated payment is refunded at once, and the books paid out what they received."""
    phone.open(till.show_code(ORDER))
    phone.unfold()
    phone.write("amount", "100")
    phone.press("other")
    phone.wait_to_read("결제가 완료되었습니다")
    till.wait_to_read("결제가 취소되었습니다")
    till.wait_to_read("PortOne 서버 결제 금액이 다릅니다.")
    books = till.books(ORDER)
    assert books.items == WAITING
    assert books.payments == [("REJECTED", 100, "verify_amount")]
    assert books.refunds == [("CONFIRMED", 100)]
    assert ("PAYMENT_REJECTED", 100) in books.facts
    assert ("REFUND_CONFIRMED", -100) in books.facts
    assert books.money == 0 == portone.balance(till.merchant_uid(ORDER))
    assert till.close() == 0
    assert till.trouble() == []
    assert chain_is_whole(till.home)


def test_of_two_payments_the_second_is_sent_back(
    till: Till, portone: PortOne, phone: Phone
) -> None:
    """After two payments the order is paid once, and the other payment is refunded."""
    phone.open(till.show_code(ORDER))
    phone.unfold()
    phone.press("again")
    phone.wait_to_read("결제가 완료되었습니다")
    till.wait_to_read(DONE)
    # Usually one poll finds both. If that poll came between the two, the next one, a minute after
    # the end, finds the second.
    eventually(
        lambda: till.books(ORDER).refunds == [("CONFIRMED", TOTAL)],
        lambda: f"{till.books(ORDER)}",
        patience=PATIENCE + 60,
    )
    books = till.books(ORDER)
    assert books.items == PAID
    assert books.payments == [
        ("ACCEPTED", TOTAL, ""),
        ("REJECTED", TOTAL, "verify_order_paid"),
    ]
    assert books.money == TOTAL == portone.balance(till.merchant_uid(ORDER))
    assert till.reads(DONE)
    assert chain_is_whole(till.home)
