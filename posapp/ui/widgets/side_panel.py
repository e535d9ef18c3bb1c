"""Side panel: content at the right of the window, beside a page that stays usable."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

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
        self.close_button.setProperty("shortcut", "")
        self.close_button.clicked.connect(self.closed)
        self.content = boxes.column(gap=8)
        head = boxes.row(self.title, 1, *actions, self.close_button, gap=8)
        boxes.column(head, (self.content, 1), on=self, gap=8, margins=(MARGIN, 8, MARGIN, 8))
