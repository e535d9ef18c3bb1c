"""When PortOne is asked again about an attempt that is over.

Follows docs/portone.md, "The flow of one attempt", 8.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from posapp.domain.money import Won
from posapp.domain.payments import SESSION, Attempt, AttemptState
from posapp.services.clock_watch import FURTHEST_LOOK
from posapp.services.schedule import AGAIN_AT_MOST, look_later, next_look

END = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLL = timedelta(seconds=2)
OVER = Attempt(
    1, 10, "pos-1", Won(5000), END - 5 * MINUTE, AttemptState.EXPIRED, "https://x", expires_at=END
)


def test_an_ended_attempt_is_asked_about_until_nobody_can_be_inside_any_more():
    """A minute after the end, and once more when every buyer's session is over."""
    assert next_look(OVER, END, POLL) == END + MINUTE
    last = next_look(OVER, END + MINUTE, POLL)
    assert last is not None
    assert END + SESSION < last <= END + 20 * MINUTE
    assert next_look(OVER, END + SESSION, POLL) == last
    assert next_look(OVER, last, POLL) is None


def test_what_means_nothing_is_asked_for_more_and_more_seldom():
    """A minute after the last look that every attempt gets, then twice as long, up to a limit that
    the watch of the clock leaves alone."""
    pauses = [look_later(replace(OVER, checks_done=n), END) - END for n in range(2, 10)]
    assert pauses == [n * MINUTE for n in (1, 2, 4, 8, 16, 30, 30, 30)]
    assert look_later(replace(OVER, checks_done=10_000), END) == END + AGAIN_AT_MOST
    assert look_later(OVER, END) == END + MINUTE
    assert AGAIN_AT_MOST < FURTHEST_LOOK
