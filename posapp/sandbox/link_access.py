"""Rules of when a buyer may enter a link, and until when a buyer inside may still pay."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from .records import Link, Payment, Prepared

GRACE = 15 * 60
"""Seconds after a link's end in which a buyer inside can still pay: one KakaoPay session."""


class EntryRefusal(StrEnum):
    """Reason why a buyer cannot pay."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    EXPIRED = "expired"
    AMOUNT = "amount"
    PAID = "paid"
    OVER = "over"
    SESSION_OVER = "session_over"


class PaymentNotAllowed(Exception):
    """The buyer may not enter or pay; ``why`` is the reason."""

    def __init__(self, why: EntryRefusal) -> None:
        super().__init__(why.value)
        self.why = why


def link_end(link: Link, now: int) -> EntryRefusal | None:
    """Return how the link ended; None if it is open at ``now``."""
    if link.closed_at and link.closed_at <= now:
        return EntryRefusal.CLOSED
    return EntryRefusal.EXPIRED if link.expired_at <= now else None


def check_entry(
    link: Link, prepared: Prepared | None, tries: Iterable[Payment], now: int, again: bool
) -> None:
    """Raise :class:`PaymentNotAllowed` unless a new buyer may enter the link now.

    A paid merchant_uid refuses new buyers, unless ``again``, which allows a second payment for
    training and tests.
    """
    ended = link_end(link, now)
    if ended is not None:
        raise PaymentNotAllowed(ended)
    if differs(prepared, link.amount, link.currency):
        raise PaymentNotAllowed(EntryRefusal.AMOUNT)
    if not again and any(each.paid_at for each in tries):
        raise PaymentNotAllowed(EntryRefusal.PAID)


def differs(prepared: Prepared | None, amount: int, currency: str) -> bool:
    """Whether the registered amount forbids this one; without a registration none is forbidden."""
    if prepared is None:
        return False
    return prepared.amount != amount or prepared.currency not in (None, currency)


def check_finish(payment: Payment, link: Link | None, now: int, late: bool) -> None:
    """Raise :class:`PaymentNotAllowed` unless the buyer inside may pay now; ``late`` ignores the
    time."""
    if payment.paid_at:
        raise PaymentNotAllowed(EntryRefusal.PAID)
    if payment.failed_at:
        raise PaymentNotAllowed(EntryRefusal.OVER)
    if link is not None and not late and now >= link.ends_at + GRACE:
        raise PaymentNotAllowed(EntryRefusal.SESSION_OVER)
