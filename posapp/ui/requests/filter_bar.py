"""Filters in daily use: kind, state, period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.requests import RequestKind, RequestState
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.request_filter_state import Period, RequestFilterState
from posapp.ui.requests.request_pager import STATE_CAP
from posapp.ui.widgets.flow_layout import FlowLayout
from posapp.ui.widgets.segmented_control import SegmentedControl

KINDS = (None, RequestKind.REFUND, RequestKind.EXCHANGE)
STATES = (None, RequestState.WAIT, RequestState.CANCEL, RequestState.OK)
PERIODS = (Period.ALL, Period.TODAY, Period.WEEK, Period.MONTH, Period.TYPED)


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
            self._retranslate()

    def _period_chosen(self, period: Period) -> None:
        if period is Period.TYPED:
            self.period.choose(self._filters.period)  # no time is typed yet, so nothing is filtered
            self.typed_times_wanted.emit()
            return
        self._ask(self._filters.with_period(period))

    def _ask(self, filters: RequestFilterState) -> None:
        self._filters = filters
        self.filters_changed.emit(filters)

    def _state_text(self, state: RequestState | None) -> str:
        if state is None:
            return self._texts("requests.any")
        label = self._texts(f"requests.state_{state.value}")
        if state not in self._counts:
            return label
        count = self._counts[state]
        more = "+" if count > STATE_CAP else ""
        return f"{label} {grouped(min(count, STATE_CAP))}{more}"

    def _retranslate(self) -> None:
        texts = self._texts
        kinds = [
            texts(f"requests.kind_{kind.value}") if kind else texts("requests.any")
            for kind in KINDS
        ]
        self.kind.set_text(texts("requests.kind"), kinds)
        self.state.set_text(texts("requests.state"), [self._state_text(one) for one in STATES])
        periods = [texts(f"requests.period_{period.value}") for period in PERIODS]
        self.period.set_text(texts("requests.period"), periods)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
