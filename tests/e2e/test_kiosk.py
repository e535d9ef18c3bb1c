"""A buyer pays at the kiosk's real window with a real browser: by touch, and by a keypad alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import another_till
from tests.e2e.deadline import eventually
from tests.e2e.kiosk import ORDER, PHONE_END, START, START_EN, KioskProgram
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.screen import VirtualScreen
from tests.e2e.shop import PAID, TOTAL, chain_is_whole, merchant_uids
from tests.fakes.receipt_printer import FakeReceiptPrinter
from tests.faults.proxy import FaultProxy

ORDER_DONE = "이미 처리된 주문입니다."


@pytest.fixture
def kiosk(tmp_path: Path, stocked: Path, portone: PortOne) -> Iterator[KioskProgram]:
    home = another_till(stocked, tmp_path / "home")
    with kiosk_at(home, portone) as program:
        yield program


@contextmanager
def kiosk_at(
    home: Path, portone: PortOne, settings: dict[str, str] | None = None
) -> Iterator[KioskProgram]:
    """The kiosk of a shop on a screen of its own."""
    with VirtualScreen("1080x1920") as screen:
        program = KioskProgram(home, portone, screen, settings)
        try:
            program.wait_for_window()
            yield program
        finally:
            program.end()


def check_paid(kiosk: KioskProgram, portone: PortOne) -> None:
    books = kiosk.books()
    assert books.items == PAID
    assert books.payments == [("ACCEPTED", TOTAL, "")]
    assert books.money == TOTAL == portone.balance(merchant_uids(kiosk.home, ORDER)[-1])
    assert chain_is_whole(kiosk.home)


def test_a_buyer_pays_by_touch(kiosk: KioskProgram, portone: PortOne, phone: Phone) -> None:
    kiosk.wait_to_read(START)
    assert kiosk.screen.picture().corner(), "the kiosk leaves a part of the screen open"
    kiosk.touch_to_qr()
    kiosk.wait_to_read("10,900원")
    phone.open(kiosk.wait_for_code())
    phone.wait_to_read("10,900원")
    kiosk.wait_to_read("결제가 진행 중입니다. 화면을 닫지 마세요.")
    phone.press("pay")
    kiosk.wait_to_read("결제되었습니다. 감사합니다.")
    kiosk.wait_for_no_code()
    check_paid(kiosk, portone)
    kiosk.touch("완료", START)
    kiosk.screen.close_window()
    kiosk.wait_to_read(START)
    kiosk.type("Ctrl+Alt+k")
    kiosk.wait_to_read("점장 PIN")
    eventually(lambda: _ended(kiosk, "종료"), lambda: kiosk.reported("it does not end"))
    assert kiosk.process.wait(10) == 0
    assert kiosk.trouble() == []


def _ended(kiosk: KioskProgram, text: str) -> bool:
    with suppress(AssertionError, OSError):  # it ends while it is asked
        kiosk.click(text)
    return kiosk.process.poll() is not None


def test_a_buyer_pays_by_the_keypad_alone_in_english(
    kiosk: KioskProgram, portone: PortOne, phone: Phone
) -> None:
    kiosk.wait_to_read(START)
    kiosk.type("Down")
    kiosk.enter(START_EN)
    kiosk.type("Up")
    kiosk.enter("Enter your order number or scan the slip.")
    kiosk.type(str(ORDER))
    kiosk.wait_to_press("Next")
    kiosk.walk_to("next")
    kiosk.enter("Last 4 digits of your phone.")
    kiosk.type(*PHONE_END)
    kiosk.wait_to_press("Next")
    kiosk.walk_to("next")
    kiosk.enter("₩10,900")
    kiosk.wait_to_press("Pay")
    kiosk.enter("Stop payment")
    phone.open(kiosk.wait_for_code())
    phone.press("pay")
    kiosk.wait_to_read("Paid. Thank you.")
    check_paid(kiosk, portone)
    kiosk.enter(START)
    assert kiosk.trouble() == []


def test_a_buyer_pays_by_touch_in_english(
    kiosk: KioskProgram, portone: PortOne, phone: Phone
) -> None:
    kiosk.wait_to_read(START)
    kiosk.touch("영어 English", START_EN)
    kiosk.touch(START_EN, "Next")
    kiosk.click(str(ORDER))
    kiosk.touch("Next", "Last 4 digits of your phone.")
    for digit in PHONE_END:
        kiosk.click(digit)
    kiosk.touch("Next", "₩10,900")
    kiosk.touch("Pay", "Stop payment")
    phone.open(kiosk.wait_for_code())
    phone.press("pay")
    kiosk.wait_to_read("Paid. Thank you.")
    check_paid(kiosk, portone)
    kiosk.touch("Done", START)
    assert kiosk.trouble() == []


def test_a_buyer_pays_by_the_keypad_alone_in_korean(
    kiosk: KioskProgram, portone: PortOne, phone: Phone
) -> None:
    kiosk.wait_to_read(START)
    kiosk.enter("주문번호를 입력하거나 주문서의 코드를 스캔해 주세요.")
    kiosk.type(str(ORDER))
    kiosk.wait_to_press("다음")
    kiosk.walk_to("next")
    kiosk.enter("전화번호 뒤 4자리를 입력해 주세요.")
    kiosk.type(*PHONE_END)
    kiosk.wait_to_press("다음")
    kiosk.walk_to("next")
    kiosk.enter("10,900원")
    kiosk.wait_to_press("결제하기")
    kiosk.enter("결제 중단")
    phone.open(kiosk.wait_for_code())
    phone.press("pay")
    kiosk.wait_to_read("결제되었습니다. 감사합니다.")
    check_paid(kiosk, portone)
    kiosk.enter(START)
    assert kiosk.trouble() == []


def test_who_pays_after_the_kiosk_moved_on_has_paid(
    kiosk: KioskProgram, portone: PortOne, phone: Phone
) -> None:
    kiosk.wait_to_read(START)
    kiosk.touch_to_qr()
    phone.open(kiosk.wait_for_code())
    kiosk.wait_to_read("결제가 진행 중입니다. 화면을 닫지 마세요.")
    kiosk.touch("결제 중단", "처음으로")
    kiosk.wait_for_no_code()
    kiosk.touch("처음으로", START)
    phone.press("pay")
    phone.wait_to_read("결제가 완료되었습니다")
    eventually(
        lambda: kiosk.books().items == PAID, lambda: kiosk.reported("the payment is not recorded")
    )
    check_paid(kiosk, portone)
    assert kiosk.reads(START), "the next buyer sees nothing of it"
    kiosk.touch(START, "다음")
    kiosk.click(str(ORDER))
    kiosk.touch("다음", "전화번호 뒤 4자리를 입력해 주세요.")
    for digit in PHONE_END:
        kiosk.click(digit)
    kiosk.touch("다음", ORDER_DONE)
    assert kiosk.trouble() == []


def test_what_was_paid_without_a_network_is_said_when_it_is_back(
    tmp_path: Path, stocked: Path, portone: PortOne, phone: Phone
) -> None:
    home = another_till(stocked, tmp_path / "home")
    direct = portone.reported["api"].removesuffix("/")
    with FaultProxy(portone.reported["api"]) as network:
        through = portone.settings(lambda base: base.replace(direct, network.base.rstrip("/")))
        with kiosk_at(home, portone, through) as kiosk:
            kiosk.wait_to_read(START)
            kiosk.touch_to_qr()
            link = kiosk.wait_for_code()
            network.refuse()
            phone.open(link)
            phone.press("pay")
            phone.wait_to_read("결제가 완료되었습니다")
            assert kiosk.books().payments == []
            network.listen_again()
            kiosk.wait_to_read("결제되었습니다. 감사합니다.")
            check_paid(kiosk, portone)


def test_who_paid_takes_the_receipt_with_them(
    tmp_path: Path, stocked: Path, portone: PortOne, phone: Phone
) -> None:
    home = another_till(stocked, tmp_path / "home")
    with FakeReceiptPrinter() as printer:
        settings = {**portone.settings(), "POSAPP_RECEIPT_PRINTER": printer.address}
        with kiosk_at(home, portone, settings) as kiosk:
            kiosk.wait_to_read(START)
            kiosk.touch_to_qr()
            phone.open(kiosk.wait_for_code())
            phone.press("pay")
            kiosk.wait_to_read("결제되었습니다. 감사합니다.")
            kiosk.touch("영수증 출력", "접수번호 1\n영수증을 가져가 주세요.")
            check_paid(kiosk, portone)
            kiosk.touch("완료", START)
            assert kiosk.trouble() == []
        assert (printer.paper.wrong, printer.paper.cuts) == ([], 1)
        assert "10,900원" in printer.paper.text and f"PO{ORDER}" in printer.paper.text


def test_after_a_crash_the_same_qr_is_back_and_can_be_paid(
    tmp_path: Path, stocked: Path, portone: PortOne, phone: Phone
) -> None:
    home = another_till(stocked, tmp_path / "home")
    with kiosk_at(home, portone) as kiosk:
        kiosk.wait_to_read(START)
        kiosk.touch_to_qr()
        link = kiosk.wait_for_code()
        kiosk.kill()
    with kiosk_at(home, portone) as again:
        assert again.wait_for_code() == link
        phone.open(link)
        phone.press("pay")
        again.wait_to_read("결제되었습니다. 감사합니다.")
        check_paid(again, portone)
        assert len(again.books().attempts) == 1
        assert again.trouble() == []
