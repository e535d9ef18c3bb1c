"""Choices of state and period above the list of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.order_segments import OrderSegment
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.periods import Period
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_list_filter import OrderListFilter
from posapp.ui.widgets import boxes
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.period_choice import PeriodChoice
from posapp.ui.widgets.segmented_control import SegmentedControl

SEGMENTS: tuple[OrderSegment | None, ...] = (None, *OrderSegment)
"""States to choose; ``None`` is all."""

PERIODS = tuple(Period)

MOST_COUNTED = 999
"""Largest count; whatever is more is shown as more than this."""

_USUAL = 99


class OrderFilterBar(QWidget):
    """One segment a state, with its count under the other conditions, and one a period.

    Two fields for typed times are there as long as their period is chosen.
    """

    changed = Signal(object)
    """Another state or period was chosen. Carries an ``OrderListFilter``."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._filters = OrderListFilter()
        self._counts: Mapping[OrderSegment | None, int] = {}
        self.state = SegmentedControl(theme, SEGMENTS)
        self.state.chosen.connect(lambda key: self._ask(replace(self._filters, segment=key)))
        self.periods = PeriodChoice(texts, theme, "orders", PERIODS, self)
        self.periods.chosen.connect(self._choose_period)
        self.periods.typed.connect(self._type_times)
        self._choices = FlowPanel()
        self._choices.add(self.state)
        self._choices.add(self.periods.segments)
        boxes.column(self._choices, self.periods.times, on=self, gap=8)
        texts.changed.connect(self._write)
        self._write()

    def show_filters(self, filters: OrderListFilter) -> None:
        """Show what is chosen."""
        self._filters = filters
        self.state.choose(filters.segment)
        self.periods.show_period(filters.period)

    def show_counts(self, counts: Mapping[OrderSegment | None, int]) -> None:
        """Show the number of orders of each state."""
        self._counts = dict(counts)
        self._write_states()

    def next_state(self) -> None:
        """Choose the state after the chosen one; after the last, all."""
        at = SEGMENTS.index(self._filters.segment) + 1
        self._ask(replace(self._filters, segment=SEGMENTS[at % len(SEGMENTS)]))

    def _choose_period(self, period: Period) -> None:
        self._ask(self._filters.with_period(period))

    def _type_times(self, since: datetime | None, until: datetime | None) -> None:
        self._ask(replace(self._filters, since=since, until=until))

    def _ask(self, filters: OrderListFilter) -> None:
        if filters != self._filters:
            self.show_filters(filters)
            self.changed.emit(filters)

    def _write(self) -> None:
        usual = dict.fromkeys(SEGMENTS, _USUAL)
        self.state.reserve([self._label(segment, usual) for segment in SEGMENTS])
        self._write_states()

    def _write_states(self) -> None:
        labels = [self._label(segment, self._counts) for segment in SEGMENTS]
        self.state.set_text(self._texts("orders.state"), labels)
        self._choices.arrange()

    def _label(
        self, segment: OrderSegment | None, counts: Mapping[OrderSegment | None, int]
    ) -> str:
        name = self._texts(f"orders.segment_{segment.value if segment else 'ALL'}")
        if segment is None or segment not in counts:
            return name  # of all, the page's head says the number
        count = counts[segment]
        more = "+" if count > MOST_COUNTED else ""
        return f"{name} {grouped(min(count, MOST_COUNTED))}{more}"
