"""Head of a page: the way back, the title and the page's own actions, always at one place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label

HEIGHT = 56
"""Height in pixels: that of a field, which a page may have in its head."""

MARGIN = 24

_BACK_WIDTH = 176
"""Width in pixels that every short Korean title fits, so that the title stands at one place."""


class PageHead(Frame):
    """Shows the head of one page after another.

    The button of the way back names the page that it leads to, and is absent on a tab.
    """

    back_pressed = Signal()

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("page-head", parent)
        self._texts, self._theme = texts, theme
        self.back = Button("quiet", "Esc")
        self.back.leave_key()  # it is the window's
        self.back.setObjectName("back")
        self.back.setMinimumWidth(_BACK_WIDTH)
        self.back.clicked.connect(self.back_pressed)
        self.title = Label("title")
        self.subtitle = ElidedLabel("muted")
        self._actions: QWidget | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._row.setSpacing(16)
        self._row.addWidget(self.back)
        self._row.addWidget(self.title)
        self._row.addWidget(self.subtitle, 1)
        self.setFixedHeight(HEIGHT)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def free_right(self) -> int:
        """Return where the page's actions begin, in pixels from the left."""
        actions = self._actions
        return actions.x() if actions is not None and actions.isVisible() else self.width() - MARGIN

    def show_page(self, page: QWidget, title: str, target: str) -> None:
        """Show a page's head.

        Args:
            title: the title of its route; a page with a title of its own shows that.
            target: the title of the page that Back leads to; empty on a tab.
        """
        own = page if isinstance(page, Screen) else None
        self.title.setText((own.title if own is not None else "") or title)
        self.subtitle.set_whole(own.subtitle if own is not None else "")
        self.back.setVisible(bool(target))
        if target:
            self.back.set_text(target, name=self._texts("words.back_to", title=target))
        self._show_actions(own.head_actions if own is not None else None)

    def _show_actions(self, actions: QWidget | None) -> None:
        if actions is self._actions:
            return
        if self._actions is not None:
            self._row.removeWidget(self._actions)
            self._actions.hide()
        self._actions = actions
        if actions is not None:
            self._row.addWidget(actions)
            actions.show()

    def _draw(self) -> None:
        self.back.set_sign("back", self._theme.colour("text-muted"))
