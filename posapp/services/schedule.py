"""When PortOne is asked next about an attempt.

Follows docs/portone.md, "The flow of one attempt", 6 and 8.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from posapp.domain.payments import SESSION, Attempt

SOON = timedelta(minutes=1)
CERTAIN = SESSION + timedelta(minutes=1)
"""Behind the end of a link by this much, nobody can still be inside KakaoPay."""

FURTHEST_END = timedelta(hours=1)
"""No link ends so late: what was written lies in the future, the clock was wrong then. Two looks
after the end are enough, whenever it was."""

AGAIN_LATER = timedelta(seconds=60)
"""Pause after a look at an ended attempt that got no answer."""

AGAIN_AT_MOST = timedelta(minutes=30)
"""The longest pause after answers that mean nothing: a person has the payment on a list, and what
PortOne says may have a meaning tomorrow. Shorter than what ``clock_watch`` takes for a moment that
a wrong clock gave."""

LOOKS_AT_AN_END = 2
"""Looks that every ended attempt gets; those after them are for what is not certain."""


def end_of(attempt: Attempt) -> datetime:
    """When nobody new could enter any more: closed for certain, or run out, or never opened."""
    return attempt.closed_at or attempt.expires_at or attempt.created_at


def next_look(attempt: Attempt, now: datetime, poll: timedelta) -> datetime | None:
    """When to look again after a look that was answered, or ``None``: it is certain now.

    A live attempt is polled; an ended one is looked at one minute and sixteen minutes after its
    end, whatever it ended as: who was inside KakaoPay can pay late, or a second time.
    """
    if attempt.is_live and attempt.link_url:
        return now + poll
    end = end_of(attempt)
    if end - now > FURTHEST_END:
        return now + CERTAIN if attempt.checks_done < LOOKS_AT_AN_END else None
    for later in (end + SOON, end + CERTAIN):
        if now < later:
            return later
    return None


def look_again(attempt: Attempt, now: datetime, live_retry: timedelta) -> datetime:
    """When to look again after a look that was not answered.

    Args:
        live_retry: pause while somebody may stand at the counter.
    """
    return now + (live_retry if attempt.is_live else AGAIN_LATER)


def look_later(attempt: Attempt, now: datetime) -> datetime:
    """When to look again after a look whose answer means nothing, though nothing else is due: the
    pause doubles each time, up to ``AGAIN_AT_MOST``."""
    doublings = min(max(attempt.checks_done - LOOKS_AT_AN_END, 0), 10)
    return now + min(AGAIN_LATER * (1 << doublings), AGAIN_AT_MOST)
