"""Keys and tokens are nowhere but in the keyring and in memory."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE
from tests.e2e.secrets import artefacts, sees, token_of
from tests.e2e.till import Till


def test_no_secret_is_in_anything_that_a_till_leaves_or_shows(
    till_at: Callable[[], Till], portone: PortOne, phone: Phone
) -> None:
    """After a payment, a failure, a refunded payment and a kill: folder, database, log, output,
    arguments and variables."""
    till = till_at()
    phone.open(till.show_code(1))
    phone.press("pay")
    till.wait_to_read(DONE)
    till.click("홈")
    phone.open(till.show_code(2))
    phone.unfold()
    phone.press("fail")
    till.wait_to_read("잔액이 부족합니다.")
    till.click("홈")
    phone.open(till.show_code(3))
    phone.unfold()
    phone.write("amount", "100")
    phone.press("other")
    till.wait_to_read("결제가 취소되었습니다")
    reported = artefacts(till, till.home)
    till.kill()
    again = till_at()
    again.wait_to_read("홈")
    reported |= artefacts(again, again.home)

    # The search does find what is there.
    assert sees(till.merchant_uid(1), reported)
    assert sees(portone.reported["channel_key"], reported) == [
        place for place in reported if place.endswith("/environ")
    ]
    assert any(place.endswith(".log") and content for place, content in reported.items())
    secrets = {**portone.keys, "token": token_of(portone.reported["api"], portone.keys)}
    assert {name: sees(secret, reported) for name, secret in secrets.items()} == {
        name: [] for name in secrets
    }
