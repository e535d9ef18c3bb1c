"""Every page is what its route says: title, way back, focus, keys; and keys mean one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.shell.routes import GLOBAL_KEYS, HOME, ROUTE, ROUTES, STAFF_KEYS, Route
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets.buttons import Button
from tests.conftest import PatientBot
from tests.pictures.visits import VISITS, leave
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import Keyboard

GLOBAL = {use.key for use in GLOBAL_KEYS}
DISPLAYED = {"", "Enter", "Return", "Esc"}
"""Keys that the owner of the focus acts on; a button only shows them."""

MOVING = {"Up", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End"}
"""Keys that move or scroll on every page."""

HARMLESS = {
    *(
        "home.cards",
        "home.sale",
        "home.to_pay",
        "sale.hold",
        "sale.discount",
        "sale.note",
        "orders.filter",
        "orders.period",
        "orders.reload",
    ),
    *("requests.more_filters", "requests.saved", "requests.reload"),
    *("deliveries.filter", "deliveries.hand_over", "deliveries.next"),
    *("order_page.show_evidence", "order_page.request", "cancel.go_order", "pay.show_order"),
    "cash_receipt.title",
    *("entries.details", "sync.reconcile", "open_money.read"),
    *("import_page.map", "import_page.template", "import_page.again"),
    *("charts.kind", "charts.reload", "periods.period"),
    *("products.category", "products.add", "products.make_code"),
    *("shift.x", "shift.reports", "shift.charts"),
    *("settings.groups", "settings.to_default", "settings.test", "staff.add"),
    *("printers.print_all", "setup.test_printer"),
}
"""What F3 to F5 may do: nothing that moves money, and nothing that cannot be undone."""

GRAVE = {
    *("orders.pay", "pay.pay", "pay.stop", "sale.pay", "cash.title", "order_page.in_cash"),
    *("cancel.buyer_card_title", "orders.cancel_PAID"),
    *("requests.approve", "requests.reject"),
    *("import_page.take", "import_page.undo", "staff.remove", "products.stop"),
    *("shift.pay_in", "shift.pay_out"),
    *("sync.take_over", "sync.try_now", "open_money.ours_button", "open_money.try_again"),
    *("cash_receipt.enter", "cash_receipt.reissue", "printers.drop"),
}
"""What F7 and F8 do: they lead to money or end something; each asks, or is a step of a payment."""

ONE_MEANING = {
    "F6": ("shift.drawer", "sale.drawer"),
    "Ctrl+P": (
        "receipt.print",
        "order_page.print_receipt",
        "pay.receipt",
        "orders.print",
        "shift.print",
        "printers.print_one",
        "products.label",
    ),
    "Ctrl+S": ("receipt.save", "order_page.pdf"),
    "Ctrl+C": ("keys.copy_rows", "order_page.copy", "receipt.copy", "entries.copy"),
    "Ctrl+E": ("requests.export", "charts.export"),
    "Ctrl+G": ("keys.page_number",),
    "Enter": (
        "products.edit",
        "keys.order",
        "settings.store",
        "staff.edit",
        "sale.set_count",
        "shift.next",
    ),
    "Del": ("sale.remove",),
    "Ctrl+Del": ("sale.clear",),
}
"""The other keys of pages: paper, save, copy, export, page number, undo."""

NEVER = {
    *(f"Ctrl+{key}" for key in ("H", "I", "J", "M", "[", "]", "\\", "Space")),
    *(f"Shift+F{number}" for number in range(2, 13)),
    "Shift+Space",
}
"""Scanners send them, or they belong to the input method."""

NOT_TABS = tuple(route for route in ROUTES if not route.is_tab)


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    with demo_counter(PatientBot(request), folder, Keyboard().clock) as counter:
        yield counter


@pytest.fixture
def counter(shared, qtbot):
    shared.window.activateWindow()
    shared.go_home()
    yield shared
    shared.texts.set_language("ko")
    leave(shared)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()


def place(counter, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(counter.window, QPoint(0, 0)), widget.size())


def test_every_route_is_complete():
    assert len({route.id for route in ROUTES}) == len(ROUTES)
    assert [route.tab for route in ROUTES if route.is_tab] == sorted(
        {route.tab for route in ROUTES if route.is_tab}
    ), "tabs come first, each with its own number"
    for route in ROUTES:
        assert route.is_tab == (route.parent == ""), "a tab has no way back"
        assert route.is_tab or route.parent in ROUTE
        assert route.roles and route.sizes
        assert bool(route.summary) == route.is_listed
        for language in LANGUAGES:
            texts = Translator(language)
            named = (route.title, route.name, *(use.label for use in (*route.keys, *GLOBAL_KEYS)))
            missing = [one for one in (*named, route.summary) if one and not texts.has(one)]
            assert missing == [], (route.id, language)


def test_every_page_has_a_state_to_be_looked_at():
    assert {visit.route for visit in VISITS.values()} == set(ROUTE)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_a_page_is_made_with_its_title_in_the_head(qtbot, counter, route):
    window = counter.window
    for language in LANGUAGES:
        counter.texts.set_language(language)
        window.show_screen(route.id)
        settle(qtbot, counter)
        page = window.screen_named(route.id)
        assert isinstance(page, Screen) and page.isVisible()
        assert window.head.title.text() == (page.title or counter.texts(route.title))
        current = [name for name, tab in window.top_bar.tabs.items() if tab.property("current")]
        assert current == [route.id if route.is_tab else HOME]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_back_is_named_after_where_it_leads_and_esc_leads_there_too(qtbot, counter, route):
    window = counter.window
    opened = next(name for name, visit in VISITS.items() if visit.route == route.id)
    VISITS[opened].open(counter)
    settle(qtbot, counter)
    if route.is_tab:
        assert not window.head.back.isVisible()
        window.back()
        assert window.current == route.id
        return
    for way in (window.head.back.click, window.back):
        counter.go_home()
        window.show_screen("more")
        VISITS[opened].open(counter)
        assert window.head.back.text() == counter.texts(ROUTE["more"].name)
        assert window.head.back.text() in window.head.back.accessibleName()
        way()
        assert window.current == "more"


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768), (1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_back_and_title_are_at_one_place_on_every_page(qtbot, counter, language, size):
    window = counter.window
    before = window.size()
    window.resize(*size)
    counter.texts.set_language(language)
    backs, titles, tabs = set(), set(), set()
    for route in ROUTES:
        window.show_screen(ROUTE["more"].id)  # every page is opened from one that has a name
        window.show_screen(route.id)
        settle(qtbot, counter)
        title = place(counter, window.head.title)
        if route.is_tab:
            tabs.add((title.x(), title.y(), title.height()))
        else:
            titles.add((title.x(), title.y(), title.height()))
            backs.add(place(counter, window.head.back).getRect())
        assert window.head.title.sizeHint().width() <= title.width(), "the title is cut"
    window.resize(before)
    assert (len(backs), len(titles), len(tabs)) == (1, 1, 1), (backs, titles, tabs)


def owned(counter, route: Route) -> Iterator[Button | QShortcut]:
    """Everything on a page that has a key, shown or not."""
    page = counter.window.screen_named(route.id)
    for root in (page, *([page.head_actions] if page.head_actions is not None else [])):
        buttons = [*([root] if isinstance(root, Button) else []), *root.findChildren(Button)]
        yield from (one for one in buttons if one.key not in DISPLAYED)
        for shortcut in root.findChildren(QShortcut):
            if not isinstance(shortcut.parent(), Button) and key_of(shortcut) not in DISPLAYED:
                yield shortcut


def key_of(owner: Button | QShortcut) -> str:
    return owner.key if isinstance(owner, Button) else owner.key().toString()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_a_routes_keys_are_those_of_its_page(qtbot, counter, route):
    """F1 lists them, and nothing else: no key is kept from whoever looks there."""
    for visit in VISITS.values():
        if visit.route == route.id:
            visit.open(counter)
            settle(qtbot, counter)
            leave(counter)
    found = {key_of(one) for one in owned(counter, route)} - GLOBAL - MOVING
    declared = {use.key for use in route.keys} - DISPLAYED
    assert found == declared


@pytest.mark.parametrize("state", VISITS)
def test_no_key_has_two_owners_on_a_page(qtbot, counter, state):
    """Qt calls such a key ambiguous, and presses neither."""
    VISITS[state].open(counter)
    settle(qtbot, counter)
    owners = defaultdict(list)
    for one in counter.window.findChildren(Button):
        if one.isVisible() and one.isEnabled() and not one.shortcut().isEmpty():
            owners[one.shortcut()].append(one)
    for one in counter.window.findChildren(QShortcut):
        if one.isEnabled() and one.parent().isVisible() and not one.key().isEmpty():
            owners[one.key()].append(one)
    twice = {key.toString(): found for key, found in owners.items() if len(found) > 1}
    assert twice == {}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_a_key_means_what_its_place_on_the_keyboard_says(route):
    """F3 to F5 are harmless, F7 and F8 are not, and F6 is the drawer's."""
    for use in route.keys:
        if use.key in ("F3", "F4", "F5"):
            assert use.label in HARMLESS, use
        elif use.key in ("F7", "F8"):
            assert use.label in GRAVE, use
        else:
            assert use.label in ONE_MEANING.get(use.key, ()), use
        assert use.key not in GLOBAL
        assert QKeySequence(use.key).toString() == use.key or use.key == "Enter"
    assert not HARMLESS & GRAVE


