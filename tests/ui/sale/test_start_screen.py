"""The page that the program opens with."""

from __future__ import annotations

import pytest

from posapp.app.shop_config import begin_demo, load_shop
from tests.conftest import PatientBot
from tests.pictures.visits import BREAD
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import Keyboard


def test_a_new_demo_shop_opens_with_the_sale(tmp_path):
    begin_demo(str(tmp_path / "new"))
    shop = load_shop(str(tmp_path / "new"), {}, {"mode": "demo"})
    assert shop.settings.start_screen == "sale"
    shop.home.settings.write_text('start_screen = "home"\n')
    begin_demo(str(tmp_path / "new"))
    again = load_shop(str(tmp_path / "new"), {}, {"mode": "demo"})
    assert again.settings.start_screen == "home", "what a person chose stays"
    assert load_shop(str(tmp_path / "other"), {}, {}).settings.start_screen == "home"


def ask_for_orders(counter) -> None:
    counter.window.show_screen("orders")


def type_at_home(counter) -> None:
    counter.home.search.insert("1199")


@pytest.mark.parametrize(
    "before, page",
    [(lambda _: None, "sale"), (ask_for_orders, "orders"), (type_at_home, "home")],
)
def test_it_begins_there_unless_somebody_began_before(qapp, request, tmp_path, before, page):
    keyboard = Keyboard()

    def prepare(counter) -> None:
        counter._starts_at = "sale"
        before(counter)

    bot = PatientBot(request)
    with demo_counter(bot, tmp_path, keyboard.clock, before=prepare) as counter:
        bot.waitUntil(lambda: counter.runner.busy == 0)
        assert counter.window.current == page
        if page == "sale":
            counter.window.activateWindow()
            keyboard.scan(BREAD)
            sale = counter.screens.page("sale")
            bot.waitUntil(lambda: sale.cart is not None and bool(sale.cart.lines))
