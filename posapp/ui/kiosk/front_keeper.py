"""Keeps the kiosk's window in front of everything else that a desktop has."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

AGAIN_MS = 500
"""How often a window that is not in front tries to get there."""

LOST = 4
"""Tries after which a window that is still on no screen is shown anew."""

_GRABBING = "xcb"
"""The platform whose window managers take keys and buttons before the window gets them."""

_MAXIMISING = "wayland"
"""The platform of a kiosk whose compositor calls the whole screen a maximised window."""


class FrontKeeper(QObject):
    """Has one window cover its screen, be the active one, and on X11 hold keyboard and pointer:
    a window manager gets no key of its own then, and no button that moves, lowers or leaves it.

    Args:
        window: the one window of the program; the keeper ends with it.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tries = 0
        self._is_kept = False
        self._holds = QGuiApplication.platformName() == _GRABBING
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN_MS)
        self._timer.timeout.connect(self._return)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.primaryScreenChanged.connect(self._cover_screen)
            app.screenAdded.connect(self._follow)
            for screen in app.screens():
                self._follow(screen)

    def cover(self) -> None:
        """Cover the screen, also where no window manager does it, and stay there."""
        self._is_kept = True
        self._window.setGeometry(QGuiApplication.primaryScreen().geometry())
        self._window.showFullScreen()

    def check_soon(self) -> None:
        """Check soon whether the window is still in front."""
        QTimer.singleShot(0, self, self._return)

    def end(self) -> None:
        """Keep the window no longer: it closes."""
        self._is_kept = False
        self._timer.stop()

    @Slot()
    def _return(self) -> None:
        window = self._window
        if not self._is_kept or not window.isVisible():
            return
        if self._is_in_front() and self._hold():
            self._tries = 0
            self._timer.stop()
            return
        self._timer.start()
        self._tries += 1
        if self._tries > LOST and not window.windowHandle().isExposed():
            self._tries = 0
            window.hide()  # on a desktop that is not shown: a new window is on the one that is
            self.cover()
        if window.isMinimized() or not self._covers():
            self.cover()
        if not window.isActiveWindow():
            window.raise_()
            window.activateWindow()

    def _is_in_front(self) -> bool:
        window = self._window
        return window.isActiveWindow() and not window.isMinimized() and self._covers()

    def _covers(self) -> bool:
        window = self._window
        is_full = window.isFullScreen() or QGuiApplication.platformName() == _MAXIMISING
        return is_full and window.geometry() == window.screen().geometry()

    def _hold(self) -> bool:
        """Take keyboard and pointer; return whether both are held, or nobody has to hold them."""
        if not self._holds:
            return True
        handle = self._window.windowHandle()
        return handle.setKeyboardGrabEnabled(True) and handle.setMouseGrabEnabled(True)

    @Slot(QScreen)
    def _follow(self, screen: QScreen) -> None:
        """Cover a screen also after it was turned or has another size, which not every window
        manager sees to."""
        screen.geometryChanged.connect(self._cover_screen)

    @Slot()
    def _cover_screen(self) -> None:
        # Whether it is full screen does not matter: a window that left its screen is not any more.
        if self._is_kept and self._window.isVisible():
            self._window.setScreen(QGuiApplication.primaryScreen())
            self.cover()
