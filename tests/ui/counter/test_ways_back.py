"""The back button names the page that it leads to: on every page, from every opener."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.shell.routes import ROUTE, ROUTES
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.message_bar import Banner
from tests.conftest import PatientBot
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.test_scans_at_the_counter import orders_of, seller_of_requests
from tests.ui.scanner.typing_hands import Keyboard

SCREENS = tuple(ROUTE)
OPENED = SCREENS[1:]
"""Every page but home."""

BEHIND = tuple(route.id for route in ROUTES if not route.is_tab)
"""Every page with a way back."""


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    with demo_counter(PatientBot(request), folder, Keyboard().clock) as counter:
        yield counter


@pytest.fixture
def counter(shared, qtbot):
    shared.go_home()
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    pay = shared.screens.pay
    if pay.is_live:
        pay._stop()
        qtbot.waitUntil(lambda: not pay.is_live)
    shared.go_home()
    shared.window.top_bar._texts.set_language("ko")


@pytest.fixture(params=["ko", "en"])
def language(counter, request):
    counter.window.top_bar._texts.set_language(request.param)
    return request.param


@pytest.fixture
def unpaid(counter):
    return next(orders_of(counter, paid=False))


@pytest.fixture
def paid(counter):
    return next(orders_of(counter, paid=True))


@pytest.fixture
def openers(counter, unpaid, paid) -> dict[str, Callable[[], object]]:
    """Open each page as cards, keys, tabs and buttons do."""
    screens, item, window = counter.screens, paid.items[0], counter.window
    seller = seller_of_requests(counter)
    openers = {
        "cards": counter.home.by_number.click,
        "orders": counter.home.rows["to_pay"].click,
        "more": window.top_bar.tabs["more"].click,
        "pay": lambda: screens.open_order(unpaid.buyer_id, unpaid.id),
        "receipt": lambda: screens.open("receipt", {"order_id": paid.id}),
        "cancel": lambda: screens.open_cancel(Actor.buyer(paid.buyer_id), item.id),
        "order": lambda: screens.open_history(paid.id),
        "open_money": lambda: _enter(counter, "open_money", window.status_bar.open_money.click),
        "requests": lambda: screens.open_requests(seller),
        "buyer_request": lambda: screens.open(
            "buyer_request", {"actor": Actor.buyer(paid.buyer_id), "item_id": item.id}
        ),
        "sale": counter.home.sale.click,
        "shift": window.top_bar.tabs["shift"].click,
        "deliveries": lambda: screens.open(
            "deliveries", {"actor": Actor.seller(item.seller_id), "item_id": item.id}
        ),
        "sync": lambda: _enter(counter, "sync", counter.window.status_bar.sync.click),
        "import": lambda: screens.page("more").rows["import"].click(),
        "charts": lambda: screens.page("more").rows["charts"].click(),
        "products": lambda: screens.page("more").rows["products"].click(),
        "settings": lambda: screens.page("more").rows["settings"].click(),
        "printer": lambda: screens.page("more").rows["printer"].click(),
        "staff": lambda: screens.page("more").rows["staff"].click(),
        "cash_receipts": counter.home.rows["receipts"].click,
        "appearance": lambda: screens.page("more").rows["appearance"].click(),
    }
    assert set(openers) == set(OPENED)
    return openers


def _enter(counter, name: str, press: Callable[[], object]) -> None:
    """Press what opens a page, and on the page itself leads back."""
    if counter.window.current != name:
        press()


def shown_back(counter) -> Button:
    """The back button, which is on screen."""
    back = counter.window.head.back
    assert back.isVisible(), counter.window.current
    return back


def title_of(counter, name: str) -> str:
    return counter.window.top_bar._texts(ROUTE[name].name)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0, timeout=60_000)
    QApplication.processEvents()


def press_back(counter) -> None:
    """Press the back button; the screen shown then has to be the one it named."""
    button, left = shown_back(counter), counter.window.current
    named = button.text()
    assert named in button.accessibleName() != named
    button.click()
    assert counter.window.current != left
    assert named == title_of(counter, counter.window.current), left


@pytest.mark.parametrize("second", BEHIND)
def test_every_page_opened_from_every_other_names_its_way_back(
    qtbot, counter, openers, language, second
):
    for first in OPENED:
        counter.go_home()
        openers[first]()
        openers[second]()
        assert counter.window.current == second
        began = first if ROUTE[first].is_tab else "home"
        for _ in BEHIND:
            if ROUTE[counter.window.current].is_tab:
                break
            press_back(counter)
        # An outcome leads home, from wherever the visit began.
        assert counter.window.current in (began, "home"), (first, second)
        assert not counter.window.head.back.isVisible()


@pytest.mark.parametrize("name", BEHIND)
def test_esc_leads_where_the_back_button_does(qtbot, counter, openers, name):
    for first in OPENED:
        counter.go_home()
        openers[first]()
        openers[name]()
        named = shown_back(counter).text()
        counter.window.back()
        assert title_of(counter, counter.window.current) == named, first


@pytest.mark.parametrize("name", [route.id for route in ROUTES if route.is_tab])
def test_a_tab_has_no_way_back_whatever_was_open_before(qtbot, counter, openers, name):
    for first in OPENED:
        counter.go_home()
        openers[first]()
        counter.window.top_bar.tabs[name].click()
        assert counter.window.current == name
        assert not counter.window.head.back.isVisible() and not counter.window.before
        counter.window.back()
        assert counter.window.current == name


def test_a_payment_opened_from_the_order_list_leads_back_to_it(qtbot, counter, openers):
    openers["orders"]()
    openers["pay"]()
    assert shown_back(counter).text() == "주문"
    qtbot.mouseClick(shown_back(counter), Qt.MouseButton.LeftButton)
    assert counter.window.current == "orders"


def test_a_live_code_leads_home_once_the_question_is_answered(qtbot, counter, openers, unpaid):
    openers["orders"]()
    openers["pay"]()
    settle(qtbot, counter)
    pay = counter.screens.pay
    assert shown_back(counter).text() == "주문"
    pay.view.qr.pay.click()
    qtbot.waitUntil(lambda: pay.is_live)
    assert shown_back(counter).text() == "홈"
    shown_back(counter).click()
    assert counter.window.current == "pay"
    question = pay.findChild(ConfirmDialog)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    qtbot.waitUntil(lambda: counter.window.current == "home")


def test_a_payment_that_is_over_leads_home(qtbot, counter, openers):
    openers["orders"]()
    openers["pay"]()
    settle(qtbot, counter)
    pay = counter.screens.pay
    pay.view.qr.pay.click()
    qtbot.waitUntil(lambda: pay.is_live)
    pay.view.qr.stop.click()
    question = pay.findChild(ConfirmDialog)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    qtbot.waitUntil(lambda: pay.progress.phase is PaymentPhase.STOPPED)
    assert shown_back(counter).text() == "홈"
    press_back(counter)
    assert counter.window.current == "home"


def test_a_receipt_leads_home_after_a_sale_and_to_the_page_it_was_opened_from(
    qtbot, counter, openers
):
    for first, title in (
        ("pay", "홈"),
        ("order", "주문 상세"),
        ("requests", "신청"),
    ):
        counter.go_home()
        openers[first]()
        openers["receipt"]()
        assert shown_back(counter).text() == title
        press_back(counter)


def test_the_name_follows_the_language(counter, openers):
    openers["orders"]()
    openers["pay"]()
    counter.window.show_language()
    assert shown_back(counter).text() == "Orders"
    assert shown_back(counter).accessibleName() == "Back: Orders"
    assert shown_back(counter).key == "Esc"


def refusals_button(counter, screen: str) -> Button:
    banner = next(
        one
        for one in counter.window.screen_named(screen).findChildren(Banner)
        if one.isVisible() and one.tone == "error"
    )
    return next(one for one in banner.findChildren(Button) if one.isVisible())


def test_a_refusals_button_names_payment_home_where_it_leads(qtbot, counter):
    counter.window.show_screen("more")
    counter.screens.open_requests(999_999)
    settle(qtbot, counter)
    button = refusals_button(counter, "requests")
    assert button.text() == "홈"
    button.click()
    assert counter.window.current == "home"


def test_an_unknown_buyer_is_corrected_on_the_page(qtbot, counter):
    counter.window.show_screen("more")
    counter.screens.open("buyer_request", {"actor": Actor.buyer(999_999), "item_id": 999_999})
    settle(qtbot, counter)
    button = refusals_button(counter, "buyer_request")
    assert button.text() == "닫기"
    button.click()
    assert counter.window.current == "buyer_request"
    assert counter.screens.page("buyer_request").view.number.line.isVisible()


def test_the_tab_of_the_orders_begins_with_all_of_them(qtbot, counter):
    """The field was empty, and the list was still that of the last search."""
    window = counter.window
    window.show_screen("orders")
    page = counter.screens.page("orders")
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    of_today = page.model.rowCount()  # none or few just after midnight
    page.search.setText("없는 주문")
    page.search.flush()
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and page.model.rowCount() == 0)
    window.show_screen("home")
    window.show_screen("orders")
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert (page.search.text(), page.model.filters.text) == ("", "")
    assert page.model.rowCount() == of_today


def test_the_tab_of_the_deliveries_begins_with_all_of_them(qtbot, counter):
    window = counter.window
    window.show_screen("deliveries")
    page = counter.screens.page("deliveries")
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and page.model.rowCount() > 1)
    page.view.search.setText("없는 상품")
    page.view.search.flush()
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and page.model.rowCount() == 0)
    window.show_screen("home")
    window.show_screen("deliveries")
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert page.view.search.text() == ""
    assert page.model.rowCount() > 1
