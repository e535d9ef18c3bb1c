"""The drawer is opened without a sale: never before the reason is recorded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.services.ports.receipt_printer import PrinterProblem
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.shift.drawer_opening import DrawerOpening
from posapp.ui.widgets.side_panel import PanelSlot

KEY = Qt.Key


class Happened(list[str]):
    """What happened, in its order; stands for the service and for the printer."""

    error: UserError | None = None
    problem: PrinterProblem | None = None

    def note_drawer_opened(self, actor: Actor, reason: str) -> None:
        if not reason.strip():
            raise UserError(ErrorCode.CASH_REASON)
        if self.error is not None:
            raise self.error
        self.append(f"recorded {reason}")

    def at(self, address: str) -> Happened:
        return self

    def open_drawer(self) -> None:
        if self.problem is not None:
            raise self.problem
        self.append("opened")


class Page(QWidget):
    """A page with a field of its own and a place for side panels."""

    def __init__(self, texts: Translator, runner: InlineTaskRunner, printer: str) -> None:
        super().__init__()
        self.happened, self.session = Happened(), Session()
        self.heard: list[str] = []
        self.line = QLineEdit(self)
        roll = RollPrinting(self.happened.at, address=printer, runner=runner)
        slot = PanelSlot(self)
        shifts = self.happened
        self.opening = DrawerOpening(texts, runner, shifts, self.session, slot, self, roll)
        self.opening.said.connect(self.heard.append)
        self.opening.failed.connect(lambda make: self.heard.append(make()))
        self.opening.recorded.connect(lambda: self.happened.append("told"))
        self.resize(1024, 500)

    def give(self, reason: str) -> None:
        QTest.keyClicks(self.opening.panel.reason.line, reason)
        QTest.keyClick(self.opening.panel.reason.line, KEY.Key_Return)


def page_of(
    qtbot: QtBot, texts: Translator, runner: InlineTaskRunner, printer: str = "tcp:1.2.3.4:9100"
) -> Page:
    page = Page(texts, runner, printer)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.line.setFocus()
    return page


@pytest.fixture
def page(qtbot: QtBot, texts: Translator, instant: InlineTaskRunner) -> Iterator[Page]:
    yield page_of(qtbot, texts, instant)


def test_the_reason_is_recorded_before_the_drawer_opens(page: Page) -> None:
    page.opening.toggle()
    assert page.opening.panel.reason.line.hasFocus()
    page.give("coins")
    assert page.happened == ["recorded coins", "told", "opened"]
    assert page.heard == ["금고를 열었습니다."]
    assert not page.opening.is_open and page.line.hasFocus(), "the page has its focus again"


def test_without_a_reason_or_a_shift_nothing_opens_and_the_panel_says_why(page: Page) -> None:
    page.opening.toggle()
    page.give(" ")
    assert page.opening.panel.reason.message == "사유를 적어 주세요."
    page.happened.error = UserError(ErrorCode.NO_SHIFT)
    page.give("coins")
    assert page.opening.panel.reason.message == "개점 후 판매할 수 있습니다."
    assert page.opening.is_open and not page.happened


def test_without_a_printer_it_is_recorded_and_opened_by_hand(
    qtbot: QtBot, texts: Translator, instant: InlineTaskRunner
) -> None:
    page = page_of(qtbot, texts, instant, printer="")
    page.opening.toggle()
    page.give("coins")
    assert page.happened == ["recorded coins", "told"]
    assert "열쇠로 열어 주세요" in page.heard[0]


def test_a_printer_that_fails_is_said_with_its_code(page: Page) -> None:
    page.happened.problem = PrinterProblem(EnvironmentCode.PRINTER_AWAY)
    page.opening.toggle()
    page.give("coins")
    assert page.happened == ["recorded coins", "told"]
    assert "금고가 열리지 않았습니다" in page.heard[0] and page.heard[0].endswith(")")


def test_a_role_without_the_right_reads_so_instead_of_the_panel(page: Page) -> None:
    page.session.role = StaffRole.CASHIER
    page.opening.toggle()
    assert not page.opening.is_open and "권한이 없습니다" in page.heard[0]


def test_what_is_typed_is_gone_once_it_is_closed(page: Page) -> None:
    page.opening.toggle()
    QTest.keyClicks(page.opening.panel.reason.line, "coins")
    page.opening.toggle()
    assert not page.opening.is_open and not page.opening.close()
    page.opening.toggle()
    assert page.opening.panel.reason.line.text() == "" and not page.happened
