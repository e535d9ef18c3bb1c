"""Ctrl+P at the outcome of a payment prints the receipt, and the page stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping.print_log import PrintRecord, receipt_key
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.printing import print_controller
from tests.fakes.world import FakeClock
from tests.ui.cancel.pdf_text import PdfText, pdf_printer
from tests.ui.cancel.shop_records import FakeHistories, refund
from tests.ui.conftest import HeldRunner
from tests.ui.pay.payment_page import become, begin
from tests.ui.pay.payment_scenarios import (
    BUYER,
    EnvironmentCode,
    EnvironmentProblem,
    FakeCash,
    FakePaymentService,
    NoReceipts,
    paid_history,
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that the default printer writes, one for each print."""
    written: list[Path] = []

    def default_printer():
        written.append(tmp_path / f"{len(written) + 1}.pdf")
        return pdf_printer(written[-1])

    monkeypatch.setattr(print_controller, "default_printer", default_printer)
    return written


@pytest.fixture
def no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_controller, "default_printer", lambda: None)
    names = staticmethod(list)
    monkeypatch.setattr(print_controller.QPrinterInfo, "availablePrinterNames", names)


@pytest.fixture
def paid(screen: PaymentScreen, payment_service: FakePaymentService) -> PaymentScreen:
    """The page with the outcome of a payment, and what it says and asks for."""
    begin(screen)
    become(screen, payment_service, PaymentPhase.DONE)
    screen.heard = []
    screen.notified.connect(screen.heard.append)
    screen.go_requested.connect(lambda page, given: screen.heard.append((page, given)))
    return screen


def press_print(times: int = 1) -> None:
    for _ in range(times):
        place = QApplication.focusWidget()
        assert place is not None
        QTest.keyClick(place, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def text_of(file: Path) -> str:
    return "".join(PdfText(file).pages)


def test_the_receipt_is_printed_and_the_next_customer_stays_one_key_away(paid, files, histories):
    press_print()
    assert "주문번호:1024" in text_of(files[0]) and "사본" not in text_of(files[0])
    assert [name for name, _ in histories.printed] == [receipt_key(1024)]
    assert paid.heard == ["인쇄를 시작했습니다."]
    assert paid.view.outcome.next.hasFocus()


def test_a_second_print_is_a_copy_of_the_first(paid, files):
    press_print(times=2)
    assert ["사본(COPY)2번째출력" in text_of(file) for file in files] == [False, True]


def test_a_receipt_that_was_printed_before_a_restart_is_a_copy(paid, files, histories, clock):
    histories.found = replace(
        histories.found, printed={receipt_key(1024): PrintRecord(1, clock.now())}
    )
    press_print()
    assert "사본(COPY)2번째출력" in text_of(files[0])


def test_without_a_printer_it_says_so_and_opens_the_receipt(paid, no_printer, histories):
    press_print()
    assert paid.heard == [
        "연결된 프린터를 찾지 못했습니다. PDF로 저장해 주세요.",
        ("receipt", {"order_id": 1024}),
    ]
    assert histories.printed == []


def test_without_a_receipt_its_page_says_more(paid, files, histories):
    histories.found = replace(histories.found, payments=())
    press_print()
    assert paid.heard == [("receipt", {"order_id": 1024})] and files == []


def test_an_order_that_cannot_be_read_is_reported_beside_the_outcome(paid, files, histories):
    histories.found = EnvironmentProblem(EnvironmentCode.DATABASE_IO)
    press_print()
    assert files == [] and paid.heard == []
    shown = paid.view.outcome.code
    assert shown.isVisible() and "(database_io)" in shown.text()
    assert paid.view.outcome.heading.text() == "성공적으로 결제되었습니다."


def test_a_print_that_cannot_be_noted_is_reported_beside_the_outcome(paid, files, histories):
    histories.unwritable = EnvironmentProblem(EnvironmentCode.DATABASE_IO)
    press_print()
    assert len(files) == 1
    assert "출력 기록을 남기지 못했습니다" in paid.view.outcome.code.text()
    press_print()
    assert "사본(COPY)2번째출력" in text_of(files[1]), "this run remembers it"


def test_the_report_is_gone_with_the_next_order(paid, files, histories, payment_service):
    histories.unwritable = EnvironmentProblem(EnvironmentCode.DATABASE_IO)
    press_print()
    assert paid.view.outcome.code.text()
    begin(paid)
    become(paid, payment_service, PaymentPhase.DONE)
    assert paid.view.outcome.code.text() == ""


@pytest.fixture
def slow(
    qtbot: QtBot,
    room: QWidget,
    texts: Translator,
    theme: Theme,
    held: HeldRunner,
    clock: FakeClock,
    payment_service: FakePaymentService,
    histories: FakeHistories,
) -> PaymentScreen:
    """The outcome of a payment; what is read arrives when the test lets it."""
    made = PaymentScreen(
        *(texts, theme, held, clock, payment_service, Session(), histories),
        cash=FakeCash(payment_service),
        cash_receipts=NoReceipts(),
        shop="한빛상점",
        parent=room,
    )
    with qtbot.waitExposed(room):
        room.show()
    made.open(Actor.buyer(BUYER.id), 1024)
    let_go(held)
    made.view.qr.pay.click()
    let_go(held)
    become(made, payment_service, PaymentPhase.DONE)
    let_go(held)
    made.heard = []
    made.notified.connect(made.heard.append)
    made.go_requested.connect(lambda page, given: made.heard.append((page, given)))
    return made


def let_go(held: HeldRunner) -> None:
    """Let everything end that was begun, and what follows from it."""
    while held.held:
        held.held.pop(0)()


def test_presses_while_the_order_is_read_print_once(slow, held, files, histories):
    press_print(times=3)
    let_go(held)
    assert histories.requested == [1024] and len(files) == 1


def test_the_paper_comes_although_the_next_customer_is_there(slow, held, files):
    press_print()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    let_go(held)
    assert len(files) == 1 and slow.heard == ["인쇄를 시작했습니다."]


def test_without_a_printer_nobody_is_led_away_from_the_next_order(slow, held, no_printer):
    press_print()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    let_go(held)
    assert slow.heard == ["연결된 프린터를 찾지 못했습니다. PDF로 저장해 주세요."]


def test_the_order_of_a_live_payment_is_not_printed(screen, payment_service, files):
    begin(screen)
    press_print()
    assert files == []


def test_the_receipt_after_a_refund_is_a_copy_with_what_was_refunded(paid, files, histories):
    """One payment has one original: two unmarked receipts of it could both be claimed with."""
    press_print()
    before = paid_history()
    back = refund(
        *(RefundState.CONFIRMED, 5), of=before.order.items[1], imp_uid=before.payments[0].imp_uid
    )
    histories.found = replace(before, refunds=(back,))
    press_print()
    first, second = map(text_of, files)
    assert "환불" not in first and "사본" not in first
    assert "사본(COPY)2번째출력" in second and "환불" in second
