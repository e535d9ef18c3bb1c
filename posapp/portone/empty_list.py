"""Errors of PortOne's list by status that mean an empty list.

The V1 schema documents 400 for a page beyond the data, and the first page of an empty window is one
(docs/portone.md, "Payment"). At that point the request is known to be valid: the status is one of
the schema's, the window at most 90 days, the limit at most 1000.
"""

from __future__ import annotations

import unicodedata

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome

NOTHING_THERE = (
    "page",
    "페이지",
    "데이터 범위",
    "데이터범위",
    "존재하지 않",
    "결과가 없",
    "내역이 없",
    "데이터가 없",
    "결제건이 없",
    "no data",
    "no payment",
    "not found",
    "empty",
)
"""Phrases of PortOne's that mean no data, or no data on that page."""


def says_empty(error: GatewayError) -> bool:
    """Return whether this answer to the first page of a list means that the list is empty.

    Only PortOne's own envelope with a code that is not 0 can mean it, and only with one of the
    known phrases. A refused token, a busy server or a page that is not PortOne's says nothing about
    the data.
    """
    if error.outcome is not GatewayOutcome.REFUSED:
        return False
    if error.cause is GatewayCause.NOT_FOUND:
        return True
    text = unicodedata.normalize("NFKC", error.text).casefold()
    return error.cause is GatewayCause.REFUSED and any(each in text for each in NOTHING_THERE)
