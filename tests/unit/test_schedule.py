"""When PortOne is asked again about an attempt that is over.

Follows docs/portone.md, "The flow of one attempt", 8.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from posapp.domain.money import Won
from posapp.domain.payments import SESSION, Attempt, AttemptState
from posapp.services.schedule import next_look

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
