"""The filters in use, seen and cleared one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.models.requests_asked import Asked, shown_names
from posapp.ui.screens.request_parts.chip import Chip
from posapp.ui.screens.request_parts.filter_words import filter_words
from posapp.ui.screens.request_parts.flow import FlowLayout
from posapp.ui.theme import Theme
from posapp.ui.widgets.buttons import Button


class FilterChips(QWidget):
    """A chip for each filter in use, and a button that clears all of them. Hidden without any."""

    cleared = Signal(str)
    """The name of a filter."""

    all_cleared = Signal()
    """Every one of them."""

    emptied = Signal()
    """The chip that had the focus has gone, and there is no other to give it to."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self._asked = Asked()
        self.chips: list[Chip] = []
        self._made: dict[str, Chip] = {}
        self.clear_all = Button("quiet")
        self.clear_all.clicked.connect(self.all_cleared)
        self._row = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._row.addWidget(self.clear_all)
        texts.changed.connect(self._write)
        self.hide()
        self._write()

    @property
    def words(self) -> tuple[str, ...]:
        """What the chips say."""
        return tuple(chip.text() for chip in self.chips)

    def show_asked(self, asked: Asked) -> None:
        """Show the filters in use."""
        self._asked = asked
        names = shown_names(asked)
        if names == tuple(chip.filter_name for chip in self.chips):
            self._name_chips(self.chips)
        else:
            self._rebuild(names)

    def _rebuild(self, names: tuple[str, ...]) -> None:
        focused = next((at for at, chip in enumerate(self.chips) if chip.hasFocus()), -1)
        lost = focused >= 0 or self.clear_all.hasFocus()
        before = self.chips
        self.chips = [self._chip(name) for name in names]
        self._name_chips(self.chips)  # first: whatever is shown is laid out at once, up to the top
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
        """The chip of a filter: each is made once."""
        known = self._made.get(name)
        if known is None:
            known = self._made[name] = Chip(self._theme, name, self)
            known.hide()
            known.cleared.connect(self.cleared)
        return known

    def _name_chips(self, chips: Sequence[Chip]) -> None:
        for chip in chips:
            words = filter_words(self._texts, self._asked, chip.filter_name)
            if words != chip.text():
                chip.set_words(words, name=self._texts("requests.clear_one", filter=words))

    def _write(self) -> None:
        self.setAccessibleName(self._texts("requests.chips"))
        self.clear_all.set_words(self._texts("requests.clear_all"))
        self._name_chips(self.chips)
        self._row.invalidate()
