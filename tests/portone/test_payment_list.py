"""The pages of PortOne's list: in their order and to their end, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.errors import GatewayCause, GatewayOutcome
from posapp.portone.client import PortOneGateway
from posapp.portone.payment_list import PAGE
from tests.portone.expecting import ends_in
from tests.portone.toy_server import ToyServer, envelope, payment

UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=1)
LIST = "/payments/status/all"


@pytest.fixture
def gateway(toy: ToyServer, make_gateway) -> PortOneGateway:
    return make_gateway(toy.base)


def page(following: int, total: int = 0) -> bytes:
    return envelope({"total": total, "previous": 0, "next": following, "list": [payment()]})


def test_a_page_is_asked_for_by_the_cursor_of_the_page_before(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    toy.answers[LIST] = [page(2, PAGE + 1), page(0, PAGE + 1)]
    first = gateway.list_payments(SINCE, UNTIL)
    second = gateway.list_payments(SINCE, UNTIL, first.next_cursor)
    assert second.next_cursor is None
    asked = [each.target.partition("?")[2] for each in toy.calls(LIST)]
    window = f"from={int(SINCE.timestamp())}&to={int(UNTIL.timestamp())}&sorting=started"
    assert asked == [f"page={number}&limit={PAGE}&{window}" for number in (1, 2)]


@pytest.mark.parametrize(("cursor", "following"), [(None, 1), (None, 3), ("2", 1), ("2", 2)])
def test_page_without_its_next_page_is_refused(
    toy: ToyServer, gateway: PortOneGateway, cursor: str | None, following: int
) -> None:
    toy.answers[LIST] = page(following)
    with ends_in(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE):
        gateway.list_payments(SINCE, UNTIL, cursor)


@pytest.mark.parametrize(("cursor", "total"), [(None, 1), (None, PAGE), ("4", 4 * PAGE)])
def test_no_page_follows_the_last_of_the_total(
    toy: ToyServer, gateway: PortOneGateway, cursor: str | None, total: int
) -> None:
    number = int(cursor or 1)
    toy.answers[LIST] = page(number + 1, total)
    with ends_in(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE):
        gateway.list_payments(SINCE, UNTIL, cursor)
    toy.answers[LIST] = page(number + 1, number * PAGE + 1)
    assert gateway.list_payments(SINCE, UNTIL, cursor).next_cursor == str(number + 1)
    toy.answers[LIST] = page(number + 1, 0)  # PortOne does not say how many there are
    assert gateway.list_payments(SINCE, UNTIL, cursor).next_cursor == str(number + 1)
