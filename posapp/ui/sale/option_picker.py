"""What is asked before a product can be added: its options, or its weight."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.product_options import Option, OptionGroup
from posapp.domain.products import SaleUnit
from posapp.services.goods.product_service import ProductDetails
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.sale.cart_table import is_count_key
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label

_LONG, _SHORT = 60, 24


class OptionPicker(QWidget):
    """Groups of options to tick, or a weight to type. Enter adds; Esc is the page's."""

    agreed = Signal(object, object)
    """Add the product: with the ids of the ticked options, and the grams or ``None``."""

    closed = Signal()
    """Add nothing."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts, self._theme = texts, theme
        self._details: ProductDetails | None = None
        self.chips: dict[int, CheckChip] = {}
        self.name = ElidedLabel("heading")
        self.grams = IdField("saleGrams")
        self.grams.say(texts.bind("sale.grams"), texts.bind("sale.grams_hint"))
        self.grams.disable_input_method()
        self.close_button = Button("quiet", text=texts.bind("words.close"))
        self.add_button = Button("secondary", "Enter", text=texts.bind("sale.add"))
        self.close_button.clicked.connect(self.closed)
        self.add_button.clicked.connect(self._agree)
        self._inside = Frame("panel")
        self._groups = QVBoxLayout(self._inside)
        self._groups.setContentsMargins(0, 0, 0, 0)
        self._area = FocusScrollArea(theme)
        self._area.setWidget(self._inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its chips have it, and are scrolled to
        texts.bind("sale.options").show_in(self._area, QWidget.setAccessibleName)
        boxes.column(
            *(self.name, self.grams, (self._area, 1)),
            boxes.row(1, self.close_button, self.add_button, gap=8),
            on=self,
            gap=8,
            margins=8,
        )
        texts.changed.connect(self._write)

    def ask(self, details: ProductDetails) -> None:
        """Ask about a product, with nothing chosen."""
        self._details = details
        self._drop_groups()
        self.grams.set_value(None)
        self._write()
        first = next(iter(self.chips.values()), None)
        (self.grams.line if not self.grams.isHidden() else first or self.add_button).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add by Enter, once; keys of the count are no count here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._agree()
        elif not is_count_key(event):
            super().keyPressEvent(event)

    def _agree(self) -> None:
        chosen = tuple(number for number, chip in self.chips.items() if chip.isChecked())
        self.agreed.emit(chosen, self.grams.value() if not self.grams.isHidden() else None)

    def _write(self) -> None:
        """Make the groups anew, with what was ticked."""
        details = self._details
        if details is None:
            return
        ticked = {number for number, chip in self.chips.items() if chip.isChecked()}
        focused = next((number for number, chip in self.chips.items() if chip.hasFocus()), None)
        self._drop_groups()
        self.name.set_whole(display_text(details.product.name, _LONG, run=_LONG))
        self.grams.setVisible(details.product.unit is SaleUnit.WEIGHT)
        for group in details.groups:
            self._add_group(group, ticked)
        self._groups.addStretch(1)
        if focused in self.chips:
            self.chips[focused].setFocus()

    def _drop_groups(self) -> None:
        self.chips = {}
        while (item := self._groups.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add_group(self, group: OptionGroup, ticked: set[int]) -> None:
        texts, is_one = self._texts, group.most == 1
        name = display_text(group.name, _SHORT, run=_SHORT)
        key = "sale.group_least" if group.least else "sale.group_most"
        if group.least == group.most:
            key = "sale.group_exact"
        counts = texts(key, group=name, least=group.least, most=group.most)
        heading = Label("field", wraps=True)
        heading.setText(counts)
        self._groups.addWidget(heading)
        place = FlowPanel()
        group_chips = []
        for option in group.options:
            chip = CheckChip(self._theme, kind="radio" if is_one else "check")
            chip.set_text(self._option_text(option), name=f"{name}: {self._option_text(option)}")
            chip.setChecked(option.id in ticked)
            place.add(chip)
            self.chips[option.id] = chip
            group_chips.append(chip)
        if is_one:
            for chip in group_chips:
                chip.clicked.connect(partial(_untick, group_chips, chip))
        self._groups.addWidget(place)
        for made in (heading, place):
            made.show()  # now: the first chip is to have the focus

    def _option_text(self, option: Option) -> str:
        name = display_text(option.name, _SHORT, run=_SHORT)
        return f"{name} +{self._texts.won(option.price)}" if option.price else name


def _untick(chips: Collection[CheckChip], but: CheckChip) -> None:
    for chip in chips:
        if chip is not but:
            chip.setChecked(False)
