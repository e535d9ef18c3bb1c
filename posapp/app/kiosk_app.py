"""The program of a kiosk: one window, and only what takes payments behind it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from posapp.app.kiosk_restarts import KioskRestarts
from posapp.app.shop_config import Shop
from posapp.domain.kiosk_keys import read_keys
from posapp.domain.modes import Mode
from posapp.system.clock import SystemClock
from posapp.system.logging import Redactor, start_log
from posapp.system.single_instance import SingleInstance
from posapp.ui.core.i18n import Translator
from posapp.ui.core.sync_worker import SyncWorker
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import KIOSK, Theme
from posapp.ui.kiosk.input_guard import InputGuard
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_measures import KioskMeasures
from posapp.ui.kiosk.kiosk_window import KioskWindow
from posapp.ui.scanner.burst import ScanRules
from posapp.ui.scanner.scan_filter import ScanFilter
from posapp.ui.shell.application import Application
from posapp.ui.widgets.mode_mark import LIVE

if TYPE_CHECKING:
    from posapp.app.kiosk_services import OpenedKiosk

log = logging.getLogger(__name__)

REDACTOR = Redactor()
"""The only redacting filter of this process's log; it learns each secret that is read."""

_MARKED = {Mode.LIVE: LIVE, Mode.TEST: "test", Mode.DEMO: "practice"}
"""How a window is marked in each mode."""

TERMINATED = 143
"""Exit code after a signal of the session: 128 and the number of SIGTERM. Code 0 means that the
manager's PIN was right."""


