"""The trial payment on the first page: offered once, paid, and given back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.refunds.trial_payment import TRIAL_NUMBER, TrialOrder, TrialState
from posapp.ui.home.home_screen import HomeScreen
from posapp.ui.home.trial_flow import TrialFlow
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.till import Till, an_order

__all__ = ["clock", "sandbox"]


@pytest.fixture
def till(tmp_path: Path, sandbox, clock) -> Iterator[Till]:
    made = Till(tmp_path / "shop.db", sandbox, clock)
    made.work(1)
    yield made
    made.close()


@pytest.fixture
def home(qtbot, texts, theme, instant, till) -> HomeScreen:
    made = HomeScreen(texts, theme, instant)
    qtbot.addWidget(made)
    made.resize(1024, 448)
    with qtbot.waitExposed(made):
        made.show()
    made.attach(till.container)
    return made


def make_flow(texts, instant, till, home, *, live: bool = False) -> TrialFlow:
    service, session = till.trial_payment_service, till.container.session
    made = TrialFlow(texts, instant, service, session, home, live=live)
    made.read()
    return made


@pytest.fixture
def flow(texts, instant, till, home) -> TrialFlow:
    return make_flow(texts, instant, till, home)


def press(home: HomeScreen) -> None:
    home.banner._button.click()


def test_a_new_shop_is_offered_it_and_sees_it_through(home, flow, till):
    orders: list[TrialOrder] = []
    flow.order_ready.connect(orders.append)
    assert "준비되었습니다. 테스트 결제를 해 볼까요?" in home.banner.message
    assert "실제로 결제되지 않습니다" in home.banner.message
    assert home.banner._button.text() == "100원 결제"
    press(home)
    assert orders == [TrialOrder(TRIAL_NUMBER, TRIAL_NUMBER)]
    flow.read()
    assert flow.state is TrialState.WAITING and home.banner.isVisible()
    till.paid_order(TRIAL_NUMBER)
    flow.money_changed(1)
    assert flow.state is TrialState.RETURNING, "given back without a further press"
    assert "환불하고 있습니다" in home.banner.message and not home.banner._button.isVisible()
    till.pass_time(60)
    flow.money_changed(1)
    assert flow.state is TrialState.OVER and not home.banner.isVisible()
    assert till.portone_balance() == 0


def test_what_was_paid_before_a_restart_waits_for_a_press(texts, instant, home, flow, till):
    press(home)
    till.paid_order(TRIAL_NUMBER)
    again = make_flow(texts, instant, till, home)
    assert again.state is TrialState.PAID
    assert "아직 환불하지 않았습니다" in home.banner.message
    assert home.banner._button.text() == "100원 환불"
    press(home)
    assert again.state is TrialState.RETURNING


def test_a_refusal_is_said_and_the_way_stays(home, flow, till, monkeypatch):
    press(home)
    flow.read()
    problem = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)

    def refuse(*_: object) -> bool:
        raise problem

    monkeypatch.setattr(flow._service, "give_back", lambda actor, reason: refuse())
    till.paid_order(TRIAL_NUMBER)
    flow.money_changed(1)
    assert home.banner.tone == "error"
    monkeypatch.undo()
    press(home)
    assert home.banner.tone == "notice" and home.banner._button.text() == "100원 환불"
    press(home)
    assert flow.state is TrialState.RETURNING


def test_real_money_is_said_and_texts_follow_the_language(texts, instant, home, till):
    make_flow(texts, instant, till, home, live=True)
    assert "실제로 100원이 결제되고" in home.banner.message
    texts.set_language("en")
    assert "₩100 is really charged" in home.banner.message


def test_a_shop_with_orders_is_not_asked(texts, instant, home, till):
    till.stock_shop(an_order(1, (5000, 1)))
    flow = make_flow(texts, instant, till, home)
    assert flow.state is TrialState.OVER and not home.banner.isVisible()


def test_what_keeps_the_shop_from_selling_comes_first(home, flow):
    home.show_start_problem(EnvironmentProblem(EnvironmentCode.SECRET_MISSING, "imp_key@host"))
    assert "키 보관함에 없습니다" in home.banner.message
    flow.read()
    assert "키 보관함에 없습니다" in home.banner.message
    gone: list[str] = []
    home.go_requested.connect(lambda page, _: gone.append(page))
    press(home)
    assert gone == ["settings"] and flow.state is TrialState.OFFERED


def test_the_offer_is_there_for_the_next_visit(home, flow):
    QTest.keyClicks(home.search, "12")
    home.clear()
    assert "테스트 결제를 해 볼까요?" in home.banner.message
