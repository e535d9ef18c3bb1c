"""Categories over the tiles: one press shows the products of one, another press all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.services.ports.goods import ON_SALE, ProductFilter
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.choice_button import ChoiceButton

MOST = 12
"""Categories that are offered at most; the search finds the products of the others."""

_SHORT, _GAP = 10, 8


class CategoryChips(QWidget):
    """One line of chips, favourites first; what does not fit is left out."""

    chosen = Signal()
    """``within`` changed by a press."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts, self._theme = texts, theme
        self.within: ProductFilter = ON_SALE
        self._filters: tuple[ProductFilter, ...] = ()
        self.chips: tuple[ChoiceButton, ...] = ()
        self._has_room = True
        self._row = boxes.row(on=self, gap=_GAP)
        self._row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        texts.bind("sale.categories").show_in(self, QWidget.setAccessibleName)
        texts.changed.connect(self._write)
        self.hide()

    def show_categories(self, categories: Sequence[str], *, has_favourites: bool) -> None:
        """Offer these; the chosen one stays if it is among them."""
        filters = [ProductFilter(category=one) for one in categories[:MOST]]
        if has_favourites and filters:
            filters.insert(0, ProductFilter(is_favourite=True))
        if tuple(filters) == self._filters:
            return
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._filters = tuple(filters)
        self.chips = tuple(ChoiceButton("choice", self) for _ in filters)
        for one, chip in zip(filters, self.chips, strict=True):
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(partial(self._press, one))
            self._row.addWidget(chip)
        if self.within not in filters:
            self.within = ON_SALE
        self._show_chips()
        self._write()

    def set_room(self, has_room: bool) -> None:
        """Take note whether there is room for them."""
        self._has_room = has_room
        self._show_chips()

    def _show_chips(self) -> None:
        self.setVisible(self._has_room and bool(self.chips))

    def forget(self) -> None:
        """Show all products again, without a signal."""
        self.within = ON_SALE
        self._tick()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def _press(self, wanted: ProductFilter, _: bool = False) -> None:
        self.within = ON_SALE if self.within == wanted else wanted
        self._tick()
        self.chosen.emit()

    def _tick(self) -> None:
        for one, chip in zip(self._filters, self.chips, strict=True):
            chip.setChecked(one == self.within)

    def _write(self) -> None:
        for one, chip in zip(self._filters, self.chips, strict=True):
            name = one.category or self._texts("products.favourite")
            chip.set_text(display_text(name, _SHORT, run=_SHORT), name=name)
        self._tick()
        self._fit()

    def _fit(self) -> None:
        left = self.width()
        for chip in self.chips:
            left -= chip.sizeHint().width()
            chip.setVisible(left >= 0)
            left -= _GAP
