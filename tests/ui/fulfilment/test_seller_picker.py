"""The seller for whom a manager acts: chosen once, for both pages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.services.orders.seller_list import Seller, SellerListService
from posapp.services.session import Session
from posapp.ui.requests.request_desk_screen import RequestDeskScreen
from posapp.ui.shell.routes import REQUESTS, ROUTE
from posapp.ui.widgets.seller_picker import SellerPicker
from tests.requests.desk import OTHER_SELLER, SELLER
from tests.ui.requests.desk_records import FakeExport, FakeFilterStore

KEY = Qt.Key
TWO = (Seller(7, "박가게"), Seller(8, "최상점"))


@pytest.fixture
def make(qtbot, texts, instant, session):
    def make(sellers=TWO, *, to: Session = session, offers_all: bool = False) -> SellerPicker:
        picker = SellerPicker(texts, instant, lambda: sellers, to, offers_all=offers_all)
        qtbot.addWidget(picker)
        picker.seen = []
        picker.chosen.connect(picker.seen.append)
        return picker

    return make


def test_of_many_nobody_is_chosen_before_the_user_does(make) -> None:
    picker = make()
    picker.begin()
    assert picker.seen == []
    assert picker.text().startswith("판매자 선택")


def test_the_only_seller_is_chosen_by_itself(make) -> None:
    picker = make(TWO[:1])
    picker.begin()
    assert picker.seen == [7]


def test_all_sellers_are_chosen_at_first_where_they_can_be(make) -> None:
    picker = make(offers_all=True)
    picker.begin()
    picker.begin()
    assert picker.seen == [None]


def test_the_choice_of_one_page_is_that_of_the_other(make) -> None:
    ship, desk = make(offers_all=True), make()
    ship.begin()
    ship.pick(8)
    desk.begin()
    assert desk.seen == [8]
    desk.pick(7)
    ship.begin()
    assert ship.seen == [None, 8, 7]


def test_a_seller_named_elsewhere_is_shown_and_not_remembered(make, session) -> None:
    picker = make()
    picker.show_seller(8)
    assert picker.text().startswith("판매자 8 최상점")
    assert (picker.seen, session.seller_id) == ([], None)


@pytest.mark.qt_log_ignore(
    "This plugin does not support (raise|grabbing the keyboard|propagateSizeHints)"
)
def test_a_seller_is_chosen_by_keys(make, qtbot) -> None:
    picker = make()
    picker.begin()
    picker.show()
    picker.activateWindow()
    qtbot.waitExposed(picker)
    picker.setFocus()
    QTest.keyClick(picker, KEY.Key_Space)
    menu = picker.menu_of_sellers
    qtbot.waitUntil(menu.isVisible)
    assert [action.text() for action in menu.actions()] == ["판매자 7 박가게", "판매자 8 최상점"]
    QTest.keyClick(menu, KEY.Key_Down)
    QTest.keyClick(menu, KEY.Key_Down)
    QTest.keyClick(menu, KEY.Key_Return)
    assert picker.seen == [8]
    picker.click()
    assert [action.isChecked() for action in menu.actions()] == [False, True]
    menu.close()


def test_a_long_name_is_short_on_the_button_and_whole_in_the_tool_tip(make, texts) -> None:
    long = "아주 긴 이름의 가게 " * 3
    picker = make((Seller(7, long),))
    picker.begin()
    assert long not in picker.text()
    assert picker.toolTip().startswith(long[:30])
    texts.set_language("en")
    assert picker.text().startswith("Seller 7")


@pytest.fixture
def desk(qtbot, texts, theme, instant, shop, session, window) -> RequestDeskScreen:
    shop.sell(1, seller=SELLER)
    shop.sell(2, seller=OTHER_SELLER)
    shop.ask(10)
    shop.ask(20)
    picker = SellerPicker(texts, instant, SellerListService(shop.store).read, session)
    made = RequestDeskScreen(
        *(texts, theme, instant, shop.desk, shop.search),
        *(FakeFilterStore(), FakeExport(), shop.clock),
        picker=picker,
    )
    window.add_screen(REQUESTS, made)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    return made


def test_the_tab_of_requests_asks_for_the_seller_first(desk, window, session) -> None:
    assert desk.view.empty.message == "판매자를 선택해 주세요."
    assert desk._picker.isVisible()
    desk._picker.pick(OTHER_SELLER)
    assert [row.item_id for row in desk.model.rows] == [20]
    assert session.seller_id == OTHER_SELLER
    window.show_screen(REQUESTS)
    assert [row.item_id for row in desk.model.rows] == [20], "still that seller's"


def test_the_tab_of_requests_follows_the_seller_of_the_session(desk, session, window) -> None:
    session.seller_id = SELLER
    window.show_screen(REQUESTS)
    assert [row.item_id for row in desk.model.rows] == [10]


def test_requests_opened_by_number_show_their_seller(desk) -> None:
    desk.open(Actor.seller(SELLER))
    assert desk._picker.text().startswith(f"판매자 {SELLER}")
    assert desk._picker.accessibleName() == f"판매자 {SELLER} 박가게"
    QApplication.processEvents()
    assert [row.item_id for row in desk.model.rows] == [10]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", ROUTE[REQUESTS].sizes)
def test_the_head_of_the_desk_has_room_for_the_picker(
    desk, window, texts, session, qtbot, language, size
):
    texts.set_language(language)
    session.seller_id = SELLER
    window.show_screen(REQUESTS)
    window.resize(*size)
    view = desk.view
    parts = (window.head.title, view.search, view.more, view.saved, view.export, desk._picker)

    def is_whole() -> bool:
        inside = [part for part in parts if window.head.isAncestorOf(part)]
        places = sorted(QRect(p.mapTo(window, QPoint()), p.size()).getCoords() for p in inside)
        return (
            all(left[2] < right[0] for left, right in pairwise(places))
            and places[-1][2] < window.width()
            and all(part.width() >= part.minimumSizeHint().width() for part in parts[1:])
        )

    qtbot.waitUntil(is_whole)