class KioskApp:
    """The window of a kiosk, from its first paint to its end."""

    def __init__(self, shop: Shop, instance: SingleInstance, restarts: KioskRestarts) -> None:
        settings = shop.settings
        self._shop, self._instance, self._restarts = shop, instance, restarts
        self._clock = SystemClock()
        self._opened: OpenedKiosk | None = None
        self._code = TERMINATED
        self._ends: list[Callable[[], object]] = []
        self.app = Application()
        self.texts = Translator(settings.language)
        self.theme = Theme(settings.theme, density=KIOSK)
        self.app.set_type(self.theme)
        self.runner = TaskRunner()
        self.worker = SyncWorker()
        self.controller = KioskController(
            *(self.runner, self._clock),
            idle_s=settings.kiosk_idle_s,
            more_time=settings.kiosk_more_time,
            parent=self.runner,
        )
        self.window = KioskWindow(
            *(self.texts, self.theme, self.controller),
            shop=settings.shop_name,
            mode=_MARKED[settings.mode] if settings.mode is not None else LIVE,
            measures=KioskMeasures(settings.kiosk_screen_mm, settings.kiosk_floor_mm),
        )
        self.app.apply_theme(self.theme)
        self.guard = InputGuard(self.window, self.controller, read_keys(settings.kiosk_keys))
        self.guard.install()
        rules = ScanRules(settings.scan_gap_ms, settings.scan_prefix)
        self.scans = ScanFilter(parent=self.window, rules=rules)
        self.scans.install()  # after the guard: Qt asks the newest filter first
        self.scans.scanned.connect(self.controller.scanned)
        self.controller.language_requested.connect(self._change_language)
        self.controller.changed.connect(self._wear_contrast)
        self.controller.was_reset.connect(self._restore_appearance)
        self.controller.may_end.connect(self._end_by_pin)
        self.window.first_painted.connect(self._begin)
        self.controller.opening_requested.connect(self._open)

    def run(self) -> int:
        """Show the window until it may end; return the program's exit code."""
        self._watch_signals()
        self._restarts.count_start()
        self.window.cover()
        try:
            self.app.run()
        finally:
            self.close()
        self._restarts.end_cleanly()
        return self._code

    def close(self) -> None:
        """End background work, then close the services it used. A QR goes on at PortOne, and the
        next start finds it."""
        for end in self._ends:
            end()
        self._ends.clear()
        self.scans.remove()
        self.guard.remove()
        self.worker.stop()
        self.runner.stop()
        self.app.end_collecting()
        if self._opened is not None:
            self._opened.close()

    def _begin(self) -> None:
        self._make_voice()
        self._make_receipts()
        self._open()

    def _open(self) -> None:
        self.runner.run(self._make_services, self._on_services_ready, owner=self.window)

    def _make_services(self) -> OpenedKiosk:
        from posapp.app.kiosk_services import open_kiosk
        from posapp.system.hardening import keep_memory_private
        from posapp.system.ids import RandomIds

        keep_memory_private()
        opened = open_kiosk(
            self._shop, self._clock, RandomIds, self.worker.wake, learn=REDACTOR.learn
        )
        try:
            self._instance.hold(self._shop.home.database)
        except BaseException:
            opened.close()
            raise
        return opened

    def _on_services_ready(self, outcome: TaskResult[OpenedKiosk]) -> None:
        if outcome.value is None:
            self.app.collect_garbage()
            self.controller.fail(outcome.error or RuntimeError("nothing was opened"))
            return
        self._opened = outcome.value
        services = outcome.value.services
        self.worker.attempt_changed.connect(self.controller.attempt_changed)
        self.worker.connectivity_changed.connect(self.controller.set_online)
        self.controller.began.connect(partial(self.worker.start, services.engine.step))
        self.controller.attach(services, crashing=self._restarts.is_crashing)
        if self.controller.payment is not None:
            self.controller.payment.wake_requested.connect(self.worker.wake)
        self.app.collect_garbage()

    def _make_voice(self) -> None:
        """Give the kiosk its voice and its sounds, which nothing here waits for."""
        from posapp.app.sounds import sounds_of
        from posapp.system.speech.speakers import speaker_of
        from posapp.ui.voice.kiosk_voice import KioskVoice
        from posapp.ui.voice.self_voicing import clip_texts

        settings = self._shop.settings
        speaker, sounds = speaker_of(self._shop.home.root, clip_texts), sounds_of(self._shop)
        self._ends += [speaker.close, sounds.close]
        KioskVoice(
            *(self.texts, speaker, sounds, self.window, self.controller),
            is_private=settings.audio_private == "yes",
            locate_every_s=settings.locate_every_s,
        )

    def _make_receipts(self) -> None:
        """Offer receipts on paper where the shop has a printer for them."""
        if not self._shop.settings.receipt_printer:
            return
        from posapp.app.receipt_printer import roll_printing_of
        from posapp.ui.kiosk.receipt_print import ReceiptPrint

        roll, controller = roll_printing_of(self._shop.settings), self.controller
        self._ends.append(roll.stop)
        receipts = ReceiptPrint(self.texts, self.runner, self._clock, roll, controller)
        receipts.changed.connect(controller.changed)
        controller.receipts = receipts

    def _watch_signals(self) -> None:
        from posapp.ui.shell.termination import Termination

        termination = Termination(self.window)
        termination.requested.connect(self.window.end)
        termination.install()
        self._ends.append(termination.remove)

    def _end_by_pin(self) -> None:
        self._code = 0
        self.window.end()

    def _change_language(self) -> None:
        self.texts.set_language("en" if self.texts.language == "ko" else "ko")

    def _wear_contrast(self) -> None:
        usual = self._shop.settings.theme
        self.theme.set_name("contrast" if self.controller.visit.contrast else usual)

    def _restore_appearance(self) -> None:
        if self.texts.language != self._shop.settings.language:
            self.texts.set_language(self._shop.settings.language)


def run_kiosk(shop: Shop) -> int:
    """Run the kiosk until its manager's PIN or the session ends it; return the exit code.

    Raises:
        EnvironmentProblem: another program has this shop open, or the log cannot be written.
    """
    with SingleInstance(shop.home.lock, shop.home.database) as instance:
        running_log = start_log(shop.home.logs, REDACTOR)
        try:
            restarts = KioskRestarts(shop.home.root, SystemClock().now())
            return KioskApp(shop, instance, restarts).run()
        finally:
            running_log.close()
