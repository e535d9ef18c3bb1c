"""Counter window: the first page first, services and the other pages after the first paint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.services.ports.sound_player import NoSounds, SoundPlayer
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.sync_worker import SyncWorker
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.home.home_screen import HomeScreen
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import HOME, ORDER, ORDERS, PAYING, PRINTER, SHIFT, SYNC
from posapp.ui.shell.screen import ScreenContext

if TYPE_CHECKING:
    from posapp.domain.errors import PosappError
    from posapp.domain.orders import Order, Product
    from posapp.services.cash.cash_service import HeldCash
    from posapp.services.container import Container
    from posapp.services.payments.payment_progress import PaymentProgress
    from posapp.services.ports.order_search import OrderSummary
    from posapp.ui.display.buyer_display import BuyerDisplay
    from posapp.ui.home.trial_flow import TrialFlow
    from posapp.ui.navigation.arrivals import Arrivals
    from posapp.ui.navigation.scan_routes import ScanRoutes
    from posapp.ui.navigation.screen_router import ScreenRouter
    from posapp.ui.printing.roll_printing import RollPrinting
    from posapp.ui.requests.saved_filters import SavedFilterStore
    from posapp.ui.scanner.burst import ScanRules
    from posapp.ui.scanner.scan_filter import ScanFilter
    from posapp.ui.staff.till_lock import TillLock
    from posapp.ui.widgets.notice import Notice

_LONG_NAME = 40

LATE_MODULES = (
    "posapp.ui.sync.sync_status_controller",
    "posapp.ui.navigation.screen_router",
    "posapp.ui.navigation.scan_routes",
    "posapp.ui.navigation.arrivals",
    "posapp.ui.navigation.addendum_news",
    "posapp.ui.navigation.hand_outs",
    "posapp.ui.staff.till_lock",
    "posapp.ui.home.trial_flow",
    "posapp.ui.display.buyer_display",
    "posapp.ui.shell.single_window",
    "posapp.ui.shell.watchdog",
    "posapp.ui.shell.termination",
)
"""Modules used once the services exist; each import takes some milliseconds."""


class CounterWindow(QObject):
    """Shows the first page at once; takes the services and makes the others afterwards.

    Input before that (typed, pressed or scanned) is kept and processed later.

    Args:
        exports: folder in which dialogs offer to save a file; ``None`` is the user's documents.
        folder: the shop's folder.
        pace: clock in milliseconds that times key presses, to distinguish a scanner from a person;
            ``None`` is the monotonic clock.
        scan_rules: returns the shop's settings of its scanner; ``None`` is the defaults.
        starts_at: the page that is shown once the services are there, if nobody asked for another
            one before.
    """

    ready = Signal()
    """The services are there, and pending input is processed."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        clock: Clock,
        *,
        shop: str,
        live: bool,
        practice: bool = False,
        exports: Path | None = None,
        folder: Path | None = None,
        pace: Callable[[], int] | None = None,
        scan_rules: Callable[[], ScanRules] | None = None,
        starts_at: str = HOME,
    ) -> None:
        super().__init__()
        self._starts_at = starts_at
        self._texts, self._theme, self._clock, self._shop = texts, theme, clock, shop
        self.runner = TaskRunner(self)
        self.worker = SyncWorker(self)
        self.window = MainWindow(texts, theme, shop=shop, live=live, practice=practice)
        self.home = HomeScreen(texts, theme, self.runner)
        self.window.add_screen(HOME, self.home)
        self.window.guard_closing(self._may_close)
        self.window.first_painted.connect(self._listen_to_scanner)
        self.window.first_painted.connect(texts.translate_qt)
        self.home.go_requested.connect(self._go)
        self.home.search_requested.connect(self._search)
        self.home.order_picked.connect(self._open_summary)
        self._screens: ScreenRouter | None = None
        self._early: tuple[str, dict[str, object]] = "", {}
        self._services: Container | None = None
        self.lock: TillLock | None = None
        self.display: BuyerDisplay | None = None
        self.trial: TrialFlow | None = None
        self.sounds: SoundPlayer = NoSounds()
        self._live = live
        self._exports, self._pace, self._scan_rules = exports, pace, scan_rules
        self._folder = folder
        self._scans: ScanFilter | None = None
        self.arrivals: Arrivals | None = None
        self._routes: ScanRoutes | None = None
        self._scanned: list[str] = []

    @property
    def screens(self) -> ScreenRouter:
        """Return what makes the other pages.

        Raises:
            RuntimeError: it does not exist yet; ``ready`` is emitted when it does.
        """
        if self._screens is None:
            raise RuntimeError("the services are not here yet")
        return self._screens

    def attach(
        self,
        services: Container,
        filter_store: SavedFilterStore,
        sounds: SoundPlayer | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        """Take the services, make the other pages possible, and start the worker.

        The attempt that was on screen when the program ended is shown again.

        Args:
            sounds: plays what is to be heard; ``None`` is a silent till.
            roll: the shop's receipt printer.
        """
        self.sounds = sounds or NoSounds()
        self._run_in_slices(self._opening(services, filter_store, roll))

    def show_problem(self, error: Exception) -> None:
        """Show on the first page why the services could not be created."""
        self.home.show_error(error)

    def stop(self) -> None:
        """End background work, in bounded time even if a call is waiting."""
        if self._scans is not None:
            self._scans.remove()
        if self.display is not None:
            self.display.close()
        self.worker.stop()
        self.runner.stop()

    @Slot()
    def go_home(self) -> None:
        """Return to the first page; every page is reset for the next user."""
        self.home.clear()
        for name in (ORDERS, "cards"):
            made = self.window.made(name)
            if made is not None:
                self.screens.page(name).clear()
        self.window.go_home()

    def _run_in_slices(self, work: Iterator[None]) -> None:
        """Do one slice in each turn of the event loop, so that typing is not delayed."""
        for _ in work:
            QTimer.singleShot(0, self, lambda: self._run_in_slices(work))
            return

    def _opening(
        self, services: Container, filter_store: SavedFilterStore, roll: RollPrinting | None
    ) -> Iterator[None]:
        # Imported here and not in the background: a Qt module, or a class derived from one, that is
        # loaded in another thread while this one paints has crashed the program.
        for name in LATE_MODULES:
            import_module(name)
            yield
        from posapp.ui.core.record_reader import RecordReader
        from posapp.ui.display.buyer_display import BuyerDisplay
        from posapp.ui.navigation.addendum_news import AddendumNews
        from posapp.ui.navigation.hand_outs import HandOuts
        from posapp.ui.navigation.screen_router import ScreenRouter
        from posapp.ui.sync.sync_status_controller import LISTED
        from posapp.ui.widgets.undo import UndoStack

        self.display = BuyerDisplay(
            *(self._texts, self._theme, self.window),
            shop=self._shop,
            folder=self._folder,
            mode=self.window.top_bar.mode_name,
        )
        context = ScreenContext(
            *(self._texts, self._theme, self.runner, self.worker, self._clock, services),
            shop=self._shop,
            exports=self._exports,
            filter_store=filter_store,
            sync_reports=RecordReader(
                self.runner, partial(services.sync_service.report, LISTED), self
            ),
            undo=UndoStack(self._clock, self),
            sounds=self.sounds,
            display=self.display,
            roll=roll,
        )
        self.window.status_bar.offer_undo(context.undo)
        screens = ScreenRouter(context, self.window, self.go_home)
        yield
        self._screens, self._services = screens, services
        self._routes = self._make_routes(screens, services)
        self.arrivals = self._make_arrivals(screens, services)
        HandOuts(context, self.window, screens, self.arrivals)
        self._routes.product_found.connect(partial(self._offer_product, self.arrivals, screens))
        if roll is not None:
            self._show_printer(roll, self.arrivals, services)
        show_shift = partial(self.window.show_screen, SHIFT)
        AddendumNews(context, self.arrivals.notify_of, show_shift, self)
        # What was on screen is read before the worker starts: an attempt recorded first would no
        # longer be live, and its result would not be shown.
        begin = partial(self._begin, services)
        self.trial = self._make_trial(screens, services)
        self.lock = self._make_lock(screens, services)
        self.runner.run(partial(_waiting_at_start, services), begin, owner=self)

    def _make_trial(self, screens: ScreenRouter, services: Container) -> TrialFlow:
        from posapp.ui.home.trial_flow import TrialFlow

        trial = TrialFlow(
            *(self._texts, self.runner, services.trial_payment_service, services.session),
            self.home,
            live=self._live,
        )
        trial.order_ready.connect(lambda order: screens.open_order(order.buyer_id, order.order_id))
        self.worker.attempt_changed.connect(trial.money_changed)
        self.worker.refund_changed.connect(trial.money_changed)
        return trial

    def _make_lock(self, screens: ScreenRouter, services: Container) -> TillLock:
        from posapp.ui.staff.recovery_flow import RecoveryFlow
        from posapp.ui.staff.till_lock import TillLock

        staff = services.staff
        recovery = RecoveryFlow(
            *(self._texts, self._theme, self.runner, staff.directory, self.window)
        )
        lock = TillLock(
            *(self._texts, self.runner, self.window, staff.sign_in, services.session),
            *(self._clock, recovery),
        )
        lock.typed_expired.connect(screens.forget_typed)
        lock.changed.connect(screens.staff_changed)
        lock.changed.connect(lambda _: self.home.show_pages(self.window.locking.may_open))
        lock.changed.connect(lambda _: self.trial and self.trial.read())
        screens.staff_edited.connect(lock.staff_edited)
        return lock

    def _show_start_problem(self, outcome: TaskResult[PosappError | None]) -> None:
        if outcome.value is not None:
            self.home.show_start_problem(outcome.value)

    def _make_routes(self, screens: ScreenRouter, services: Container) -> ScanRoutes:
        from posapp.ui.navigation.scan_routes import ScanRoutes

        routes = ScanRoutes(self._texts, self.runner, services.scan_lookup, self.window, screens)
        routes.to_pay.connect(screens.open_order)
        routes.to_history.connect(screens.open_history)
        screens.order_scanned.connect(routes.open_order)
        routes.to_payment.connect(partial(self.window.show_screen, PAYING))
        return routes

    def _make_arrivals(self, screens: ScreenRouter, services: Container) -> Arrivals:
        from posapp.ui.cancellation.refund_outcomes import RefundOutcomes
        from posapp.ui.navigation.arrivals import Arrivals
        from posapp.ui.widgets.notice import Notice

        window = self.window
        notice = Notice(self._texts, self._theme, window.ground, window.room_for_notice)
        window.head_shown.connect(notice.place)
        window.status_bar.room_changed.connect(notice.place)
        window.newest_requested.connect(partial(self._open_newest, notice))
        arrivals = Arrivals(
            self._texts,
            self.runner,
            services.payment_service,
            notice,
            screens.is_attempt_shown,
            self._clock,
            play=self.sounds.play,
        )
        arrivals.view_requested.connect(screens.open_history)
        arrivals.sync_requested.connect(partial(window.show_screen, SYNC))
        screens.order_shown.connect(arrivals.order_shown)
        window.screen_changed.connect(arrivals.screen_changed)
        screens.sync.found_again.connect(partial(self._notify_found_again, arrivals))
        self.worker.attempt_changed.connect(arrivals.attempt_changed)
        outcomes = RefundOutcomes(
            self._texts, self.runner, services.cancellation_service, arrivals.notify, self
        )
        screens.sent.connect(outcomes.follow)
        self.worker.refund_changed.connect(outcomes.refund_changed)
        return arrivals

    def _offer_product(
        self, arrivals: Arrivals, screens: ScreenRouter, product: Product, code: str
    ) -> None:
        name = display_text(product.name, _LONG_NAME, run=_LONG_NAME)
        make = partial(self._texts, "scan.to_sale", product=name)
        arrivals.notify_of(make, "success", partial(screens.sell, code))

    def _show_printer(self, roll: RollPrinting, arrivals: Arrivals, services: Container) -> None:
        from posapp.ui.navigation.print_backlog import PrintBacklog

        window = self.window
        PrintBacklog(
            *(self._texts, roll, window.status_bar, arrivals.notify_of),
            partial(window.show_screen, PRINTER),
            lambda text: window.toast.say(text),
        )
        roll.use_queue(services.print_queue)

    def _open_newest(self, notice: Notice) -> None:
        """Open the newest notice, or else the live QR."""
        if self.window.locking.is_locked:
            return
        newest = notice.view if notice.isVisible() else self.window.top_bar.payment
        if newest.isVisible():
            newest.click()

    @Slot()
    def _listen_to_scanner(self) -> None:
        # Imported here and not above: it touches what the first window may not (``posapp.ui``).
        from posapp.ui.scanner.burst_timer import milliseconds
        from posapp.ui.scanner.scan_filter import ScanFilter

        rules = self._scan_rules() if self._scan_rules is not None else None
        self._scans = ScanFilter(self._pace or milliseconds, self, rules=rules)
        self._scans.scanned.connect(self._take_scan)
        self._scans.num_lock.found_off.connect(
            lambda: self.window.status_bar.show_passing(self._texts("scan.num_lock"))
        )
        self._scans.install()

    @Slot(str)
    def _take_scan(self, scanned: str) -> None:
        if self._routes is None:
            self._scanned.append(scanned)
        else:
            self._routes.take(scanned)

    @Slot(str, object)
    def _go(self, name: str, arguments: dict[str, object]) -> None:
        if arguments and self._screens is not None:
            self._screens.open(name, arguments)
            return
        if self._screens is None:
            self._early = name, arguments
        self.window.show_screen(name)

    @Slot(str)
    def _search(self, text: str) -> None:
        """Open the order of a number; any other text is searched for in the list of orders."""
        if not text.isdigit():
            self.screens.open(ORDERS, {"text": text})
        elif self._services is not None:
            find = partial(self._services.scan_lookup.find, text)
            self.runner.run(find, partial(self._searched, text), owner=self, key="search")

    def _searched(self, text: str, outcome: TaskResult[Order | Product | None]) -> None:
        from posapp.domain.orders import Order

        if self.window.current != HOME:  # whoever searched has gone elsewhere
            return
        found = outcome.value
        if outcome.error is not None:
            self.home.show_error(outcome.error)
        elif isinstance(found, Order):
            is_over = found.is_paid or not found.active_items or not found.total
            self._open_order(found.id, found.buyer_id, is_payable=not is_over)
        else:
            self.home.show_unknown(text)

    @Slot(object)
    def _open_summary(self, order: OrderSummary) -> None:
        from posapp.domain.orders import OrderState

        is_waiting = order.state is OrderState.WAITING_FOR_PAYMENT and not order.is_claimed
        is_payable = is_waiting and bool(order.total)
        self._open_order(order.order_id, order.buyer_id, is_payable=is_payable)

    def _open_order(self, order_id: int, buyer_id: int, *, is_payable: bool) -> None:
        """Open an order: for payment if it can be paid, otherwise its page; its own QR if it has
        one, which is not left for another order's payment."""
        live = self.screens.live_order_id
        if live == order_id:
            self.window.show_screen(PAYING)
        elif not is_payable:
            self.screens.open(ORDER, {"order_id": order_id})
        elif live:
            self.home.show_while_paying()
        else:
            self.screens.open_order(buyer_id, order_id)

    def _begin(self, services: Container, outcome: TaskResult[_AtStart]) -> None:
        found = outcome.value or _AtStart()
        live = found.live
        is_home = self.window.current == HOME
        is_free = is_home and not live and not found.held and self.home.is_untouched
        if is_free and self._starts_at != HOME:
            self.window.show_wanted(self._starts_at)
        if found.is_staffed and self.lock is not None:
            self.lock.begin()
        if found.is_behind:
            # QRs of an older copy are history: reconciliation finds their result, and they are not
            # shown as if they happened now.
            self.screens.sync.count_found_again()
        else:
            if self.arrivals is not None:
                self.arrivals.expect(one.attempt.id for one in live)
            if live and is_home:
                self.screens.show_attempt(live[-1])
            elif found.held and is_home:
                order = found.held[-1].order
                self.screens.open_order(order.buyer_id, order.id)
        services.store.on_commit(self.worker.note_change)
        self.home.attach(services)
        self.ready.emit()
        # Its first step imports the HTTP client: before, that would delay the home page.
        self.worker.start(services.sync_engine.step)
        if self.trial is not None:
            self.trial.read()
        find = services.setting_service.find_problem
        self.runner.run(find, self._show_start_problem, owner=self)
        self.window.show_wanted()
        name, arguments = self._early
        if arguments and self.window.current == name:
            self.screens.open(name, arguments)
        for scanned in self._scanned:
            self._take_scan(scanned)

    def _notify_found_again(self, arrivals: Arrivals, count: int) -> None:
        texts = self._texts
        arrivals.notify(0, lambda: texts("window.found_again", count=count), "warning")

    def _may_close(self) -> bool:
        """Return whether to close, after asking about a live QR and unfinished refunds.

        Neither is ever dropped.
        """
        return self._screens is None or self._screens.may_close()


@dataclass(frozen=True, slots=True)
class _AtStart:
    """What the window begins with.

    Attributes:
        is_behind: the file is an older copy.
        live: attempts whose QR a buyer may still see.
        held: orders that were paid in part, in cash, and wait for the rest.
        is_staffed: somebody has to sign in.
    """

    is_behind: bool = False
    live: tuple[PaymentProgress, ...] = ()
    held: tuple[HeldCash, ...] = ()
    is_staffed: bool = False


def _waiting_at_start(services: Container) -> _AtStart:
    return _AtStart(
        services.sync_service.report(1).is_behind,
        services.payment_service.list_live(),
        services.cash_service.open_cash().held,
        services.staff.sign_in.is_needed(),
    )
