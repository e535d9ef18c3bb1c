"""The desktop program: the window is painted first, and its services are built after that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from posapp.app.shop_config import Shop
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.services.ports.system import Clock, IdGeneratorFactory
from posapp.system.clock import SystemClock
from posapp.system.logging import Redactor, start_log
from posapp.system.single_instance import SingleInstance
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.core.theme import Theme
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.shell.application import Application
from posapp.ui.shell.error_dialog import ErrorDialog
from posapp.ui.shell.window_place import restore_window_place, save_window_place

if TYPE_CHECKING:
    from pathlib import Path

    from posapp.app.demo import Demo
    from posapp.services.container import Container
    from posapp.services.ports.disk import RestoreReport
    from posapp.system.storage_place import StoragePlace
    from posapp.ui.requests.saved_filters import SavedFilterStore
    from posapp.ui.scanner.burst import ScanRules

log = logging.getLogger(__name__)

WINDOW_FILE = "window.ini"
"""File in the shop's folder that keeps where the window was."""

REDACTOR = Redactor()
"""The only redacting filter of this process's log; it learns each secret that is read."""


@dataclass(frozen=True, slots=True)
class OpenedShop:
    """Services built in the background, with their closing function.

    Attributes:
        restored: the database was damaged and replaced by a copy.
    """

    services: Container
    close: Callable[[], None]
    filter_store: SavedFilterStore
    demo: Demo | None = None
    restored: RestoreReport | None = None


ShopOpener = Callable[[Shop, Clock, IdGeneratorFactory, Callable[[], None]], OpenedShop]


def open_live_shop(
    shop: Shop, clock: Clock, ids: IdGeneratorFactory, wake: Callable[[], None]
) -> OpenedShop:
    """Open the shop's till with PortOne and the keys of the keyring.

    The imports are here and not at the top: the first window needs none of them, and they would
    delay it by half a second (docs/performance.md, "Starting").
    """
    from posapp.app.container import open_container
    from posapp.app.seal_keys import seal_key
    from posapp.app.shop_config import gateway_settings_of, till_config_of
    from posapp.store.files.restore import repair_if_damaged
    from posapp.system.keyring_secrets import KeyringSecrets
    from posapp.system.shop_keyring import ShopKeyring

    settings = shop.settings
    gateway = gateway_settings_of(settings)
    restored = repair_if_damaged(shop.home.database, clock.now)
    # Keys that are sent to no host.
    own_secrets = KeyringSecrets(time_limit_ms=settings.keyring_ms, host="", learned=REDACTOR.learn)
    container = open_container(
        shop.home.database,
        gateway,
        till_config_of(settings),
        ShopKeyring(shop.home.root, gateway.key_host, settings.keyring_ms, learned=REDACTOR.learn),
        clock,
        ids,
        wake,
        mode=shop.mode,
        shop=shop,
        pin_secrets=own_secrets,
        seal=seal_key(own_secrets),
    )
    return OpenedShop(container, container.close, filters_of(shop), restored=restored)


def open_demo_shop(
    shop: Shop, clock: Clock, ids: IdGeneratorFactory, wake: Callable[[], None]
) -> OpenedShop:
    """Open the demo shop with its sandbox; imports as in ``open_live_shop``."""
    from posapp.app.demo import open_demo
    from posapp.store.files.restore import repair_if_damaged

    restored = repair_if_damaged(shop.home.database, clock.now)
    demo = open_demo(shop, clock, ids, wake)
    return OpenedShop(demo.container, demo.close, filters_of(shop), demo, restored)


def filters_of(shop: Shop) -> SavedFilterStore:
    """Return the store of a shop's saved request filters, in its own folder."""
    from posapp.ui.requests.saved_filters import JsonFilterStore

    return JsonFilterStore(shop.home.root / "request-filters.json")


