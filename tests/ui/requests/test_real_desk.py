"""The screen over the real desk, search and export, a real file and the real threads."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.services.requests.export_requests import RequestExportService
from posapp.store.open_store import open_store
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.requests.request_desk_screen import RequestDeskScreen
from posapp.ui.requests.request_filter_state import RequestFilterState
from posapp.ui.requests.saved_filters import JsonFilterStore
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock
from tests.requests.desk import BUYER, OTHER_SELLER, SELLER, Desk


@pytest.fixture
def shop(tmp_path: Path):
    clock = FakeClock()
    store = open_store(tmp_path / "shop.db")
    shop = Desk(store, clock)
    for number in range(1, 24):
        shop.sell(number, 1000 * number)
        clock.advance(minutes=1)
        shop.ask(number * 10, RequestKind.REFUND if number % 3 else RequestKind.EXCHANGE, "파손")
    shop.sell(90, 9000, seller=OTHER_SELLER)
    shop.ask(900)
    yield shop
    store.close()


def test_a_seller_finds_decides_undoes_and_exports(qtbot, texts, theme, tasks, shop, tmp_path):
    filter_store = JsonFilterStore(tmp_path / "filters.json")
    service = RequestExportService(shop.store, shop.search, EVERYTHING)
    screen = RequestDeskScreen(
        *(texts, theme, tasks, shop.desk, shop.search, filter_store, service.export, shop.clock)
    )
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    screen.show()
    screen.activateWindow()
    screen.open(Actor.seller(SELLER))
    pages, model, wait = screen.pages, screen.model, qtbot.waitUntil

    wait(lambda: pages.total == 23)
    assert [one.item_id for one in model.rows] == [230, 220, 210, 200, 190]
    wait(lambda: pages.state_counts.get(RequestState.WAIT) == 23)

    screen.turning.go("last")
    wait(lambda: [one.item_id for one in model.rows] == [30, 20, 10])
    assert pages.number == 4
    screen.turning.go("previous")
    wait(lambda: [one.item_id for one in model.rows] == [80, 70, 60, 50, 40])
    screen.turning.show_page(77)
    wait(lambda: "78쪽은 없어" in screen.view.banner.message and pages.number == 4)

    screen.view.filters.filters_changed.emit(
        RequestFilterState(state=RequestState.WAIT, kind=RequestKind.REFUND)
    )
    wait(lambda: pages.number == 0 and pages.total == 16)
    wait(lambda: pages.state_counts.get(RequestState.WAIT) == 16)
    refund, other = model.rows[:2]
    assert shop.desk.decide(Actor.seller(SELLER), other.id, Decision.REJECT, "다른 창에서").note

    model.set_checked(0, True)
    model.set_checked(1, True)
    screen.view.approve.click()
    wait(lambda: isinstance(QApplication.activeModalWidget(), DecisionDialog))
    question = QApplication.activeModalWidget()
    wait(question.can_agree)
    question.yes.click()
    wait(lambda: "이미 처리된 요청입니다. (판매자 7" in screen.view.banner.message)
    assert shop.request(refund.id).state is RequestState.OK
    assert shop.refunds(refund.item_id)[0].amount == refund.amount

    screen.decisions.undoable.take_back()
    wait(lambda: shop.request(refund.id).state is RequestState.WAIT)
    wait(lambda: "다시 대기 중입니다" in screen.view.result.text_label.text())

    path = tmp_path / "requests.csv"
    screen.export.start(Actor.seller(SELLER), path)
    wait(lambda: "requests.csv" in screen.view.result.text_label.text())
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 16
    assert refund.buyer_id == BUYER


def test_user_that_is_no_seller_is_refused(qtbot, texts, theme, tasks, shop, tmp_path):
    filter_store = JsonFilterStore(tmp_path / "f.json")
    service = RequestExportService(shop.store, shop.search, EVERYTHING)
    screen = RequestDeskScreen(
        *(texts, theme, tasks, shop.desk, shop.search, filter_store, service.export, shop.clock)
    )
    qtbot.addWidget(screen)
    screen.show()
    for user, text in ((999, "가입되지 않은 회원입니다."), (BUYER, "판매자가 아닙니다.")):
        screen.open(Actor.seller(user))
        qtbot.waitUntil(lambda reported=text: reported in screen.view.banner.message)
    QTest.keyClick(screen, Qt.Key.Key_F5)
    QApplication.processEvents()
    assert screen.model.rowCount() == 0
