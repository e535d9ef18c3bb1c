"""The counter: the window, its home, and everything behind it once that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.services.ports.machine import Clock
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.main_window import HOME, MainWindow
from posapp.ui.screens.cancel_cards import BUYER_CANCEL, SELLER_CANCEL
from posapp.ui.screens.home import PAY, HomeScreen
from posapp.ui.screens.request_cards import REQUESTS_CARD
from posapp.ui.sync_worker import SyncWorker
from posapp.ui.theme import Theme
from posapp.ui.widgets.lamp import LampState

if TYPE_CHECKING:
    from posapp.services.container import Container
    from posapp.services.progress import Progress
    from posapp.ui.arrivals import Arrivals
    from posapp.ui.models.requests_saved import FilterShelf
    from posapp.ui.scan_routes import ScanRoutes
    from posapp.ui.scanner.scan_filter import ScanFilter
    from posapp.ui.screen_set import ScreenSet

CARDS = (PAY, BUYER_CANCEL, REQUESTS_CARD, SELLER_CANCEL)
"""The four entries of payment home, in the order of docs/specification.md 2.1."""

SCREEN_MODULES = tuple(
    f"posapp.ui.screens.{name}"
    for name in (
        *("orders", "pay_parts.stage", "pay", "receipt", "cancel_parts.sheet", "cancel"),
        *("order_parts.order_sheet", "order_page", "open_money"),
        *("request_parts.filter_box", "request_parts.request_view", "requests"),
        *("buyer_requests", "deliveries", "more"),
        *("sync_parts.standing_card", "sync_parts.unsent_question", "sync"),
    )
)
"""The screens behind the home, in pieces of some milliseconds each."""

LATE_MODULES = (
    "posapp.ui.scan_routes",
    "posapp.ui.arrivals",
    "posapp.ui.second_start",
    "posapp.ui.watchdog",
    "posapp.ui.termination",
)
"""What the program uses once it is ready."""


class Counter(QObject):
    """The window with its home at once; the other screens and the services come behind it.

    What is typed, pressed or scanned on the home before that is kept and goes on by itself.

    Args:
        pace: milliseconds by which a scanner's key presses are told from a person's; ``None`` is
            the machine's own clock.
    """

    ready = Signal()
    """The services are attached; what was pressed before goes on from here."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        clock: Clock,
        *,
        shop: str,
        live: bool,
        pace: Callable[[], int] | None = None,
    ) -> None:
        super().__init__()
        self._texts, self._theme, self._clock, self._shop = texts, theme, clock, shop
        self.runner = TaskRunner(self)
        self.worker = SyncWorker(self)
        self.window = MainWindow(texts, theme, shop=shop, live=live)
        self.home = HomeScreen(texts, theme, CARDS)
        self.window.add_screen(HOME, self.home)
        self.window.guard_closing(self._may_close)
        self.window.first_painted.connect(self._listen_to_scanner)
        self.home.submitted.connect(self._submitted)
        self.home.orders_requested.connect(self._show_orders)
        self.home.more_requested.connect(self._show_more)
        self.worker.connectivity_changed.connect(self._network_changed)
        self._screens: ScreenSet | None = None
        self._wanted = ""
        self._pace = pace
        self._scans: ScanFilter | None = None
        self.arrivals: Arrivals | None = None
        self._routes: ScanRoutes | None = None
        self._scanned = ""

    @property
    def screens(self) -> ScreenSet:
        """The screens behind the home.

        Raises:
            RuntimeError: they are not there yet; ``ready`` tells when they are.
        """
        if self._screens is None:
            raise RuntimeError("the screens are still being made")
        return self._screens

    def attach(self, services: Container, shelf: FilterShelf) -> None:
        """Make the other screens, give them their services, start watching, and show again what
        was on screen when the program ended.

        Args:
            shelf: where the filters lie that people keep.
        """
        self._take_turns(self._opening(services, shelf))

    def show_problem(self, error: Exception) -> None:
        """The services could not be put together: say why, where the person is."""
        self.home.show_error(error)

    def stop(self) -> None:
        """End background work; bounded, whatever a call is waiting for."""
        if self._scans is not None:
            self._scans.remove()
        self.worker.stop()
        self.runner.stop()

    @Slot()
    def go_home(self) -> None:
        """Back to payment home, ready for the next person."""
        self.home.clear()
        self.window.go_home()

    def _take_turns(self, work: Iterator[None]) -> None:
        """Do one piece a turn of the event loop, so that whoever types is not held up."""
        for _ in work:
            QTimer.singleShot(0, self, lambda: self._take_turns(work))
            return

    def _opening(self, services: Container, shelf: FilterShelf) -> Iterator[None]:
        # Imported here and not by the background: a module of Qt, or a class made of one, that is
        # loaded in another thread while this one paints has crashed the program.
        for name in (*SCREEN_MODULES, *LATE_MODULES):
            import_module(name)
            yield
        from posapp.ui.screen_set import ScreenSet

        screens = ScreenSet(
            self._texts,
            self._theme,
            self.runner,
            self.worker,
            self.window,
            self._clock,
            shop=self._shop,
            go_home=self.go_home,
        )
        yield from screens.building()
        screens.attach(services, shelf)
        self._screens = screens
        self._routes = self._make_routes(screens, services)
        self.arrivals = self._make_arrivals(screens, services)
        # What was on screen is read before anything is watched: an attempt that is settled first
        # would not be live any more, and nobody would see what became of it.
        begin = partial(self._begin, services)
        self.runner.run(partial(_waiting_at_start, services), begin, owner=self)
        self.home.attach()
        self.ready.emit()
        if self._wanted:
            self._show_when_made(self._wanted)
        if self._scanned:
            self._take_scan(self._scanned)

    def _make_routes(self, screens: ScreenSet, services: Container) -> ScanRoutes:
        from posapp.ui.scan_routes import ScanRoutes

        routes = ScanRoutes(
            self._texts, self.runner, self.window, screens.that_may_stay, screens.pay.staying
        )
        routes.to_pay.connect(screens.open_order)
        routes.to_history.connect(screens.open_history)
        routes.to_payment.connect(partial(self.window.show_screen, "pay"))
        routes.attach(services.histories)
        return routes

    def _make_arrivals(self, screens: ScreenSet, services: Container) -> Arrivals:
        from posapp.ui.arrivals import Arrivals
        from posapp.ui.refund_outcomes import RefundOutcomes
        from posapp.ui.sync_watch import SYNC
        from posapp.ui.widgets.notice import Notice

        window = self.window
        lamp = screens.sync.lamp
        notice = Notice(self._texts, self._theme, window.ground, window.status_line, lamp)
        arrivals = Arrivals(self._texts, self.runner, notice, screens.is_attempt_shown, self._clock)
        arrivals.attach(services.paying)
        arrivals.view_requested.connect(screens.open_history)
        arrivals.sync_requested.connect(partial(window.show_screen, SYNC))
        screens.order_shown.connect(arrivals.order_shown)
        window.screen_changed.connect(arrivals.screen_changed)
        screens.sync.found_again.connect(partial(self._tell_found_again, arrivals))
        self.worker.attempt_changed.connect(arrivals.attempt_changed)
        outcomes = RefundOutcomes(self._texts, self.runner, arrivals.tell, self)
        outcomes.attach(services.cancelling)
        screens.open_money.sent.connect(outcomes.follow)
        screens.sync.screen.sent.connect(outcomes.follow)
        self.worker.refund_changed.connect(outcomes.refund_changed)
        return arrivals

    @Slot()
    def _listen_to_scanner(self) -> None:
        # Imported here and not above: it touches what the first window may not (``posapp.ui``).
        from posapp.ui.scanner.scan_filter import ScanFilter, milliseconds

        self._scans = ScanFilter(self._pace or milliseconds, self)
        self._scans.scanned.connect(self._take_scan)
        self._scans.install()

    @Slot(str)
    def _take_scan(self, scanned: str) -> None:
        if self._routes is None:
            self._scanned = scanned
        else:
            self._scanned = ""
            self._routes.take(scanned)

    @Slot(str, object)
    def _submitted(self, card: str, ids: tuple[int, ...]) -> None:
        self.screens.open_card(card, ids)

    @Slot()
    def _show_orders(self) -> None:
        self._show_when_made("orders")

    @Slot()
    def _show_more(self) -> None:
        self._show_when_made("more")

    def _show_when_made(self, name: str) -> None:
        self._wanted = "" if self._screens is not None else name
        if self._screens is not None:
            self.window.show_screen(name)

    def _begin(
        self, services: Container, outcome: Outcome[tuple[bool, tuple[Progress, ...]]]
    ) -> None:
        is_behind, live = outcome.value or (False, ())
        if is_behind:
            # An older copy's QRs are history: what became of them is found by comparing, and is
            # not shown as if it happened now.
            self.screens.sync.count_found_again()
        else:
            if self.arrivals is not None:
                self.arrivals.expect(one.attempt.id for one in live)
            if live and self.window.current == HOME:
                self.screens.pay.show_attempt(live[-1])
                self.window.show_screen("pay")
        self.worker.start(services.synchroniser.step)
        services.store.on_commit(self.worker.note_change)

    def _tell_found_again(self, arrivals: Arrivals, count: int) -> None:
        texts = self._texts
        arrivals.tell(0, lambda: texts("window.found_again", count=count), "warning")

    @Slot(bool)
    def _network_changed(self, online: bool) -> None:
        self.window.header.show_connectivity(LampState.ONLINE if online else LampState.OFFLINE)

    def _may_close(self) -> bool:
        """A live QR and unfinished refunds are asked about; nothing of either is ever dropped."""
        return self._screens is None or self._screens.may_close()


def _waiting_at_start(services: Container) -> tuple[bool, tuple[Progress, ...]]:
    """Whether the file is an older copy, and the attempts whose QR may be before a buyer."""
    return services.sync.report(1).is_behind, services.paying.live()
