"""The filters in use, seen and cleared one by one."""

from __future__ import annotations

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
        if names != tuple(chip.filter_name for chip in self.chips):
            self._rebuild(names)
        self._write()

    def _rebuild(self, names: tuple[str, ...]) -> None:
        focused = next((at for at, chip in enumerate(self.chips) if chip.hasFocus()), -1)
        lost = focused >= 0 or self.clear_all.hasFocus()
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._row.removeWidget(self.clear_all)
        self.chips = [Chip(self._theme, name, self) for name in names]
        previous: QWidget | None = None
        for chip in self.chips:
            chip.cleared.connect(self.cleared)
            self._row.addWidget(chip)
            chip.show()
            if previous is not None:
                QWidget.setTabOrder(previous, chip)
            previous = chip
        self._row.addWidget(self.clear_all)
        if previous is not None:
            QWidget.setTabOrder(previous, self.clear_all)
        self.setVisible(bool(names))
        if lost and self.chips:
            at = min(max(focused, 0), len(self.chips) - 1)
            self.chips[at].setFocus(Qt.FocusReason.OtherFocusReason)
        elif lost:
            self.emptied.emit()

    def _write(self) -> None:
        texts = self._texts
        self.setAccessibleName(texts("requests.chips"))
        self.clear_all.set_words(texts("requests.clear_all"))
        for chip in self.chips:
            words = filter_words(texts, self._asked, chip.filter_name)
            chip.set_words(words, name=texts("requests.clear_one", filter=words))
        self._row.invalidate()
