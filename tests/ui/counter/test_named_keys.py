"""A key that is named works, wherever it is named, with a network and without."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from posapp.domain.actors import Actor
from posapp.domain.order_segments import OrderSegment
from posapp.ui.core.periods import Period
from posapp.ui.core.theme import THEMES
from posapp.ui.help.manual import Manual
from posapp.ui.orders.order_list_filter import OrderListFilter
from posapp.ui.shell.key_list import KeyList
from posapp.ui.shell.routes import GLOBAL_KEYS, ROUTE, ROUTES
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.search_field import SearchField
from tests.fakes.actors import STAFF
from tests.ui.counter.test_scans_at_the_counter import (
    SCREENS,
    fill,
    orders_of,
    seller_of_requests,
)
from tests.ui.scanner.typing_hands import HAND_MS

CATALOGUES = Path(__file__).parents[3] / "resources" / "i18n"
ENTERED = r"a|an|addresses|another|both|it|one|the|up|your|\{least\}"
KEY = re.compile(
    rf"(?<![A-Za-z])(?:F\d{{1,2}}|Esc|Enter(?! (?:{ENTERED})(?![A-Za-z]))"
    r"|Space|PgUp|PgDn|Ctrl\+[A-Z])(?![A-Za-z])|[↑↓]"
)
"""Keys, but not the verb of “Enter the key …”."""

QT_NAMES = {"↑": "Up", "↓": "Down", "Enter": "Return", "PgUp": "PgUp", "PgDn": "PgDown"}

OPEN_MONEY_TEXTS = (
    *("sync.safe_person", "sync.safe_mismatch", "sync.told_take_over"),
    *("sync.ended_warning", "sync.ended_left"),
)
NAMED = {
    "help.keys_why": {"F1"},  # with Shift, below
    # In tests/ui/settings/test_settings_screen.py:
    "settings.about_receipt_printer": {"F5"},
    "settings.about_receipt_hangul": {"F5"},
    **{name: {"F12"} for name in OPEN_MONEY_TEXTS},
    "orders.empty_why": {"F3", "F4"},
    "settings.about_language": {"F9"},
    "settings.about_theme": {"F10"},
    "settings.about_printer": {"F5"},  # pressed in the tests of the settings
    "settings.about_kiosk_screen_mm": {"F5"},  # pressed in the tests of the settings
    "kiosk_check.advice_text": {"F5"},  # the same, by whoever reads the doctor's list
    "settings.rule_kiosk_keys": {"Enter", "F13", "F14"},  # what a keypad may send
    "settings.about_buyer_display": {"F5"},  # pressed in the tests of the settings
    "setup.field_printer": {"Enter"},  # of the terminal
    "setup.about_appearance": {"F9", "F10"},  # pressed in test_setup_window
    "setup.again": {"Enter"},  # of the terminal, as the next one
    "setup.how_to_answer": {"Enter", "Ctrl+C"},
    # F12 is pressed below; where this text leads, in tests/ui/cancel/test_unresolved_cash.py:
    "cash.move_consequence": {"F12"},
    "cash.moved": {"F12"},
    "staff.switch_why": {"Ctrl+L"},  # pressed in test_sign_in
    "orders.empty_today_why": {"F4"},
    "charts.empty_why": {"F4"},
    "shift.backup_failed": {"F11"},  # pressed in test_leaving_and_arrivals
    "products.codes": {"Enter"},  # pressed in tests/ui/products
    "window.language_is": {"F9"},
    "window.other_language_is": {"F9"},
    "window.theme_is": {"F10"},
    "window.live_payment_why": {"Ctrl+O"},  # pressed in test_live_payment
    "window.found_again": {"F11"},  # pressed in test_leaving_and_arrivals
    "requests.search_key": {"F2"},
    "requests.keys": {"Space", "Enter"},
    "requests.page_key": {"Ctrl+G"},
    "requests.turn_previous_key": {"PgUp"},
    "requests.turn_next_key": {"PgDn"},
}
"""Every text that names a key. The tests below press each of them where its text is shown."""


def catalogue_keys() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in CATALOGUES.glob("*/*.toml"):
        if path.stem in ("commands", "importing"):  # for the terminal
            continue
        for name, text in tomllib.loads(path.read_text("utf-8")).items():
            keys = set(KEY.findall(text)) if isinstance(text, str) else set()
            if keys:
                found.setdefault(f"{path.stem}.{name}", set()).update(keys)
    return found


def test_every_key_that_a_text_names_is_pressed_here():
    assert catalogue_keys() == NAMED


@pytest.fixture(params=["online", "offline"])
def counter(shared, request, qtbot):
    online = request.param == "online"
    if not online:
        shared.demo.sandbox.stop()
    shared.worker.connectivity_changed.emit(online)
    shared.window.activateWindow()
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    shared.go_home()
    shared._scans.flush()


@pytest.fixture
def is_online(request, counter) -> bool:
    return request.node.callspec.params["counter"] == "online"


def press(counter, keyboard, name: str) -> None:
    keyboard.now += HAND_MS
    combination = QKeySequence(QT_NAMES.get(name, name))[0]
    target = QApplication.focusWidget() or counter.window
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
    counter._scans.flush()


def test_f12_shows_the_refund_taken_over_just_now(qtbot, counter, keyboard):
    """It did nothing off line, although toast and banner named it."""
    till = counter.demo.container
    with till.store.snapshot() as uow:
        order = next(
            one for one in orders_of(counter, paid=True) if not uow.refunds.for_order(one.id)
        )
    item = order.items[0]
    counter.worker.stop()  # or it is sent before anybody can take it over
    refund = till.cancellation_service.refund(Actor.buyer(order.buyer_id), item.id, "", item.total)
    counter.demo.container.sync_service.take_over(STAFF, refund.id)
    counter.window.show_screen("sync")
    press(counter, keyboard, "F12")
    assert counter.window.current == "open_money"
    model = counter.screens.page("open_money").view.model
    qtbot.waitUntil(lambda: model.row_of(("refund", refund.id)) >= 0)


def test_the_keys_of_the_order_list(qtbot, counter, keyboard):
    orders = counter.screens.page("orders")
    counter.window.show_screen("orders")
    orders._ask(OrderListFilter(chosen=Period.ALL))  # today's are few just after midnight
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and orders.model.rowCount() > 2)
    table = orders.table
    before = table.currentIndex().row()
    press(counter, keyboard, "↓")
    assert table.currentIndex().row() == before + 1
    press(counter, keyboard, "↑")
    assert table.currentIndex().row() == before
    press(counter, keyboard, "Enter")
    assert counter.window.current == "pay"
    press(counter, keyboard, "Esc")
    assert counter.window.current == "orders"
    press(counter, keyboard, "Esc")
    assert counter.window.current == "orders", "a tab has no way back"


@pytest.mark.parametrize("segment", [None, OrderSegment.DELIVERY])
def test_the_keys_of_an_empty_list_of_orders(qtbot, counter, keyboard, segment):
    """Of today, and of a state: each leads to other orders."""
    orders = counter.screens.page("orders")
    longest = datetime(1999, 1, 1, tzinfo=UTC)
    counter.window.show_screen("orders")
    orders._ask(OrderListFilter("", segment, Period.TYPED, None, longest))
    qtbot.waitUntil(orders.empty.isVisible)
    press(counter, keyboard, "F4")
    assert orders.filters.period is Period.TODAY
    press(counter, keyboard, "F3")
    assert orders.filters.segment is not segment
    qtbot.waitUntil(lambda: counter.runner.busy == 0)


def test_the_keys_of_the_chart(qtbot, counter, keyboard):
    """F4 leads to other days, also where there is nothing to show."""
    counter.window.show_screen("charts")
    page = counter.screens.page("charts")
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    press(counter, keyboard, "F4")
    assert page.periods.period is Period.WEEK
    press(counter, keyboard, "F3")
    assert page.kind.key == "day"
    qtbot.waitUntil(lambda: counter.runner.busy == 0)


def test_the_keys_of_the_desk(qtbot, counter, keyboard):
    requests = counter.screens.page("requests")
    counter.screens.open_requests(seller_of_requests(counter))
    qtbot.waitUntil(lambda: requests.model.rowCount() > 0)
    view = requests.view.view
    view.setFocus()
    press(counter, keyboard, "Space")
    assert len(requests.model.ticked_rows) == 1
    press(counter, keyboard, "Space")
    press(counter, keyboard, "F2")
    assert QApplication.focusWidget() is requests.view.search
    view.setFocus()
    pages = requests.pages
    qtbot.waitUntil(lambda: pages.total is not None)
    if pages.total > requests.model.rowCount():
        press(counter, keyboard, "PgDn")
        qtbot.waitUntil(lambda: pages.number == 1)
        press(counter, keyboard, "PgUp")
        qtbot.waitUntil(lambda: pages.number == 0)
        press(counter, keyboard, "Ctrl+G")
        assert QApplication.focusWidget() is not view
        view.setFocus()
    press(counter, keyboard, "Enter")
    assert counter.window.current == "order"


OF_THE_WINDOW = {use.key for use in GLOBAL_KEYS}
"""Keys that a button may show without being the one that they press: the window acts on them."""


@pytest.mark.parametrize("name", SCREENS)
def test_every_key_that_a_button_shows_presses_that_button(qtbot, counter, keyboard, name):
    unpaid, paid = next(orders_of(counter, paid=False)), next(orders_of(counter, paid=True))
    fill(counter, unpaid, paid)
    counter.window.show_screen(name)
    settle(qtbot, counter)
    pressed: list[Button] = []
    shown = [
        one
        for one in counter.window.findChildren(Button)
        if one.isVisible() and one.isEnabled() and one.key not in ("", "Enter", "Esc")
    ]
    assert {"F1", "F11", "F12"} <= {one.key for one in shown}
    bound = [one for one in shown if not one.shortcut().isEmpty()]
    assert {one.key for one in shown if one not in bound} <= OF_THE_WINDOW
    for button in bound:
        button.click = lambda one=button: pressed.append(one)
    try:
        for button in bound:
            pressed.clear()
            press(counter, keyboard, button.key)
            assert pressed == [button], (name, button.key, button.text())
    finally:
        for button in bound:
            del button.click
    for button in shown:
        if button not in bound and button.key != "Ctrl+Q":
            leads_there_by_key_and_click(counter, keyboard, name, button)


def leads_there_by_key_and_click(counter, keyboard, name: str, button: Button) -> None:
    reached = []
    for way in (button.click, lambda: press(counter, keyboard, button.key)):
        counter.go_home()
        counter.window.show_screen(name)
        way()
        reached.append(counter.window.current)
    assert reached[0] == reached[1] != name, (name, button.key, reached)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0, timeout=60_000)
    QApplication.processEvents()


def test_esc_leads_back_from_every_page_but_the_tabs(qtbot, counter, keyboard):
    for name in SCREENS:
        counter.go_home()
        counter.window.show_screen(name)
        focused = QApplication.focusWidget()
        assert focused is not None, name
        press(counter, keyboard, "Esc")
        assert counter.window.current == (name if ROUTE[name].is_tab else "home"), name


@pytest.mark.parametrize("key", ["Ctrl+1", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+7"])
def test_ctrl_and_a_digit_open_a_tab_from_every_page(counter, keyboard, key):
    (tab,) = (route.id for route in ROUTES if f"Ctrl+{route.tab}" == key)
    for name in SCREENS:
        counter.go_home()
        counter.window.show_screen(name)
        press(counter, keyboard, key)
        assert counter.window.current == tab, name


def test_f11_and_f12_lead_back_from_their_own_page(counter, keyboard):
    for key, place in (("F12", "open_money"), ("F11", "sync")):
        for name in SCREENS:
            if name == place:
                continue
            counter.go_home()
            counter.window.show_screen(name)
            for expected in (place, name):
                press(counter, keyboard, key)
                assert counter.window.current == expected, (key, name)


def press_f9(counter, keyboard) -> None:
    texts, toast = counter._texts, counter.window.toast
    language, others = ("en", "한국어") if texts.language == "ko" else ("ko", "English")
    press(counter, keyboard, "F9")
    assert texts.language == language and toast.isVisible()
    assert "F9" in toast.message and others in toast.message, "for who cannot read it"


def press_f10(counter, keyboard) -> None:
    before = counter._theme.choice
    press(counter, keyboard, "F10")
    assert counter._theme.choice != before and "F10" in counter.window.toast.message


def test_f9_and_f10_change_language_and_theme_and_say_how_to_change_back(
    is_online, counter, keyboard
):
    """On every other page: a change takes a second, because every page that was made follows it."""
    before = counter._texts.language, counter._theme.choice
    for name in SCREENS[2 * is_online :: 4]:
        counter.go_home()
        counter.window.show_screen(name)
        press_f9(counter, keyboard)
        press_f10(counter, keyboard)
        assert counter.window.current == name
    while counter._texts.language != before[0]:
        press_f9(counter, keyboard)
    seen = []
    while counter._theme.choice != before[1] or not seen:
        press_f10(counter, keyboard)
        seen.append(counter._theme.choice)


def test_f9_and_f10_lead_through_all_and_back(counter, keyboard):
    counter.go_home()
    before = counter._texts.language, counter._theme.choice
    for _ in range(2):
        press_f9(counter, keyboard)
    seen = set()
    for _ in (*THEMES, "auto"):
        press_f10(counter, keyboard)
        seen.add(counter._theme.choice)
    assert (counter._texts.language, counter._theme.choice) == before
    assert seen == {*THEMES, "auto"}


def test_a_long_list_of_keys_is_scrolled_by_arrows(qtbot, counter, keyboard):
    size = counter.window.size()
    counter.window.resize(1024, 600)
    counter.window.show_screen("requests")
    press(counter, keyboard, "Shift+F1")
    panel = QApplication.activeModalWidget()
    qtbot.waitUntil(panel.isActiveWindow)
    assert counter.window.frameGeometry().contains(panel.geometry())
    bar = panel.findChild(QScrollArea).verticalScrollBar()
    QApplication.processEvents()
    assert bar.maximum() > 0
    press(counter, keyboard, "Down")
    assert bar.value() > 0
    press(counter, keyboard, "Esc")
    counter.window.resize(size)


def test_f2_reaches_a_search_from_every_page(qtbot, counter, keyboard):
    for name in SCREENS:
        counter.go_home()
        counter.window.show_screen(name)
        press(counter, keyboard, "F2")
        field = QApplication.focusWidget()
        assert isinstance(field, SearchField) and field.text() == "", name
        assert counter.window.current in (name, "orders"), name


def test_f1_opens_the_help_of_every_page_and_leaves_by_the_same_key(qtbot, counter, keyboard):
    texts = counter._texts
    for name in SCREENS:
        counter.go_home()
        counter.window.show_screen(name)
        settle(qtbot, counter)
        before = QApplication.focusWidget()
        for leave in ("F1", "Esc"):
            press(counter, keyboard, "F1")
            shown = counter.window.help.panel.text.toPlainText()
            assert counter.window.help.is_open and counter.window.help.panel.topic == name
            assert shown.startswith(Manual(texts.language).topic(name).title), name
            press(counter, keyboard, leave)
            assert not counter.window.help.is_open and counter.window.current == name
            assert QApplication.focusWidget() is before, (name, leave)


def test_shift_f1_lists_the_keys_and_leaves_by_the_same_key(is_online, qtbot, counter, keyboard):
    """On each page, one half of them with a network."""
    for name in SCREENS[is_online::2]:
        counter.go_home()
        counter.window.show_screen(name)
        settle(qtbot, counter)
        before = QApplication.focusWidget()
        for leave in ("Shift+F1", "Esc", "Return"):
            press(counter, keyboard, "Shift+F1")
            panel = QApplication.activeModalWidget()
            assert isinstance(panel, KeyList), name
            qtbot.waitUntil(panel.isActiveWindow)
            texts = [one.text() for one in panel.findChildren(QLabel)]
            for use in (*ROUTE[name].keys, *GLOBAL_KEYS):
                assert counter._texts(use.label) in texts, (name, use)
            press(counter, keyboard, leave)
            assert QApplication.activeModalWidget() is None, (name, leave)
            assert counter.window.current == name
            counter.window.activateWindow()  # there is no window manager that would
            qtbot.waitUntil(counter.window.isActiveWindow)
            assert QApplication.focusWidget() is before, (name, leave)
