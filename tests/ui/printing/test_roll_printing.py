"""Printing on the receipt printer: in the background, one after the other, copies marked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.roll import Draw, Roll
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner, TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.printing import print_controller, roll_printing
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.receipts.receipt_screen import ReceiptScreen
from tests.bounds import QT_WAIT_MS
from tests.fakes.receipt_printer import FakeReceiptPrinter
from tests.ui.cancel.shop_records import CONFIRMED, NOW, FakeHistories, history

RECEIPT, SLIP = "receipt 1024", "slip 5 returned"
AWAY = PrinterProblem(EnvironmentCode.PRINTER_AWAY)
HALTED = PrinterProblem(EnvironmentCode.PRINTER_HALTED, may_be_out=True)


class FakePrinter:
    """Keeps the texts of what it prints; its results are given, then it is ready."""

    def __init__(self) -> None:
        self.papers: list[str] = []
        self.drawers = 0
        self.addresses: list[str] = []
        self.results: list[PrinterState | PrinterProblem] = []
        self.now: PrinterState | PrinterProblem = PrinterState.READY
        """What it says of itself when it prints nothing."""

    def at(self, address: str) -> FakePrinter:
        self.addresses.append(address)
        return self

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        self.papers.append("\n".join(part.text for part in roll.parts))
        result = self.results.pop(0) if self.results else PrinterState.READY
        if isinstance(result, PrinterProblem):
            raise result
        return result

    def state(self) -> PrinterState:
        if isinstance(self.now, PrinterProblem):
            raise self.now
        return self.now

    def open_drawer(self) -> None:
        result = self.results.pop(0) if self.results else PrinterState.READY
        if isinstance(result, PrinterProblem):
            raise result
        self.drawers += 1

    @property
    def are_copies(self) -> list[bool]:
        return ["재발행" in paper for paper in self.papers]


class HungPrinter(FakePrinter):
    """Takes a paper and says nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let_go = threading.Event(), threading.Event()

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        self.begun.set()
        self.let_go.wait()
        return super().print(roll, draw)


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
def hung() -> Iterator[HungPrinter]:
    made = HungPrinter()
    yield made
    made.let_go.set()


@pytest.fixture
def roll(qapp, instant: InlineTaskRunner, printer: FakePrinter) -> RollPrinting:
    return RollPrinting(printer.at, address="tcp:192.168.0.20:9100", runner=instant)


@pytest.fixture
def histories() -> FakeHistories:
    return FakeHistories(found=replace(history(), refunds=(CONFIRMED,)))


@pytest.fixture
def page(qtbot: QtBot, texts: Translator, theme: Theme, instant, histories, roll) -> ReceiptScreen:
    return opened(qtbot, texts, theme, instant, histories, roll)


def opened(qtbot, texts, theme, runner, histories, roll) -> ReceiptScreen:
    made = ReceiptScreen(
        *(texts, theme, runner, histories, Session()),
        shop="오늘의 커피",
        now=lambda: NOW,
        roll=roll,
    )
    qtbot.addWidget(made)
    made.heard = []
    made.notified.connect(made.heard.append)
    made.open(1024)
    qtbot.waitUntil(lambda: made.current is not None, timeout=QT_WAIT_MS)
    return made


@pytest.fixture(autouse=True)
def no_other_printer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What looked for the system's printer."""
    found: list[str] = []
    monkeypatch.setattr(print_controller, "default_printer", lambda: found.append("asked"))
    names = staticmethod(list)
    monkeypatch.setattr(print_controller.QPrinterInfo, "availablePrinterNames", names)
    return found


def test_a_receipt_comes_out_and_is_recorded(page, printer, histories, no_other_printer) -> None:
    page.view.print.click()
    assert printer.addresses == ["tcp:192.168.0.20:9100"]
    assert "오늘의 커피" in printer.papers[0] and printer.are_copies == [False]
    assert [name for name, _ in histories.printed] == [RECEIPT]
    assert page.heard == ["영수증 프린터로 인쇄했습니다."]
    assert no_other_printer == []


def test_the_next_print_is_a_copy(page, printer) -> None:
    for _ in range(3):
        page.view.print.click()
    assert printer.are_copies == [False, True, True]
    assert "[재발행 3]" in printer.papers[2]
    assert "사본" in page.view.paper.mark_label.text()


def test_a_slip_prints_there_too(page, printer) -> None:
    page.open(1024, "slip 5")
    page.view.print.click()
    assert "환불 전표" in printer.papers[0]


def test_a_print_of_an_earlier_run_makes_a_copy(page, printer, histories) -> None:
    histories.found = replace(histories.found, printed={RECEIPT: PrintRecord(1, NOW)})
    page.open(1024)
    page.view.print.click()
    assert printer.are_copies == [True]


def test_fault_74_a_printer_that_is_away_printed_nothing(page, printer, histories) -> None:
    printer.results = [AWAY]
    page.view.print.click()
    assert "연결하지 못했습니다" in page.view.banner.message
    assert histories.printed == [] and page.heard == []
    page.view.print.click()
    assert printer.are_copies == [False, False]


def test_fault_74_what_may_be_out_makes_the_next_one_a_copy(page, printer, histories) -> None:
    printer.results = [HALTED]
    page.view.print.click()
    assert "재발행으로 표시" in page.view.banner.message
    assert [name for name, _ in histories.printed] == [RECEIPT]
    page.view.print.click()
    assert printer.are_copies == [False, True]


