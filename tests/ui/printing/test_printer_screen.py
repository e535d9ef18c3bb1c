"""The page of the receipt printer: its state in words, a test print, and the papers that wait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.printing.print_queue import Backlog, PrintQueue
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.printers.printer_screen import PrinterScreen
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.printing.roll_sample import SAMPLE
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.printing.paper_queue import EMPTY, HALTED, press

KEY, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
_GUARD_MS = 400


def shown(qtbot: QtBot, texts: Translator, theme: Theme, runner, roll) -> PrinterScreen:
    made = PrinterScreen(texts, theme, runner, Session(), "오늘의 커피", roll)
    qtbot.addWidget(made)
    made.resize(1366, 660)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(qtbot, texts, theme, instant, roll) -> PrinterScreen:
    return shown(qtbot, texts, theme, instant, roll)


def rows(page: PrinterScreen) -> list[tuple[str, str]]:
    model = page.view.model
    found = [model.index(at).data(model.TextRole) for at in range(model.rowCount())]
    return [(one.state, one.subject) for one in found]


def wait(qtbot: QtBot, page: PrinterScreen, count: int) -> None:
    qtbot.waitUntil(lambda: page.view.model.rowCount() == count)


@pytest.mark.parametrize(
    ("now", "tone", "said", "hint"),
    [
        (PrinterState.READY, "success", "프린터 준비", "인쇄할 수 있습니다."),
        (PrinterState.PAPER_LOW, "warning", "용지 얼마 없음", "새 용지"),
        (PrinterState.UNKNOWN, "busy", "상태를 알 수 없음", "상태를 알리지 않습니다"),
        (EMPTY, "error", "용지 없음", "용지를 넣으면"),
        (PrinterProblem(EnvironmentCode.PRINTER_COVER), "error", "덮개 열림", "덮개를 닫으면"),
        (PrinterProblem(EnvironmentCode.PRINTER_CUTTER), "error", "자르기 오류", "걸린 용지"),
        (
            PrinterProblem(EnvironmentCode.PRINTER_AWAY),
            *("error", "프린터 꺼짐 또는 연결 안 됨", "전원과 케이블"),
        ),
        (
            PrinterProblem(EnvironmentCode.PRINTER_STRANGE),
            *("error", "프린터 꺼짐 또는 연결 안 됨", "영수증 프린터가 아닙니다"),
        ),
    ],
)
def test_a_visit_asks_the_printer_how_it_is(
    qtbot, texts, theme, instant, roll, printer, now, tone, said, hint
) -> None:
    printer.now = now
    page = shown(qtbot, texts, theme, instant, roll)
    strip = page.strip
    assert (strip.property("tone"), strip.status_label.text()) == (tone, said)
    assert hint in strip.safe.text() and said in strip.accessibleName()
    assert printer.papers == [], "nothing is printed for it"


def test_an_open_page_asks_again_and_a_hidden_one_does_not(page, printer) -> None:
    printer.now = EMPTY
    page._tick.timeout.emit()
    assert page.strip.status_label.text() == "용지 없음"
    page.hide()
    assert not page._tick.isActive()


def test_a_test_print_has_the_three_ways_of_hangul(page, printer) -> None:
    page.test.click()
    (paper,) = printer.papers
    assert paper.count(SAMPLE) == 3 and "오늘의 커피" in paper
    assert page.view.banner.message == "영수증 프린터로 인쇄했습니다."
    printer.results = [PrinterProblem(EnvironmentCode.PRINTER_AWAY)]
    page.test.click()
    assert page.view.banner.tone == "error" and page.test.isEnabled()


def test_without_a_printer_it_says_where_one_is_chosen(
    qtbot, texts, theme, instant, printer
) -> None:
    page = shown(qtbot, texts, theme, instant, RollPrinting(printer.at, runner=instant))
    assert page.strip.status_label.text() == "영수증 프린터 없음"
    page.test.click()
    assert "설정에서 프린터를 연결해 주세요" in page.view.banner.message
    assert printer.papers == []
    gone: list[str] = []
    page.go_requested.connect(lambda name, _: gone.append(name))
    page.settings.click()
    assert gone == ["settings"]


def test_papers_are_listed_with_what_they_are_and_why_they_wait(
    qtbot, page, roll, printer, till
) -> None:
    printer.results = [HALTED, EMPTY]
    press(roll, 1)
    press(roll, 2)
    wait(qtbot, page, 2)
    assert rows(page) == [
        ("인쇄 중 멈춤", "영수증 · 주문 1"),
        ("인쇄 대기", "영수증 · 주문 2"),
    ]
    assert page.subtitle == "인쇄 대기 2장"
    assert "재발행" in page.view.detail.note.text()
    page.view.list.setCurrentIndex(page.view.model.index(1))
    assert page.view.detail.advice.text() == "영수증 용지가 없습니다"
    assert page.view.detail.amount.isHidden()
    till.clock.advance(seconds=3_600)
    page.refresh()
    wait(qtbot, page, 2)
    assert rows(page)[1][0] == "10분 넘게 대기"
    assert "인쇄하거나 버려 주세요" in page.view.detail.note.text()
    opened: list[object] = []
    page.go_requested.connect(lambda name, given: opened.append((name, given)))
    page.view.detail.order.click()
    assert opened == [("order", {"order_id": 2})]
    page.view.copy.click()
    assert "영수증 · 주문 2" in QGuiApplication.clipboard().text()


def test_one_paper_is_printed_and_an_old_one_beside_it_stays(
    qtbot, page, roll, printer, till
) -> None:
    printer.results = [EMPTY, EMPTY]
    press(roll, 1)
    press(roll, 2)
    till.clock.advance(seconds=3_600)
    page.refresh()
    wait(qtbot, page, 2)
    page.view.list.setCurrentIndex(page.view.model.index(1))
    printer.papers.clear()
    QTest.keyClick(page, KEY.Key_P, CONTROL)
    wait(qtbot, page, 1)
    assert ["영수증 2" in one for one in printer.papers] == [True]
    assert rows(page) == [("10분 넘게 대기", "영수증 · 주문 1")]


def test_all_papers_are_printed(qtbot, page, roll, printer, till) -> None:
    printer.results = [HALTED, EMPTY]
    press(roll, 1)
    press(roll, 2)
    wait(qtbot, page, 2)
    printer.papers.clear()
    QTest.keyClick(page, KEY.Key_F4)
    wait(qtbot, page, 0)
    assert printer.are_copies == [True, False], "half of the first one may be out"
    assert page.strip.status_label.text() == "프린터 준비"
    assert page.view.empty.isVisible() and page.home.hasFocus()


def answer(qtbot: QtBot, key: Qt.Key) -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ConfirmDialog)
    qtbot.wait(_GUARD_MS)
    QTest.keyClick(dialog, key)


@pytest.mark.parametrize("is_all", [False, True])
def test_dropping_asks_once(qtbot, page, roll, printer, till, is_all: bool) -> None:
    printer.results = [EMPTY, EMPTY]
    press(roll, 1)
    press(roll, 2)
    wait(qtbot, page, 2)
    ask = (page.drop_all if is_all else page.drop).click
    ask()
    answer(qtbot, KEY.Key_Escape)
    assert till.print_queue.backlog() == Backlog(2, 2)
    ask()
    answer(qtbot, KEY.Key_F8)
    wait(qtbot, page, 0 if is_all else 1)
    assert till.print_queue.backlog().count == (0 if is_all else 1)
    if not is_all:
        assert rows(page) == [("인쇄 대기", "영수증 · 주문 2")]


def test_what_could_not_be_stored_is_said(qtbot, page, roll, printer, monkeypatch) -> None:
    printer.results = [EMPTY]
    press(roll)
    wait(qtbot, page, 1)

    def full(*_: object) -> bool:
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL)

    monkeypatch.setattr(PrintQueue, "drop_one", full)
    page.drop.click()
    answer(qtbot, KEY.Key_F8)
    assert page.view.banner.tone == "error"
    assert page.view.model.rowCount() == 1
