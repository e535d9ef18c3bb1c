"""Filters in daily use (kind, state, period), and the chips of all active ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.requests import RequestKind, RequestState
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.request_filter_state import (
    Period,
    RequestFilterState,
    active_names,
    filter_label,
)
from posapp.ui.requests.request_pager import STATE_CAP
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import Chip
from posapp.ui.widgets.flow_layout import FlowLayout
from posapp.ui.widgets.segmented_control import SegmentedControl

KINDS = (None, RequestKind.REFUND, RequestKind.EXCHANGE)
STATES = (None, RequestState.WAIT, RequestState.CANCEL, RequestState.OK)
PERIODS = (Period.ALL, Period.TODAY, Period.WEEK, Period.MONTH, Period.TYPED)

_USUAL_COUNT = 999


class FilterBar(QWidget):
    """Three segmented controls; the states include their number of requests."""

    filters_changed = Signal(object)
    """The filters changed. Carries a ``RequestFilterState``."""

    typed_times_wanted = Signal()
    """Open the panel for typed times."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._filters = RequestFilterState()
        self._counts: Mapping[RequestState, int] = {}
        self.kind = SegmentedControl(theme, KINDS)
        self.state = SegmentedControl(theme, STATES)
        self.period = SegmentedControl(theme, PERIODS)
        self.kind.chosen.connect(lambda key: self._ask(replace(self._filters, kind=key)))
        self.state.chosen.connect(lambda key: self._ask(replace(self._filters, state=key)))
        self.period.chosen.connect(self._period_chosen)
        row = FlowLayout(self)
        for track in (self.kind, self.state, self.period):
            row.addWidget(track)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def show_filters(self, filters: RequestFilterState) -> None:
        """Show the current filters."""
        self._filters = filters
        self.kind.choose(filters.kind)
        self.state.choose(filters.state)
        self.period.choose(filters.period)

    def show_counts(self, counts: Mapping[RequestState, int]) -> None:
        """Show the number of requests of each state."""
        if dict(counts) != dict(self._counts):
            self._counts = dict(counts)
            self._show_states()

    def _period_chosen(self, period: Period) -> None:
        if period is Period.TYPED:
            self.period.choose(self._filters.period)  # no time is typed yet, so nothing is filtered
            self.typed_times_wanted.emit()
            return
        self._ask(self._filters.with_period(period))

    def _ask(self, filters: RequestFilterState) -> None:
        self._filters = filters
        self.filters_changed.emit(filters)

    def _state_text(self, state: RequestState | None, counts: Mapping[RequestState, int]) -> str:
        if state is None:
            return self._texts("requests.any")
        label = self._texts(f"requests.state_{state.value}")
        if state not in counts:
            return label
        count = counts[state]
        more = "+" if count > STATE_CAP else ""
        return f"{label} {grouped(min(count, STATE_CAP))}{more}"

    def _retranslate(self) -> None:
        texts = self._texts
        kinds = [
            texts(f"requests.kind_{kind.value}") if kind else texts("requests.any")
            for kind in KINDS
        ]
        self.kind.set_text(texts("requests.kind"), kinds)
        periods = [texts(f"requests.period_{period.value}") for period in PERIODS]
        self.period.set_text(texts("requests.period"), periods)
        usual = dict.fromkeys(RequestState, _USUAL_COUNT)
        self.state.reserve([self._state_text(one, usual) for one in STATES])
        self._show_states()

    def _show_states(self) -> None:
        self.state.set_text(
            self._texts("requests.state"),
            [self._state_text(one, self._counts) for one in STATES],
        )
        layout = self.layout()
        if layout is not None:
            layout.invalidate()


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
        previous: QWidget = self.clear_all  # it has the place that the first chip takes
        for one in (*self.chips, self.clear_all):
            self._row.addWidget(one)
            if one is not previous:
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
