"""Printing by the queue: nothing waits for a printer, and papers that wait are spoken of once."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from posapp.domain.errors import EnvironmentCode
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.printing.print_queue import Backlog
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.navigation.print_backlog import PrintBacklog
from posapp.ui.printing.queued_printing import PrinterReport
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.shell.status_bar import StatusBar
from tests.bounds import QT_WAIT_MS
from tests.ui.printing.paper_queue import EMPTY, HALTED, Till, press
from tests.ui.printing.test_roll_printing import HungPrinter


class Shown:
    """The lamp, and the notices that were shown."""

    def __init__(self, texts: Translator, theme: Theme, roll: RollPrinting) -> None:
        self.bar = StatusBar(texts, theme, shop="하나")
        self.notices: list[str] = []
        self.opened: list[str] = []
        self.backlog = PrintBacklog(
            *(texts, roll, self.bar),
            lambda make, tone, view: self.notices.append(make()),
            lambda: self.opened.append("printer"),
            self.notices.append,
        )

    @property
    def lamp(self) -> tuple[str, str, str]:
        lamp = self.bar.printer
        return lamp.tone, lamp._said, lamp._description


@pytest.fixture
def shown(qtbot: QtBot, texts: Translator, theme: Theme, roll: RollPrinting) -> Shown:
    made = Shown(texts, theme, roll)
    qtbot.addWidget(made.bar)
    return made


def test_a_paper_comes_out_and_the_lamp_is_green(roll, printer, shown, till) -> None:
    (result,) = press(roll)
    assert result.value.state is PrinterState.READY
    assert "영수증 1" in printer.papers[0] and "재발행" not in printer.papers[0]
    assert shown.lamp == ("success", "프린터", "프린터 준비")
    assert (till.print_queue.backlog(), shown.notices) == (Backlog(), [])
    assert not shown.bar.printer.isHidden()


@pytest.mark.parametrize(
    ("result", "tone", "said"),
    [
        (PrinterState.PAPER_LOW, "warning", "용지 얼마 없음"),
        (PrinterState.UNKNOWN, "", "상태를 알 수 없음"),
        (EMPTY, "error", "용지 없음"),
        (PrinterProblem(EnvironmentCode.PRINTER_COVER), "error", "덮개 열림"),
        (PrinterProblem(EnvironmentCode.PRINTER_CUTTER), "error", "자르기 오류"),
        (PrinterProblem(EnvironmentCode.PRINTER_AWAY), "error", "프린터 꺼짐 또는 연결 안 됨"),
    ],
)
def test_the_lamp_says_how_the_printer_is(roll, printer, shown, result, tone, said) -> None:
    printer.results = [result]
    press(roll)
    assert shown.lamp[0] == tone and shown.lamp[2].startswith(said)


def test_papers_wait_are_said_once_and_come_out_when_the_printer_is_back(
    roll, printer, shown, till
) -> None:
    printer.results = [EMPTY, EMPTY, EMPTY]
    press(roll, 1)
    press(roll, 2)
    assert shown.notices == ["인쇄하지 못한 영수증 1장이 있습니다."]
    assert shown.lamp[:2] == ("error", "프린터 대기 2")
    roll.send_due()
    assert printer.papers[-1].count("영수증") and till.print_queue.backlog() == Backlog(2, 2)
    printer.papers.clear()
    roll.send_due()
    assert ["영수증 1" in printer.papers[0], "영수증 2" in printer.papers[1]] == [True, True]
    assert printer.are_copies == [False, False]
    assert shown.lamp == ("success", "프린터", "프린터 준비")
    printer.results = [EMPTY]
    press(roll, 3)
    assert len(shown.notices) == 2, "after the queue was empty it is said again"


def test_the_lamp_leads_to_the_page_of_the_printer(roll, printer, shown) -> None:
    shown.bar.printer.click()
    printer.results = [HALTED]
    press(roll)
    shown.bar.printer.click()
    assert shown.opened == ["printer", "printer"]


def test_what_an_earlier_run_left_is_said_at_the_start(
    qtbot, texts, theme, instant, printer, till
) -> None:
    first = RollPrinting(printer.at, address="tcp:printer:9100", runner=instant)
    first.use_queue(till.print_queue)
    printer.results = [EMPTY]
    press(first)
    till.clock.advance(seconds=3_600)
    again = RollPrinting(printer.at, address="tcp:printer:9100", runner=instant)
    made = Shown(texts, theme, again)
    qtbot.addWidget(made.bar)
    again.use_queue(till.print_queue)
    assert made.notices == ["인쇄하지 못한 영수증 1장이 있습니다."]
    assert printer.papers[1:] == []


def test_without_a_printer_there_is_no_lamp(qtbot, texts, theme, instant, printer, till) -> None:
    roll = RollPrinting(printer.at, runner=instant)
    made = Shown(texts, theme, roll)
    qtbot.addWidget(made.bar)
    assert made.bar.printer.isHidden()
    roll.choose("receipt_printer", "tcp:printer:9100")
    assert not made.bar.printer.isHidden()


def test_nothing_waits_for_a_hung_printer(qtbot: QtBot, till: Till) -> None:
    """Each paper is committed at once, also behind one that hangs."""
    hung = HungPrinter()
    roll = RollPrinting(hung.at, address="tcp:printer:9100")
    roll.use_queue(till.print_queue)
    reports: list[PrinterReport] = []
    roll.reported.connect(reports.append)
    for number in (1, 2, 3):
        press(roll, number)
    qtbot.waitUntil(lambda: till.print_queue.backlog().count == 3, timeout=QT_WAIT_MS)
    assert hung.begun.wait(QT_WAIT_MS / 1000)
    hung.let_go.set()
    qtbot.waitUntil(lambda: till.print_queue.backlog().count == 0, timeout=QT_WAIT_MS)
    qtbot.waitUntil(lambda: len(reports) >= 3, timeout=QT_WAIT_MS)
    roll.stop()
    assert not any("재발행" in one for one in hung.papers)


def test_a_drawer_that_stays_shut_is_said_each_time(roll, printer, shown) -> None:
    for count in (1, 2):
        printer.results = [PrinterProblem(EnvironmentCode.PRINTER_AWAY)]
        roll.open_drawer()
        assert len(shown.notices) == count
        assert "금고를 열지 못했습니다. 직접 열어 주세요." in shown.notices[-1]
        assert shown.lamp[0] == "error"
    roll.open_drawer()
    assert printer.drawers == 1 and len(shown.notices) == 2
