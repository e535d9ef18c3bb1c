"""Takes a picture of every state of every page.

    python -m tests.pictures FOLDER [--shops usual] [--sizes 1024x600,1366x768] [--themes light]
                                    [--languages ko] [--states home,pay_qr]

One file a picture: ``<state>-<width>x<height>-<language>-<theme>-<shop>.png``. Beside the shops of
``tests/pictures/records.py`` there are ``staffed``, with people who sign in, ``setup``, the steps
of a new shop, and ``buyers``: the kiosk and the buyer's display, at sizes of their own.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count, product
from pathlib import Path

# A dialog stays on its screen: this one has room for every size.
os.environ.setdefault(
    "QT_QPA_PLATFORM", f"offscreen:configfile={Path(__file__).with_name('screen.json')}"
)

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import KIOSK as KIOSK_DENSITY
from posapp.ui.core.theme import STYLE_ARGUMENTS, THEMES, Theme
from posapp.ui.display.display_window import DisplayWindow
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.settings.setup_window import SetupWindow
from posapp.ui.shell.routes import COUNTER_SIZES
from tests.fakes.setup_world import World
from tests.pictures.buyers import DISPLAY, KIOSK
from tests.pictures.buyers import SIZES as BUYER_SIZES
from tests.pictures.records import write_records
from tests.pictures.states import SETUP, STAFFED, STATES, begin_staffed, end
from tests.pictures.visits import LOCKS, VISITS, until
from tests.pictures.waiting import Waiting
from tests.pictures.whole import whole
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.kiosk.conftest import Kiosk

STAFFED_SHOP, NEW_SHOP, BUYERS_SHOP = "staffed", "setup", "buyers"

_PAINT_MS = 60
"""Time in milliseconds in which a page begins to read, and later paints what it has read."""

_QUICK = 80
"""A PNG that is written fast, and is larger for that."""


@dataclass(frozen=True, slots=True)
class State:
    """One state of a window.

    Attributes:
        open: brings the window into the state.
        close: ends the state.
    """

    name: str
    open: Callable[[], object]
    close: Callable[[], object]


class Camera:
    """Takes pictures of one window in the wanted sizes, languages and themes.

    Args:
        settled: whether nothing is read any more that the window shows.
    """

    def __init__(
        self,
        *shown: QWidget | Translator | Theme,
        wanted: argparse.Namespace,
        shop: str,
        settled: Callable[[], object],
    ) -> None:
        self.window, self._texts, self._theme = shown
        self._wanted, self._shop, self._settled = wanted, shop, settled
        self.taken = 0
        self.failed: list[str] = []

    def take_all(self, states: Iterable[State]) -> None:
        """Take the wanted pictures of the wanted states."""
        for state in states:
            if self._wanted.states and state.name not in self._wanted.states:
                continue
            try:
                self._take(state)
            except Exception as error:  # noqa: BLE001 - the others are still taken
                self.failed.append(f"{state.name} {self._shop}: {error!r}")
            state.close()

    def _take(self, state: State) -> None:
        sizes = self._wanted.sizes or list(COUNTER_SIZES)
        self._open(state, sizes[0])
        # A dialog has the size that its window has room for when it opens.
        is_dialog = QApplication.activeModalWidget() is not None
        for group in [[size] for size in sizes] if is_dialog else [sizes]:
            if group[0] is not sizes[0]:
                state.close()
                self._open(state, group[0])
            for language, theme in product(self._wanted.languages, self._wanted.themes):
                self._texts.set_language(language)
                self._theme.set_name(theme)
                for size in group:
                    self.window.resize(*size)
                    self._save(f"{state.name}-{size[0]}x{size[1]}-{language}-{theme}")

    def _open(self, state: State, size: tuple[int, int]) -> None:
        self.window.resize(*size)
        self.window.activateWindow()  # there is no window manager that would
        QTest.qWait(_PAINT_MS)
        state.open()

    def _save(self, name: str) -> None:
        QTest.qWait(_PAINT_MS)
        until(self._settled)
        QTest.qWait(2 * _PAINT_MS)  # rows that have just come are laid out in several turns
        path = self._wanted.folder / f"{name}-{self._shop}.png"
        whole(self.window).save(str(path), "PNG", _QUICK)
        self.taken += 1


def _of_counter(wanted: argparse.Namespace, shop: str) -> Camera:
    records = "usual" if shop == STAFFED_SHOP else shop
    pace = count(1_000, 200).__next__
    with tempfile.TemporaryDirectory() as home:
        path = write_records(records, Path(home))
        with demo_counter(Waiting(), Path(home), pace, records=path) as counter:
            camera = Camera(
                *(counter.window, counter.texts, counter.theme),  # type: ignore[attr-defined]
                wanted=wanted,
                shop=shop,
                settled=lambda: counter.runner.busy == 0,
            )
            if shop == STAFFED_SHOP:
                begin_staffed(counter)
                opened: Mapping[str, Callable[[CounterWindow], object]] = STAFFED
            else:
                opened = {name: visit.open for name, visit in {**VISITS, **LOCKS}.items()}
                opened = opened if shop == "empty" else {**opened, **STATES}
            close = partial(end, counter)
            camera.take_all(
                State(name, partial(opens, counter), close) for name, opens in opened.items()
            )
    return camera


def _of_setup(wanted: argparse.Namespace) -> Camera | None:
    camera: Camera | None = None
    texts, theme = Translator("ko"), Theme("light")
    theme.apply(QApplication.instance())
    for name, opens in SETUP.items():
        if wanted.states and name not in wanted.states:
            continue
        world = World()
        window = SetupWindow(texts, theme, InlineTaskRunner(), world.again())
        window.show()
        window.activateWindow()
        QTest.qWait(_PAINT_MS)
        made = Camera(window, texts, theme, wanted=wanted, shop=NEW_SHOP, settled=lambda: True)
        texts.set_language("ko")
        made.take_all([State(name, partial(opens, window, world), window.close)])
        if camera is not None:
            made.taken += camera.taken
            made.failed += camera.failed
        camera = made
        window.hide()
    return camera


def _of_buyers(wanted: argparse.Namespace) -> Camera | None:
    made = [
        *(_of_kiosk(wanted, name) for name in KIOSK if _is_wanted(wanted, name)),
        *(_of_display(wanted, name) for name in DISPLAY if _is_wanted(wanted, name)),
    ]
    for one in made[1:]:
        made[0].taken += one.taken
        made[0].failed += one.failed
    return made[0] if made else None


def _is_wanted(wanted: argparse.Namespace, name: str) -> bool:
    return not wanted.states or name in wanted.states


def _of_kiosk(wanted: argparse.Namespace, name: str) -> Camera:
    texts, theme = Translator("ko"), Theme("light", density=KIOSK_DENSITY)
    theme.apply(QApplication.instance())
    with tempfile.TemporaryDirectory() as home:
        kiosk = Kiosk(Path(home), texts, theme)
        kiosk.window.show()
        camera = _camera_of_buyers(wanted, kiosk.window, texts, theme)
        try:
            if name != "kiosk_maintenance":
                kiosk.controller.attach(kiosk.services.container)
            camera.take_all([State(name, partial(KIOSK[name], kiosk), lambda: None)])
        finally:
            kiosk.guard.remove()
            kiosk.window.end()
            kiosk.services.close()
    return camera


def _of_display(wanted: argparse.Namespace, name: str) -> Camera:
    texts, theme = Translator("ko"), Theme("light")
    theme.apply(QApplication.instance())
    window = DisplayWindow(texts, theme, shop="하나베이커리", mode="practice")
    window.show()
    camera = _camera_of_buyers(wanted, window, texts, theme)
    camera.take_all([State(name, partial(window.show_view, DISPLAY[name]), window.hide)])
    return camera


def _camera_of_buyers(
    wanted: argparse.Namespace, window: QWidget, texts: Translator, theme: Theme
) -> Camera:
    own = argparse.Namespace(**{**vars(wanted), "sizes": wanted.sizes or list(BUYER_SIZES)})
    return Camera(window, texts, theme, wanted=own, shop=BUYERS_SHOP, settled=lambda: True)


def main() -> None:
    """Take the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shops", default="usual", type=_words)
    parser.add_argument("--sizes", default=[], type=_sizes)
    parser.add_argument("--themes", default=list(THEMES), type=_words)
    parser.add_argument("--languages", default=list(LANGUAGES), type=_words)
    parser.add_argument("--states", default=[], type=_words)
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(["pictures", *STYLE_ARGUMENTS])
    taken, failed = 0, []
    for shop in wanted.shops:
        if shop == BUYERS_SHOP:
            camera = _of_buyers(wanted)
        else:
            camera = _of_setup(wanted) if shop == NEW_SHOP else _of_counter(wanted, shop)
        if camera is not None:
            taken += camera.taken
            failed += camera.failed
    print(f"{taken} pictures in {wanted.folder}")  # noqa: T201 - the program's only output
    del app
    if failed:
        raise SystemExit("\n".join(failed))


def _words(text: str) -> list[str]:
    return text.split(",")


def _sizes(text: str) -> list[tuple[int, int]]:
    return [(int(w), int(h)) for w, _, h in (one.partition("x") for one in text.split(","))]


if __name__ == "__main__":
    main()
