"""Every page of the window, as data: title, place, keys, focus and scans.

The window, the list of keys, the scans and the tests read this list. A new page is one ``Route``
here, one ``Screen`` and its texts (docs/architecture.md, "A new page").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.permissions import StaffRole

HOME, CARDS, ORDERS, PAYING, RECEIPT = "home", "cards", "orders", "pay", "receipt"
CANCEL, ORDER, OPEN_MONEY, SYNC = "cancel", "order", "open_money", "sync"
REQUESTS, DELIVERIES, BUYER_REQUEST = "requests", "deliveries", "buyer_request"
MORE, APPEARANCE, IMPORT, SETTINGS = "more", "appearance", "import", "settings"
STAFF, SALE, CHARTS, PRODUCTS = "staff", "sale", "charts", "products"
SHIFT, CASH_RECEIPTS, PRINTER = "shift", "cash_receipts", "printer"
"""Ids of the pages."""


Role = StaffRole
"""Who may open a page. Until there is staff, everybody acts as a manager."""


class Scan(StrEnum):
    """What a page does with a scanned code."""

    OPENS = "opens"
    """Leads to the order."""

    SELECTS = "selects"
    """Selects the order's row if it is listed; otherwise leads to the order."""

    ADDS = "adds"
    """Adds what it names to the cart; leads to an order if the cart is empty."""

    STAYS = "stays"
    """Leads to the order unless work on the page would be lost: then it says so."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key of a page.

    Attributes:
        key: in Qt's notation, ``"F3"`` or ``"Ctrl+P"``.
        label: message id of what it does; the text of its button where it has one.
    """

    key: str
    label: str


ALL_ROLES = frozenset(Role)
SELLING = frozenset({Role.SELLER, Role.MANAGER})

COUNTER_SIZES = ((1024, 600), (1024, 768), (1366, 768), (1920, 1080), (1080, 1920))
"""Sizes in pixels at which a page of the counter is complete: nothing cut, nothing covered."""


@dataclass(frozen=True, slots=True)
class Route:
    """A page of the window.

    Attributes:
        id: its name in the program.
        title: message id of its title.
        page: ``module:class`` of its ``Screen``, imported at the first visit.
        parent: the page that Back leads to when nothing was visited before; empty for a tab.
        tab: the number of the tab; 0 for every other page.
        roles: who may open it.
        keys: its own keys, in the order of its buttons. Keys of the whole program: ``GLOBAL_KEYS``.
        start_focus: object name of the widget that has the focus when the page is opened with
            nothing on it, or of the page itself.
        scan: what a scanned code does.
        sizes: window sizes in pixels that the page is made for.
        is_listed: whether the page 더보기 lists it.
    """

    id: str
    title: str
    page: str
    parent: str = HOME
    tab: int = 0
    roles: frozenset[Role] = ALL_ROLES
    keys: tuple[KeyUse, ...] = ()
    start_focus: str = ""
    scan: Scan = Scan.OPENS
    sizes: tuple[tuple[int, int], ...] = COUNTER_SIZES
    is_listed: bool = False
    summary: str = ""
    """Message id of the line that 더보기 shows beside the title, if it is listed."""

    short_title: str = ""
    """Message id of the title on the tab and on a button that leads back to it."""

    @property
    def name(self) -> str:
        """Return the message id of the title where there is little room."""
        return self.short_title or self.title

    @property
    def is_tab(self) -> bool:
        """Return whether the page is a tab: it has no way back."""
        return self.tab > 0


