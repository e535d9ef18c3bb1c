"""Products are found as they are typed, and picked by Enter, a press or the arrows."""

from __future__ import annotations

import threading
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.widgets import product_pictures
from posapp.ui.widgets.product_pictures import letter_of
from tests.pictures.visits import BREAD
from tests.ui.sale.test_sale_screen import KEY, counts, lines, said, settle

BREAD_ID = 21


def names(page) -> list[str]:
    return [one.name for one in page.view.goods.tiles.tiles.products]


def find(qtbot, counter, page, text: str) -> None:
    page.view.goods.search.setText(text)
    page.view.goods.search.flush()
    settle(qtbot, counter, page)


def test_favourites_come_first_and_only_what_is_on_sale(qtbot, counter, page, change):
    page.enter()
    settle(qtbot, counter, page)
    assert set(names(page)[:4]) == {"아메리카노", "카페라떼", "소금빵", "크루아상"}
    change(15, is_favourite=True)
    page.enter()
    settle(qtbot, counter, page)
    assert "제주 말차라떼" in names(page)[:5] and len(names(page)) == 23
    assert "에코백" not in names(page), "it is not sold any more"


def test_a_chip_shows_the_tiles_of_one_category(qtbot, counter, page, change):
    page.enter()
    settle(qtbot, counter, page)
    chips = page.view.goods.categories.chips
    assert chips[0].text() == "즐겨찾기" and {"커피", "빵"} <= {one.text() for one in chips}
    coffee = next(one for one in chips if one.text() == "커피")
    coffee.click()
    settle(qtbot, counter, page)
    assert "아메리카노" in names(page) and "소금빵" not in names(page)
    assert coffee.isChecked() and page.table.hasFocus()
    find(qtbot, counter, page, "소금빵")
    assert names(page)[0] == "소금빵", "a search finds all"
    page.picking.show_all()
    settle(qtbot, counter, page)
    assert "소금빵" not in names(page), "the next tiles are of the category again"
    coffee.click()
    settle(qtbot, counter, page)
    assert "소금빵" in names(page) and not coffee.isChecked()
    chips[0].click()
    settle(qtbot, counter, page)
    assert set(names(page)) == {"아메리카노", "카페라떼", "소금빵", "크루아상"}
    page.enter()
    settle(qtbot, counter, page)
    assert len(names(page)) == 23, "a new visit begins with all"


def test_a_product_is_found_by_its_initials_as_they_are_typed(qtbot, counter, page, press):
    press(KEY.Key_F2)
    assert page.view.goods.search.hasFocus()
    for text, found in (("ㅅㄱㅃ", "소금빵"), ("크루", "크루아상"), (BREAD, "소금빵")):
        find(qtbot, counter, page, text)
        assert names(page)[0] == found, text


def test_enter_adds_the_best_match_and_leads_back_to_the_cart(qtbot, counter, page, press):
    press(KEY.Key_F2)
    page.view.goods.search.setText("ㅅㄱㅃ")
    assert page.view.goods.search.is_pausing
    press(KEY.Key_Return)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert lines(page) == [("소금빵", 1)], "once, after it was found"
    assert page.table.hasFocus() and page.view.goods.search.text() == ""
    assert len(names(page)) == 23


def test_a_count_that_was_typed_before_is_the_picked_products(qtbot, counter, page, press):
    press(KEY.Key_4)
    press(KEY.Key_F2)
    find(qtbot, counter, page, "소금빵")
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert counts(page) == [4]


def test_the_arrows_of_the_search_and_of_the_tiles_choose(qtbot, counter, page, press):
    press(KEY.Key_F2)
    find(qtbot, counter, page, "딸기")
    second = names(page)[1]
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert lines(page) == [(second, 1)]
    tiles = page.view.goods.tiles
    qtbot.waitUntil(lambda: not page.view.goods.search.is_pausing)
    settle(qtbot, counter, page)
    third = names(page)[9]
    tiles.setFocus()
    tiles.select(8)
    press(KEY.Key_Right)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert lines(page) == [(second, 1), (third, 1)]


