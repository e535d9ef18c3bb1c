"""Options and weights are asked for before a product is in the cart."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from posapp.domain.products import SaleUnit
from tests.pictures.visits import BREAD, LATTE
from tests.ui.sale.test_sale_screen import KEY, lines, said, settle

LATTE_ID, BREAD_ID = 12, 21


@pytest.fixture
def picker(page):
    return page.view.goods.picker


def chip(picker, text: str):
    return next(one for one in picker.chips.values() if one.text().startswith(text))


def test_a_scan_of_a_product_with_options_asks_for_them(qtbot, counter, page, scan, press, picker):
    scan(LATTE)
    assert picker.isVisible() and lines(page) == []
    assert chip(picker, "따뜻하게").hasFocus()
    assert not page.view.pay.isEnabled(), "the product would be left behind"
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert "옵션을 골라 주세요. (온도 1개 이상)" in said(page) and lines(page) == []
    press(KEY.Key_Space)
    chip(picker, "샷 추가").click()
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert lines(page) == [("카페라떼 (따뜻하게, 샷 추가)", 1)]
    assert page.view.payable.text() == "5,000원"
    assert not picker.isVisible() and page.table.hasFocus() and page.view.pay.isEnabled()


def test_of_a_group_of_one_the_other_option_is_unticked(counter, page, scan, picker):
    scan(LATTE)
    hot, cold = chip(picker, "따뜻하게"), chip(picker, "차갑게")
    hot.click()
    cold.click()
    assert (hot.isChecked(), cold.isChecked()) == (False, True)
    shot, syrup = chip(picker, "샷 추가"), chip(picker, "시럽")
    shot.click()
    syrup.click()
    assert shot.isChecked() and syrup.isChecked()


def test_no_scan_is_lost_while_options_are_asked_for(qtbot, counter, page, scan, press, picker):
    """Each product is asked about in its turn; what needs no answer is added meanwhile."""
    scan(LATTE, BREAD, LATTE)
    assert lines(page) == [("소금빵", 1)] and picker.isVisible()
    chip(picker, "따뜻하게").click()
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert picker.isVisible() and not chip(picker, "따뜻하게").isChecked(), "the second one"
    chip(picker, "차갑게").click()
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    names = [("소금빵", 1), ("카페라떼 (따뜻하게)", 1), ("카페라떼 (차갑게)", 1)]
    assert lines(page) == names and not picker.isVisible()


def test_esc_and_the_button_add_nothing(qtbot, counter, page, scan, press, picker):
    scan(LATTE)
    press(KEY.Key_Escape)
    assert not picker.isVisible() and page.table.hasFocus()
    scan(LATTE)
    picker.close_button.click()
    settle(qtbot, counter, page)
    assert not picker.isVisible() and lines(page) == []


def test_the_count_before_is_that_of_the_product(qtbot, counter, page, scan, press, picker):
    press(KEY.Key_2)
    scan(LATTE)
    press(KEY.Key_7)
    assert page.view.typed.text() == "", "a digit is no count while something is asked"
    chip(picker, "차갑게").click()
    picker.add_button.click()
    settle(qtbot, counter, page)
    assert lines(page) == [("카페라떼 (차갑게)", 2)]


def test_a_picked_tile_asks_too_and_follows_the_language(qtbot, counter, page, press, picker):
    tiles = page.view.goods.tiles
    tiles.select([one.id for one in tiles.tiles.products].index(LATTE_ID))
    tiles.pick()
    settle(qtbot, counter, page)
    chip(picker, "차갑게").click()
    counter.texts.set_language("en")
    assert chip(picker, "샷 추가").text() == "샷 추가 +₩500" and chip(picker, "차갑게").isChecked()
    counter.texts.set_language("ko")
    picker.add_button.click()
    picker.add_button.click()
    settle(qtbot, counter, page)
    assert lines(page) == [("카페라떼 (차갑게)", 1)]


def test_a_weight_is_asked_for(qtbot, counter, page, scan, change, picker, press):
    change(BREAD_ID, unit=SaleUnit.WEIGHT, is_tracked=False)
    scan(BREAD)
    assert picker.isVisible() and QApplication.focusWidget() is picker.grams.line
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert "무게는 1g부터" in said(page)
    picker.grams.set_value(500)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert lines(page) == [("소금빵", 1)] and page.view.payable.text() == "1,600원"
    assert said(page) == ""


def test_of_several_products_with_one_code_the_chosen_one_is_asked_about(
    qtbot, counter, page, scan, change, picker, monkeypatch
):
    monkeypatch.setattr(page.view.menu, "popup", lambda _: None)
    change(BREAD_ID, barcode=f"0{LATTE}")
    scan(LATTE)
    page.view.fix.click()
    action = next(one for one in page.view.menu.actions() if one.text() == "카페라떼")
    action.trigger()
    settle(qtbot, counter, page)
    chip(picker, "차갑게").click()
    picker.add_button.click()
    settle(qtbot, counter, page)
    assert lines(page) == [("카페라떼 (차갑게)", 1)]
