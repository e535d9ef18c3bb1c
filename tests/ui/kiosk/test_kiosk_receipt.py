"""The receipt on paper: printed beside the outcome, which neither waits for it nor hides how it
ended."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.roll import Draw, Roll
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.services.kiosk.kiosk_receipts import KioskReceipts
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.kiosk.visit import PrintState
from tests.bounds import LONGEST_S, QT_WAIT_MS
from tests.ui.kiosk.conftest import NAME, ORDER, PHONE_END, TOTAL, Kiosk
from tests.ui.kiosk.test_kiosk_privacy import PRIVATE, found
from tests.ui.printing.test_roll_printing import FakePrinter

PAID, NUMBER = "결제되었습니다. 감사합니다.", f"접수번호 {ORDER}"
TAKE = "영수증을 가져가 주세요."
SENT = "영수증이 나오지 않으면 직원에게 말씀해 주세요."
FAILED = "영수증을 출력하지 못했습니다. 직원에게 말씀해 주세요."
BUSY = "영수증을 출력하고 있습니다."
AWAY = PrinterProblem(EnvironmentCode.PRINTER_AWAY)
HALTED = PrinterProblem(EnvironmentCode.PRINTER_HALTED, may_be_out=True)


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
def printing(closed_kiosk: Kiosk, printer: FakePrinter) -> Kiosk:
    """A kiosk with a receipt printer, at which somebody has paid."""
    closed_kiosk.add_printer(printer.at)
    closed_kiosk.controller.attach(closed_kiosk.services.container)
    closed_kiosk.to_qr()
    closed_kiosk.pay()
    assert closed_kiosk.title == PAID
    return closed_kiosk


def said(kiosk: Kiosk) -> tuple[str, ...]:
    assert (kiosk.title, kiosk.window.view.messages[0]) == (PAID, NUMBER)
    return kiosk.window.view.messages[1:]


def test_who_paid_gets_the_receipt_of_the_counter_without_their_name(printing, printer):
    assert said(printing) == ()
    printing.tap("print")
    assert said(printing) == (TAKE,)
    (paper,) = printer.papers
    assert "하나 베이커리" in paper and TOTAL in paper and f"PO{ORDER}" in paper
    assert NAME not in paper
    assert printer.are_copies == [False]
    assert not printing.window.extra.isEnabled(), "there is one original"
    printing.services.check_books()


def test_without_a_printer_nothing_is_offered(kiosk: Kiosk):
    kiosk.to_qr()
    kiosk.pay()
    assert not kiosk.window.extra.isVisible()
    assert kiosk.window.view.extra is None


@pytest.mark.parametrize("end", ["stop", "expired", "offline"])
def test_nothing_is_printed_of_what_was_not_paid(closed_kiosk: Kiosk, printer, end: str):
    kiosk = closed_kiosk
    kiosk.add_printer(printer.at)
    kiosk.controller.attach(kiosk.services.container)
    kiosk.to_summary()
    if end == "offline":
        kiosk.lose_network()
    kiosk.tap("pay")
    if end == "stop":
        kiosk.tap("stop")
    elif end == "expired":
        kiosk.wait(301)
        kiosk.work()
    assert kiosk.state == "outcome"
    assert not kiosk.window.extra.isVisible()
    kiosk.wait(1)
    kiosk.controller.press("print")
    assert (printer.papers, kiosk.controller.visit.receipt) == ([], PrintState.NONE)


@pytest.mark.parametrize(
    ("result", "text", "is_offered"),
    [
        *((PrinterState.PAPER_LOW, TAKE, False), (PrinterState.UNKNOWN, SENT, False)),
        *((AWAY, FAILED, True), (HALTED, FAILED, True)),
    ],
)
def test_the_outcome_says_what_became_of_the_paper(printing, printer, result, text, is_offered):
    printer.results.append(result)
    printing.tap("print")
    assert said(printing) == (text,)
    assert printing.window.extra.isEnabled() is is_offered
    assert printing.services.order(ORDER).is_paid


def test_after_half_a_paper_the_next_one_is_a_copy(printing, printer):
    printer.results += [HALTED, AWAY]
    printing.tap("print", "print", "print")
    assert said(printing) == (TAKE,)
    assert printer.are_copies == [False, True, True]
    receipts = printing.services.container.receipts
    assert receipts.read(ORDER).printed == PrintRecord(2, receipts.read(ORDER).printed.first_at)


def test_what_the_counter_printed_is_a_copy_at_the_kiosk(printing, printer):
    printing.services.container.receipts.note_printed(ORDER, printing.clock.now())
    printing.tap("print")
    assert printer.are_copies == [True]


def test_a_print_that_cannot_be_recorded_is_printed_all_the_same(
    printing, printer, monkeypatch, caplog
):
    def fail(self, order_id, at):
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL, "posapp.db")

    monkeypatch.setattr(KioskReceipts, "note_printed", fail)
    printing.tap("print")
    assert said(printing) == (TAKE,)
    assert "the print of a receipt is not recorded" in caplog.text


def test_records_that_cannot_be_read_print_nothing_and_say_so(printing, printer, monkeypatch):
    def fail(self, order_id):
        raise EnvironmentProblem(EnvironmentCode.DATABASE_BUSY, "posapp.db")

    monkeypatch.setattr(KioskReceipts, "read", fail)
    printing.tap("print")
    assert (said(printing), printer.papers) == ((FAILED,), [])


class HangingPrinter(FakePrinter):
    """Takes a paper and says nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.taken, self.may_end = threading.Event(), threading.Event()

    def open_drawer(self) -> None:
        raise AssertionError("no drawer is opened here")

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        self.taken.set()
        assert self.may_end.wait(LONGEST_S)
        return super().print(roll, draw)


def test_a_printer_that_hangs_holds_nobody_up_and_says_nothing_to_the_next_buyer(
    closed_kiosk: Kiosk, qtbot
):
    kiosk, printer, runner = closed_kiosk, HangingPrinter(), TaskRunner(threads=1)
    kiosk.add_printer(printer.at, runner)
    kiosk.controller.attach(kiosk.services.container)
    kiosk.to_qr()
    kiosk.pay()
    kiosk.wait(13)
    kiosk.tap("print")
    assert printer.taken.wait(LONGEST_S)
    assert said(kiosk) == (BUSY,)
    kiosk.controller.press("print")
    kiosk.wait(14)
    assert kiosk.state == "outcome", "who asked for the paper sees what becomes of it"
    kiosk.wait(1)
    assert kiosk.state == "start"
    assert found(kiosk.window, PRIVATE) == []
    kiosk.tap("begin", *"1300", "next", *PHONE_END, "next")
    before, ended = kiosk.window.view, []
    assert kiosk.controller.receipts is not None
    kiosk.controller.receipts.changed.connect(lambda: ended.append(kiosk.window.view))
    printer.may_end.set()
    qtbot.waitUntil(lambda: bool(ended), timeout=QT_WAIT_MS)
    assert runner.stop(QT_WAIT_MS)
    assert (len(printer.papers), ended, kiosk.window.view) == (1, [before], before)
    assert kiosk.controller.visit.receipt.may_print


def test_printing_loads_no_dialog_of_a_printer():
    code = (
        "import sys\n"
        "from posapp.ui.kiosk import receipt_print\n"
        "from posapp.ui.printing import page_layout, receipt_paper, roll_layout, roll_picture\n"
        "print('PySide6.QtPrintSupport' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