class DesktopApp:
    """The window of a shop, from its first paint to its end."""

    def __init__(self, shop: Shop, opener: ShopOpener, *, live: bool) -> None:
        settings = shop.settings
        self._shop, self._opener = shop, opener
        self._clock = SystemClock()
        self._opened: OpenedShop | None = None
        self._ends: list[Callable[[], object]] = []
        self.app = Application(settings.text_size)
        self.texts = Translator(settings.language)
        self.theme = Theme(settings.theme, text_size=settings.text_size)
        self.app.set_type(self.theme)
        self.counter = CounterWindow(
            self.texts,
            self.theme,
            self._clock,
            shop=settings.shop_name,
            live=live,
            practice=shop.settings.mode is Mode.DEMO,
            exports=shop.home.exports,
            folder=shop.home.root,
            scan_rules=self._scan_rules,
            starts_at=settings.start_screen,
        )
        # Styled once the window is complete: an earlier style sheet is evaluated again for each
        # widget whenever that gets another parent, 20 ms in all.
        self.app.apply_theme(self.theme)
        self.error_dialog = ErrorDialog(self.texts, self.counter.window, str(shop.home.logs))
        self.counter.runner.unexpected.connect(self.error_dialog.report)
        self.counter.worker.unexpected.connect(self.error_dialog.report)
        self.counter.window.first_painted.connect(self._open)
        self.counter.ready.connect(self._start_watchers)
        self.counter.ready.connect(self._show_display)
        self.counter.ready.connect(self.app.collect_garbage)
        self.texts.changed.connect(self._save_appearance)
        self.theme.changed.connect(self._save_appearance)
        self.theme.text_size_chosen.connect(self._save_appearance)

    @property
    def demo(self) -> Demo | None:
        """The demo of this window, once it is open."""
        return self._opened.demo if self._opened else None

    def run(self) -> int:
        """Show the window until it is closed; return the program's exit code."""
        place = self._shop.home.root / WINDOW_FILE
        window = self.counter.window
        if restore_window_place(window, place):
            window.show()
        else:
            window.showMaximized()
        try:
            return self.app.run()
        finally:
            save_window_place(window, place)
            self.close()

    def close(self) -> None:
        """End background work, then close the services it used."""
        for end in self._ends:
            end()
        self._ends.clear()
        self.counter.stop()
        self.app.end_collecting()
        if self._opened is not None:
            self._opened.close()

    def _scan_rules(self) -> ScanRules:
        from posapp.ui.scanner.burst import ScanRules

        settings = self._shop.settings
        return ScanRules(settings.scan_gap_ms, settings.scan_prefix)

    def _open(self) -> None:
        from posapp.system.ids import RandomIds

        work = partial(self._opener, self._shop, self._clock, RandomIds, self.counter.worker.wake)
        self.counter.runner.run(work, self._on_services_ready, owner=self.counter)

    def _on_services_ready(self, outcome: TaskResult[OpenedShop]) -> None:
        if outcome.value is None:
            self.app.collect_garbage()
            self.counter.show_problem(outcome.error or RuntimeError("nothing was opened"))
            self._start_watchers()
            return
        from posapp.ui.printing.printer_choice import choose_pdf_paper, choose_printer

        choose_printer(self._shop.settings.printer)
        choose_pdf_paper(self._shop.settings.pdf_paper)
        self._opened = outcome.value
        from posapp.app.sounds import sounds_of

        sounds = sounds_of(self._shop)
        self._ends.append(sounds.close)
        from posapp.app.receipt_printer import roll_printing_of

        roll = roll_printing_of(self._shop.settings)
        roll.unexpected.connect(self.error_dialog.report)
        self._ends.append(roll.stop)
        self.counter.attach(outcome.value.services, outcome.value.filter_store, sounds, roll)
        if outcome.value.restored is not None:
            self._notify_restored(outcome.value.restored)
        self._check_storage()

    def _start_watchers(self) -> None:
        """Start the activation server, the watchdog and the termination handler: a second start
        finds this window, and a frozen screen is traced. The imports are here and not at the top,
        since the first paint does not need them."""
        from posapp.ui.shell.single_window import ActivationServer, socket_name
        from posapp.ui.shell.termination import Termination
        from posapp.ui.shell.watchdog import Watchdog

        activation = ActivationServer(socket_name(self._shop.home.database), self.counter)
        activation.rung.connect(self.counter.window.bring_to_front)
        activation.listen()
        watchdog = Watchdog(self._shop.home.logs, self.counter)
        watchdog.start()
        termination = Termination(self.counter)
        termination.requested.connect(self.counter.window.close)
        termination.insisted.connect(self.counter.window.close_without_asking)
        termination.install()
        self._ends += [activation.close, watchdog.stop, termination.remove]

    def _show_display(self) -> None:
        if self.counter.display is not None:
            self.counter.display.choose(self._shop.settings.buyer_display)

    def _notify_restored(self, restored: RestoreReport) -> None:
        """Show a notice that a copy replaced a damaged database, until it is closed."""
        texts = self.texts

        def make_text() -> str:
            at = texts.moment(restored.made_at)
            return texts("window.restored", at=at, aside=restored.aside)

        self.counter.home.show_start_notice(make_text)

    def _check_storage(self) -> None:
        """Show a warning, until it is closed, if the shop's folder is no place for a database."""
        inspect = partial(_inspect_storage, self._shop.home.root)
        self.counter.runner.run(inspect, self._warn_of_storage, owner=self.counter)

    def _warn_of_storage(self, outcome: TaskResult[StoragePlace]) -> None:
        place, folder = outcome.value, self._shop.home.root
        if place is None or place.risk is None:
            return
        message = f"commands.start_storage_{place.risk.value}"
        log.warning("the shop's folder is on %s: %s", place.risk.value, place.detail)

        def make_text() -> str:
            return self.texts(message, detail=place.detail, folder=folder)

        self.counter.home.show_start_notice(make_text)

    def _save_appearance(self) -> None:
        from posapp.system.settings_writer import save_appearance

        appearance = {
            "language": self.texts.language,
            "theme": self.theme.name,
            "text_size": self.theme.text_size,
        }
        save = partial(save_appearance, self._shop.home.settings, **appearance)
        self.counter.runner.run(save, _note_trouble, owner=self.counter, key="look")


