"""The window: painted first, then everything that it needs is put together behind it."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from posapp.app.shop import Shop
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.machine import Clock, MakeIds
from posapp.services.ports.storage import RestoredFrom
from posapp.system.clock import SystemClock
from posapp.system.logging import Redactor, start_log
from posapp.system.settings_file import save_look
from posapp.system.single_instance import SingleInstance
from posapp.ui.application import Application
from posapp.ui.background import Outcome
from posapp.ui.counter import Counter
from posapp.ui.i18n import Texts
from posapp.ui.mishaps import Mishaps
from posapp.ui.theme import Theme

if TYPE_CHECKING:
    from posapp.app.demo import Demo
    from posapp.services.container import Container
    from posapp.ui.models.requests_saved import FilterShelf

log = logging.getLogger(__name__)

REDACTOR = Redactor()
"""The one filter of this process's log: it learns each secret as it is read."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the background put together, and how it is closed.

    Attributes:
        restored: the database was damaged, and a copy is in its place.
    """

    services: Container
    close: Callable[[], None]
    shelf: FilterShelf
    demo: Demo | None = None
    restored: RestoredFrom | None = None


Opener = Callable[[Shop, Clock, MakeIds, Callable[[], None]], Opened]


def open_for_real(shop: Shop, clock: Clock, ids: MakeIds, wake: Callable[[], None]) -> Opened:
    """Open the shop's till at PortOne, its keys in the keyring.

    Imported here and not above: the first window needs none of it, and half a second of imports
    before it would be seen (docs/performance.md, "Starting").
    """
    from posapp.app.sealing import seal_key
    from posapp.app.shop import gateway_settings_of, rules_of
    from posapp.app.till import open_container
    from posapp.store.restoring import make_sound
    from posapp.system.keyring_secrets import KeyringSecrets

    settings = shop.settings
    gateway = gateway_settings_of(settings)
    restored = make_sound(shop.home.database, clock.now)
    container = open_container(
        shop.home.database,
        gateway,
        rules_of(settings),
        KeyringSecrets(
            time_limit_ms=settings.keyring_ms, host=gateway.key_host, learned=REDACTOR.learn
        ),
        clock,
        ids,
        wake,
        mode=shop.mode,
        seal=seal_key(
            KeyringSecrets(time_limit_ms=settings.keyring_ms, host="", learned=REDACTOR.learn)
        ),
    )
    return Opened(container, container.close, filters_of(shop), restored=restored)


def open_the_demo(shop: Shop, clock: Clock, ids: MakeIds, wake: Callable[[], None]) -> Opened:
    """Open the demo shop with its sandbox; imports as in ``open_for_real``."""
    from posapp.app.demo import open_demo
    from posapp.store.restoring import make_sound

    restored = make_sound(shop.home.database, clock.now)
    demo = open_demo(shop, clock, ids, wake)
    return Opened(demo.container, demo.close, filters_of(shop), demo, restored)


def filters_of(shop: Shop) -> FilterShelf:
    """Where a shop keeps the filters of its requests: in its own folder."""
    from posapp.ui.models.requests_saved import FilterFile

    return FilterFile(shop.home.root / "request-filters.json")


class Running:
    """A window on a shop, from its first paint to its end."""

    def __init__(self, shop: Shop, opener: Opener, *, live: bool) -> None:
        settings = shop.settings
        self._shop, self._opener = shop, opener
        self._clock = SystemClock()
        self._opened: Opened | None = None
        self._ends: list[Callable[[], object]] = []
        self.app = Application()
        self.texts = Texts(settings.language)
        self.theme = Theme(settings.theme)
        self.app.set_type(self.theme)
        self.counter = Counter(
            self.texts, self.theme, self._clock, shop=settings.shop_name, live=live
        )
        # Dressed when it is whole: a style sheet that is there before is worked out anew for each
        # widget whenever that gets another parent, 20 ms in all.
        self.app.wear(self.theme)
        self.mishaps = Mishaps(self.texts, self.counter.window, str(shop.home.logs))
        self.counter.runner.unexpected.connect(self.mishaps.tell)
        self.counter.worker.unexpected.connect(self.mishaps.tell)
        self.counter.window.first_painted.connect(self._open)
        self.counter.ready.connect(self._stand_by)
        self.counter.ready.connect(_settle)
        self.texts.changed.connect(self._keep_look)
        self.theme.changed.connect(self._keep_look)

    @property
    def demo(self) -> Demo | None:
        """The demo behind the window, once it stands."""
        return self._opened.demo if self._opened else None

    def run(self) -> int:
        """Show the window until it is closed; the program's exit code."""
        self.counter.window.show()
        try:
            return self.app.run()
        finally:
            self.close()

    def close(self) -> None:
        """End background work, then what it used."""
        for end in self._ends:
            end()
        self._ends.clear()
        self.counter.stop()
        if self._opened is not None:
            self._opened.close()

    def _open(self) -> None:
        from posapp.system.ids import RandomIds

        work = partial(self._opener, self._shop, self._clock, RandomIds, self.counter.worker.wake)
        self.counter.runner.run(work, self._stands, owner=self.counter)

    def _stands(self, outcome: Outcome[Opened]) -> None:
        if outcome.value is None:
            self.counter.show_problem(outcome.error or RuntimeError("nothing was opened"))
            self._stand_by()
            return
        self._opened = outcome.value
        self.counter.attach(outcome.value.services, outcome.value.shelf)
        if outcome.value.restored is not None:
            self._tell_restored(outcome.value.restored)

    def _stand_by(self) -> None:
        """From now on a second start finds this window, and a screen that stands still leaves its
        traces. Imported here and not above: nobody waits for it before the first paint."""
        from posapp.ui.second_start import Doorbell, socket_name
        from posapp.ui.termination import Termination
        from posapp.ui.watchdog import Watchdog

        doorbell = Doorbell(socket_name(self._shop.home.database), self.counter)
        doorbell.rung.connect(self.counter.window.come_forward)
        doorbell.listen()
        watchdog = Watchdog(self._shop.home.logs, self.counter)
        watchdog.start()
        termination = Termination(self.counter)
        termination.requested.connect(self.counter.window.close)
        termination.insisted.connect(self.counter.window.close_at_once)
        termination.install()
        self._ends += [doorbell.close, watchdog.stop, termination.remove]

    def _tell_restored(self, restored: RestoredFrom) -> None:
        """A copy is in the place of a damaged file: said where the person is, until it is read."""
        texts = self.texts

        def words() -> str:
            at = texts.moment(restored.made_at)
            return texts("window.restored", at=at, aside=restored.aside)

        self.counter.home.banner.show_notice(words, button="words.close")

    def _keep_look(self) -> None:
        look = {"language": self.texts.language, "theme": self.theme.name}
        save = partial(save_look, self._shop.home.settings, **look)
        self.counter.runner.run(save, _note_trouble, owner=self.counter, key="look")


