"""A syllable that is still being composed, and the key that ends it, in the two searches."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from posapp.domain.order_segments import OrderSegment
from posapp.ui.orders.order_list_model import OrderReading
from posapp.ui.scanner.code import keys_of
from tests.ui.counter.scan_places import fill
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard

KEYS, WRITTEN = "zhf", "콜"
"""The keys, and the syllable."""


@pytest.fixture(params=[True, False], ids=["events apart", "one event"])
def hangul(request, keyboard):
    """A person at a keyboard in Hangul mode."""
    keyboard.method.hangul, keyboard.is_apart = True, request.param
    yield keyboard
    keyboard.method.flush()
    keyboard.method.hangul = False


def compose(counter, keyboard: Keyboard, search) -> None:
    """Type one syllable, which stays unfinished."""
    search.clear()
    search.setFocus()
    keyboard.now += 1_000
    keyboard.type(KEYS, HAND_MS)
    counter._scans.flush()
    assert keyboard.method.composing == WRITTEN and search.text() == ""


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_in_the_search_of_home_commits_and_searches_at_once(qtbot, counter, hangul, enter):
    counter.go_home()
    asked: list[str] = []
    counter.home.search_requested.connect(asked.append)
    compose(counter, hangul, counter.home.search)
    hangul.press(enter, HAND_MS)
    counter._scans.flush()
    counter.home.search_requested.disconnect(asked.append)
    assert asked == [WRITTEN]
    assert counter.window.current == "orders"
    assert counter.screens.page("orders").search.text() == WRITTEN
    qtbot.waitUntil(lambda: counter.runner.busy == 0)


@pytest.fixture
def only(qtbot, counter) -> tuple[str, int]:
    """A buyer with one order on the list, and the list's row of it."""
    counter.screens.open("orders", {"segment": OrderSegment.OPEN})
    model = counter.screens.page("orders").model
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and model.rowCount() > 1)
    names = [model.index(row, 2).data() for row in range(model.rowCount())]
    row, name = next((at, one) for at, one in enumerate(names) if names.count(one) == 1)
    return name, model.row_at(row).order_id


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_in_the_search_of_orders_commits_and_opens_at_once(
    qtbot, counter, hangul, enter, only
):
    name, order_id = only
    page, picked = counter.screens.page("orders"), []
    page.search.picked.connect(lambda: picked.append(page.search.text()))
    page.search.setFocus()
    hangul.now += 1_000
    hangul.type(keys_of(name), HAND_MS)
    counter._scans.flush()
    assert hangul.method.composing == name[-1] and page.search.text() == name[:-1]
    hangul.press(enter, HAND_MS)
    counter._scans.flush()
    assert picked == [name]
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert page.model.filters.text == name
    assert counter.screens.pay._controller.order_id == order_id


def test_the_list_of_orders_counts_the_syllable_that_is_being_composed(
    qtbot, counter, hangul, only
):
    name, order_id = only
    page = counter.screens.page("orders")
    compose(counter, hangul, page.search)
    hangul.method.flush()
    hangul.compose("", "")
    hangul.now += 1_000
    hangul.type(keys_of(name), HAND_MS)
    counter._scans.flush()
    assert hangul.method.composing == name[-1] and page.search.text() == name[:-1]
    qtbot.waitUntil(lambda: page.model.filters.text == name)
    qtbot.waitUntil(lambda: page.model.reading is OrderReading.READY)
    assert [page.model.row_at(row).order_id for row in range(page.model.rowCount())] == [order_id]


@pytest.mark.parametrize("page", ["requests", "deliveries"])
def test_the_desk_and_the_items_to_ship_count_it_and_write_it_once(
    qtbot, counter, hangul, paid, page
):
    fill(counter, paid, paid)
    counter.window.show_screen(page)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    view = counter.screens.page(page).view
    search, searched = view.search, []
    search.searched.connect(searched.append)
    compose(counter, hangul, search)
    qtbot.waitUntil(lambda: searched[-1:] == [WRITTEN] and counter.runner.busy == 0)
    assert search.text() == "" and hangul.method.composing == WRITTEN
    hangul.type("fk", HAND_MS)  # 콜 and 라: the first syllable is finished now
    counter._scans.flush()
    qtbot.waitUntil(lambda: searched[-1] == "콜라" and counter.runner.busy == 0)
    assert search.text() == "콜" and search.typed == "콜라"
    hangul.method.flush()
    hangul.compose("", "")
    search.searched.disconnect(searched.append)
    search.clear()
    search.flush()
    qtbot.waitUntil(lambda: counter.runner.busy == 0)


def test_a_function_key_commits_and_acts(qtbot, counter, hangul):
    counter.go_home()
    compose(counter, hangul, counter.home.search)
    hangul.press(Qt.Key.Key_F3, HAND_MS)
    counter._scans.flush()
    assert counter.window.current == "cards"
