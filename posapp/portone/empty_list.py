"""When an error of PortOne's list by status means that the list is empty.

The V1 schema documents 400 for a page beyond the data, and the first page of an empty window is one
(docs/portone.md, "Payment"). Everything that is asked for is right by then: the status is one of
the schema's, the window at most 90 days, the limit at most 1000.
"""

from __future__ import annotations

import unicodedata

from posapp.domain.errors import GatewayCause, GatewayError, Outcome

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
"""Words by which PortOne says that there is nothing, or nothing on that page."""


def says_empty(error: GatewayError) -> bool:
    """Tell whether this answer to the first page of a list says that the list is empty.

    Only PortOne's own envelope with a code that is not 0 does, and only in words that mean it: a
    refused token, a busy server or somebody else's page say nothing about the data.
    """
    if error.outcome is not Outcome.REFUSED:
        return False
    if error.cause is GatewayCause.NOT_FOUND:
        return True
    text = unicodedata.normalize("NFKC", error.text).casefold()
    return error.cause is GatewayCause.REFUSED and any(each in text for each in NOTHING_THERE)
