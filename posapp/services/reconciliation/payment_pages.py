"""Reads a window of a provider's list of payments, page after page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.services.ports.gateway import PaymentGateway, PaymentPage

MOST_PAGES = 5_000
"""Upper bound against endless pagination: a million payments in 90 days."""


def read_pages(gateway: PaymentGateway, since: datetime, until: datetime) -> Iterator[PaymentPage]:
    """Yield the pages of a window until there is none after them.

    Raises:
        GatewayError: a page could not be read; GARBAGE: the pages do not end.
    """
    page = gateway.list_payments(since, until)
    yield page
    followed = set[str]()
    while (cursor := page.next_cursor) is not None:
        if cursor in followed or len(followed) + 1 == MOST_PAGES:
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE, text="pages go round")
        followed.add(cursor)
        page = gateway.list_payments(since, until, cursor)
        yield page
