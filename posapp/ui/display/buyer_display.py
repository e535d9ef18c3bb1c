"""Puts the buyer's display on its screen, and keeps it off the seller's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.screen_watch import ScreenWatch
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_view import NOTHING, BuyerPhase, BuyerView
from posapp.ui.display.screen_identity import ScreenIdentity, describe_screen, find_screen
from posapp.ui.widgets.mode_mark import LIVE

if TYPE_CHECKING:
    from posapp.ui.display.display_window import DisplayWindow
    from posapp.ui.display.screen_numbers import ScreenNumbers

PAID_MS = 8_000
"""Milliseconds for which the display says that it is paid, unless another order is opened."""

PICTURES = ("buyer-display.png", "buyer-display.jpg")
"""Names of the shop's picture in its folder; the first that is there is shown."""


class BuyerDisplay(QObject):
    """Shows what the buyer may see on the screen that was chosen for it.

    The display is hidden while its screen is not connected, is the one that the seller's window is
    on, or shows the same as that one (mirrored). The seller's window never stays on the buyer's
    screen while there is another one.

    Args:
        seller: the seller's window.
        folder: the shop's folder, which may hold its picture (``PICTURES``).
        mode: as of ``ModeStrip``.
        paid_ms: milliseconds for which it says that it is paid.
    """

    missing_changed = Signal(bool)
    """Whether a screen was chosen and cannot be used now."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        seller: QWidget,
        *,
        shop: str,
        folder: Path | None = None,
        mode: str = LIVE,
        paid_ms: int = PAID_MS,
    ) -> None:
        super().__init__(seller)
        self._texts, self._theme, self._seller, self._shop = texts, theme, seller, shop
        self._folder, self._mode = folder, mode
        self._wanted: ScreenIdentity | None = None
        self._window: DisplayWindow | None = None
        self._view = NOTHING
        self._is_missing = False
        self._is_watching = False
        self._is_thanked = False
        self._later = _single_shot(self, self._place, 0)
        self._paint = _single_shot(self, self._show, 0)
        self._thanks = _single_shot(self, self._end_thanks, paid_ms)
        self._numbers: ScreenNumbers | None = None

    @property
    def window(self) -> DisplayWindow | None:
        """Return the buyer's window, once a screen was found for it."""
        return self._window

    @property
    def is_missing(self) -> bool:
        """Return whether a screen was chosen and cannot be used now."""
        return self._is_missing

    def choose(self, identity: str) -> None:
        """Use a screen, named by its identity as text; empty: none."""
        self._wanted = ScreenIdentity.read(identity)
        if self._wanted is not None and not self._is_watching:
            self._is_watching = True
            self._watch_all()
        self._place()

    def choices(self) -> Sequence[tuple[str, str]]:
        """Return the screens that can be chosen, as identity and text."""
        found = []
        for number, screen in enumerate(QGuiApplication.screens(), start=1):
            if self._is_of_seller(screen):
                continue
            identity = str(ScreenIdentity.of(screen))
            named = describe_screen(identity)
            found.append((identity, self._texts("display.screen", number=number, name=named)))
        return found

    def show_numbers(self) -> None:
        """Show on each screen its number, for a few seconds."""
        if self._numbers is None:
            from posapp.ui.display.screen_numbers import ScreenNumbers

            self._numbers = ScreenNumbers(self._theme, self)
        self._numbers.show()

    def take_view(self, view: BuyerView) -> None:
        """Show another state, after what is painted now."""
        if view == self._view:
            return
        was_paid = self._view.phase is BuyerPhase.PAID
        if was_paid and view.phase is BuyerPhase.IDLE and self._thanks.isActive():
            return  # thanks stay for their time, though the seller has gone on
        if view.phase is not BuyerPhase.PAID:
            self._is_thanked = False
        elif self._is_thanked:
            return  # the seller's page still has it, and may be read again before the next buyer
        self._view = view
        if view.phase is BuyerPhase.PAID:
            if not was_paid:
                self._thanks.start()
        else:
            self._thanks.stop()
        if self._window is not None:
            self._paint.start()

    def close(self) -> None:
        """Take the window away; it comes back with the next ``choose``."""
        self._wanted = None
        self._place()

    def _end_thanks(self) -> None:
        self._view, self._is_thanked = NOTHING, True
        self._show()

    @Slot()
    def _show(self) -> None:
        if self._window is not None:
            self._window.show_view(self._view)

    @Slot()
    def _place(self) -> None:
        screen = self._find()
        if screen is not None:
            self._show_on(screen)
        elif self._window is not None:
            self._window.hide()
        is_missing = self._wanted is not None and screen is None
        if is_missing != self._is_missing:
            self._is_missing = is_missing
            self.missing_changed.emit(is_missing)

    def _find(self) -> QScreen | None:
        if self._wanted is None:
            return None
        screens = QGuiApplication.screens()
        found = find_screen(self._wanted, screens)
        if found is None or len(screens) == 1:
            return None
        if self._seller.screen() is found:
            self._move_seller(found)
        return None if self._is_of_seller(found) else found

    def _is_of_seller(self, screen: QScreen) -> bool:
        """Return whether the seller's window is on a screen, or on one that shows the same."""
        sellers = self._seller.screen()
        return screen is sellers or screen.geometry().intersects(sellers.geometry())

    def _move_seller(self, buyers: QScreen) -> None:
        """Move the seller's window off the buyer's screen, if there is another one."""
        others = [
            one
            for one in QGuiApplication.screens()
            if one is not buyers and not one.geometry().intersects(buyers.geometry())
        ]
        if not others:
            return
        primary = QGuiApplication.primaryScreen()
        goal = primary if primary in others else others[0]
        was_maximized = self._seller.isMaximized()
        if was_maximized:
            self._seller.showNormal()
        handle = self._seller.windowHandle()
        if handle is not None:
            handle.setScreen(goal)
        room = goal.availableGeometry()
        self._seller.resize(self._seller.size().boundedTo(room.size()))
        self._seller.move(room.topLeft())
        if was_maximized:
            self._seller.showMaximized()

    def _show_on(self, screen: QScreen) -> None:
        window = self._window
        if window is None:
            # Imported here and not above: most counters have no second screen.
            from posapp.ui.display.display_window import DisplayWindow

            window = self._window = DisplayWindow(
                *(self._texts, self._theme),
                shop=self._shop,
                picture=self._picture(),
                mode=self._mode,
            )
        self._show()
        if window.isVisible() and window.screen() is screen:
            if window.geometry() == screen.geometry():
                return
        elif window.isVisible():
            window.hide()
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        # Not showFullScreen, which asks for the focus.
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        window.show()

    def _picture(self) -> Path | None:
        if self._folder is None:
            return None
        files = (self._folder / name for name in PICTURES)
        return next((file for file in files if file.is_file()), None)

    def _watch_all(self) -> None:
        ScreenWatch(self).changed.connect(self._changed)
        handle = self._seller.windowHandle()
        if handle is not None:
            handle.screenChanged.connect(self._changed)

    @Slot()
    def _changed(self) -> None:
        # Later: windows get their next screen after the signal.
        self._later.start()


def _single_shot(parent: QObject, act: Callable[[], None], pause_ms: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(pause_ms)
    timer.timeout.connect(act)
    return timer
