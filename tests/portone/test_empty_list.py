"""An empty list by status, in every form, and what is no empty list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.portone.client import PortOneGateway
from posapp.portone.empty_list import says_empty
from posapp.sandbox import Sandbox
from tests.portone.conftest import FakeSecrets, GatewayMaker

UNTIL = datetime.now(UTC) + timedelta(hours=1)
SINCE = UNTIL - timedelta(days=1)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def live_gateway(
    sandbox: Sandbox, secrets: FakeSecrets, make_gateway: GatewayMaker
) -> PortOneGateway:
    secrets.values = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    return make_gateway(sandbox.api)


@pytest.mark.parametrize("form", [200, 400, 404])
def test_an_empty_window_is_an_empty_page(
    sandbox: Sandbox, live_gateway: PortOneGateway, form: int
) -> None:
    sandbox.faults.conduct.empty_list = form
    page = live_gateway.list_payments(SINCE, UNTIL)
    assert (page.payments, page.unreadable, page.next_cursor) == ((), (), None)


def test_a_page_behind_the_data_is_no_empty_window(
    sandbox: Sandbox, live_gateway: PortOneGateway
) -> None:
    sandbox.books.add_foreign("web-1")
    assert len(live_gateway.list_payments(SINCE, UNTIL).payments) == 1
    with pytest.raises(GatewayError):
        live_gateway.list_payments(SINCE, UNTIL, "2")


def test_keys_that_are_refused_are_no_empty_window(
    sandbox: Sandbox, live_gateway: PortOneGateway
) -> None:
    sandbox.faults.conduct.keys_refused = True
    with pytest.raises(GatewayError):
        live_gateway.list_payments(SINCE, UNTIL)


def test_the_tries_of_one_number_are_all_read_or_none(
    sandbox: Sandbox, live_gateway: PortOneGateway
) -> None:
    """Every line there has our number: one that cannot be read is ours."""
    paid = sandbox.books.add_foreign("pos-1")
    assert len(live_gateway.find_payments("pos-1")) == 1
    for form in ({"nameless": paid.imp_uid}, {"garbled": "pos-1"}):
        sandbox.faults.clear()
        sandbox.faults.conduct.change(**form)
        with pytest.raises(GatewayError) as raised:
            live_gateway.find_payments("pos-1")
        assert (raised.value.outcome, raised.value.cause) == (
            GatewayOutcome.UNKNOWN,
            GatewayCause.GARBAGE,
        )


REFUSED, NOT_FOUND = GatewayCause.REFUSED, GatewayCause.NOT_FOUND


@pytest.mark.parametrize(
    ("outcome", "cause", "text", "empty"),
    [
        (GatewayOutcome.REFUSED, NOT_FOUND, "존재하지 않는 결제정보입니다.", True),
        (GatewayOutcome.REFUSED, REFUSED, "page: 데이터 범위를 벗어났습니다.", True),
        (GatewayOutcome.REFUSED, REFUSED, "데이터 범위를 넘어선 Page입니다", True),
        (GatewayOutcome.REFUSED, REFUSED, "요청한 페이지가 존재하지 않습니다.", True),
        (GatewayOutcome.REFUSED, REFUSED, "조회 결과가 없습니다.", True),
        (GatewayOutcome.REFUSED, REFUSED, "ＰＡＧＥ out of range", True),
        (GatewayOutcome.REFUSED, REFUSED, "조회 기간은 최대 90일입니다.", False),
        (GatewayOutcome.REFUSED, REFUSED, "접근 권한이 없습니다.", False),
        (GatewayOutcome.REFUSED, REFUSED, "올바르지 않은 요청입니다.", False),
        (GatewayOutcome.REFUSED, REFUSED, "", False),
        (GatewayOutcome.RETRY_SAFE, GatewayCause.UNAUTHORIZED, "page", False),
        (GatewayOutcome.UNKNOWN, GatewayCause.SERVER, "page", False),
        (GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE, "page", False),
        (GatewayOutcome.RETRY_SAFE, GatewayCause.BUSY, "not found", False),
    ],
)
def test_only_portones_own_answer_is_an_empty_list(
    outcome: GatewayOutcome, cause: GatewayCause, text: str, empty: bool
) -> None:
    assert says_empty(GatewayError(outcome, cause, text=text)) is empty
