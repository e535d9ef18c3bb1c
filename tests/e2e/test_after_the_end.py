"""Payments that come when the till believes that it is over, or when there is no till."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.deadline import eventually
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE, ORDER, pay_late, recorded_once
from tests.e2e.shop import PAID, WAITING
from tests.e2e.till import Till

A_MINUTE = 60 + 240
"""Seconds until the till has looked again, a minute after a link's end, on a slow machine."""

# From here on another till waits for its minute to pass; the last test looks at it.
pytestmark = pytest.mark.usefixtures("left_open")


def test_paid_late_it_is_found_when_the_till_is_opened_again(
    till_at: Callable[[], Till], portone: PortOne, phone: Phone
) -> None:
    """Closed after the late payment and opened again, the till polls at once, and the waiting order
    is paid."""
    till = till_at()
    pay_late(till, phone)
    assert till.close() == 0
    again = till_at()
    eventually(lambda: again.books(ORDER).items == PAID, lambda: f"{again.books(ORDER)}")
    recorded_once(again, portone)


def test_killed_with_the_code_on_screen_and_paid_meanwhile(
    till_at: Callable[[], Till], portone: PortOne, phone: Phone
) -> None:
    """SIGKILL leaves the till no last word; started again it shows what became of the attempt."""
    till = till_at()
    address = till.show_code(ORDER)
    till.kill()
    phone.open(address)
    phone.press("pay")
    phone.wait_to_read("결제가 완료되었습니다")
    assert till.books(ORDER).items == WAITING

    again = till_at()
    again.wait_to_read(DONE)
    recorded_once(again, portone)

    assert again.close() == 0
    third = till_at()
    third.wait_to_read("홈")
    recorded_once(third, portone)


def test_killed_with_the_code_on_screen_it_is_on_screen_again(
    till_at: Callable[[], Till], portone: PortOne, phone: Phone
) -> None:
    """Unpaid: the same QR, which can still be paid."""
    till = till_at()
    address = till.show_code(ORDER)
    till.kill()
    again = till_at()
    assert again.wait_for_code() == address
    phone.open(address)
    phone.press("pay")
    again.wait_to_read(DONE)
    recorded_once(again, portone)


def test_paid_late_it_is_found_by_the_till_that_stayed_open(
    left_open: Till, portone: PortOne
) -> None:
    """A minute after its end the attempt is polled again, and the screen shows the new result."""
    left_open.wait_to_read(DONE, patience=A_MINUTE)
    recorded_once(left_open, portone)
    assert left_open.close() == 0
    assert left_open.trouble() == []