ROUTES: tuple[Route, ...] = (
    Route(
        HOME,
        "home.title",
        "posapp.ui.home.home_screen:HomeScreen",
        parent="",
        tab=1,
        keys=(
            KeyUse("F3", "home.cards"),
            KeyUse("F4", "home.sale"),
            KeyUse("F5", "home.to_pay"),
        ),
        start_focus="homeSearch",
    ),
    Route(
        CARDS,
        "home.cards",
        "posapp.ui.home.cards_screen:CardsScreen",
        start_focus="paymentUserId",
    ),
    Route(
        SALE,
        "sale.title",
        "posapp.ui.sale.sale_screen:SaleScreen",
        parent="",
        tab=2,
        keys=(
            KeyUse("F3", "sale.hold"),
            KeyUse("F4", "sale.discount"),
            KeyUse("F5", "sale.note"),
            KeyUse("F6", "sale.drawer"),
            KeyUse("F7", "cash.title"),
            KeyUse("F8", "sale.pay"),
            KeyUse("Del", "sale.remove"),
            KeyUse("Ctrl+Del", "sale.clear"),
            KeyUse("Enter", "sale.set_count"),
        ),
        start_focus="cartTable",
        scan=Scan.ADDS,
    ),
    Route(
        ORDERS,
        "orders.title",
        "posapp.ui.orders.order_list_screen:OrderListScreen",
        short_title="window.tab_orders",
        parent="",
        tab=3,
        keys=(
            KeyUse("F3", "orders.filter"),
            KeyUse("F4", "orders.period"),
            KeyUse("F5", "orders.reload"),
            KeyUse("F7", "orders.pay"),
            KeyUse("F8", "orders.cancel_PAID"),
            KeyUse("Ctrl+P", "orders.print"),
        ),
        start_focus="orderSearch",
    ),
    Route(
        REQUESTS,
        "requests.title",
        "posapp.ui.requests.request_desk_screen:RequestDeskScreen",
        short_title="window.tab_requests",
        parent="",
        tab=4,
        roles=SELLING,
        keys=(
            KeyUse("F3", "requests.more_filters"),
            KeyUse("F4", "requests.saved"),
            KeyUse("F5", "requests.reload"),
            KeyUse("F7", "requests.approve"),
            KeyUse("F8", "requests.reject"),
            KeyUse("Ctrl+E", "requests.export"),
            KeyUse("Ctrl+C", "keys.copy_rows"),
            KeyUse("Ctrl+G", "keys.page_number"),
        ),
        start_focus="sellerPicker",
        scan=Scan.SELECTS,
    ),
    Route(
        DELIVERIES,
        "deliveries.title",
        "posapp.ui.fulfilment.fulfilment_screen:FulfilmentScreen",
        short_title="window.tab_deliveries",
        parent="",
        tab=5,
        roles=SELLING,
        keys=(
            KeyUse("F3", "deliveries.filter"),
            KeyUse("F4", "deliveries.hand_over"),
            KeyUse("F5", "deliveries.next"),
            KeyUse("Enter", "keys.order"),
        ),
        start_focus="deliveryTable",
        scan=Scan.SELECTS,
    ),
    Route(
        SHIFT,
        "shift.title",
        "posapp.ui.shift.shift_screen:ShiftScreen",
        parent="",
        tab=6,
        keys=(
            KeyUse("F3", "shift.x"),
            KeyUse("F4", "shift.reports"),
            KeyUse("F5", "shift.charts"),
            KeyUse("F6", "shift.drawer"),
            KeyUse("F7", "shift.pay_in"),
            KeyUse("F8", "shift.pay_out"),
            KeyUse("Enter", "shift.next"),
            KeyUse("Ctrl+P", "shift.print"),
        ),
        start_focus="openingFloat",
        scan=Scan.STAYS,
    ),
    Route(
        MORE,
        "home.more_title",
        "posapp.ui.home.more_screen:MoreScreen",
        parent="",
        tab=7,
        start_focus="places",
    ),
    Route(
        PAYING,
        "pay.title",
        "posapp.ui.payment.payment_screen:PaymentScreen",
        keys=(
            KeyUse("F3", "pay.show_order"),
            KeyUse("F4", "cash_receipt.title"),
            KeyUse("F7", "cash.title"),
            KeyUse("F8", "pay.stop"),
            KeyUse("Ctrl+P", "pay.receipt"),
        ),
        scan=Scan.STAYS,
    ),
    Route(
        RECEIPT,
        "receipt.title",
        "posapp.ui.receipts.receipt_screen:ReceiptScreen",
        keys=(
            KeyUse("Ctrl+P", "receipt.print"),
            KeyUse("Ctrl+S", "receipt.save"),
            KeyUse("Ctrl+C", "receipt.copy"),
        ),
        start_focus="receiptDone",
    ),
    Route(
        CANCEL,
        "cancel.buyer_card_title",
        "posapp.ui.cancellation.cancel_screen:CancelScreen",
        parent=CARDS,
        keys=(KeyUse("F3", "cancel.go_order"), KeyUse("F8", "cancel.buyer_card_title")),
        scan=Scan.STAYS,
    ),
    Route(
        ORDER,
        "order_page.name",
        "posapp.ui.orders.order_screen:OrderScreen",
        parent=ORDERS,
        keys=(
            KeyUse("F3", "order_page.show_evidence"),
            KeyUse("F4", "cash_receipt.title"),
            KeyUse("F5", "order_page.request"),
            KeyUse("F7", "pay.pay"),
            KeyUse("F8", "cancel.buyer_card_title"),
            KeyUse("Ctrl+P", "order_page.print_receipt"),
            KeyUse("Ctrl+S", "order_page.pdf"),
            KeyUse("Ctrl+C", "order_page.copy"),
        ),
        scan=Scan.STAYS,
    ),
    Route(
        CASH_RECEIPTS,
        "cash_receipt.tasks",
        "posapp.ui.cash_receipts.receipt_tasks_screen:ReceiptTasksScreen",
        keys=(
            KeyUse("F3", "entries.details"),
            KeyUse("F7", "cash_receipt.enter"),
            KeyUse("F8", "cash_receipt.reissue"),
            KeyUse("Ctrl+C", "entries.copy"),
        ),
    ),
    Route(
        BUYER_REQUEST,
        "buyer_requests.title",
        "posapp.ui.buyer_requests.buyer_request_screen:BuyerRequestScreen",
        parent=MORE,
        start_focus="requestUserId",
        scan=Scan.STAYS,
        is_listed=True,
        summary="buyer_requests.summary",
    ),
    Route(
        PRODUCTS,
        "products.title",
        "posapp.ui.products.product_screen:ProductScreen",
        parent=MORE,
        roles=SELLING,
        keys=(
            KeyUse("F3", "products.category"),
            KeyUse("F4", "products.add"),
            KeyUse("F5", "products.make_code"),
            KeyUse("F8", "products.stop"),
            KeyUse("Ctrl+P", "products.label"),
            KeyUse("Enter", "products.edit"),
        ),
        start_focus="productsSearch",
        scan=Scan.SELECTS,
        is_listed=True,
        summary="products.summary",
    ),
    Route(
        IMPORT,
        "import_page.title",
        "posapp.ui.importing.import_screen:ImportScreen",
        parent=MORE,
        roles=frozenset({Role.MANAGER}),
        keys=(
            KeyUse("F3", "import_page.map"),
            KeyUse("F4", "import_page.template"),
            KeyUse("F5", "import_page.again"),
            KeyUse("F7", "import_page.take"),
            KeyUse("F8", "import_page.undo"),
        ),
        start_focus="importFile",
        scan=Scan.STAYS,
        is_listed=True,
        summary="import_page.summary",
    ),
    Route(
        CHARTS,
        "charts.title",
        "posapp.ui.charts.charts_screen:ChartsScreen",
        parent=MORE,
        roles=frozenset({Role.MANAGER}),
        keys=(
            KeyUse("F3", "charts.kind"),
            KeyUse("F4", "periods.period"),
            KeyUse("F5", "charts.reload"),
            KeyUse("Ctrl+E", "charts.export"),
        ),
        start_focus="chartKind",
        is_listed=True,
        summary="charts.summary",
    ),
    Route(
        SYNC,
        "sync.title",
        "posapp.ui.sync.sync_screen:SyncScreen",
        keys=(
            KeyUse("F3", "entries.details"),
            KeyUse("F5", "sync.reconcile"),
            KeyUse("F7", "sync.take_over"),
            KeyUse("F8", "sync.try_now"),
            KeyUse("Ctrl+C", "entries.copy"),
        ),
        is_listed=True,
        summary="sync.summary",
    ),
    Route(
        OPEN_MONEY,
        "open_money.title",
        "posapp.ui.unresolved.unresolved_screen:UnresolvedScreen",
        keys=(
            KeyUse("F3", "entries.details"),
            KeyUse("F5", "open_money.read"),
            KeyUse("F7", "open_money.ours_button"),
            KeyUse("F8", "open_money.try_again"),
            KeyUse("Ctrl+C", "entries.copy"),
        ),
        is_listed=True,
        summary="open_money.summary",
    ),
    Route(
        SETTINGS,
        "settings.title",
        "posapp.ui.settings.settings_screen:SettingsScreen",
        parent=MORE,
        roles=frozenset({Role.MANAGER}),
        keys=(
            KeyUse("F3", "settings.groups"),
            KeyUse("F4", "settings.to_default"),
            KeyUse("F5", "settings.test"),
            KeyUse("Enter", "settings.store"),
        ),
        start_focus="settingSearch",
        is_listed=True,
        summary="settings.summary",
    ),
    Route(
        STAFF,
        "staff.title",
        "posapp.ui.staff.staff_screen:StaffScreen",
        parent=MORE,
        roles=frozenset({Role.MANAGER}),
        keys=(
            KeyUse("F4", "staff.add"),
            KeyUse("F8", "staff.remove"),
            KeyUse("Enter", "staff.edit"),
        ),
        start_focus="firstManager",
        scan=Scan.STAYS,
        is_listed=True,
        summary="staff.summary",
    ),
    Route(
        PRINTER,
        "printers.title",
        "posapp.ui.printers.printer_screen:PrinterScreen",
        parent=MORE,
        keys=(
            KeyUse("F3", "entries.details"),
            KeyUse("F4", "printers.print_all"),
            KeyUse("F5", "setup.test_printer"),
            KeyUse("F8", "printers.drop"),
            KeyUse("Ctrl+P", "printers.print_one"),
            KeyUse("Ctrl+C", "entries.copy"),
        ),
        is_listed=True,
        summary="printers.summary",
    ),
    Route(
        APPEARANCE,
        "appearance.title",
        "posapp.ui.home.appearance_screen:AppearanceScreen",
        parent=MORE,
        start_focus="language",
        is_listed=True,
        summary="appearance.summary",
    ),
)
"""Every page, tabs first. A tab whose page does not exist yet is absent; its number stays free."""

ROUTE = {route.id: route for route in ROUTES}
"""The pages by id."""

TABS = tuple(route for route in ROUTES if route.is_tab)
"""The tabs from left to right."""

GLOBAL_KEYS = (
    KeyUse("F1", "keys.help"),
    KeyUse("Shift+F1", "keys.list"),
    KeyUse("F2", "keys.find"),
    KeyUse("F9", "keys.language"),
    KeyUse("F10", "keys.theme"),
    KeyUse("F11", "keys.sync"),
    KeyUse("F12", "keys.open_money"),
    *(KeyUse(f"Ctrl+{route.tab}", route.name) for route in TABS),
    KeyUse("Ctrl+Z", "keys.undo"),
    KeyUse("Ctrl+O", "keys.newest"),
    KeyUse("Ctrl+Q", "keys.quit"),
    KeyUse("Esc", "words.back"),
)
"""Keys that mean the same on every page."""

STAFF_KEYS = (KeyUse("Ctrl+L", "keys.lock"),)
"""Keys that mean the same on every page once there is staff."""


def is_tab(route_id: str) -> bool:
    """Return whether a page is a tab."""
    route = ROUTE.get(route_id)
    return route is not None and route.is_tab
