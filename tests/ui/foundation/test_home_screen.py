"""The payment home: ids are accepted at once, before other parts are ready."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.ui.home.cards import PAY
from posapp.ui.widgets.action_card import CardPlan, FieldPlan

BIG = 2**40
"""Above 2³¹, where a signal of int would wrap."""


@pytest.fixture
def home(qtbot, texts, theme) -> HomeScreen:
    made = HomeScreen(texts, theme)
    qtbot.addWidget(made)
    made.resize(1000, 800)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
    return made


@pytest.fixture
def requested(home) -> list[tuple[int, int]]:
    received: list[tuple[int, int]] = []
    home.pay_requested.connect(lambda user, order: received.append((user, order)))
    return received


def _fields(home: HomeScreen):
    return [field.line for field in home.cards["pay"].fields]


def test_a_sale_without_a_mouse(qtbot, home, requested):
    home.attach()
    user, order = _fields(home)
    assert home.focusWidget() is user
    qtbot.keyClicks(user, "12")
    qtbot.keyClick(user, Qt.Key.Key_Return)
    assert home.focusWidget() is order
    qtbot.keyClicks(order, str(BIG))
    qtbot.keyClick(order, Qt.Key.Key_Return)
    assert requested == [(12, BIG)]


def test_the_button_is_off_until_both_ids_are_whole_numbers(qtbot, home, requested):
    home.attach()
    user, order = _fields(home)
    button = home.cards["pay"].button
    assert not button.isEnabled()
    qtbot.keyClicks(user, "1x")
    qtbot.keyClicks(order, "5")
    assert not button.isEnabled()
    qtbot.keyClick(order, Qt.Key.Key_Return)
    assert requested == [] and home.focusWidget() is user
    user.setText("1")
    assert button.isEnabled()
    button.click()
    assert requested == [(1, 5)]


def test_action_pressed_too_early_starts_once_when_ready(qtbot, home, requested):
    user, order = _fields(home)
    qtbot.keyClicks(user, "12")
    qtbot.keyClicks(order, "34")
    qtbot.keyClick(order, Qt.Key.Key_Return)
    qtbot.keyClick(order, Qt.Key.Key_Return)
    assert requested == [] and home.busy.is_busy and not home.cards["pay"].button.isEnabled()
    home.attach()
    assert requested == [(12, 34)] and not home.busy.is_busy
    home.attach()
    assert requested == [(12, 34)]
    assert [line.text() for line in (user, order)] == ["12", "34"]


def test_ids_typed_before_the_services_are_ready_are_kept(qtbot, home, requested):
    user, order = _fields(home)
    qtbot.keyClicks(user, "12")
    home.attach()
    qtbot.keyClicks(order, "34")
    qtbot.keyClick(order, Qt.Key.Key_Return)
    assert requested == [(12, 34)]


def test_if_the_services_cannot_be_built_nothing_is_called(qtbot, home, requested):
    user, order = _fields(home)
    qtbot.keyClicks(user, "12")
    qtbot.keyClicks(order, "34")
    qtbot.keyClick(order, Qt.Key.Key_Return)
    home.show_error(EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT))
    assert requested == [] and not home.busy.is_busy
    assert "손상" in home.banner.message
    home.attach()
    assert requested == [], "a press from before the problem must not come back"


def test_error_keeps_typed_text_and_disappears_on_retry(qtbot, home, requested):
    home.attach()
    user, order = _fields(home)
    user.setText("1")
    order.setText("2")
    home.show_error(UserError(ErrorCode.USER_UNKNOWN))
    assert home.banner.message == "가입되지 않은 회원입니다."
    assert (user.text(), order.text()) == ("1", "2")
    home.cards["pay"].button.click()
    assert home.banner.message == "" and requested == [(1, 2)]


def test_a_scan_while_a_button_has_the_focus_loses_no_character(qtbot, home, requested):
    home.attach()
    user, order = _fields(home)
    user.setText("7")
    home.find_orders.setFocus()
    for sign in "1024":
        qtbot.keyClicks(home.focusWidget(), sign)
    assert (user.text(), order.text()) == ("7", "1024")
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_Return)
    assert requested == [(7, 1024)]


def test_the_list_of_orders_is_one_key_away(qtbot, home):
    with qtbot.waitSignal(home.orders_requested):
        qtbot.keyClick(home, Qt.Key.Key_F2)


def test_the_next_person_finds_empty_fields(home):
    for line in _fields(home):
        line.setText("1")
    home.clear()
    assert all(line.text() == "" for line in _fields(home))


@pytest.mark.parametrize(
    ("width", "columns"), [(1366, 4), (1920, 4), (1080, 2), (1024, 2), (600, 1)]
)
def test_cards_are_in_one_row_when_they_fit(qtbot, texts, theme, width, columns):
    """Four actions of docs/specification.md 2.1 on a counter's 1366×768, without a scroll bar."""
    others = [
        CardPlan(f"card{n}", "home.pay", (FieldPlan(f"id{n}", "home.pay_user"),), "secondary")
        for n in range(3)
    ]
    home = HomeScreen(texts, theme, (PAY, *others))
    qtbot.addWidget(home)
    home.resize(width, 700)
    home.show()
    assert len({card.x() for card in home.cards.values()}) == columns
    bar = home.findChild(QScrollArea).horizontalScrollBar()
    assert bar.maximum() == 0


def test_further_cards_are_in_a_grid_with_their_titles(qtbot, texts, theme):
    others = [
        CardPlan(f"card{n}", "home.pay", (FieldPlan(f"id{n}", "home.pay_user"),), "secondary")
        for n in range(3)
    ]
    home = HomeScreen(texts, theme, (PAY, *others))
    qtbot.addWidget(home)
    home.resize(1080, 900)
    home.show()
    home.attach()
    first, second, third, fourth = home.cards.values()
    assert first.y() == second.y() < third.y() == fourth.y()
    assert first.x() == third.x() < second.x() == fourth.x()
    home.cards["pay"].fields[0].line.setText("x")  # makes its card taller than its neighbour
    assert first._heading.y() == second._heading.y()
    assert first.button.geometry().bottom() == second.button.geometry().bottom()
    received: list[tuple[str, object]] = []
    home.submitted.connect(lambda name, ids: received.append((name, ids)))
    home.pay_requested.connect(lambda *_: pytest.fail("this is not the card 결제"))
    second.fields[0].line.setText("9")
    second.button.click()
    assert received == [("card0", (9,))]


def test_the_text_changes_with_the_language(home, texts):
    home.cards["pay"].fields[0].line.setText("x")
    texts.set_language("en")
    assert home.cards["pay"].button.text() == "Pay"
    assert home.cards["pay"].fields[0].message == "Please type the number in digits."
    assert home.cards["pay"].fields[0].line.accessibleName() == "Buyer number"
