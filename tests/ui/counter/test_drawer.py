"""Cash of a cancelled order at the counter: the drawer opens, and its refund slip is printed."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from posapp.domain.errors import EnvironmentCode
from posapp.domain.money import Won
from posapp.services.ports.receipt_printer import PrinterProblem
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.printing.roll_printing import RollPrinting
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.test_cash_receipts import sell, settle
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


def cancel_on_its_page(qtbot, counter, order) -> None:
    """Open an order and give its only item back in the dialog."""
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    counter.screens.page("order").view.items.button.click()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, CancelDialog))
    settle(qtbot, counter)
    qtbot.waitUntil(lambda: dialog._guard.is_past)
    dialog.yes.click()
    settle(qtbot, counter)


def test_a_sale_refunded_in_cash_prints_its_slip_once_by_itself(qtbot, tmp_path, keyboard, instant):
    printer = FakePrinter()
    roll = RollPrinting(printer.at, address="tcp:printer:9100", auto="yes", runner=instant)
    with demo_counter(qtbot, tmp_path, keyboard.clock, roll=roll) as counter:
        till = counter.demo.container
        till.shift_service.open_shift(till.session.actor, 500_000)
        order = sell(counter)
        cancel_on_its_page(qtbot, counter, order)
        assert printer.drawers == 1
        (slip,) = printer.papers
        number = till.order_history_service.for_order(order.id).order.receipt_no
        assert "[환불]" in slip and number in slip and "재발행" not in slip
        page = counter.screens.page("order")
        (row,) = page.view.items.rows
        assert row.slip.isVisible() and "내어 주었습니다" in row.result.text()
        row.slip.click()
        settle(qtbot, counter)
        counter.screens.page("receipt").view.print.click()
        settle(qtbot, counter)
        assert "재발행" in printer.papers[1] and "[환불]" in printer.papers[1]
        roll.choose("receipt_auto", "no")
        cancel_on_its_page(qtbot, counter, sell(counter))
        assert len(printer.papers) == 2 and printer.drawers == 2
