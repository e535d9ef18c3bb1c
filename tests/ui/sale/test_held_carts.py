"""A cart is put on hold by one key, and taken up again from an empty one."""

from __future__ import annotations

import pytest

from tests.pictures.visits import BREAD, CAKE, LATTE, UNKNOWN
from tests.ui.sale.test_sale_screen import KEY, counts, lines, said, settle


@pytest.fixture
def menu(page, monkeypatch):
    """The menu of the carts on hold, which is not put on a screen."""
    monkeypatch.setattr(page.held.menu, "popup", lambda _: None)
    return page.held.menu


def test_f3_puts_the_cart_on_hold_and_offers_it_from_an_empty_one(
    qtbot, counter, page, scan, press, menu
):
    assert not page.view.hold.isEnabled(), "nothing to hold, and nothing on hold"
    scan(BREAD, BREAD, CAKE)
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    assert lines(page) == [] and page.view.hold.text() == "보류 1건"
    scan(UNKNOWN)
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    assert lines(page) == [] and page.view.hold.text() == "보류 2건"
    press(KEY.Key_F3)
    first, second = [one.text() for one in menu.actions()]
    assert "소금빵 · 2줄 · 44,400원" in first and f"{UNKNOWN} · 1줄 · 0원" in second
    assert menu.activeAction() is menu.actions()[0]
    menu.actions()[0].trigger()
    settle(qtbot, counter, page)
    assert counts(page) == [2, 1] and page.view.hold.text() == "보류 1건"
    assert page.view.payable.text() == "44,400원"


def test_a_cart_that_was_begun_meanwhile_is_not_dropped(qtbot, counter, page, scan, press, menu):
    scan(BREAD)
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    press(KEY.Key_F3)
    taken_up = menu.actions()[0]
    scan(CAKE)
    taken_up.trigger()
    settle(qtbot, counter, page)
    assert lines(page) == [("딸기 생크림 케이크 2호", 1)]
    assert "지금 판매를 먼저 끝내거나 보류해 주세요." in said(page)


def test_a_message_about_a_scan_outlives_its_cart(qtbot, counter, page, scan, press, change):
    change(17, active=False)
    scan(BREAD, "2000000000176")
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    assert lines(page) == [] and "판매를 멈춘 상품" in said(page)


def test_nothing_is_put_on_hold_while_a_product_is_asked_about(qtbot, counter, page, scan, press):
    scan(BREAD, LATTE)
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    assert counts(page) == [1] and not page.view.hold.isEnabled()
    press(KEY.Key_Escape)
    assert page.view.hold.isEnabled()