def uses_no_key_of_scanners_or_input_methods(counter) -> None:
    used = {one.key().toString() for one in counter.window.findChildren(QShortcut)}
    used |= {one.shortcut().toString() for one in counter.window.findChildren(Button)}
    never = {QKeySequence(key).toString() for key in NEVER}
    assert len(used) > 20, "the search found next to nothing"
    assert not used & never
    assert not [key for key in used if "Alt" in key or "Meta" in key]


def test_no_key_outside_the_list_does_anything(qtbot, counter):
    """Ctrl+L opened a folder and Ctrl+W closed a notice, and neither stood in any list. And no page
    uses a key that scanners or input methods send."""
    arrivals = counter.arrivals
    arrivals.notify(0, lambda: "알림", "success")
    for state, visit in VISITS.items():
        visit.open(counter)
        settle(qtbot, counter)
        listed = {use.key for use in (*ROUTE[visit.route].keys, *GLOBAL_KEYS, *STAFF_KEYS)}
        page = counter.window.screen_named(visit.route)
        buttons = page.findChildren(Button)  # those too that wait for something to be offered
        buttons += [one for one in counter.window.ground.findChildren(Button) if one.isVisible()]
        pressed = {one.shortcut().toString() for one in buttons}
        pressed |= {
            one.key().toString()
            for one in counter.window.findChildren(QShortcut)
            if one.parent() is counter.window or page.isAncestorOf(one.parent())
        }
        assert pressed - DISPLAYED - MOVING <= listed, state
        leave(counter)
    arrivals._close()
    uses_no_key_of_scanners_or_input_methods(counter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_pages_have_one_name(language):
    """Back to the page of an order and the tab of all orders were both called 주문."""
    texts = Translator(language)
    names = [texts(route.name) for route in ROUTES]
    assert sorted(names) == sorted(set(names))
