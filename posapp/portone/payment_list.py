"""PortOne's list of payments by time (docs/portone.md, "Payment"): numbered pages behind the port's
opaque cursor."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.portone.payloads import PageAnswer
from posapp.services.ports.gateway import PaymentPage

PATH = "/payments/status/all"

WINDOW = timedelta(days=90)
"""The longest window that PortOne answers."""

PAGE = 200
"""Payments per page: about 200 kB, read without a pause on the screen (docs/performance.md)."""

EMPTY_PAGE = PaymentPage((), (), None)

_CURSOR = re.compile(r"[1-9][0-9]{0,8}")


def page_of(cursor: str | None) -> int:
    """Return the number of the page that a cursor names; pages count from 1.

    Raises:
        ValueError: it is no cursor of this list.
    """
    if cursor is None:
        return 1
    if not _CURSOR.fullmatch(cursor):
        raise ValueError("no such page")
    return int(cursor)


def page_query(since: datetime, until: datetime, page: int) -> tuple[tuple[str, str], ...]:
    """Return the query of one page of a window.

    Raises:
        ValueError: the window is longer than ``WINDOW``, or ends before it begins.
    """
    if not timedelta(0) <= until - since <= WINDOW:
        raise ValueError("a window of at most 90 days")
    return (
        ("page", str(page)),
        ("limit", str(PAGE)),
        ("from", str(int(since.timestamp()))),
        ("to", str(int(until.timestamp()))),
        ("sorting", "started"),
    )


def to_payment_page(answer: PageAnswer, page: int) -> PaymentPage:
    """Return a page as the port has it.

    Raises:
        GatewayError: GARBAGE: the page that follows is not the next one, or there can be none after
            so many payments.
    """
    following = answer.next_page
    if following is not None and (following != page + 1 or 0 < answer.total <= page * PAGE):
        raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE, text="pages go round")
    cursor = str(following) if following is not None else None
    return PaymentPage(answer.payments, answer.unreadable, cursor)
