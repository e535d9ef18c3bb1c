"""What the list of orders is narrowed by: a text, a state and a period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from posapp.domain.order_segments import OrderSegment
from posapp.services.ports.order_search import OrderFilter
from posapp.ui.core.formats import seoul


class OrderPeriod(StrEnum):
    """Period in which orders were made; of Seoul's days, up to now."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    TYPED = "typed"


_DAYS = {OrderPeriod.TODAY: 1, OrderPeriod.WEEK: 7, OrderPeriod.MONTH: 30}


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
    chosen: OrderPeriod | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def period(self) -> OrderPeriod:
        """The period that counts."""
        if self.chosen is not None:
            return self.chosen
        return OrderPeriod.ALL if self.text else OrderPeriod.TODAY

    @property
    def is_of_today(self) -> bool:
        """Whether it is the list of a visit: today's orders in every state."""
        return not self.text and self.segment is None and self.period is OrderPeriod.TODAY

    @property
    def is_upside_down(self) -> bool:
        """Whether the typed period begins after its end."""
        return (
            self.period is OrderPeriod.TYPED
            and self.since is not None
            and self.until is not None
            and self.since > self.until
        )

    def with_period(self, period: OrderPeriod) -> OrderListFilter:
        """Return the filter with a chosen period; typed times are kept for their own."""
        return replace(self, chosen=period)

    def filter_at(self, now: datetime) -> OrderFilter:
        """Return the filter for the search; a named period ends ``now`` (UTC)."""
        since, until = None, None
        if self.period is OrderPeriod.TYPED:
            since, until = self.since, self.until
        elif self.period in _DAYS:
            midnight = seoul(now).replace(hour=0, minute=0, second=0, microsecond=0)
            since = (midnight - timedelta(days=_DAYS[self.period] - 1)).astimezone(UTC)
        return OrderFilter(self.text, self.segment, since, until)
