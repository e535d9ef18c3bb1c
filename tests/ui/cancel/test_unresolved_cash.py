"""Cash on the page of unresolved money: a sale paid in part, and a refund to hand out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefund, CashRefundState, CashTender, TenderState
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.services.cash.cash_service import HeldCash, OpenCash
from posapp.ui.core.i18n import Translator
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import OPEN_MONEY
from posapp.ui.unresolved.unresolved_screen import UnresolvedScreen
from posapp.ui.unresolved.unresolved_text import details_of
from tests.fakes.actors import SESSION
from tests.fakes.till import an_order
from tests.ui.cancel.shop_records import NOW, FakeOpenMoney, open_refunds
from tests.ui.cancel.test_unresolved_screen import choose, question_of
from tests.ui.printing.test_roll_printing import AWAY, FakePrinter

ORDER = replace(an_order(5_000_001), is_counter=True)
TENDER = CashTender(
    1, ORDER.id, 1, Won(1_000), Won(1_000), ZERO, ZERO, TenderState.RECEIVED, 1, NOW
)
REFUND = CashRefund(
    *(9, 100, ORDER.id, Won(2_500), ZERO, CashRefundState.WAITING, "변심"),
    *(Actor.person(), Actor.person(), False, NOW),
)


class FakeOpenCash:
    """Answers like ``CashService``."""

    def __init__(self) -> None:
        self.open = OpenCash((HeldCash(ORDER, (TENDER,)),), (REFUND,))
        self.handed_out: list[int] = []
        self.refusal: Exception | None = None

    def open_cash(self) -> OpenCash:
        return self.open

    def hand_out(self, actor: Actor, cash_refund_id: int) -> CashRefund:
        if self.refusal is not None:
            raise self.refusal
        self.handed_out.append(cash_refund_id)
        self.open = OpenCash(self.open.held)
        return REFUND


@pytest.fixture
def cash() -> FakeOpenCash:
    return FakeOpenCash()


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
def screen(qtbot: QtBot, theme, instant, cash, printer) -> UnresolvedScreen:
    texts = Translator("ko", now=lambda: NOW)
    window = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(window)
    roll = RollPrinting(printer.at, address="tcp:printer:9100", runner=instant)
    made = UnresolvedScreen(
        *(texts, theme, instant, FakeOpenMoney(open=open_refunds()), SESSION),
        cash=cash,
        roll=roll,
    )
    window.add_screen(OPEN_MONEY, made)
    window.resize(1366, 768)
    window.show()
    window.show_screen(OPEN_MONEY)
    with qtbot.waitActive(window):
        window.activateWindow()
    return made


def test_cash_is_listed_first_with_what_is_to_be_done(screen):
    model, rest = screen.view.model, int(ORDER.total) - 1_000
    first, second = (model.index(row).data() for row in (0, 1))
    assert first.startswith(f"받은 현금 있음, 1,000원, 주문 {ORDER.id} · 나머지 {rest:,}원")
    assert second.startswith(f"현금 환불 대기, 2,500원, 주문 {ORDER.id} · 현금 환불")


def test_the_rest_is_taken_where_orders_are_paid(screen):
    went: list[tuple[str, dict]] = []
    screen.go_requested.connect(lambda *to: went.append(to))
    choose(screen, 0)
    assert screen.pay.isVisible() and not screen.hand_out.isVisible()
    assert not screen.send.isVisible() and not screen.explain.isVisible()
    screen.pay.click()
    assert went == [("pay", {"actor": Actor.buyer(ORDER.buyer_id), "order_id": ORDER.id})]


def test_cash_in_the_place_of_a_refused_refund_says_so(screen, cash):
    cash.open = OpenCash((), (replace(REFUND, replaces=5, replaced=REFUND.amount),))
    screen.refresh()
    choose(screen, 0)
    shown = details_of(screen._texts, screen.view.current, True)
    assert shown.advice == "카카오페이가 거절한 환불입니다. 현금 2,500원을 내어 주세요."


def test_cash_is_handed_out_once_and_then_the_drawer_opens(qtbot, screen, cash, printer):
    said: list[str] = []
    screen.notified.connect(said.append)
    choose(screen, 1)
    screen.hand_out.click()
    question = question_of(qtbot, screen)
    assert cash.handed_out == [] and printer.drawers == 0
    question.yes.click()
    assert cash.handed_out == [REFUND.id] and printer.drawers == 1
    assert said == ["현금 2,500원을 내어 주었습니다."]
    assert "현금 환불 대기" not in screen.view.model.index(1).data()


def test_cash_is_handed_out_and_a_drawer_that_stays_shut_is_reported(qtbot, screen, cash, printer):
    errors: list[Exception] = []
    screen._actions._roll.drawer_failed.connect(errors.append)
    printer.results = [AWAY]
    choose(screen, 1)
    screen.hand_out.click()
    question_of(qtbot, screen).yes.click()
    assert cash.handed_out == [REFUND.id] and printer.drawers == 0
    assert errors == [AWAY]


def test_a_drawer_that_is_short_is_said_in_the_question(qtbot, screen, cash, printer):
    cash.refusal = UserError(ErrorCode.DRAWER_SHORT, expected=Won(1_000))
    choose(screen, 1)
    screen.hand_out.click()
    question = question_of(qtbot, screen)
    question.yes.click()
    assert "금고의 현금이 부족합니다. (예상 1,000원)" in question.notice.text()
    assert printer.drawers == 0
