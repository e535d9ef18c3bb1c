"""A payment that the till finds a minute later.

The minute passes while the other files run: this file is the last of them by its name.
"""

from __future__ import annotations

from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE, recorded_once
from tests.e2e.till import Till

A_MINUTE = 60 + 240
"""Seconds until the till has looked again, a minute after a link's end, on a slow machine."""


def test_paid_late_it_is_found_by_the_till_that_stayed_open(
    left_open: Till, portone: PortOne
) -> None:
    """A minute after its end the attempt is polled again, and the screen shows the new result."""
    left_open.wait_to_read(DONE, patience=A_MINUTE)
    recorded_once(left_open, portone)
    assert left_open.close() == 0
    assert left_open.trouble() == []
