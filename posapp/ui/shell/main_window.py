"""Main window: a header, a stack of screens, a status line, and the navigation between them."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6 import QtCore
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.header import Header
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.toast import SHOWN_MS, Toast

HOME = "home"
"""Name of the first screen."""

STATUS_HEIGHT, LOW_STATUS_HEIGHT, LOW = 48, 32, 700
"""Heights in pixels: status line, status line on a low window, and the limit of a low window.

The space is reserved from the start, so that adding buttons later shifts nothing.
"""


class MainWindow(QMainWindow):
    """Contains the screens and shows one of them; depends on none of them.

    Args:
        shop: the shop's name.
        live: real money moves; the header shows which mode is active, in both modes.
    """

    first_painted = Signal()
    """The window was painted for the first time: heavy imports may begin."""

    screen_changed = Signal(str)
    """Another screen is shown. Carries its name."""

    def __init__(
        self,
        texts: Translator,
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
        self._history: list[str] = []
        self._focus: dict[str, QWidget | None] = {}
        self._may_close: Callable[[], bool] | None = None
        self._may_leave: dict[str, Callable[[], bool]] = {}
        self._focused: QWidget | None = None
        self._painted = False
        self._message = ""
        self._passing = ""
        self._passing_timer = QTimer(self)
        self._passing_timer.setSingleShot(True)
        self._passing_timer.setInterval(SHOWN_MS)
        self._passing_timer.timeout.connect(self._end_passing)
        self.header = Header(texts, theme, shop=shop, live=live)
        self._ground = QWidget()
        self._stack = QStackedWidget()
        self._status = Label("caption")
        self.header.back_button.clicked.connect(self.back)
        self._without_way_back: set[str] = set()
        self._build_layout()
        self._toast: Toast | None = None
        escape = QShortcut(self)
        escape.setProperty("key", "Esc")
        escape.activated.connect(self.back)
        leave = QShortcut(self)
        leave.setProperty("key", "Ctrl+Q")
        leave.activated.connect(self.close)
        texts.changed.connect(self._retranslate)
        self.setMinimumSize(1024, 600)
        self.resize(1200, 800)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_focus)
        self._retranslate()

    @property
    def current(self) -> str:
        """Return the name of the current screen, or empty."""
        return self._history[-1] if self._history else ""

    @property
    def before(self) -> str:
        """Return the name of the screen that ``back`` returns to, or empty."""
        return self._history[-2] if len(self._history) > 1 else ""

    def screen_named(self, name: str) -> QWidget:
        """Return a screen.

        Raises:
            KeyError: the screen does not exist.
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
            has_way_back: the screen has its own back button; for others the window shows one.
            may_leave: called when the user goes back. ``False`` keeps the screen: it then asks the
                user itself, and calls ``back()`` again when it may be left.
        """
        self._screens[name] = screen
        if may_leave is not None:
            self._may_leave[name] = may_leave
        if has_way_back or not self._screens.keys() - {name}:
            self._without_way_back.add(name)
        self._stack.addWidget(screen)
        if not self._history:
            self.show_screen(name)

    def show_screen(self, name: str) -> None:
        """Show a screen. One that is in the history already is returned to."""
        screen = self._screens[name]
        if self.current:
            self._focus[self.current] = self._screens[self.current].focusWidget()
        is_return = name in self._history
        if is_return:
            del self._history[self._history.index(name) + 1 :]
        else:
            self._history.append(name)
        self.header.back_button.setVisible(name not in self._without_way_back)
        self._stack.setCurrentWidget(screen)
        before = self._focus.get(name) if is_return else None
        if before is None or not shiboken6.isValid(before) or not before.isEnabled():
            before = screen
        before.setFocus()
        self.screen_changed.emit(name)

    def back(self) -> None:
        """Return to the previous screen (Esc), unless the current one refuses."""
        if len(self._history) < 2:
            return
        may_leave = self._may_leave.get(self.current)
        if may_leave is None or may_leave():
            self.show_screen(self._history[-2])

    def go_home(self) -> None:
        """Return to the first screen without asking the current one.

        The focus is reset there, so that the next user starts with the first field.
        """
        if self._history:
            self._focus.pop(self._history[0], None)
            self.show_screen(self._history[0])

    def guard_closing(self, may_close: Callable[[], bool]) -> None:
        """Call ``may_close`` when the user closes the window. ``False`` keeps it open.

        The callback then asks the user by a dialog that is opened, not executed, and calls
        ``close_without_asking()`` in the end.
        """
        self._may_close = may_close

    def close_without_asking(self) -> None:
        """Close the window without calling the guard."""
        self._may_close = None
        self.close()

    def bring_to_front(self) -> None:
        """Raise the window above all others, as far as the desktop allows it."""
        states = QtCore.Qt.WindowState
        self.setWindowState((self.windowState() & ~states.WindowMinimized) | states.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()

    @property
    def toast(self) -> Toast:
        """Return the toast, which shows short messages above the current screen."""
        if self._toast is None:
            self._toast = Toast(self._ground)
        return self._toast

    @property
    def ground(self) -> QWidget:
        """Return the central widget, the parent of everything in the window."""
        return self._ground

    @property
    def status_line(self) -> QWidget:
        """Return the status line at the bottom."""
        return self._bar

    def add_to_status(self, widget: QWidget) -> None:
        """Add a widget at the right end of the status line, in the reserved space."""
        self._line.addWidget(widget)

    def set_status(self, message_id: str) -> None:
        """Show a message in the status line; an empty id clears it."""
        self._message = message_id
        self._retranslate()

    def say_in_status(self, text: str) -> None:
        """Show a text in the status line for some seconds, in place of the message."""
        self._passing = text
        self._passing_timer.start()
        self._retranslate()
        announce(self._status, text)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Call the guard before closing."""
        if self._may_close is not None and not self._may_close():
            event.ignore()
            return
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reduce the status line on a low window."""
        super().resizeEvent(event)
        height = LOW_STATUS_HEIGHT if self.height() < LOW else STATUS_HEIGHT
        if self._bar.minimumHeight() != height:
            self._bar.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit ``first_painted`` after the first paint."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # When this runs, everything above the window's background is painted too.
            QTimer.singleShot(0, self.first_painted.emit)

    @Slot()
    def _keep_focus(self) -> None:
        """Take the focus back from a screen that is not shown.

        Qt lets a hidden screen take it, for example when its data arrive late. What is typed or
        pressed next would then act on what nobody sees.
        """
        now = QApplication.focusWidget()
        if now is None or now.window() is not self or not self.isVisible():
            return
        if now.isVisible():
            self._focused = now
            return
        back = self._focused
        if back is None or not _can_have_focus(back):
            back = self._screens.get(self.current)
        now.clearFocus()
        if back is not None:
            back.setFocus()

    def _build_layout(self) -> None:
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

    def _retranslate(self) -> None:
        self.setWindowTitle(self._texts("window.title", shop=self._shop))
        message = self._texts(self._message) if self._message else ""
        self._status.setText(self._passing or message)

    def _end_passing(self) -> None:
        self._passing = ""
        self._retranslate()


def _can_have_focus(widget: QWidget) -> bool:
    return shiboken6.isValid(widget) and widget.isVisible() and widget.isEnabled()
