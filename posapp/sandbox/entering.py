"""When a buyer may enter a link, and until when a buyer inside may still pay."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from .records import Link, Payment, Prepared

GRACE = 15 * 60
"""Seconds after a link's end in which a buyer who was inside can finish: one KakaoPay session."""


class Hindrance(StrEnum):
    """Why a buyer cannot pay."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    EXPIRED = "expired"
    AMOUNT = "amount"
    PAID = "paid"
    OVER = "over"
    SESSION_OVER = "session_over"


class CannotPay(Exception):
    """The buyer is turned away; ``why`` says for what."""

    def __init__(self, why: Hindrance) -> None:
        super().__init__(why.value)
        self.why = why


def end_of(link: Link, now: int) -> Hindrance | None:
    """Whether the link is over at ``now``, and how it ended."""
    if link.closed_at and link.closed_at <= now:
        return Hindrance.CLOSED
    return Hindrance.EXPIRED if link.expired_at <= now else None


def check_entry(
    link: Link, prepared: Prepared | None, tries: Iterable[Payment], now: int, again: bool
) -> None:
    """Raises :class:`CannotPay` unless a new buyer may enter the link now.

    A merchant_uid that is paid lets nobody in, unless ``again``: the door for training (and
    testing) what happens when someone pays twice.
    """
    ended = end_of(link, now)
    if ended is not None:
        raise CannotPay(ended)
    if differs(prepared, link.amount, link.currency):
        raise CannotPay(Hindrance.AMOUNT)
    if not again and any(each.paid_at for each in tries):
        raise CannotPay(Hindrance.PAID)


def differs(prepared: Prepared | None, amount: int, currency: str) -> bool:
    """Whether a registered amount forbids this one; no registration forbids nothing."""
    if prepared is None:
        return False
    return prepared.amount != amount or prepared.currency not in (None, currency)


def check_finish(payment: Payment, link: Link | None, now: int, late: bool) -> None:
    """Raises :class:`CannotPay` unless the buyer inside may pay now; ``late`` ignores the time."""
    if payment.paid_at:
        raise CannotPay(Hindrance.PAID)
    if payment.failed_at:
        raise CannotPay(Hindrance.OVER)
    if link is not None and not late and now >= link.ends_at + GRACE:
        raise CannotPay(Hindrance.SESSION_OVER)
