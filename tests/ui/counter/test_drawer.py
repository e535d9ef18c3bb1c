"""The drawer at the counter: cash of a cancelled order is handed out from it."""

from __future__ import annotations

from posapp.domain.errors import EnvironmentCode
from posapp.domain.money import Won
from posapp.services.ports.receipt_printer import PrinterProblem
from posapp.ui.printing.roll_printing import RollPrinting
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.printing.test_roll_printing import FakePrinter


def test_cash_to_hand_out_opens_the_drawer_and_one_that_stays_shut_is_said(
    qtbot, tmp_path, keyboard, instant
):
    printer = FakePrinter()
    roll = RollPrinting(printer.at, address="tcp:printer:9100", runner=instant)
    with demo_counter(qtbot, tmp_path, keyboard.clock, roll=roll) as counter:
        toast = counter.window.toast
        counter.screens.cash_due.emit(1024, Won(3_200))
        assert printer.drawers == 1 and not toast.isVisible()
        printer.results = [PrinterProblem(EnvironmentCode.PRINTER_AWAY)]
        counter.screens.cash_due.emit(1024, Won(3_200))
        assert printer.drawers == 1
        assert "금고를 열지 못했습니다. 직접 열어 주세요." in toast.message
        assert "3,200원을 내어 주세요." in counter.arrivals.unseen[-1].make()
