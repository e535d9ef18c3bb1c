"""The screen over the real desk, search and export, a real file and the real threads."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.services.exporting import export
from posapp.store.opening import open_store
from posapp.ui.models.requests_asked import Asked
from posapp.ui.models.requests_saved import FilterFile
from posapp.ui.screens.requests import RequestsScreen
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
    screen = RequestsScreen(texts, theme, tasks, shop.clock)
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    shelf = FilterFile(tmp_path / "filters.json")
    screen.attach(shop.desk, shop.search, shelf, partial(export, shop.search))
    screen.show()
    screen.activateWindow()
    screen.open(SELLER)
    pages, model, wait = screen.pages, screen.model, qtbot.waitUntil

    wait(lambda: pages.total == 23)
    assert [one.item_id for one in model.rows] == [230, 220, 210, 200, 190]
    wait(lambda: pages.state_counts.get(RequestState.WAIT) == 23)

    screen.turning.turn("last")
    wait(lambda: [one.item_id for one in model.rows] == [30, 20, 10])
    assert pages.number == 4
    screen.turning.turn("previous")
    wait(lambda: [one.item_id for one in model.rows] == [80, 70, 60, 50, 40])
    screen.turning.show_page(77)
    wait(lambda: "78쪽은 없습니다" in screen.sheet.banner.words and pages.number == 4)

    screen.sheet.filters.asked_for.emit(Asked(state=RequestState.WAIT, kind=RequestKind.REFUND))
    wait(lambda: pages.number == 0 and pages.total == 16)
    refund, other = model.rows[:2]
    assert shop.desk.decide(SELLER, other.id, Decision.REJECT, "다른 창에서").note

    model.tick(0, True)
    model.tick(1, True)
    screen.sheet.approve.click()
    wait(lambda: screen.deeds._question is not None)
    question = screen.deeds._question
    wait(question.yes.isEnabled)
    question.yes.click()
    wait(lambda: "이미 처리된 요청입니다. (판매자 7" in screen.sheet.banner.words)
    assert shop.request(refund.id).state is RequestState.OK
    assert shop.refunds(refund.item_id)[0].amount == refund.amount

    screen.sheet.undo.pressed.emit()
    wait(lambda: shop.request(refund.id).state is RequestState.WAIT)
    wait(lambda: "다시 대기 중입니다" in screen.sheet.undo.words.text())

    path = tmp_path / "requests.csv"
    screen.export.start(SELLER, path)
    wait(lambda: "requests.csv" in screen.sheet.undo.words.text())
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 16
    assert refund.buyer_id == BUYER


def test_who_is_no_seller_is_told(qtbot, texts, theme, tasks, shop, tmp_path):
    screen = RequestsScreen(texts, theme, tasks, shop.clock)
    qtbot.addWidget(screen)
    search = shop.search
    shelf = FilterFile(tmp_path / "f.json")
    screen.attach(shop.desk, search, shelf, partial(export, search))
    screen.show()
    for user, words in ((999, "가입되지 않은 회원입니다."), (BUYER, "판매자가 아닙니다.")):
        screen.open(user)
        qtbot.waitUntil(lambda told=words: told in screen.sheet.banner.words)
    QTest.keyClick(screen, Qt.Key.Key_F5)
    QApplication.processEvents()
    assert screen.model.rowCount() == 0
