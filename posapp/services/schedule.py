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
        return now + CERTAIN if attempt.checks_done < 2 else None
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