def test_a_press_on_a_tile_adds_it(qtbot, counter, page):
    tiles = page.view.goods.tiles
    at = names(page).index("소금빵")
    place = tiles.visualRect(tiles.tiles.index(at, 0)).center()
    assert tiles.visualRect(tiles.tiles.index(0, 0)).width() >= 96
    QTest.mouseClick(
        tiles.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(place)
    )
    settle(qtbot, counter, page)
    assert lines(page) == [("소금빵", 1)] and page.table.hasFocus()


def test_digits_on_a_tile_are_the_count(counter, page, press):
    page.view.goods.tiles.setFocus()
    press(KEY.Key_6)
    assert page.view.typed.text() == "수량 6" and page.table.hasFocus()


def test_esc_leads_back_to_the_cart_once_the_search_is_empty(qtbot, counter, page, press):
    press(KEY.Key_F2)
    find(qtbot, counter, page, "없는상품")
    assert names(page) == []
    assert page.view.goods.empty.message == "‘없는상품’에 맞는 상품이 없습니다."
    press(KEY.Key_Return)
    press(KEY.Key_Escape)
    assert page.view.goods.search.hasFocus() and page.view.goods.search.text() == ""
    press(KEY.Key_Escape)
    assert page.table.hasFocus() and counter.window.current == "sale"
    assert lines(page) == []


def test_a_scan_in_the_search_is_added_and_leaves_the_text(qtbot, counter, page, scan, press):
    press(KEY.Key_F2)
    find(qtbot, counter, page, "크루")
    scan(BREAD)
    assert lines(page) == [("소금빵", 1)]
    assert page.view.goods.search.text() == "크루" and page.view.goods.search.hasFocus()


def test_what_is_sold_out_is_named_on_its_tile_and_for_screen_readers(qtbot, counter, page, change):
    change(BREAD_ID, stock=0)
    page.enter()
    settle(qtbot, counter, page)
    at = names(page).index("소금빵")
    tile = page.view.goods.tiles.tiles.index(at, 0)
    assert tile.data(Qt.ItemDataRole.AccessibleTextRole) == "소금빵, 품절"
    page.view.goods.tiles.select(at)
    page.view.goods.tiles.pick()
    settle(qtbot, counter, page)
    assert said(page) == "소금빵의 재고가 부족합니다."
    assert QApplication.activeModalWidget() is None


def test_tiles_are_painted_from_kept_pictures(qtbot, counter, page, monkeypatch):
    tiles = page.view.goods.tiles
    threads = []
    drawn = product_pictures.rounded_picture

    def noted(*given):
        threads.append(threading.current_thread())
        return drawn(*given)

    def paint():
        image = tiles.viewport().grab().toImage()
        QApplication.processEvents()  # what is missing is asked for once all is painted
        settle(qtbot, counter, page)
        return image

    page.enter()
    settle(qtbot, counter, page)
    paint()
    monkeypatch.setattr(product_pictures, "rounded_picture", noted)
    first = paint()
    paint()
    assert threads == [], "each picture is decoded once"
    latte = next(one for one in tiles.tiles.products if one.id == 12)
    tiles.tiles.show([replace(latte, picture="another")])
    paint()
    paint()
    assert len(threads) == 1 and threads[0] is not threading.main_thread()
    tiles.tiles.show([replace(latte, picture="")])
    assert paint() != first, "it has a letter now"
    assert len(threads) == 1
    page.enter()
    settle(qtbot, counter, page)


def test_tiles_fill_the_lines_at_every_width(qtbot, counter, page):
    page.enter()
    settle(qtbot, counter, page)
    tiles = page.view.goods.tiles
    width = tiles.width()
    for more in range(16):
        tiles.resize(width - more, tiles.height())
        QApplication.processEvents()
        columns = tiles.viewport().width() // tiles.gridSize().width()
        tops = [tiles.visualRect(tiles.tiles.index(at, 0)).top() for at in range(columns + 1)]
        assert len(set(tops[:columns])) == 1 < len(set(tops)), tiles.viewport().width()
    tiles.resize(width, tiles.height())


def test_a_letter_stands_for_a_picture():
    assert (
        letter_of("소금빵") == "소" and letter_of("(국산) 콩") == "국" and letter_of("e-bag") == "E"
    )
    assert letter_of("***") == "" == letter_of("")