def _inspect_storage(folder: Path) -> StoragePlace:
    from posapp.system.storage_place import inspect_storage  # in the background, like its reading

    return inspect_storage(folder)


def run_window(shop: Shop, opener: ShopOpener, *, live: bool, say: Callable[[str], None]) -> int:
    """Run the program with a window until it is closed; return the program's exit code.

    If another window already has this shop open, it is brought to the front, ``say`` gets a message
    about it, and the exit code is 0: the shop is on screen.

    Raises:
        EnvironmentProblem: another program has this shop open and shows no window (or does not
            answer), or the log cannot be written.
    """
    try:
        instance = SingleInstance(shop.home.lock, shop.home.database)
    except EnvironmentProblem as problem:
        if problem.code is not EnvironmentCode.DATABASE_IN_USE or not _first_is_raised(shop):
            raise
        say(Translator(shop.settings.language)("window.raised"))
        return 0
    with instance:
        listeners: list[Callable[[BaseException], None]] = []
        running_log = start_log(
            shop.home.logs, REDACTOR, on_error=lambda error: _notify_all(listeners, error)
        )
        try:
            running = DesktopApp(shop, _holding(instance, opener), live=live)
            listeners.append(running.error_dialog.report)
            return running.run()
        finally:
            listeners.clear()
            running_log.close()


def _holding(instance: SingleInstance, opener: ShopOpener) -> ShopOpener:
    """Keep the process's memory private before a key is read, and lock the database of a new shop,
    too, once it exists."""

    def open_and_hold(
        shop: Shop, clock: Clock, ids: IdGeneratorFactory, wake: Callable[[], None]
    ) -> OpenedShop:
        from posapp.system.hardening import keep_memory_private

        keep_memory_private()
        opened = opener(shop, clock, ids, wake)
        try:
            instance.hold(shop.home.database)
        except BaseException:
            opened.close()
            raise
        return opened

    return open_and_hold


def _first_is_raised(shop: Shop) -> bool:
    from posapp.ui.shell.single_window import raise_first, socket_name

    return raise_first(socket_name(shop.home.database))


def _notify_all(listeners: list[Callable[[BaseException], None]], error: BaseException) -> None:
    for listener in listeners:
        listener(error)


def _note_trouble(outcome: TaskResult[None]) -> None:
    if isinstance(outcome.error, EnvironmentProblem):
        log.warning("the look could not be kept: %s", outcome.error.code)