def run_window(shop: Shop, opener: Opener, *, live: bool, say: Callable[[str], None]) -> int:
    """Run the program with a window until it is closed; the program's exit code.

    If a window has this shop open already, that one comes to the front, ``say`` is told so, and
    the exit code is 0: whoever started the program has it before them.

    Raises:
        EnvironmentProblem: another program has this shop open and shows no window (or does not
            answer), or the log cannot be written.
    """
    try:
        instance = SingleInstance(shop.home.lock, shop.home.database)
    except EnvironmentProblem as problem:
        if problem.code is not EnvironmentCode.DATABASE_IN_USE or not _first_is_raised(shop):
            raise
        say(Texts(shop.settings.language)("window.raised"))
        return 0
    with instance:
        told: list[Callable[[BaseException], None]] = []
        running_log = start_log(shop.home.logs, REDACTOR, told=lambda error: _tell_all(told, error))
        try:
            running = Running(shop, _holding(instance, opener), live=live)
            told.append(running.mishaps.tell)
            return running.run()
        finally:
            told.clear()
            running_log.close()


def _holding(instance: SingleInstance, opener: Opener) -> Opener:
    """Hold the database of a new shop, too, as soon as there is one."""

    def open_and_hold(shop: Shop, clock: Clock, ids: MakeIds, wake: Callable[[], None]) -> Opened:
        opened = opener(shop, clock, ids, wake)
        try:
            instance.hold(shop.home.database)
        except BaseException:
            opened.close()
            raise
        return opened

    return open_and_hold


def _first_is_raised(shop: Shop) -> bool:
    from posapp.ui.second_start import raise_first, socket_name

    return raise_first(socket_name(shop.home.database))


def _settle() -> None:
    """Take what stands now out of the garbage collector's rounds: it stays until the end. A full
    round through it would hold up every thread for 70 ms, and come in the midst of a payment."""
    gc.freeze()


def _tell_all(listeners: list[Callable[[BaseException], None]], error: BaseException) -> None:
    for tell in listeners:
        tell(error)


def _note_trouble(outcome: Outcome[None]) -> None:
    if isinstance(outcome.error, EnvironmentProblem):
        log.warning("the look could not be kept: %s", outcome.error.code)
