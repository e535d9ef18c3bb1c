"""The four cards by number: typed without a mouse, checked as one types, arranged as they fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from posapp.ui.home.cards_screen import CARDS, PAY, CardsScreen
from posapp.ui.widgets.action_card import CardPlan, FieldPlan

BIG = 2**40
"""Above 2³¹, where a signal of int would wrap."""


@pytest.fixture
def cards(qtbot, texts, theme, instant) -> CardsScreen:
    made = CardsScreen(texts, theme, instant)
    qtbot.addWidget(made)
    made.resize(1000, 800)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
    return made


@pytest.fixture
def requested(cards) -> list[tuple[str, tuple[int, ...]]]:
    received: list[tuple[str, tuple[int, ...]]] = []
    cards.submitted.connect(lambda name, ids: received.append((name, ids)))
    return received


def _fields(cards: CardsScreen):
    return [field.line for field in cards.cards["pay"].fields]


def test_a_sale_without_a_mouse(qtbot, cards, requested):
    user, order = _fields(cards)
    assert cards.focusWidget() is user
    qtbot.keyClicks(user, "12")
    qtbot.keyClick(user, Qt.Key.Key_Return)
    assert cards.focusWidget() is order
    qtbot.keyClicks(order, str(BIG))
    qtbot.keyClick(order, Qt.Key.Key_Return)
    assert requested == [("pay", (12, BIG))]


def test_the_button_is_off_until_both_ids_are_whole_numbers(qtbot, cards, requested):
    user, order = _fields(cards)
    button = cards.cards["pay"].button
    assert not button.isEnabled()
    qtbot.keyClicks(user, "1x")
    qtbot.keyClicks(order, "5")
    assert not button.isEnabled()
    qtbot.keyClick(order, Qt.Key.Key_Return)
    assert requested == [] and cards.focusWidget() is user
    user.setText("1")
    assert button.isEnabled()
    button.click()
    assert requested == [("pay", (1, 5))]


def test_a_scan_while_a_button_has_the_focus_loses_no_character(qtbot, cards, requested):
    user, order = _fields(cards)
    user.setText("7")
    button = cards.cards["requests"].button
    cards.cards["requests"].fields[0].line.setText("3")
    button.setFocus()
    assert QApplication.focusWidget() is button
    for sign in "1024":
        qtbot.keyClicks(cards.focusWidget(), sign)
    assert (user.text(), order.text()) == ("7", "1024")
    qtbot.keyClick(cards.focusWidget(), Qt.Key.Key_Return)
    assert requested == [("pay", (7, 1024))]


def test_the_next_person_finds_empty_fields(cards):
    every = [field.line for card in cards.cards.values() for field in card.fields]
    for line in every:
        line.setText("1")
    cards.clear()
    assert all(line.text() == "" for line in every)


def test_the_four_entries_of_the_specification_in_its_order(cards):
    """docs/specification.md 2.1."""
    assert [plan.name for plan in CARDS] == ["pay", "cancelAsBuyer", "requests", "cancelAsSeller"]
    assert {
        name: [one.line.objectName() for one in card.fields] for name, card in cards.cards.items()
    } == {
        "pay": ["paymentUserId", "orderId"],
        "cancelAsBuyer": ["cancelPaymentUserId", "orderItemId"],
        "requests": ["sellerId"],
        "cancelAsSeller": ["cancelPaymentSellerId", "orderItemIdForSeller"],
    }
    assert [card.button.property("role") for card in cards.cards.values()] == [
        "primary",
        "secondary",
        "secondary",
        "secondary",
    ]


@pytest.mark.parametrize(
    ("width", "columns"), [(1366, 4), (1920, 4), (1080, 2), (1024, 2), (600, 1)]
)
def test_cards_are_in_one_row_when_they_fit(qtbot, texts, theme, instant, width, columns):
    """Four actions of docs/specification.md 2.1 on a counter's 1366×768, without a scroll bar."""
    others = [
        CardPlan(f"card{n}", "home.pay", (FieldPlan(f"id{n}", "home.pay_user"),), "secondary")
        for n in range(3)
    ]
    cards = CardsScreen(texts, theme, instant, (PAY, *others))
    qtbot.addWidget(cards)
    cards.resize(width, 700)
    cards.show()
    assert len({card.x() for card in cards.cards.values()}) == columns
    bar = cards.findChild(QScrollArea).horizontalScrollBar()
    assert bar.maximum() == 0


def test_further_cards_are_in_a_grid_with_their_titles(qtbot, texts, theme, instant):
    others = [
        CardPlan(f"card{n}", "home.pay", (FieldPlan(f"id{n}", "home.pay_user"),), "secondary")
        for n in range(3)
    ]
    cards = CardsScreen(texts, theme, instant, (PAY, *others))
    qtbot.addWidget(cards)
    cards.resize(1080, 900)
    cards.show()
    first, second, third, fourth = cards.cards.values()
    assert first.y() == second.y() < third.y() == fourth.y()
    assert first.x() == third.x() < second.x() == fourth.x()
    cards.cards["pay"].fields[0].line.setText("x")  # makes its card taller than its neighbour
    assert first._heading.y() == second._heading.y()
    assert first.button.geometry().bottom() == second.button.geometry().bottom()
    received: list[tuple[str, object]] = []
    cards.submitted.connect(lambda name, ids: received.append((name, ids)))
    second.fields[0].line.setText("9")
    second.button.click()
    assert received == [("card0", (9,))]


def test_the_text_changes_with_the_language(cards, texts):
    cards.cards["pay"].fields[0].line.setText("x")
    texts.set_language("en")
    assert cards.cards["pay"].button.text() == "Pay"
    assert cards.cards["pay"].fields[0].message == "Please type the number in digits."
    assert cards.cards["pay"].fields[0].line.accessibleName() == "Buyer number"
