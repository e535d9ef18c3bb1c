"""The checkout of V1: the amount is registered before there is a link, and errors keep their
meaning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
)
from posapp.domain.money import Won
from posapp.portone.checkout import Link, PortOneCheckout
from posapp.services.ports.checkout import CheckoutHandle, CheckoutOrder, CheckoutSession
from tests.portone.conftest import FakeClock

ORDER = CheckoutOrder("pos-1", Won(12000), "하나 베이커리", "단팥빵", 300, "김하나", "010-1")
URL = "https://impay.link/91e8f8cc"


class FakeLinks:
    """Records the calls; one of them may raise."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.error: Exception | None = None
        self.failing = ""

    def prepare(self, merchant_uid: str, amount: Won) -> None:
        self._called("prepare", merchant_uid, amount)

    def create_link(self, order: CheckoutOrder) -> Link:
        self._called("create_link", order)
        return Link(URL)

    def close_link(self, url: str) -> None:
        self._called("close_link", url)

    def _called(self, name: str, *arguments: object) -> None:
        self.calls.append((name, *arguments))
        if self.error is not None and name == self.failing:
            raise self.error


@pytest.fixture
def links() -> FakeLinks:
    return FakeLinks()


@pytest.fixture
def checkout(links: FakeLinks, clock: FakeClock) -> PortOneCheckout:
    return PortOneCheckout(links, clock)


def test_the_amount_is_registered_before_there_is_a_link(
    checkout: PortOneCheckout, links: FakeLinks, clock: FakeClock
) -> None:
    """The end follows the till's clock, like the records."""
    ends = clock.now() + timedelta(seconds=300)
    session = checkout.create(ORDER)
    assert session == CheckoutSession(URL, ends, CheckoutHandle("pos-1", URL))
    assert links.calls == [("prepare", "pos-1", 12000), ("create_link", ORDER)]


def error(outcome: GatewayOutcome) -> GatewayError:
    return GatewayError(outcome, GatewayCause.BUSY, code=429, text="천천히", retry_after=7)


@pytest.mark.parametrize(
    ("outcome", "seen"),
    [
        (GatewayOutcome.UNKNOWN, GatewayOutcome.RETRY_SAFE),
        (GatewayOutcome.RETRY_SAFE, GatewayOutcome.RETRY_SAFE),
        (GatewayOutcome.REFUSED, GatewayOutcome.REFUSED),
    ],
)
def test_without_a_registration_there_is_certainly_no_page(
    checkout: PortOneCheckout, links: FakeLinks, outcome: GatewayOutcome, seen: GatewayOutcome
) -> None:
    links.error, links.failing = error(outcome), "prepare"
    with pytest.raises(GatewayError) as raised:
        checkout.create(ORDER)
    assert [name for name, *_ in links.calls] == ["prepare"]
    assert raised.value.outcome is seen
    shown = raised.value
    assert (shown.cause, shown.code, shown.text, shown.retry_after) == (
        GatewayCause.BUSY,
        429,
        "천천히",
        7,
    )


@pytest.mark.parametrize(
    "outcome", [GatewayOutcome.UNKNOWN, GatewayOutcome.RETRY_SAFE, GatewayOutcome.REFUSED]
)
@pytest.mark.parametrize("failing", ["create_link", "close_link"])
def test_link_errors_follow_the_table(
    checkout: PortOneCheckout, links: FakeLinks, outcome: GatewayOutcome, failing: str
) -> None:
    """A link without a clear answer may exist, and a buyer may pay by it."""
    links.error, links.failing = error(outcome), failing
    with pytest.raises(GatewayError) as raised:
        checkout.close(checkout.create(ORDER).handle)
    assert raised.value is links.error


@pytest.mark.parametrize("failing", ["prepare", "create_link"])
def test_a_missing_key_is_a_problem_of_this_machine(
    checkout: PortOneCheckout, links: FakeLinks, failing: str
) -> None:
    links.error = EnvironmentProblem(EnvironmentCode.SECRET_MISSING, "imp_key")
    links.failing = failing
    with pytest.raises(EnvironmentProblem):
        checkout.create(ORDER)
    assert links.calls[-1][0] == failing


def test_a_page_is_closed_by_its_address(checkout: PortOneCheckout, links: FakeLinks) -> None:
    checkout.close(CheckoutHandle("pos-1", URL))
    assert links.calls == [("close_link", URL)]