def test_a_printer_that_says_nothing_is_not_called_done(page, printer) -> None:
    printer.results = [PrinterState.UNKNOWN]
    page.view.print.click()
    assert "상태를 알 수 없으니" in page.heard[0]


def test_a_print_that_cannot_be_recorded_is_a_copy_in_this_run(page, printer, histories) -> None:
    histories.unwritable = EnvironmentProblem(EnvironmentCode.DATABASE_IO)
    page.view.print.click()
    assert "출력 기록을 남기지 못했습니다" in page.view.banner.message
    page.view.print.click()
    assert printer.are_copies == [False, True]


def test_without_an_address_all_stays_as_it_was(page, roll, printer, no_other_printer) -> None:
    roll.choose("receipt_printer", "")
    page.view.print.click()
    assert printer.papers == [] and no_other_printer == ["asked"]


def test_settings_are_used_at_once(page, roll, printer) -> None:
    roll.choose("receipt_printer", "queue:POS")
    roll.choose("receipt_columns", "32")
    page.view.print.click()
    assert printer.addresses == ["queue:POS"]
    assert "-" * 32 in printer.papers[0].split("\n")


def test_fault_74_a_printer_that_hangs_delays_no_page_and_no_reading(
    qtbot: QtBot, texts, theme, tasks: TaskRunner, histories, hung: HungPrinter
) -> None:
    """Prints that hang take no thread from what the sale reads and writes."""
    roll = RollPrinting(hung.at, address="tcp:192.168.0.20:9100")
    page = opened(qtbot, texts, theme, tasks, histories, roll)
    for place in ("receipt", "report", "slip 5"):
        page.open(1024, place)
        qtbot.waitUntil(lambda: page.current is not None, timeout=QT_WAIT_MS)
        page.view.print.click()
    assert hung.begun.wait(QT_WAIT_MS / 1000)
    turned, read = [], []
    QTimer.singleShot(0, lambda: turned.append(True))
    for _ in range(tasks_at_once := 4):
        tasks.run(lambda: 1, lambda outcome: read.append(outcome.value))
    qtbot.waitUntil(lambda: len(read) == tasks_at_once and bool(turned), timeout=QT_WAIT_MS)
    assert hung.papers == [] and page.heard == []
    hung.let_go.set()
    qtbot.waitUntil(lambda: len(page.heard) == 3, timeout=QT_WAIT_MS)
    assert len(hung.papers) == 3
    roll.stop()


def test_fault_74_a_second_press_while_it_prints_makes_no_second_original(
    qtbot: QtBot, texts, theme, tasks: TaskRunner, histories, hung: HungPrinter
) -> None:
    roll = RollPrinting(hung.at, address="tcp:192.168.0.20:9100")
    page = opened(qtbot, texts, theme, tasks, histories, roll)
    page.view.print.click()
    page.view.print.click()
    assert page.heard == ["인쇄하고 있습니다. 끝난 뒤 다시 눌러 주세요."]
    hung.let_go.set()
    qtbot.waitUntil(lambda: len(page.heard) == 2, timeout=QT_WAIT_MS)
    page.view.print.click()
    qtbot.waitUntil(lambda: len(page.heard) == 3, timeout=QT_WAIT_MS)
    assert hung.are_copies == [False, True]
    roll.stop()


def test_the_programs_own_printer_gets_it_over_the_network(
    qtbot: QtBot, texts, theme, instant, histories
) -> None:
    from posapp.app.receipt_printer import roll_printing_of
    from posapp.domain.settings import Settings

    with FakeReceiptPrinter(48) as printer:
        roll = roll_printing_of(Settings(receipt_printer=printer.address, receipt_columns="48"))
        page = opened(qtbot, texts, theme, instant, histories, roll)
        page.view.print.click()
        qtbot.waitUntil(lambda: bool(page.heard or page.view.banner.message), timeout=QT_WAIT_MS)
        roll.stop()
    assert page.heard and printer.paper.wrong == []
    assert "오늘의 커피" in printer.paper.text and "PO1024" in printer.paper.text


def test_the_drawer_opens_at_the_shops_printer(roll, printer) -> None:
    outcomes: list[TaskResult[None]] = []
    roll.open_drawer(outcomes.append)
    printer.results = [AWAY]
    roll.open_drawer(outcomes.append)
    assert printer.drawers == 1
    assert [outcome.error for outcome in outcomes] == [None, AWAY]
    roll.choose("receipt_printer", "")
    roll.open_drawer(outcomes.append)
    assert len(outcomes) == 2


def test_a_drawer_does_not_open_late(qtbot, hung, monkeypatch) -> None:
    """A paper that hangs holds it up: the next buyer stands there."""
    monkeypatch.setattr(roll_printing, "DRAWER_WAIT_S", 0.0)
    roll, outcomes = RollPrinting(hung.at, address="tcp:1.2.3.4:9100"), []
    try:
        roll.test("tcp:1.2.3.4:9100", "42", ("test",), lambda _: None)
        assert hung.begun.wait(QT_WAIT_MS / 1000)
        roll.open_drawer(outcomes.append)
        hung.let_go.set()
        qtbot.waitUntil(lambda: bool(outcomes), timeout=QT_WAIT_MS)
    finally:
        hung.let_go.set()
        roll.stop()
    assert outcomes[0].error.code is EnvironmentCode.PRINTER_HALTED
    assert hung.drawers == 0
