"""Help of the window: which page of the manual is open beside the page, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from posapp.ui.help.help_panel import HelpPanel


class WindowHelp(QObject):
    """Opens the manual at the right of a page, which stays usable.

    The page gives way to the panel where it is still as wide as it is made for; elsewhere the panel
    lies over its right side.

    Args:
        area: what contains the page and its head; its layout's right margin gives way.
        current: returns the id of the current page.
        gives_way: returns whether the current page fits any width.
        least: narrowest page in pixels.
    """

    keys_requested = Signal()
    """Show the list of all keys."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        area: QWidget,
        *,
        current: Callable[[], str],
        gives_way: Callable[[], bool],
        least: int,
    ) -> None:
        super().__init__(area)
        self._texts, self._theme, self._area = texts, theme, area
        self._current, self._gives_way, self._least = current, gives_way, least
        self._panel: HelpPanel | None = None
        self._before: QWidget | None = None
        self._page = ""
        area.installEventFilter(self)

    @property
    def panel(self) -> HelpPanel:
        """Return the panel; it is made at its first use."""
        if self._panel is None:
            from posapp.ui.help.help_panel import HelpPanel  # not needed by the first window

            self._panel = HelpPanel(self._texts, self._theme, self._area)
            self._panel.closed.connect(self.close)
            self._panel.keys_requested.connect(self.keys_requested)
            self._panel.hide()
        return self._panel

    @property
    def is_open(self) -> bool:
        """Return whether the panel is shown."""
        return self._panel is not None and self._panel.isVisibleTo(self._area)

    def toggle(self) -> None:
        """Open the help of the current page, or close the panel."""
        if self.is_open:
            self.close()
        else:
            self.open()

    def open(self) -> None:
        """Show the help of the current page, with the focus on its text."""
        self._before = QApplication.focusWidget()
        self._page = self._current()
        panel = self.panel
        panel.show()
        self.place()
        panel.raise_()
        panel.open_topic(self._page)
        panel.text.setFocus()

    def close(self) -> None:
        """Hide the panel; the focus returns to where it was before."""
        panel = self._panel
        if panel is None or not self.is_open:
            return
        if panel.isAncestorOf(QApplication.focusWidget() or self._area):
            before = self._before
            if before is not None and shiboken6.isValid(before) and before.isVisible():
                before.setFocus()
            else:
                panel.focusPreviousChild()
        panel.hide()
        self.place()

    def step_back(self) -> bool:
        """Leave the results of a search, or close the panel (Esc); ``False`` if it is closed."""
        if self._panel is None or not self.is_open:
            return False
        if not (self._has_focus(self._panel) and self._panel.clear_search()):
            self.close()
        return True

    def focus_search(self) -> bool:
        """Empty and focus the search in the manual (F2), if the focus is in the panel."""
        if self._panel is None or not self.is_open or not self._has_focus(self._panel):
            return False
        self._panel.clear_search()
        self._panel.search.setFocus()
        return True

    def page_changed(self) -> None:
        """Show the help of another page, unless the reader has gone on to another topic."""
        if self._panel is not None and self.is_open:
            if self._panel.topic == self._page:
                self._panel.open_topic(self._current())
            self._before = None
        self._page = self._current()
        self.place()

    def place(self) -> None:
        """Place the panel, and give the page what is left of the width."""
        layout = self._area.layout()
        if layout is None:
            return
        width = self.panel.width() if self.is_open else 0
        beside = self._gives_way() or self._area.width() - width >= self._least
        layout.setContentsMargins(0, 0, width if beside else 0, 0)
        if self._panel is not None and width:
            right = self._area.width()
            self._panel.setGeometry(QRect(right - width, 0, width, self._area.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Place the panel again when the window is resized."""
        if event.type() is QEvent.Type.Resize and self.is_open:
            self.place()
        return False

    @staticmethod
    def _has_focus(panel: QWidget) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is panel or panel.isAncestorOf(focused))
