"""The window leads between screens, names the shop and its mode, and asks before it closes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.screen import Screen


class _Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.first)
        column.addWidget(self.second)
        self.setFocusProxy(self.first)


class _Held(Screen):
    """A page that asks before it is left."""

    is_free = False

    def may_leave(self) -> bool:
        return self.is_free


@pytest.fixture
def held_page(texts, theme) -> _Held:
    return _Held(texts, theme, InlineTaskRunner())


@pytest.fixture
def window(qtbot, texts, theme) -> MainWindow:
    made = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(made)
    for name in ("home", "orders", "more", "sync", "pay"):
        made.add_screen(name, _Page())
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def test_the_first_screen_is_shown_and_esc_does_not_leave_it(qtbot, window):
    assert window.current == "home"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.current == "home"


def test_esc_returns_one_screen_at_a_time_and_ends_at_the_tab(qtbot, window):
    window.show_screen("orders")
    window.show_screen("sync")
    window.show_screen("pay")
    qtbot.keyClick(window.screen_named("pay").first, Qt.Key.Key_Escape)
    assert window.current == "sync"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.current == "orders"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.current == "orders"


def test_a_page_without_a_history_leads_back_to_its_parent(window):
    window._history.clear()
    window.show_screen("pay")
    assert window.before == "home" and window.head.back.isVisible()
    window.back()
    assert window.current == "home"


def test_a_tab_begins_anew_and_has_no_way_back(qtbot, window):
    """Pages left behind by a tab are no step of the next one."""
    for way in (
        lambda: window.top_bar.tabs["orders"].click(),
        lambda: _press_ctrl(qtbot, window, "3"),
    ):
        window.show_screen("home")
        window.show_screen("pay")
        way()
        assert window.current == "orders" and not window.before
        assert not window.head.back.isVisible()
        assert window.top_bar.tabs["orders"].property("current") == "true"
        assert not window.top_bar.tabs["home"].property("current")


def _press_ctrl(qtbot, window: MainWindow, digit: str) -> None:
    qtbot.keyClick(window, digit, Qt.KeyboardModifier.ControlModifier)


def test_a_screen_that_is_not_shown_takes_no_focus(qtbot, window):
    """Its data arrive late, and it focuses a field or a button: the next key is not for it."""
    window.show_screen("orders")
    here, hidden = window.screen_named("orders"), window.screen_named("pay")
    here.second.setFocus()
    for one in (hidden.first, hidden.second):
        one.setFocus()
        assert QApplication.focusWidget() is here.second
        qtbot.keyClicks(QApplication.focusWidget(), "1")
    assert (here.second.text(), hidden.first.text(), hidden.second.text()) == ("11", "", "")
    here.second.clearFocus()
    here.second.setEnabled(False)
    hidden.first.setFocus()
    assert QApplication.focusWidget() is here.first
    window.show_screen("pay")
    assert QApplication.focusWidget() is hidden.first


def test_a_window_says_something_in_its_status_line_for_a_while(qtbot, window):
    window.status_bar.show_message("window.behind")
    message = window.status_bar.message.text()
    window.status_bar.show_passing("스캔")
    assert window.status_bar.message.text() == "스캔" and message
    window.status_bar._passing_timer.timeout.emit()
    assert window.status_bar.message.text() == message


def test_opening_a_screen_of_the_history_makes_no_cycle(window):
    for name in ("sync", "pay", "sync"):
        window.show_screen(name)
    window.back()
    assert window.current == "home"


def test_a_screen_may_hold_on(window, held_page):
    window.add_screen("held", held_page)
    window.show_screen("pay")
    window.show_screen("held")
    window.back()
    assert window.current == "held"
    held_page.is_free = True
    window.back()
    assert window.current == "pay"


def test_home_is_reached_from_anywhere_without_asking(window, held_page):
    window.add_screen("held", held_page)
    window.show_screen("orders")
    window.show_screen("held")
    window.go_home()
    assert window.current == "home"


def test_focus_starts_on_the_first_field_and_is_restored(window):
    home = window.screen_named("home")
    home.second.setFocus()
    window.show_screen("sync")
    assert window.focusWidget() is window.screen_named("sync").first
    window.back()
    assert window.focusWidget() is home.second


@pytest.mark.parametrize(("live", "label"), [(False, "테스트"), (True, "실제 결제")])
def test_header_shows_the_mode(qtbot, texts, theme, live, label):
    window = MainWindow(texts, theme, shop="한빛상점", live=live)
    qtbot.addWidget(window)
    assert window.top_bar.mode.text() == label
    assert window.top_bar.mode.accessibleDescription()
    assert window.top_bar.strip.isVisibleTo(window) is not live


def test_practice_has_a_badge_of_its_own_on_every_page_and_at_the_lock(qtbot, texts, theme):
    window = MainWindow(texts, theme, shop="한빛상점", live=False, practice=True)
    qtbot.addWidget(window)
    window.resize(1024, 600)
    window.show()
    badge = window.top_bar.mode
    assert (badge.text(), badge.property("mode")) == ("연습", "practice")
    assert "매장 기록에는 남지 않습니다" in badge.accessibleDescription()
    texts.set_language("en")
    assert badge.text() == "PRACTICE"
    window.top_bar.show_tabs(())
    assert badge.isVisible() and window.top_bar.strip.isVisible()


def test_language_and_theme_change_by_key_without_a_restart(qtbot, window, texts, theme):
    assert window.windowTitle() == "한빛상점 · 결제"
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert texts.language == "en"
    assert window.windowTitle() == "한빛상점 · Payments"
    assert window.top_bar.mode.text() == "TEST"
    before = theme.choice
    qtbot.keyClick(window, Qt.Key.Key_F10)
    assert theme.choice != before
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_F10)
    assert theme.choice == before


def test_the_lamps_are_there_from_the_first_paint_and_speak_the_language(window, texts):
    bar = window.status_bar
    assert (bar.sync.text(), bar.open_money.text()) == ("환불 전송 현황 확인 중", "미처리 금액")
    bar.show_open_money(0, 0)
    assert (bar.open_money.tone, bar.open_money.text()) == ("success", "미처리 금액 없음")
    bar.show_open_money(3, 0)
    assert (bar.open_money.tone, bar.open_money.text()) == ("busy", "환불 진행 3건")
    bar.show_open_money(3, 1)
    assert (bar.open_money.tone, bar.open_money.text()) == ("error", "확인 필요 1건")
    texts.set_language("en")
    assert bar.sync.text() == "Checking for unsent refunds"
    assert bar.open_money.text() == "To check: 1"


def test_the_status_line_is_shop_message_and_the_two_lamps_before_the_time(window):
    bar = window.status_bar
    line = (bar._shop, bar.message, bar.open_money, bar.sync, bar.clock)
    assert [one.x() for one in line] == sorted(one.x() for one in line)
    assert [one.key for one in (bar.open_money, bar.sync)] == ["F12", "F11"]
    assert {one.height() for one in (bar.open_money, bar.sync)} == {48}


def test_closing_asks_first(window):
    requested: list[bool] = []
    window.guard_closing(lambda: requested.append(True) or False)
    assert not window.close() and requested == [True] and window.isVisible()
    window.close_without_asking()
    assert not window.isVisible() and requested == [True]


def test_the_status_line_speaks_the_language(window, texts):
    window.status_bar.show_message("window.starting")
    assert window.status_bar.message.text() == "준비하고 있습니다…"
    texts.set_language("en")
    assert window.status_bar.message.text() == "Getting ready…"
    window.status_bar.show_message("")
    assert window.status_bar.message.text() == ""


def test_the_first_paint_is_reported_once(qtbot, texts, theme):
    window = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(window)
    received: list[bool] = []
    window.first_painted.connect(lambda: received.append(True))
    window.show()
    qtbot.waitUntil(lambda: bool(received))
    window.repaint()
    qtbot.waitUntil(lambda: received == [True])


def test_a_long_name_of_a_shop_pushes_nothing_out(qtbot, texts, theme):
    window = MainWindow(texts, theme, shop="아주 " * 60, live=True)
    qtbot.addWidget(window)
    window.resize(1024, 600)
    window.show()
    window.top_bar.show_payment(599)
    window.top_bar.show_person("가나다라마 · 판매자")
    QApplication.processEvents()
    assert window.width() == 1024
    for bar in (window.top_bar, window.status_bar):
        assert bar.width() == 1024
        for button in bar.findChildren(QPushButton):
            place = QRect(button.mapTo(bar, QPoint(0, 0)), button.size())
            assert bar.rect().contains(place), button.text()


def test_every_button_of_the_bars_has_a_name(window):
    window.show_screen("pay")
    for bar in (window.top_bar, window.head, window.status_bar):
        buttons = bar.findChildren(QPushButton)
        assert buttons and all(button.accessibleName() for button in buttons)
