"""The real window over a real demo shop: real file, real threads, PortOne's stand-in over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from posapp.app.demo import open_demo
from posapp.app.desktop_app import filters_of
from posapp.app.shop_config import load_shop
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds
from posapp.ui.core.garbage import GuiCollector
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.printing.roll_printing import RollPrinting
from tests.fakes.demo import records_of
from tests.ui.printing.test_roll_printing import FakePrinter


@contextmanager
def demo_counter(
    qtbot,
    folder: Path,
    pace: Callable[[], int],
    language: str = "ko",
    before: Callable[[CounterWindow], None] = lambda _: None,
    records: Path | None = None,
    roll: RollPrinting | None = None,
) -> Iterator[CounterWindow]:
    """A counter that is ready; ``counter_window.demo`` holds its demo services.

    Args:
        before: called when the window exists and its services do not yet.
        records: file of the shop's records; ``None`` is the demo shop's own.
        roll: its receipt printer; ``None``: ``counter.printer`` is there, and none is chosen.
    """
    app = QApplication.instance()
    texts, theme = Translator(language), Theme("light")
    theme.apply(app)
    collector = GuiCollector()
    collector.start()
    # Polled more often than by default: tests wait for the result of payments.
    shop = load_shop(str(folder), {}, {"mode": "demo", "poll_ms": "200", "poll_opened_ms": "500"})
    counter = CounterWindow(
        *(texts, theme, SystemClock()),
        shop="한빛상점",
        live=False,
        practice=True,
        exports=shop.home.exports,
        pace=pace,
    )
    with records_of(records):
        demo = open_demo(shop, SystemClock(), RandomIds, counter.worker.wake)
    counter.demo, counter.texts, counter.theme = demo, texts, theme
    counter.printer = FakePrinter()
    counter.roll = roll or RollPrinting(counter.printer.at)
    try:
        counter.window.show()
        qtbot.waitExposed(counter.window)
        counter.window.activateWindow()
        before(counter)
        with qtbot.waitSignal(counter.ready, timeout=20_000):
            counter.attach(demo.container, filters_of(shop), roll=counter.roll)
        yield counter
    finally:
        counter.stop()
        counter.roll.stop()
        counter.window.close_without_asking()
        counter.window.deleteLater()
        # Qt keeps an installed translation for as long as its owner lives, in every later test too.
        # Another language would do as well, but the rows that pages then make have no style yet: Qt
        # remembers their rules at the next style sheet, does not hear that they are gone, and
        # crashes at the next change of theme.
        for translation in texts._qt_translators or ():
            app.removeTranslator(translation)
        demo.close()
        collector.stop()
        app.setStyleSheet("")
