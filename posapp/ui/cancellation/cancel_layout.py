"""Layout of the cancel screen: the item, and beside or below it the form or the result."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.cancellation.cancel_card import CancelCard
from posapp.ui.cancellation.item_card import ItemCard
from posapp.ui.cancellation.result_panel import CancelResultPanel
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.message_bar import Banner

_WIDEST = 1440
_NARROW = 900
_ALONE = 640
_TALLEST = 600
"""Height in pixels of a card that has room for all."""

_LOW = 480
"""Height in pixels below which the cards give up white space, for the reason to be seen."""

_GAP, _LOW_GAP = 24, 16
_ABOVE = 2
"""Share of the white space that is above a card alone; below it there is 3."""


class CancelLayout(QScrollArea):
    """Scrolls where the window is too small for it."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner(texts, theme)
        self.item_card = ItemCard(texts, theme)
        self.form = CancelCard(texts, theme)
        self.outcome = CancelResultPanel(texts, theme)
        self.busy = BusyBar(theme)
        self._right = QStackedWidget()
        self._right.addWidget(self.form)
        self._right.addWidget(self.outcome)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(_GAP)
        for card in (self.item_card, self._right):
            card.setMaximumHeight(_TALLEST)
        self._columns.addWidget(self.item_card, 3)
        self._columns.addWidget(self._right, 5)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._ground())
        self.clear()

    def clear(self) -> None:
        """Clear the screen before an item is read."""
        self.banner.clear()
        self.outcome.clear()
        self.item_card.hide()
        self._right.hide()

    def show_form(self) -> None:
        """Show the form with reason and button."""
        self._show(self.form)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_outcome(self) -> None:
        """Show the result."""
        self._show(self.outcome)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards side by side on a wide screen, else one above the other."""
        super().resizeEvent(event)
        wide = self.width() >= _NARROW and self.width() > self.height()
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() is not direction:
            self._columns.setDirection(direction)
        gap = _LOW_GAP if self.height() < _LOW else _GAP
        self._columns.setSpacing(gap)
        self.form.failure.setMinimumHeight(gap + gap // 2)
        for card in (self.item_card, self.form, self.outcome):
            inside = card.layout()
            if inside is not None:
                inside.setContentsMargins(gap, gap, gap, gap)

    def _show(self, page: QWidget) -> None:
        fresh = self._right.isHidden() or self._right.currentWidget() is not page
        alone = self.item_card.isHidden()
        self._right.setMaximumWidth(_ALONE if alone else _WIDEST)
        for end in (0, 2):  # alone it is in the middle, else the cards begin below the title
            self._middle.setStretch(end, int(alone))
        self._page.setStretch(0, _ABOVE if alone else 0)
        self._right.setCurrentWidget(page)
        self._right.show()
        if fresh:  # the focus stays if the user is already on the page
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ground(self) -> QWidget:
        content = QWidget()
        content.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        self._middle = boxes.row(0, (self._columns, 100), 0)
        column.addLayout(self._middle, 1)
        column.addWidget(self.busy)
        row = QHBoxLayout()
        row.addWidget(content, 100)
        row.addStretch(1)
        ground = QWidget()
        ground.setProperty("role", "page")
        self._page = page = QVBoxLayout(ground)
        page.setContentsMargins(24, 8, 24, 0)  # the bar of progress keeps its place below
        page.addStretch(_ABOVE)
        page.addLayout(row, 1000)
        page.addStretch(3)
        return ground
