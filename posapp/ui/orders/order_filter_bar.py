"""Choices of state and period above the list of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.order_segments import OrderSegment
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.core.time_input import parse_time
from posapp.ui.orders.order_list_filter import OrderListFilter, OrderPeriod
from posapp.ui.widgets import boxes
from posapp.ui.widgets.debounced_field import DebouncedField
from posapp.ui.widgets.flow_layout import FlowLayout
from posapp.ui.widgets.segmented_control import SegmentedControl

SEGMENTS: tuple[OrderSegment | None, ...] = (None, *OrderSegment)
"""States to choose; ``None`` is all."""

PERIODS = tuple(OrderPeriod)

MOST_COUNTED = 999
"""Largest count; whatever is more is shown as more than this."""

_USUAL = 99
_GAP = 16


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
        self.period = SegmentedControl(theme, PERIODS)
        self.period.chosen.connect(self._choose_period)
        self.since, self.until = DebouncedField("ordersSince"), DebouncedField("ordersUntil")
        for field in (self.since, self.until):
            field.typed.connect(self._times_typed)
        choices = QWidget()
        self._flow = FlowLayout(choices)
        self._flow.addWidget(self.state)
        self._flow.addWidget(self.period)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        choices.setSizePolicy(policy)
        self._times = QWidget()
        boxes.row((self.since, 1), (self.until, 1), on=self._times, gap=_GAP)
        self._times.hide()
        boxes.column(choices, self._times, on=self, gap=8)
        texts.changed.connect(self._write)
        self._write()

    def show_filters(self, filters: OrderListFilter) -> None:
        """Show what is chosen."""
        self._filters = filters
        self.state.choose(filters.segment)
        self.period.choose(filters.period)
        self._times.setVisible(filters.period is OrderPeriod.TYPED)

    def show_counts(self, counts: Mapping[OrderSegment | None, int]) -> None:
        """Show the number of orders of each state."""
        self._counts = dict(counts)
        self._write_states()

    def next_state(self) -> None:
        """Choose the state after the chosen one; after the last, all."""
        at = SEGMENTS.index(self._filters.segment) + 1
        self._ask(replace(self._filters, segment=SEGMENTS[at % len(SEGMENTS)]))

    def next_period(self) -> None:
        """Choose the period after the chosen one; after the last, the first."""
        at = PERIODS.index(self._filters.period) + 1
        self._choose_period(PERIODS[at % len(PERIODS)])

    def _choose_period(self, period: OrderPeriod) -> None:
        self._ask(self._filters.with_period(period))
        if period is OrderPeriod.TYPED:
            self.since.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _times_typed(self) -> None:
        texts = self._texts
        since, wrong_since = _typed(self.since, to_the_end=False)
        until, wrong_until = _typed(self.until, to_the_end=True)
        filters = replace(self._filters, since=since, until=until)
        wrong = texts("orders.wrong_time")
        self.since.set_wrong(wrong if wrong_since else "")
        before = texts("orders.before_since") if filters.is_upside_down else ""
        self.until.set_wrong(wrong if wrong_until else before)
        if not wrong_since and not wrong_until:
            self._ask(filters)

    def _ask(self, filters: OrderListFilter) -> None:
        if filters != self._filters:
            self.show_filters(filters)
            self.changed.emit(filters)

    def _write(self) -> None:
        texts = self._texts
        periods = [texts(f"orders.period_{period.value}") for period in PERIODS]
        self.period.set_text(texts("orders.period"), periods)
        for name in ("since", "until"):
            field: DebouncedField = getattr(self, name)
            field.set_text(texts(f"orders.{name}"), texts("orders.time_hint"))
        usual = dict.fromkeys(SEGMENTS, _USUAL)
        self.state.reserve([self._label(segment, usual) for segment in SEGMENTS])
        self._write_states()

    def _write_states(self) -> None:
        labels = [self._label(segment, self._counts) for segment in SEGMENTS]
        self.state.set_text(self._texts("orders.state"), labels)
        self._flow.invalidate()

    def _label(
        self, segment: OrderSegment | None, counts: Mapping[OrderSegment | None, int]
    ) -> str:
        name = self._texts(f"orders.segment_{segment.value if segment else 'ALL'}")
        if segment is None or segment not in counts:
            return name  # of all, the page's head says the number
        count = counts[segment]
        more = "+" if count > MOST_COUNTED else ""
        return f"{name} {grouped(min(count, MOST_COUNTED))}{more}"


def _typed(field: DebouncedField, *, to_the_end: bool) -> tuple[datetime | None, bool]:
    """Return the typed time, or ``None``, and whether it is wrong."""
    if not field.text:
        return None, False
    try:
        return parse_time(field.text, to_the_end=to_the_end), False
    except ValueError:
        return None, True
