"""Chips of the active filters, each of which can be cleared."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.filter_labels import filter_label
from posapp.ui.requests.request_filter_state import RequestFilterState, active_names
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.chip import Chip
from posapp.ui.widgets.flow_layout import FlowLayout


class FilterChips(QWidget):
    """A chip for each active filter, and a button that clears all. Hidden without any."""

    cleared = Signal(str)
    """Clear one filter. Carries its name."""

    all_cleared = Signal()
    """Clear all filters."""

    emptied = Signal()
    """The focused chip was removed, and there is no other chip to focus."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self._filters = RequestFilterState()
        self.chips: list[Chip] = []
        self._made: dict[str, Chip] = {}
        self.clear_all = Button("quiet")
        self.clear_all.clicked.connect(self.all_cleared)
        self._row = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._row.addWidget(self.clear_all)
        texts.changed.connect(self._retranslate)
        self.hide()
        self._retranslate()

    @property
    def captions(self) -> tuple[str, ...]:
        """Return the texts of the chips."""
        return tuple(chip.text() for chip in self.chips)

    def show_filters(self, filters: RequestFilterState) -> None:
        """Show the active filters."""
        self._filters = filters
        names = active_names(filters)
        if names == tuple(chip.filter_name for chip in self.chips):
            self._name_chips(self.chips)
        else:
            self._rebuild(names)

    def _rebuild(self, names: tuple[str, ...]) -> None:
        focused = next((at for at, chip in enumerate(self.chips) if chip.hasFocus()), -1)
        lost = focused >= 0 or self.clear_all.hasFocus()
        before = self.chips
        self.chips = [self._chip(name) for name in names]
        self._name_chips(self.chips)  # first: a shown widget is laid out at once, up to the top
        for one in (*before, self.clear_all):
            self._row.removeWidget(one)
        previous: QWidget | None = None
        for one in (*self.chips, self.clear_all):
            self._row.addWidget(one)
            if previous is not None:
                QWidget.setTabOrder(previous, one)
            previous = one
        for chip in before:
            chip.setVisible(chip in self.chips)
        for chip in self.chips:
            chip.show()
        self.setVisible(bool(names))
        if lost and self.chips:
            at = min(max(focused, 0), len(self.chips) - 1)
            self.chips[at].setFocus(Qt.FocusReason.OtherFocusReason)
        elif lost:
            self.emptied.emit()

    def _chip(self, name: str) -> Chip:
        """Return the chip of a filter; each is created once."""
        known = self._made.get(name)
        if known is None:
            known = self._made[name] = Chip(self._theme, name, self)
            known.hide()
            known.cleared.connect(self.cleared)
        return known

    def _name_chips(self, chips: Sequence[Chip]) -> None:
        for chip in chips:
            text = filter_label(self._texts, self._filters, chip.filter_name)
            if text != chip.text():
                chip.set_text(text, name=self._texts("requests.clear_one", filter=text))

    def _retranslate(self) -> None:
        self.setAccessibleName(self._texts("requests.chips"))
        self.clear_all.set_text(self._texts("requests.clear_all"))
        self._name_chips(self.chips)
        self._row.invalidate()
