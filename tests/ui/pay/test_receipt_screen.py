"""The page of an order's papers: their text, and the actions on them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.refunds import RefundState
from posapp.domain.shop_details import ShopDetails
from posapp.services.orders.order_history import OrderHistory
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.printing import print_controller
from posapp.ui.receipts.receipt_screen import ReceiptScreen
from tests.fakes.world import START
from tests.ui.cancel.pdf_text import PdfText
from tests.ui.cancel.shop_records import FakeHistories, refund
from tests.ui.pay.payment_scenarios import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    UserError,
    paid_history,
    weird_order,
)


def with_payment(history: OrderHistory, **changed: object) -> OrderHistory:
    return replace(history, payments=(replace(history.payments[0], **changed),))


def refunded(history: OrderHistory, state: RefundState) -> OrderHistory:
    made = refund(state, 5, of=history.order.items[1], imp_uid=history.payments[0].imp_uid)
    return replace(history, refunds=(made,))


@pytest.fixture
def screen(
    qtbot: QtBot,
    room: QWidget,
    texts: Translator,
    theme: Theme,
    histories: FakeHistories,
    tmp_path: Path,
) -> ReceiptScreen:
    made = ReceiptScreen(
        *(texts, theme, InlineTaskRunner(room), histories, Session(), room),
        shop="한빛상점",
        now=lambda: START,
        exports=tmp_path / "exports",
    )
    made.resize(room.size())
    with qtbot.waitExposed(room):
        room.show()
    return made


def test_receipt_shows_every_field(screen: ReceiptScreen):
    screen.open(1024)
    lines = screen.view.paper.lines()
    for part in (
        "한빛상점",
        "2026년 3월 2일 (월) 10:00:00",
        "테스트 결제",
        "59,900원",
        "아메리카노",
        "4,500원 × 2",
        "9,000원",
        "취소",
        "1024",
        "김서연",
        "카카오페이",
        "imp_448280090638",
    ):
        assert part in lines
    assert screen.view.paper.accessibleName() == "영수증"
    assert "59,900원" in screen.view.paper.accessibleDescription()
    assert screen.title == "영수증" and screen.subtitle == "주문 1024"


def test_a_live_payment_has_no_test_badge(screen: ReceiptScreen, histories: FakeHistories):
    histories.found = with_payment(histories.found, sandbox=False)
    screen.open(1024)
    assert "테스트 결제" not in screen.view.paper.lines()


def test_the_shops_details_stand_below_its_name(screen: ReceiptScreen, histories: FakeHistories):
    screen.open(1024)
    assert not any("사업자등록번호" in line for line in screen.view.paper.lines())
    shop = ShopDetails("124-81-00998", "김하나", "서울시 중구 1", "02-123-4567", "simplified")
    histories.found = replace(histories.found, shop=shop)
    screen.open(1024)
    assert screen.view.paper.lines()[:5] == [
        "한빛상점",
        "사업자등록번호 124-81-00998 (간이과세자)",
        "대표자 김하나",
        "서울시 중구 1",
        "전화 02-123-4567",
    ]


def test_receipt_shows_the_refunded_amount(screen: ReceiptScreen, histories: FakeHistories):
    histories.found = refunded(histories.found, RefundState.CONFIRMED)
    screen.open(1024)
    assert "-32,000원" in screen.view.paper.lines()
    assert "27,900원" in screen.view.paper.lines()


def test_a_refund_that_is_not_confirmed_is_not_on_the_receipt(screen, histories):
    histories.found = refunded(histories.found, RefundState.APPROVED)
    screen.open(1024)
    assert not any("32,000" in line and "-" in line for line in screen.view.paper.lines())


def test_the_address_is_copied_whole(qtbot: QtBot, screen: ReceiptScreen, histories):
    screen.open(1024)
    with qtbot.waitSignal(screen.notified):
        QTest.keyClick(screen, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == histories.found.payments[0].receipt_url


def test_without_an_address_there_is_nothing_to_copy(screen, histories):
    histories.found = with_payment(histories.found, receipt_url="")
    screen.open(1024)
    assert screen.view.copy.isHidden()


def test_enter_leads_to_where_the_visit_began(qtbot: QtBot, screen: ReceiptScreen):
    screen.open(1024)
    with qtbot.waitSignal(screen.back_requested):
        QTest.keyClick(screen, Qt.Key.Key_Return)


def test_missing_receipt_is_reported_and_the_report_can_be_chosen(screen, histories):
    histories.found = replace(histories.found, payments=())
    screen.open(5)
    assert screen.view.empty.isVisible()
    assert screen.view.empty.message == "이 주문에는 영수증이 없습니다."
    for button in (screen.view.copy, screen.view.print, screen.view.save):
        assert button.isHidden()
    screen.open(5, "report")
    assert screen.view.paper.isVisible() and screen.view.print.isVisible()
    assert screen.view.choice.isHidden(), "there is only one"


def test_trouble_is_reported_and_can_be_tried_again(screen, histories):
    found, histories.found = histories.found, EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    screen.open(1024)
    assert "데이터베이스" in screen.view.banner.message
    assert screen.view.print.isHidden() and screen.current is None
    histories.found = found
    screen.view.banner.acted.emit()
    assert "한빛상점" in screen.view.paper.lines()


def test_an_unknown_order_is_reported(screen, histories):
    histories.found = UserError(ErrorCode.ORDER_UNKNOWN)
    screen.open(9)
    assert screen.view.banner.message == "잘못된 주문번호 입니다."


def test_the_language_changes_on_the_paper(screen: ReceiptScreen, texts: Translator):
    screen.open(1024)
    texts.set_language("en")
    assert "₩59,900" in screen.view.paper.lines()
    assert "KakaoPay" in screen.view.paper.lines()
    assert "59,900원" not in screen.view.paper.lines()
    assert screen.title == "Receipt" and screen.view.print.text() == "Print"


def test_the_three_papers_of_an_order_are_chosen_on_its_page(screen, histories):
    histories.found = refunded(histories.found, RefundState.CONFIRMED)
    screen.open(1024, "slip 5")
    receipt, report, slip = screen.view.choice.segments
    assert [one.isVisible() for one in (receipt, report, slip)] == [True] * 3
    assert slip.isChecked() and screen.title == "환불 전표"
    assert "32,000원" in screen.view.paper.lines() and "환불 완료" in screen.view.paper.lines()
    report.click()
    assert screen.title == "처리 이력" and "주문 1024 처리 이력" in screen.view.paper.lines()[0]
    receipt.click()
    assert "한빛상점" in screen.view.paper.lines() and slip.isVisible()
    slip.click()
    assert screen.title == "환불 전표"
    screen.open(1024)
    assert not slip.isVisible(), "the slip of another visit"


def test_report_and_slip_are_copied_as_text(screen, histories):
    histories.found = refunded(histories.found, RefundState.APPROVED)
    for place, part in (("report", "주문 1024 처리 이력"), ("slip 5", "환불 전표")):
        screen.open(1024, place)
        screen.set_online(True)
        assert screen.view.copy.text() == "글 복사"
        screen.view.copy.click()
        assert QApplication.clipboard().text() == screen.current.text
        assert part in screen.current.text or "접수" in screen.current.text


def test_a_refund_that_is_confirmed_meanwhile_changes_its_slip(screen, histories):
    histories.found = refunded(histories.found, RefundState.APPROVED)
    screen.open(1024, "slip 5")
    assert "이 전표는 접수증입니다. 아직 환불되지 않았습니다." in screen.view.paper.lines()
    histories.found = refunded(histories.found, RefundState.CONFIRMED)
    screen.refund_changed(5)
    assert screen.title == "환불 전표" and "환불 완료" in screen.view.paper.lines()


def test_a_paper_goes_to_the_shops_folder_and_replaces_none(screen, tmp_path, file_manager):
    screen.open(1024)
    for _ in range(2):
        QTest.keyClick(screen, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    exports = tmp_path / "exports"
    names = sorted(one.name for one in exports.iterdir())
    assert names == ["영수증-1024-2.pdf", "영수증-1024.pdf"]
    first, copy = ("".join(PdfText(exports / name).pages) for name in reversed(names))
    assert "사본" not in first and copy.startswith("사본(COPY)2번째출력")
    assert screen.view.saved.isVisible()
    assert screen.view.saved.message.replace("\u200b", "").startswith("영수증-1024-2.pdf에 저장")
    screen.view.saved.button.click()
    assert file_manager.opened == [exports]
    screen.open(1025)
    assert not screen.view.saved.isVisible()


def test_a_folder_that_cannot_be_written_is_reported(screen, histories, tmp_path):
    (tmp_path / "exports").write_text("a file, no folder")
    screen.open(1024)
    screen.paperwork.save_to(screen.current, tmp_path / "exports" / "x.pdf")
    assert screen.view.banner.tone == "error" and histories.printed == []


def test_without_a_printer_another_way_is_named(screen, histories, monkeypatch):
    monkeypatch.setattr(print_controller, "default_printer", lambda: None)
    monkeypatch.setattr(print_controller.QPrinterInfo, "availablePrinterNames", staticmethod(list))
    said = []
    screen.notified.connect(said.append)
    screen.open(1024)
    QTest.keyClick(screen, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert said == ["연결된 프린터를 찾지 못했습니다. PDF로 저장해 주세요."]
    assert histories.printed == []


@pytest.mark.parametrize("size", [(1024, 434), (1366, 640), (1920, 950), (1080, 1800)])
def test_foreign_names_stay_on_the_paper(screen, room, histories, size):
    shop = "<b>가게</b>" * 500
    screen._shop, histories.found = shop, paid_history(weird_order())
    room.resize(*size)
    screen.resize(*size)
    for place in ("receipt", "report"):
        screen.open(1024, place)
        QApplication.processEvents()
        for label in screen.view.paper.findChildren(QLabel):
            if label.isVisible() and label.text():
                assert label.textFormat() is Qt.TextFormat.PlainText
                area = label.rect().translated(
                    label.mapTo(screen.view.paper, label.rect().topLeft())
                )
                assert screen.view.paper.rect().contains(area), label.text()[:40]
                assert label.minimumSizeHint().width() <= label.width()
        lines = screen.view.paper.lines()
        assert any("<b>굵게</b>" in line.replace("\u200b", "") for line in lines)
        assert not any("\x00" in line or "\u202e" in line for line in lines)
