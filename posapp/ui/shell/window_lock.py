"""Lock of the window: what is shown while nobody is signed in, and what a role may open."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from posapp.ui.shell.page_head import PageHead
from posapp.ui.shell.routes import ROUTE, TABS, Role
from posapp.ui.shell.screen import Screen
from posapp.ui.shell.top_bar import TopBar

LOCK_KEY = "Ctrl+L"

_KEYS_WHILE_LOCKED = frozenset({"Ctrl+Q", "F9", "F10"})


class WindowLock(QObject):
    """Shows a lock in place of the page, and beside it if the page stays (``Screen.keeps_shown``).

    The status line stays; tabs and keys that lead elsewhere do not.

    Args:
        place: the row that contains the body, whose first widget the lock becomes.
        pages: returns the pages that exist.
        current: returns the current one.

    Attributes:
        is_used: there is staff.
        shortcuts: the window's own, by key.
    """

    requested = Signal()
    """Whoever is signed in leaves the till (Ctrl+L)."""

    fitted = Signal(bool)
    """The lock has its room. Carries whether a page stays beside it."""

    role_changed = Signal()
    """Another role is at the till."""

    def __init__(
        self,
        top_bar: TopBar,
        head: PageHead,
        body: QWidget,
        place: QHBoxLayout,
        pages: Callable[[], Iterable[QWidget]],
        current: Callable[[], QWidget | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._top_bar, self._head, self._body, self._place = top_bar, head, body, place
        self._pages, self._current, self._window = pages, current, parent
        self._role: Role | None = None
        self._lock: QWidget | None = None
        self._focused: QWidget | None = None
        self.is_locked = self.is_used = False
        self.shortcuts: dict[str, QShortcut] = {}
        top_bar.person_pressed.connect(self.requested)

    @property
    def screen(self) -> QWidget | None:
        """Return the lock while it is shown."""
        return self._lock if self.is_locked else None

    def use(self) -> None:
        """There is staff from now on: Ctrl+L locks."""
        if self.is_used:
            return
        self.is_used = True
        shortcut = QShortcut(self._window)
        shortcut.setProperty("key", LOCK_KEY)
        shortcut.setProperty("autoRepeat", False)
        shortcut.activated.connect(self.requested)
        self.shortcuts[LOCK_KEY] = shortcut

    def may_open(self, name: str) -> bool:
        """Return whether the page is for the role of whoever is at the till."""
        route = ROUTE.get(name)
        return route is None or self._role is None or self._role in route.roles

    def lock(self, screen: QWidget) -> None:
        """Lock with this screen, which is always the same one."""
        if self._lock is None:
            self._lock = screen
            self._place.insertWidget(0, screen)
        if not self.is_locked:
            focused = QApplication.focusWidget()
            inside = focused is not None and self._body.isAncestorOf(focused)
            self._focused = focused if inside else None
        self.is_locked = True
        self._set_keys()
        self._top_bar.show_tabs(())
        self._head.hide()
        screen.show()
        self.fit()

    def unlock(self) -> None:
        """Show the page as it was."""
        if self._lock is None or not self.is_locked:
            return
        self.is_locked = False
        self._lock.hide()
        self._head.show()
        self._body.show()
        for page in self._pages():
            if isinstance(page, Screen):
                page.set_locked(False)
        self._set_keys()
        self._show_tabs()
        before = self._focused
        can_have = before is not None and shiboken6.isValid(before) and before.isVisible()
        back = before if can_have else self._current()
        if back is not None:
            back.setFocus()

    def show_for(self, role: Role | None) -> None:
        """Show the tabs of a role; ``None`` is all. A page that it may not see gives way."""
        self._role = role
        self._show_tabs()
        self.role_changed.emit()

    def fit(self) -> None:
        """Give the lock the room beside a page that stays on screen, or all of it."""
        if self._lock is None or not self.is_locked:
            return
        page = self._current()
        stays = isinstance(page, Screen) and page.keeps_shown
        self.fitted.emit(stays)
        self._body.setVisible(stays)
        if isinstance(page, Screen):
            page.set_locked(True)

    def _show_tabs(self) -> None:
        if not self.is_locked:
            self._top_bar.show_tabs([route.id for route in TABS if self.may_open(route.id)])

    def _set_keys(self) -> None:
        for key, shortcut in self.shortcuts.items():
            shortcut.setEnabled(not self.is_locked or key in _KEYS_WHILE_LOCKED)
