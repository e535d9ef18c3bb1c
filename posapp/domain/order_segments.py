"""Segments of a list of orders. Not in ``orders``, which the first window has no time to import."""

from __future__ import annotations

from enum import StrEnum


class OrderSegment(StrEnum):
    """Which orders a list shows, by their state.

    ``OPEN`` (결제대기): to be paid at a till now; an order whose payment a file claims is not,
    until PortOne has answered. ``PAID`` (결제완료): paid, and nothing is on its way. ``DELIVERY``
    (배송): something is on its way or delivered. ``CANCELLED`` (취소·환불): at least one item is
    cancelled or refunded; such an order is in the segment of its other items, too.
    """

    OPEN = "OPEN"
    PAID = "PAID"
    DELIVERY = "DELIVERY"
    CANCELLED = "CANCELLED"
