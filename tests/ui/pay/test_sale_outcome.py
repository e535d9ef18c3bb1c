"""The end of a sale at the counter: its receipt by itself where the shop wants that, and what is
said about the contract with KakaoPay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.vat import KakaoPayTax, TaxKind
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.session import Session
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.printing.roll_printing import RollPrinting
from tests.fakes.world import FakeClock
from tests.ui.cancel.shop_records import FakeHistories
from tests.ui.pay.payment_page import become, begin
from tests.ui.pay.payment_scenarios import FakeCash, FakePaymentService, NoReceipts, paid_history
from tests.ui.printing.test_roll_printing import FakePrinter

SAID = "카카오페이 과세 방식이 이 판매와 다릅니다. 설정에서 확인해 주세요."


class Counter:
    """A payment page of a sale at the counter."""

    def __init__(self, page: PaymentScreen, service: FakePaymentService, roll: FakePrinter) -> None:
        self.page, self.service, self.roll = page, service, roll
        self.said: list[str] = []
        page.notified.connect(self.said.append)

    def pay(self) -> None:
        begin(self.page)
        become(self.page, self.service, PaymentPhase.DONE)


@pytest.fixture
def make(qtbot: QtBot, room: QWidget, texts, theme, clock: FakeClock, payment_service):
    def made(
        *, auto: str = "yes", contract: KakaoPayTax = KakaoPayTax.TAXABLE, counter: bool = True
    ) -> Counter:
        order = payment_service.order
        payment_service.order = replace(order, is_counter=counter)
        history = paid_history()
        histories = FakeHistories(
            found=replace(history, order=replace(history.order, is_counter=counter))
        )
        printer, runner = FakePrinter(), InlineTaskRunner(room)
        roll = RollPrinting(printer.at, address="tcp:printer:9100", auto=auto, runner=runner)
        page = PaymentScreen(
            *(texts, theme, runner, clock, payment_service, Session(), histories),
            cash=FakeCash(payment_service),
            cash_receipts=NoReceipts(),
            shop="한빛상점",
            roll=roll,
            kakaopay_tax=contract,
            parent=room,
        )
        page.resize(room.size())
        with qtbot.waitExposed(room):
            room.show()
        return Counter(page, payment_service, printer)

    return made


def test_the_receipt_comes_out_by_itself_once(make) -> None:
    counter = make()
    counter.pay()
    counter.page.attempt_changed(counter.page.progress.attempt.id)
    assert len(counter.roll.papers) == 1
    assert "합계" in counter.roll.papers[0]


@pytest.mark.parametrize("given", [{"auto": "no"}, {"counter": False}])
def test_it_does_not_where_nobody_wants_that(make, given) -> None:
    counter = make(**given)
    counter.pay()
    assert counter.roll.papers == []


@pytest.mark.parametrize("contract", list(KakaoPayTax))
def test_a_contract_that_does_not_fit_is_said_once_a_day(make, clock, contract) -> None:
    counter = make(contract=contract)
    items = counter.service.order.items
    exempt = (replace(items[0], tax=TaxKind.EXEMPT), *items[1:])
    counter.service.order = replace(counter.service.order, items=exempt)
    begin(counter.page)
    times = int(contract is not KakaoPayTax.MIXED)
    assert counter.said.count(SAID) == times
    become(counter.page, counter.service, PaymentPhase.PAYING)
    assert counter.said.count(SAID) == times
    become(counter.page, counter.service, PaymentPhase.FAILED)
    clock.advance(seconds=86_400)
    begin(counter.page)
    assert counter.said.count(SAID) == 2 * times
