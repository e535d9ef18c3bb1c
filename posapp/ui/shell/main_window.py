"""Main window: tabs, the head of the page, the page, a status line, and the way between pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import shiboken6
from PySide6 import QtCore
from PySide6.QtCore import QRect, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.shell.next_appearance import next_language, next_theme
from posapp.ui.shell.page_head import HEIGHT as HEAD_HEIGHT
from posapp.ui.shell.page_head import PageHead
from posapp.ui.shell.routes import HOME, OPEN_MONEY, ORDERS, ROUTE, SYNC, TABS, is_tab
from posapp.ui.shell.screen import Screen
from posapp.ui.shell.screen_fit import PageRoom, ScreenFit, WholeArea
from posapp.ui.shell.status_bar import HEIGHT, StatusBar
from posapp.ui.shell.top_bar import BAR_HEIGHT, STRIP_HEIGHT, TopBar
from posapp.ui.shell.window_help import WindowHelp
from posapp.ui.shell.window_lock import WindowLock
from posapp.ui.widgets import boxes
from posapp.ui.widgets.toast import Toast

SMALLEST = (1024, 600)
USUAL = (1366, 768)
LEAST = (800, 480)
"""Sizes in pixels: the smallest that a page is made for, below which it scrolls; the first one of a
window; the smallest of a window."""

BODY = "body"
"""Object name of what contains the page, and scrolls below the smallest size."""

_LINES = 2
"""Height in pixels of the lines between the bars and the body."""

_BARS = STRIP_HEIGHT + BAR_HEIGHT + HEAD_HEIGHT + HEIGHT + _LINES
_SMALLEST_BODY = SMALLEST[0], SMALLEST[1] - _BARS

_LEAST_BODY = 160
"""Height in pixels of the body below which the whole window scrolls."""

_NO_FOCUS = 0
"""Value of ``Qt.FocusPolicy.NoFocus``: see ``posapp.ui``."""


class MainWindow(QMainWindow):
    """Contains the pages and shows one of them; depends on none of them.

    A page is added, or made at its first visit by what ``make_pages_by`` names.

    Args:
        shop: the shop's name.
        live: real money moves; the top bar shows which mode is active, in both modes.
    """

    first_painted = Signal()
    """The window was painted for the first time: heavy imports may begin."""

    head_shown = Signal()
    """The head shows another page, or another text."""

    newest_requested = Signal()
    """Open the newest notice, or else the live QR (Ctrl+O)."""

    screen_changed = Signal(str)
    """Another screen is shown. Carries its name."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        *,
        shop: str,
        live: bool,
        practice: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts, self._theme, self._shop = texts, theme, shop
        self._screens: dict[str, QWidget] = {}
        self._make: Callable[[str], QWidget | None] | None = None
        self._history: list[str] = []
        self._focus: dict[str, QWidget | None] = {}
        self._may_close: Callable[[], bool] | None = None
        self._focused: QWidget | None = None
        self._is_keeping = False
        self._painted = False
        self._wanted = ""
        self.top_bar = TopBar(texts, live=live, practice=practice)
        self.head = PageHead(texts, theme)
        self.status_bar = StatusBar(texts, theme, shop=shop)
        self._ground = QWidget()
        self._stack = QStackedWidget()
        self._toast: Toast | None = None
        self._whole: WholeArea | None = None
        self._build_layout()
        self.locking = WindowLock(
            *(self.top_bar, self.head, self._area, self._middle),
            *(lambda: self._screens.values(), lambda: self._screens.get(self.current), self),
        )
        self.locking.role_changed.connect(self._leave_hidden_pages)
        self.locking.fitted.connect(lambda _: self.help.close())
        self.top_bar.tab_pressed.connect(self.show_screen)
        self.top_bar.help.clicked.connect(self.help.toggle)
        self.help.keys_requested.connect(self.show_keys)
        self.head.back_pressed.connect(self.back)
        self.status_bar.open_money.clicked.connect(partial(self.toggle, OPEN_MONEY))
        self.status_bar.sync.clicked.connect(partial(self.toggle, SYNC))
        self._add_keys()
        texts.changed.connect(self._retranslate)
        self._screen_fit = ScreenFit(self, QSize(*USUAL), QSize(*LEAST))
        self.first_painted.connect(self._screen_fit.fit_frame)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_focus)
        self._retranslate()

    @property
    def first(self) -> str:
        """Return the id of the page that the window begins with."""
        return next(iter(self._screens), HOME)

    @property
    def current(self) -> str:
        """Return the name of the current screen, or empty."""
        return self._history[-1] if self._history else ""

    @property
    def before(self) -> str:
        """Return the id of the page that ``back`` returns to; empty on a tab."""
        if len(self._history) > 1:
            return self._history[-2]
        route = ROUTE.get(self.current)
        return route.parent if route is not None else ""

    def screen_named(self, name: str) -> QWidget:
        """Return a page; it is made now if it was not visited yet.

        Raises:
            KeyError: the page does not exist.
        """
        screen = self._screens.get(name)
        if screen is None:
            screen = self._make(name) if self._make is not None else None
            if screen is None:
                raise KeyError(name)
            self.add_screen(name, screen)
        return screen

    def made(self, name: str) -> QWidget | None:
        """Return a page that was made already, or ``None``."""
        return self._screens.get(name)

    def make_pages_by(self, make: Callable[[str], QWidget | None]) -> None:
        """Call ``make`` with a page's id at its first visit; ``None`` if there is no such page."""
        self._make = make

    def add_screen(self, name: str, screen: QWidget) -> None:
        """Add a page; the first one is shown."""
        self._screens[name] = screen
        self._stack.addWidget(screen)
        self._theme.style_when_shown(screen)
        if isinstance(screen, Screen):
            screen.head_changed.connect(self.refresh_head)
        if not self._history:
            self.show_screen(name)

    @Slot(str)
    def show_screen(self, name: str, *, is_visit: bool = True) -> None:
        """Show a page. One that is in the history already is returned to; a tab begins it anew.

        Args:
            is_visit: the page is entered with nothing to show: ``Screen.enter`` is called. Not on
                the way back, and not when its ``open`` was called.

        Before pages can be made, the page is remembered for ``show_wanted``. A page that is not for
        whoever is signed in is not shown.

        Raises:
            KeyError: the page does not exist.
        """
        if not self.locking.may_open(name):
            return
        try:
            screen = self.screen_named(name)
        except KeyError:
            if name not in ROUTE or self._make is not None:
                raise
            self._wanted = name
            return
        self._wanted = ""
        if self.current:
            self._focus[self.current] = self._screens[self.current].focusWidget()
        is_return = name in self._history
        if is_tab(name):
            self._history = [name]
        elif is_return:
            del self._history[self._history.index(name) + 1 :]
        else:
            self._history.append(name)
        self._stack.setCurrentWidget(screen)
        self._fit_body(screen)
        self.help.page_changed()
        if is_visit and isinstance(screen, Screen):
            screen.enter()
        before = self._focus.get(name) if is_return and not is_visit else None
        if before is None or not shiboken6.isValid(before) or not before.isEnabled():
            before = screen
        self.refresh_head()  # before the focus, which may begin in the page's own actions there
        if self.locking.is_locked:
            self.locking.fit()
        else:
            before.setFocus()
        self.screen_changed.emit(name)

    def show_wanted(self, otherwise: str = "") -> None:
        """Show the page that was asked for before it could be made, or else this one."""
        wanted = self._wanted or otherwise
        if wanted:
            self.show_screen(wanted)

    def toggle(self, name: str) -> None:
        """Show a page; from the page itself, go back."""
        if self.locking.is_locked:
            return
        if self.current == name:
            self.back()
        else:
            self.show_screen(name)

    def back(self) -> None:
        """Return to the previous page (Esc), unless the current one refuses. A tab has none."""
        if not self.before:
            return
        current, ends = self._screens[self.current], self._ends
        if isinstance(current, Screen) and not current.may_leave():
            return
        if ends and isinstance(current, Screen):
            current.home_requested.emit()
        else:
            self.show_screen(self.before, is_visit=False)

    def _step_back(self) -> None:
        """Close the help, or else return to the previous page."""
        if not self.help.step_back():
            self.back()

    @property
    def _ends(self) -> bool:
        """Whether Back ends the visit, and leads to the first page."""
        current = self._screens[self.current]
        return isinstance(current, Screen) and current.leads_home(self.before)

    @Slot()
    def _leave_hidden_pages(self) -> None:
        """Leave the pages that are not for whoever signed in."""
        self._history = [name for name in self._history if self.locking.may_open(name)]
        if self._screens and not self._history:
            self.go_home()

    @Slot()
    def search(self) -> None:
        """Go to the search of the current page, or else to that of the orders (F2)."""
        current = self._screens.get(self.current)
        if self.help.focus_search() or (isinstance(current, Screen) and current.focus_search()):
            return
        self.show_screen(ORDERS)
        orders = self._screens.get(ORDERS)
        if isinstance(orders, Screen):
            orders.focus_search()

    @Slot()
    def refresh_head(self) -> None:
        """Show the current page's head: its title, its actions, and where Back leads."""
        name = self.current
        if not name:
            return
        screen = self._screens[name]
        target = "" if is_tab(name) else (self.first if self._ends else self.before)
        route = ROUTE.get(name)
        title = self._texts(route.title) if route is not None else name
        self.head.show_page(screen, title, self._name_of(target))
        self.top_bar.show_current(self._history[0])
        self.head_shown.emit()

    def go_home(self) -> None:
        """Return to the first screen without asking the current one.

        The focus is reset there, so that the next user starts with the first field.
        """
        if self._screens:
            self._focus.pop(self.first, None)
            self.show_screen(self.first)

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

    def room_for_notice(self, least: int) -> QRect:
        """Return where a notice of at least this width covers nothing that is pressed or read.

        It is the right half of the page's head; where the page's own actions leave too little
        there, the left of the status line.
        """
        head, line = self.head.geometry(), self.status_bar.geometry()
        head.moveTopLeft(self.head.mapTo(self._ground, head.topLeft() - self.head.pos()))
        right = self.head.free_right
        width = max(least, right - head.width() // 2)
        if right - width >= head.width() // 4:
            return QRect(right - width, head.top(), width, head.height())
        return QRect(0, line.top(), self.status_bar.free_left, line.height())

    @property
    def ground(self) -> QWidget:
        """Return the central widget, the parent of everything in the window."""
        return self._ground

    @Slot()
    def show_keys(self) -> None:
        """Show the keys of the current page, and those of every page (Shift+F1)."""
        from posapp.ui.shell.key_list import KeyList  # not needed by the first window

        panel = KeyList(self._texts, ROUTE[self.current], self, of_staff=self.locking.is_used)
        panel.finished.connect(panel.deleteLater)
        panel.open()

    def show_language(self) -> None:
        """Change to the next language (F9), and say so in both."""
        self.toast.say(next_language(self._texts))

    def show_theme(self) -> None:
        """Change to the next theme (F10), and say its name."""
        self.toast.say(next_theme(self._texts, self._theme))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change the language or the theme by a key that a dialog passed on."""
        keys = QtCore.Qt.Key
        if event.key() == keys.Key_F9:
            self.show_language()
        elif event.key() == keys.Key_F10:
            self.show_theme()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Call the guard before closing."""
        if self._may_close is not None and not self._may_close():
            event.ignore()
            return
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit ``first_painted`` after the first paint."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # When this runs, everything above the window's background is painted too.
            QTimer.singleShot(0, self.first_painted.emit)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move the focus by Tab: from the top to the bottom of the window."""
        from posapp.ui.shell.tab_order import focus_next  # touches Qt's enums

        return focus_next(self, forward=forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the whole window scroll where it is smaller than a page is made for."""
        super().resizeEvent(event)
        size = event.size()
        is_small = size.width() < SMALLEST[0] or size.height() < SMALLEST[1]
        if is_small and self._whole is None:
            self._whole = WholeArea.around(self, self._ground)
        if self._whole is not None:
            self._whole.fit(scrolls=is_small)

    @Slot()
    def _keep_focus(self) -> None:
        """Take the focus back from a screen that is not shown.

        Qt lets a hidden screen take it, for example when its data arrive late. What is typed or
        pressed next would then act on what nobody sees.
        """
        now = QApplication.focusWidget()
        if self._is_keeping or now is None or now.window() is not self or not self.isVisible():
            return
        if now.isVisible():
            self._focused = now
            return
        back = self._focused
        if back is None or not _can_have_focus(back):
            back = self.locking.screen or self._screens.get(self.current)
        self._is_keeping = True  # a page's own focus proxy may be hidden, too
        now.clearFocus()
        if back is not None:
            back.setFocus()
        self._is_keeping = False

    def _add_keys(self) -> None:
        self._add_key("Esc", self._step_back)
        self._add_key("Shift+F1", self.show_keys)
        self._add_key("Ctrl+Q", self.close)
        self._add_key("F2", self.search)
        self._add_key("F9", self.show_language)
        self._add_key("F10", self.show_theme)
        self._add_key("Ctrl+O", self.newest_requested.emit)
        for route in TABS:
            self._add_key(f"Ctrl+{route.tab}", partial(self.show_screen, route.id))

    def _add_key(self, key: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(self)
        shortcut.setProperty("key", key)
        shortcut.setProperty("autoRepeat", False)
        shortcut.activated.connect(act)
        self.locking.shortcuts[key] = shortcut

    def _name_of(self, page: str) -> str:
        route = ROUTE.get(page)
        return self._texts(route.name) if route is not None else page

    def _build_layout(self) -> None:
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        self._area = area = QWidget()
        page = boxes.column(self.head, on=area, gap=0)
        # Below the smallest size of a page the body scrolls; tabs, head and status line stay.
        self._room = PageRoom(self._stack)
        self._room.setMinimumSize(*_SMALLEST_BODY)
        body = QScrollArea()
        body.setObjectName(BODY)
        body.setProperty("focusPolicy", _NO_FOCUS)
        body.setWidgetResizable(True)
        body.setFrameShape(QScrollArea.Shape.NoFrame)
        body.setWidget(self._room)
        body.setMinimumHeight(_LEAST_BODY)
        page.addWidget(body, 1)
        self._middle = boxes.row((area, 1), gap=0)
        column.addLayout(self._middle, 1)
        column.addWidget(self.status_bar)
        self.setCentralWidget(self._ground)
        self.help = WindowHelp(
            *(self._texts, self._theme, area),
            current=lambda: self.current,
            gives_way=lambda: self._fits_any_size(self._stack.currentWidget()),
            least=SMALLEST[0],
        )

    def _fit_body(self, screen: QWidget) -> None:
        """Give a page that fits any size no more room than the window has."""
        fits = self._fits_any_size(screen)
        self._room.setMinimumSize(*((0, 0) if fits else _SMALLEST_BODY))

    @staticmethod
    def _fits_any_size(screen: QWidget | None) -> bool:
        return isinstance(screen, Screen) and screen.fits_any_size

    def _retranslate(self) -> None:
        self.setWindowTitle(self._texts("window.title", shop=self._shop))
        self.refresh_head()


def _can_have_focus(widget: QWidget) -> bool:
    return shiboken6.isValid(widget) and widget.isVisible() and widget.isEnabled()
