"""When an attempt that is over is polled again.

Follows docs/portone.md, "The flow of one attempt", 8.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from posapp.domain.money import Won
from posapp.domain.payments import KAKAOPAY_SESSION, Attempt, AttemptState
from posapp.services.payments.poll_schedule import AGAIN_AT_MOST, check_later, next_poll_at
from posapp.services.runtime.clock_jump import FURTHEST_POLL

END = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLL = timedelta(seconds=2)
OVER = Attempt(
    1, 10, "pos-1", Won(5000), END - 5 * MINUTE, AttemptState.EXPIRED, "https://x", expires_at=END
)


def test_ended_attempt_is_polled_while_a_buyer_may_still_pay():
    """A minute after the end, and once more when every buyer's session is over."""
    assert next_poll_at(OVER, END, POLL) == END + MINUTE
    last = next_poll_at(OVER, END + MINUTE, POLL)
    assert last is not None
    assert END + KAKAOPAY_SESSION < last <= END + 20 * MINUTE
    assert next_poll_at(OVER, END + KAKAOPAY_SESSION, POLL) == last
    assert next_poll_at(OVER, last, POLL) is None


def test_unclear_status_is_polled_less_and_less_often():
    """A minute after the last look that every attempt gets, then twice as long, up to a limit that
    the watch of the clock leaves alone."""
    pauses = [check_later(replace(OVER, checks_after_end=n), END) - END for n in range(2, 10)]
    assert pauses == [n * MINUTE for n in (1, 2, 4, 8, 16, 30, 30, 30)]
    assert check_later(replace(OVER, checks_after_end=10_000), END) == END + AGAIN_AT_MOST
    assert check_later(OVER, END) == END + MINUTE
    assert AGAIN_AT_MOST < FURTHEST_POLL
