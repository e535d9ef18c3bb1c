"""What the list of orders is narrowed by: a text, a state and a period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.order_segments import OrderSegment
from posapp.services.ports.order_search import OrderFilter
from posapp.ui.core.periods import Period, period_begin


@dataclass(frozen=True, slots=True)
class OrderListFilter:
    """All conditions, joined by AND.

    Attributes:
        chosen: the chosen period; ``None`` until somebody chooses one: then it is today, and every
            day once there is a text.
        since, until: of a ``TYPED`` period (UTC).
    """

    text: str = ""
    segment: OrderSegment | None = None
    chosen: Period | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def period(self) -> Period:
        """The period that counts."""
        if self.chosen is not None:
            return self.chosen
        return Period.ALL if self.text else Period.TODAY

    @property
    def is_of_today(self) -> bool:
        """Whether it is the list of a visit: today's orders in every state."""
        return not self.text and self.segment is None and self.period is Period.TODAY

    def with_period(self, period: Period) -> OrderListFilter:
        """Return the filter with a chosen period; typed times are kept for their own."""
        return replace(self, chosen=period)

    def filter_at(self, now: datetime) -> OrderFilter:
        """Return the filter for the search; a named period ends ``now`` (UTC)."""
        since, until = None, None
        if self.period is Period.TYPED:
            since, until = self.since, self.until
        else:
            since = period_begin(self.period, now)
        return OrderFilter(self.text, self.segment, since, until)
