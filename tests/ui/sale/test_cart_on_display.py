"""The cart on the buyer's display: while it is rung up, and nothing but its lines and amount."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.money import Won
from posapp.ui.display.buyer_view import NOTHING, BuyerLine, BuyerPhase, BuyerView
from tests.pictures.visits import BREAD, CAKE, UNKNOWN
from tests.ui.sale.test_sale_screen import settle, show_qr

BREADS = BuyerLine("소금빵", 2, Won(6_400))
CAKES = BuyerLine("딸기 생크림 케이크 2호", 1, Won(38_000))


def shown(counter) -> BuyerView:
    QApplication.processEvents()
    return counter.display._view


def test_each_line_and_the_amount_are_shown_as_they_come(counter, page, scan):
    assert shown(counter) == NOTHING
    scan(BREAD, BREAD)
    assert shown(counter) == BuyerView(BuyerPhase.ORDER, (BREADS,), Won(6_400))
    scan(CAKE, UNKNOWN)
    assert shown(counter) == BuyerView(BuyerPhase.ORDER, (BREADS, CAKES), Won(44_400)), (
        "a code that nobody knows is the seller's matter"
    )


def test_another_page_shows_nothing_of_the_cart_and_the_sale_shows_it_again(counter, page, scan):
    scan(BREAD, BREAD)
    counter.window.show_screen("orders")
    assert shown(counter) == NOTHING
    counter.window.show_screen("sale")
    assert shown(counter).lines == (BREADS,)


def test_a_cart_on_hold_is_nobodys_to_see(qtbot, counter, page, scan, press):
    scan(BREAD)
    press(Qt.Key.Key_F3)
    settle(qtbot, counter, page)
    assert shown(counter) == NOTHING


def test_the_qr_comes_in_its_place_and_stays_while_the_next_cart_is_filled(
    qtbot, counter, page, scan, press
):
    scan(BREAD, BREAD)
    show_qr(qtbot, counter, press)
    assert shown(counter).phase is BuyerPhase.SCAN and shown(counter).lines == (BREADS,)
    counter.window.show_screen("sale")
    scan(CAKE)
    assert shown(counter).phase is BuyerPhase.SCAN and shown(counter).lines == (BREADS,)
