"""Whether PortOne's answers are about this shop: keys of another one open other books."""

from __future__ import annotations

from datetime import datetime, timedelta

from posapp.domain.payments import Attempt
from posapp.services.ports.store import UnitOfWork

KEPT_FOR = timedelta(days=1)
"""How long PortOne is trusted to remember a registered number."""


def number_of_account(attempt: Attempt, now: datetime) -> str:
    """The number of an attempt, if this till has certainly registered it, and not long ago: the
    account in which it is not is another one. Empty otherwise."""
    recent = abs(now - attempt.created_at) <= KEPT_FOR
    return attempt.merchant_uid if attempt.link_url and recent else ""


def newest_number(uow: UnitOfWork, now: datetime) -> str:
    """The newest such number among the attempts that are not certain, or empty."""
    watched = sorted(uow.attempts.uncertain(), key=lambda one: one.id, reverse=True)
    numbers = (number_of_account(one, now) for one in watched)
    return next((number for number in numbers if number), "")


def should_be_listed(uow: UnitOfWork) -> bool:
    """A buyer was seen on the page of an attempt that is not over: PortOne has a payment of it."""
    return any(one.opened_at is not None and one.is_live for one in uow.attempts.uncertain())
