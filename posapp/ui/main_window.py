"""The window: a header, a stack of screens, a status line. Navigation and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6 import QtCore
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.header import Header
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.toast import Toast

HOME = "home"
"""The screen that everything leads back to."""

STATUS_HEIGHT, LOW_STATUS_HEIGHT, LOW = 48, 32, 700
"""Pixels of the line at the bottom, on a low window, and how high that is. Its room is kept from
the beginning: what can be pressed there comes later, and nothing may jump then."""


class MainWindow(QMainWindow):
    """Holds the screens and shows one of them; knows none of them.

    Args:
        shop: the shop's name.
        live: real money moves; the header says so, and says so the other way round too.
    """

    first_painted = Signal()
    """The window stood on the screen for the first time: heavy imports may begin."""

    screen_changed = Signal(str)
    """Another screen is shown; its name."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        *,
        shop: str,
        live: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._shop = shop
        self._screens: dict[str, QWidget] = {}
        self._trail: list[str] = []
        self._focus: dict[str, QWidget | None] = {}
        self._may_close: Callable[[], bool] | None = None
        self._may_leave: dict[str, Callable[[], bool]] = {}
        self._painted = False
        self._message = ""
        self.header = Header(texts, theme, shop=shop, live=live)
        self._ground = QWidget()
        self._stack = QStackedWidget()
        self._status = Label("caption")
        self.header.way_back.clicked.connect(self.back)
        self._without_way_back: set[str] = set()
        self._lay_out()
        self._toast: Toast | None = None
        escape = QShortcut(self)
        escape.setProperty("key", "Esc")
        escape.activated.connect(self.back)
        leave = QShortcut(self)
        leave.setProperty("key", "Ctrl+Q")
        leave.activated.connect(self.close)
        texts.changed.connect(self._write)
        self.setMinimumSize(1024, 600)
        self.resize(1200, 800)
        self._write()

    @property
    def current(self) -> str:
        """The name of the screen that is shown, or empty."""
        return self._trail[-1] if self._trail else ""

    @property
    def before(self) -> str:
        """The name of the screen that the way back leads to, or empty."""
        return self._trail[-2] if len(self._trail) > 1 else ""

    def screen_named(self, name: str) -> QWidget:
        """Return a screen.

        Raises:
            KeyError: there is no such screen.
        """
        return self._screens[name]

    def add_screen(
        self,
        name: str,
        screen: QWidget,
        *,
        may_leave: Callable[[], bool] | None = None,
        has_way_back: bool = False,
    ) -> None:
        """Add a screen; the first one is shown.

        Args:
            has_way_back: it shows a way back itself; for others the window does.
            may_leave: asked when the person wants back. ``False`` keeps the screen up: it then
                asks the person itself, and calls ``back()`` again when it may be left.
        """
        self._screens[name] = screen
        if may_leave is not None:
            self._may_leave[name] = may_leave
        if has_way_back or not self._screens.keys() - {name}:
            self._without_way_back.add(name)
        self._stack.addWidget(screen)
        if not self._trail:
            self.show_screen(name)

    def show_screen(self, name: str) -> None:
        """Show a screen. One that is on the way back already is returned to."""
        screen = self._screens[name]
        if self.current:
            self._focus[self.current] = self._screens[self.current].focusWidget()
        is_return = name in self._trail
        if is_return:
            del self._trail[self._trail.index(name) + 1 :]
        else:
            self._trail.append(name)
        self.header.way_back.setVisible(name not in self._without_way_back)
        self._stack.setCurrentWidget(screen)
        before = self._focus.get(name) if is_return else None
        if before is None or not shiboken6.isValid(before) or not before.isEnabled():
            before = screen
        before.setFocus()
        self.screen_changed.emit(name)

    def back(self) -> None:
        """Go to the screen before, unless this one does not let go yet (Esc)."""
        if len(self._trail) < 2:
            return
        may_leave = self._may_leave.get(self.current)
        if may_leave is None or may_leave():
            self.show_screen(self._trail[-2])

    def go_home(self) -> None:
        """Go to the first screen without asking the one that is up; the focus begins anew there:
        who comes home this way is done, and the next person starts with the first field."""
        if self._trail:
            self._focus.pop(self._trail[0], None)
            self.show_screen(self._trail[0])

    def guard_closing(self, may_close: Callable[[], bool]) -> None:
        """Ask ``may_close`` when the person closes the window. ``False`` keeps it open: whoever
        answered so asks the person (by a dialog that is opened, not executed) and calls
        ``close_at_once()`` in the end."""
        self._may_close = may_close

    def close_at_once(self) -> None:
        """Close without asking."""
        self._may_close = None
        self.close()

    def come_forward(self) -> None:
        """Be in front of all other windows, as far as the desktop lets it."""
        states = QtCore.Qt.WindowState
        self.setWindowState((self.windowState() & ~states.WindowMinimized) | states.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()

    @property
    def toast(self) -> Toast:
        """Says things in passing, above whatever screen is up."""
        if self._toast is None:
            self._toast = Toast(self._ground)
        return self._toast

    @property
    def ground(self) -> QWidget:
        """What everything in the window lies on."""
        return self._ground

    @property
    def status_line(self) -> QWidget:
        """The line at the bottom."""
        return self._bar

    def add_to_status(self, widget: QWidget) -> None:
        """Put something at the right end of the line at the bottom, where its room was kept."""
        self._line.addWidget(widget)

    def set_status(self, message_id: str) -> None:
        """Say something in the line at the bottom; an empty id clears it."""
        self._message = message_id
        self._write()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first."""
        if self._may_close is not None and not self._may_close():
            event.ignore()
            return
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window has no room to give away."""
        super().resizeEvent(event)
        height = LOW_STATUS_HEIGHT if self.height() < LOW else STATUS_HEIGHT
        if self._bar.minimumHeight() != height:
            self._bar.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note the first time."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # By the time this is called everything above the window's own ground is painted too.
            QTimer.singleShot(0, self.first_painted.emit)

    def _lay_out(self) -> None:
        status = Frame("status")
        line = QHBoxLayout(status)
        line.setContentsMargins(32, 0, 12, 0)
        line.addWidget(self._status, 1)
        self._bar, self._line = status, line
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        column.addWidget(status)
        self.setCentralWidget(self._ground)

    def _write(self) -> None:
        self.setWindowTitle(self._texts("window.title", shop=self._shop))
        self._status.setText(self._texts(self._message) if self._message else "")
