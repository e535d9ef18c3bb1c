"""Schedules the polls of an attempt.

Follows docs/portone.md, "The flow of one attempt", 6 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.payments import KAKAOPAY_SESSION, Attempt

FIRST_RECHECK = timedelta(minutes=1)
FINAL_RECHECK = KAKAOPAY_SESSION + timedelta(minutes=1)
"""Time after the end of a link when no buyer can be inside KakaoPay any more."""

MAX_PLAUSIBLE_END = timedelta(hours=1)
"""No link ends later from now than this: a later end was written while the clock was wrong. Two
polls are enough for such an ended attempt, whenever it really ended."""

RETRY_ENDED = timedelta(seconds=60)
"""Pause after a poll of an ended attempt that got no answer."""

AGAIN_AT_MOST = timedelta(minutes=30)
"""Longest pause after answers that decide nothing. The payment is on a person's list, and PortOne's
answer may decide something tomorrow. Shorter than ``clock_jump.FURTHEST_POLL``, beyond which a poll
time is attributed to a wrong clock."""

CHECKS_AT_AN_END = 2
"""Polls that every ended attempt gets; later ones are for an attempt that is not certain."""


@dataclass(frozen=True, slots=True)
class LivePauses:
    """Pauses between two answered polls of a live attempt.

    Attributes:
        unopened: while nobody has opened the link; nothing can be paid yet.
        opened: once a buyer was seen at the link, who may pay at any moment.
    """

    unopened: timedelta
    opened: timedelta

    def pause_of(self, attempt: Attempt) -> timedelta:
        """Return the pause for this attempt."""
        return self.unopened if attempt.first_seen_at is None else self.opened


def link_end_of(attempt: Attempt) -> datetime:
    """Return when the link stopped admitting buyers: closed for certain, expired, or never open."""
    return attempt.closed_at or attempt.expires_at or attempt.created_at


def next_poll_at(attempt: Attempt, now: datetime, pauses: LivePauses) -> datetime | None:
    """Return when to poll after an answered poll, or ``None``: the attempt is certain.

    A live attempt is polled after its pause in ``pauses``. An ended one is polled one minute and
    sixteen minutes after its end, whatever its final state: a buyer inside KakaoPay can pay late,
    or a second time.
    """
    if attempt.is_live and attempt.link_url:
        return now + pauses.pause_of(attempt)
    end = link_end_of(attempt)
    if end - now > MAX_PLAUSIBLE_END:
        return now + FINAL_RECHECK if attempt.checks_after_end < CHECKS_AT_AN_END else None
    for later in (end + FIRST_RECHECK, end + FINAL_RECHECK):
        if now < later:
            return later
    return None


def retry_poll_at(
    attempt: Attempt, now: datetime, live_retry: timedelta, retry_after: int | None
) -> datetime:
    """Return when to poll after a poll that got no answer.

    Args:
        live_retry: pause while a buyer may be at the counter.
        retry_after: seconds for which PortOne asked to be left alone, or ``None``.
    """
    pause = live_retry if attempt.is_live else RETRY_ENDED
    return now + max(pause, timedelta(seconds=retry_after or 0))


def check_later(attempt: Attempt, now: datetime) -> datetime:
    """Return when to poll after an answer that decides nothing, if no other poll is due. The pause
    doubles each time, up to ``AGAIN_AT_MOST``."""
    doublings = min(max(attempt.checks_after_end - CHECKS_AT_AN_END, 0), 10)
    return now + min(RETRY_ENDED * (1 << doublings), AGAIN_AT_MOST)
