"""Side panel: content at the right of the window, beside a page that stays usable."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label

WIDTH = 480
"""In pixels: 60 units of 8."""

MARGIN = 16


class SidePanel(Frame):
    """A title, what can be done beside it, and the way out above the content.

    Its owner places it. Esc is the window's, which closes the panel before anything else.

    Args:
        title: what the panel shows.
        actions: between the title and 닫기.
    """

    closed = Signal()
    """닫기 was pressed."""

    def __init__(
        self, texts: Translator, title: BoundText, *actions: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__("side-panel", parent)
        self.setFixedWidth(WIDTH)
        title.show_in(self, QWidget.setAccessibleName)
        self.title = Label("heading", text=title)
        self.close_button = Button("quiet", "Esc", text=texts.bind("words.close"))
        self.close_button.leave_key()  # Esc is the window's
        self.close_button.clicked.connect(self.closed)
        self.content = boxes.column(gap=8)
        head = boxes.row(self.title, 1, *actions, self.close_button, gap=8)
        boxes.column(head, (self.content, 1), on=self, gap=8, margins=(MARGIN, 8, MARGIN, 8))


class PanelSlot(QObject):
    """The place of side panels at the right of a page: one at a time lies over it.

    Closing gives the focus back to what had it.

    Args:
        page: the page, which stays usable.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._panel: SidePanel | None = None
        self._before: QWidget | None = None
        page.installEventFilter(self)

    @property
    def panel(self) -> SidePanel | None:
        """Return the panel that is shown, or ``None``."""
        panel = self._panel
        return panel if panel is not None and panel.isVisibleTo(self._page) else None

    def open(self, panel: SidePanel) -> None:
        """Show a panel in the place of the one that is shown; its owner sets the focus."""
        shown = self.panel
        if shown is None:
            self._before = QApplication.focusWidget()
        elif shown is not panel:
            shown.hide()
        self._panel = panel
        panel.show()
        self._place(panel)
        panel.raise_()

    def close(self) -> bool:
        """Hide the panel; ``False`` if none is shown."""
        panel = self.panel
        if panel is None:
            return False
        focused = QApplication.focusWidget()
        had_focus = focused is not None and panel.isAncestorOf(focused)
        panel.hide()
        if had_focus and self._before is not None and self._before.isVisible():
            self._before.setFocus()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the panel at the right of the page."""
        # Other events come while the page is deleted, too, and nothing of it may be used then.
        if event.type() == QEvent.Type.Resize and (panel := self.panel) is not None:
            self._place(panel)
        return False

    def _place(self, panel: SidePanel) -> None:
        width = min(panel.width(), self._page.width())
        left = self._page.width() - width
        panel.setGeometry(QRect(left, 0, width, self._page.height()))
