"""When an attempt is polled again.

Follows docs/portone.md, "The flow of one attempt", 6 and 8.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from posapp.domain.money import Won
from posapp.domain.payments import KAKAOPAY_SESSION, Attempt, AttemptState
from posapp.portone.retry_after import LONGEST
from posapp.services.payments.poll_schedule import (
    AGAIN_AT_MOST,
    RETRY_ENDED,
    LivePauses,
    check_later,
    next_poll_at,
    retry_poll_at,
)
from posapp.services.runtime.clock_jump import FURTHEST_POLL

END = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLL = LivePauses(unopened=timedelta(seconds=2), opened=timedelta(milliseconds=700))
LIVE_RETRY = timedelta(seconds=5)
OVER = Attempt(
    1, 10, "pos-1", Won(5000), END - 5 * MINUTE, AttemptState.EXPIRED, "https://x", expires_at=END
)

LIVE = replace(OVER, state=AttemptState.WAITING)


def test_opened_link_is_polled_more_often():
    """Nothing can be paid before somebody opens the link; afterwards the buyer waits."""
    now = END - 4 * MINUTE
    assert next_poll_at(LIVE, now, POLL) == now + timedelta(seconds=2)
    seen = replace(LIVE, first_seen_at=now)
    assert next_poll_at(seen, now, POLL) == now + timedelta(milliseconds=700)


def test_ended_attempt_is_not_polled_more_often_after_a_buyer_was_seen():
    assert next_poll_at(replace(OVER, first_seen_at=END - MINUTE), END, POLL) == END + MINUTE


def test_retry_after_extends_the_pause_and_never_shortens_it():
    for attempt, pause in ((LIVE, LIVE_RETRY), (OVER, RETRY_ENDED)):
        for seconds in (None, 0, 1):
            assert retry_poll_at(attempt, END, LIVE_RETRY, seconds) == END + pause
        assert retry_poll_at(attempt, END, LIVE_RETRY, 240) == END + timedelta(seconds=240)
    assert timedelta(seconds=LONGEST) < FURTHEST_POLL


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
