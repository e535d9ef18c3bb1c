"""Every call against the sandbox, and every exchange against PortOne's published schema."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won
from posapp.domain.payments import ReportedStatus
from posapp.portone import payment_list
from posapp.portone.client import TRIES_PAGE, PortOneGateway
from posapp.sandbox import Sandbox
from posapp.services.ports.checkout import CheckoutOrder
from posapp.services.ports.gateway import PaymentGateway
from tests.fakes.payments import answered, payment_ref, refund_command
from tests.portone import v1_schema
from tests.portone.conftest import FakeSecrets, GatewayMaker
from tests.portone.expecting import ends_in
from tests.portone.toy_server import Seen, ToyServer, envelope, payment


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def live_gateway(
    sandbox: Sandbox, secrets: FakeSecrets, make_gateway: GatewayMaker
) -> PortOneGateway:
    secrets.values = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    return make_gateway(
        sandbox.api,
        link_base=sandbox.link_api,
        user_code=sandbox.user_code,
        channel_key=sandbox.channel_key,
        link_hosts=(sandbox.api,),
    )


def order(merchant_uid: str = "pos-1", amount: int = 12000) -> CheckoutOrder:
    return CheckoutOrder(merchant_uid, Won(amount), "달빛 상점", "아메리카노", 300)


def open_a_sale(gateway: PortOneGateway, merchant_uid: str = "pos-1", amount: int = 12000) -> str:
    gateway.prepare(merchant_uid, Won(amount))
    return gateway.create_link(order(merchant_uid, amount)).url


def test_it_is_a_payment_gateway(live_gateway: PortOneGateway) -> None:
    gateway: PaymentGateway = live_gateway
    assert gateway.channels()


def test_a_whole_sale_and_its_refund(sandbox: Sandbox, live_gateway: PortOneGateway) -> None:
    gateway = live_gateway
    url = open_a_sale(gateway)
    assert url.startswith(sandbox.api)
    assert gateway.find_payment("pos-1") is None
    assert gateway.find_payments("pos-1") == ()
    sandbox.books.open("pos-1")
    opened = gateway.find_payment("pos-1")
    assert opened is not None
    assert opened.status is ReportedStatus.READY
    sandbox.books.pay("pos-1")
    paid = gateway.find_payment("pos-1")
    assert paid is not None
    assert (paid.status, paid.amount, paid.refundable_balance) == (
        ReportedStatus.PAID,
        12000,
        12000,
    )
    assert paid.sandbox
    assert paid.paid_at is not None
    assert gateway.get_payment(payment_ref(paid.imp_uid)) == paid
    answer = gateway.cancel(
        refund_command(paid.imp_uid, Won(5000), Won(12000), "변심 [RF-1]", "김하늘")
    )
    after = answer.payment
    assert answer == answered(after)
    assert after.refundable_balance == 7000
    assert [(line.amount, line.reason) for line in after.cancellations] == [(5000, "변심 [RF-1]")]
    gateway.close_link(url)


def test_the_balance_is_checked_by_portone(sandbox: Sandbox, live_gateway: PortOneGateway) -> None:
    open_a_sale(live_gateway)
    sandbox.books.open("pos-1")
    paid = sandbox.books.pay("pos-1")
    cancel = refund_command(paid.imp_uid, Won(5000), Won(12000), "x [RF-1]")
    live_gateway.cancel(cancel)
    with ends_in(GatewayOutcome.REFUSED, GatewayCause.BALANCE):
        live_gateway.cancel(cancel)
    again = live_gateway.get_payment(payment_ref(paid.imp_uid))
    assert again is not None
    assert again.refundable_balance == 7000


def test_registered_already_is_fine_with_the_same_amount_only(
    live_gateway: PortOneGateway,
) -> None:
    live_gateway.prepare("pos-1", Won(12000))
    live_gateway.prepare("pos-1", Won(12000))
    with ends_in(GatewayOutcome.REFUSED, GatewayCause.REFUSED) as caught:
        live_gateway.prepare("pos-1", Won(11000))
    assert "이미 등록된" in caught.value.text


def test_a_test_payment_is_hidden_only_where_settings_say_so(
    sandbox: Sandbox, live_gateway: PortOneGateway, make_gateway: GatewayMaker
) -> None:
    open_a_sale(live_gateway)
    sandbox.books.open("pos-1")
    paid = sandbox.books.pay("pos-1")
    assert live_gateway.get_payment(payment_ref(paid.imp_uid)) is not None
    assert (
        make_gateway(sandbox.api, include_sandbox=False).get_payment(payment_ref(paid.imp_uid))
        is None
    )
    assert live_gateway.get_payment(payment_ref("imp_000000000000")) is None


def test_of_several_tries_the_paid_one_is_found(
    sandbox: Sandbox, live_gateway: PortOneGateway
) -> None:
    open_a_sale(live_gateway)
    sandbox.books.open("pos-1")
    sandbox.books.fail("pos-1")
    failed = live_gateway.find_payment("pos-1")
    assert failed is not None
    assert (failed.status, failed.fail_reason != "") == (ReportedStatus.FAILED, True)
    first = sandbox.books.open("pos-1", again=True)
    waiting = live_gateway.find_payment("pos-1")
    assert waiting is not None
    assert (waiting.status, waiting.imp_uid) == (ReportedStatus.READY, first.imp_uid)
    sandbox.books.pay("pos-1")
    sandbox.books.open("pos-1", again=True)
    found = live_gateway.find_payment("pos-1")
    assert found is not None
    assert (found.status, found.imp_uid) == (ReportedStatus.PAID, first.imp_uid)
    tries = live_gateway.find_payments("pos-1")
    assert [each.status.value for each in tries] == ["failed", "paid", "ready"]


def test_window_is_listed_by_pages(
    sandbox: Sandbox, live_gateway: PortOneGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_list, "PAGE", 2)
    for number in range(5):
        open_a_sale(live_gateway, f"pos-{number}")
        sandbox.books.open(f"pos-{number}")
        sandbox.books.pay(f"pos-{number}")
    until = datetime.now(UTC) + timedelta(hours=1)
    since = until - timedelta(days=89)
    found: list[str] = []
    cursor: str | None = None
    pages = 0
    while pages == 0 or cursor is not None:
        answer = live_gateway.list_payments(since, until, cursor)
        found += [each.merchant_uid for each in answer.payments]
        cursor = answer.next_cursor
        pages += 1
    assert pages == 3
    assert found == [f"pos-{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("days", "cursor"),
    [(91, None), (-1, None), (1, "0"), (1, "-1"), (1, ""), (1, "01"), (1, "1&limit=9"), (1, "٣")],
)
def test_a_window_that_portone_does_not_have_is_not_requested(
    toy: ToyServer, gateway: PortOneGateway, days: int, cursor: str | None
) -> None:
    until = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match=r"no such page|90 days"):
        gateway.list_payments(until - timedelta(days=days), until, cursor)
    assert toy.seen == []


def test_the_kakaopay_channel_is_among_the_channels(
    sandbox: Sandbox, live_gateway: PortOneGateway
) -> None:
    found = {each.pg_provider: each for each in live_gateway.channels()}
    assert found["kakaopay"].channel_key == sandbox.channel_key
    assert found["kakaopay"].sandbox


def test_portones_clock_is_reported_and_links_end_by_it(
    sandbox: Sandbox, live_gateway: PortOneGateway
) -> None:
    """With a clock an hour off, a link of five minutes still opens."""
    sandbox.faults.conduct.clock_offset = 3600
    ahead = live_gateway.server_now() - datetime.now(UTC)
    assert abs(ahead - timedelta(hours=1)) < timedelta(seconds=5)
    open_a_sale(live_gateway)
    sandbox.books.open("pos-1")


@pytest.mark.parametrize("text", ["", ".", "..", "x" * 41])
def test_numbers_that_cannot_be_are_not_put_into_a_path(
    toy: ToyServer, gateway: PortOneGateway, text: str
) -> None:
    for ask in (gateway.find_payment, gateway.find_payments):
        with pytest.raises(ValueError, match="no number"):
            ask(text)
    with pytest.raises(ValueError, match="no number"):
        gateway.get_payment(payment_ref(text))
    assert toy.seen == []


def test_a_number_with_slashes_stays_one_part_of_the_path(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    assert gateway.find_payment("a/../b?c#d") is None
    assert toy.seen[-1].path == "/payments/find/a%2F..%2Fb%3Fc%23d"


def page(number: int, following: int, count: int = 1) -> bytes:
    listed = [payment(imp_uid=f"imp_{number}_{n}") for n in range(count)]
    return envelope({"total": 9, "previous": number - 1, "next": following, "list": listed})


def test_tries_come_by_pages(toy: ToyServer, gateway: PortOneGateway) -> None:
    toy.answers["/payments/findAll/pos-1"] = [page(1, 2, TRIES_PAGE), page(2, 3), page(3, 0)]
    assert len(gateway.find_payments("pos-1")) == TRIES_PAGE + 2
    assert [each.target.split("page=")[1][0] for each in toy.calls("/payments/findAll/pos-1")] == [
        "1", "2", "3",
    ]  # fmt: skip


@pytest.mark.parametrize("following", [1, 2, 5])
def test_pages_without_an_end_are_not_followed_for_ever(
    toy: ToyServer, gateway: PortOneGateway, following: int
) -> None:
    """Each page names the same next one: after the second that is no order of pages."""
    toy.answers["/payments/findAll/pos-1"] = page(1, following)
    with ends_in(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE):
        gateway.find_payments("pos-1")
    assert len(toy.calls("/payments/findAll/pos-1")) <= 2


FAULTS: list[tuple[str, dict[str, Any], GatewayOutcome]] = [
    ("drop_before", {}, GatewayOutcome.UNKNOWN),
    ("drop_after", {}, GatewayOutcome.UNKNOWN),
    ("reset", {"act": True}, GatewayOutcome.UNKNOWN),
    ("status", {"status": 502, "act": True}, GatewayOutcome.UNKNOWN),
    ("too_many", {}, GatewayOutcome.RETRY_SAFE),
    ("html200", {"act": True}, GatewayOutcome.UNKNOWN),
    ("redirect", {}, GatewayOutcome.UNKNOWN),
    ("garbage", {}, GatewayOutcome.UNKNOWN),
    ("too_big", {}, GatewayOutcome.UNKNOWN),
    ("nested", {}, GatewayOutcome.UNKNOWN),
    ("numbers_as_text", {}, GatewayOutcome.UNKNOWN),
    ("envelope", {"code": 1, "message": "결제취소에 실패하였습니다."}, GatewayOutcome.UNKNOWN),
    ("envelope", {"code": 1, "message": "이미 전액취소된 주문입니다."}, GatewayOutcome.REFUSED),
    ("late_effect", {}, GatewayOutcome.UNKNOWN),
]


@pytest.mark.parametrize(("kind", "parameters", "outcome"), FAULTS, ids=[f[0] for f in FAULTS])
def test_faults_of_a_cancel_by_the_dial(
    sandbox: Sandbox,
    live_gateway: PortOneGateway,
    kind: str,
    parameters: dict[str, Any],
    outcome: GatewayOutcome,
) -> None:
    open_a_sale(live_gateway)
    sandbox.books.open("pos-1")
    paid = sandbox.books.pay("pos-1")
    sandbox.faults.add(kind, path="/payments/cancel", **parameters)
    with pytest.raises(GatewayError) as caught:
        live_gateway.cancel(refund_command(paid.imp_uid, Won(1000), Won(12000), "x [RF-1]"))
    assert caught.value.outcome is outcome


@pytest.mark.parametrize("kind", ["nulls", "extra"])
def test_nulls_and_new_fields_do_no_harm(
    sandbox: Sandbox, live_gateway: PortOneGateway, kind: str
) -> None:
    sandbox.faults.add(kind, **({"lists": True} if kind == "nulls" else {}), path="/payments/*")
    open_a_sale(live_gateway)
    sandbox.books.open("pos-1")
    sandbox.books.pay("pos-1")
    found = live_gateway.find_payment("pos-1")
    assert found is not None
    assert live_gateway.get_payment(payment_ref(found.imp_uid)) is not None


def test_a_call_is_one_line_in_the_log_without_query_or_secret(
    sandbox: Sandbox, live_gateway: PortOneGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    open_a_sale(live_gateway)
    sandbox.books.open("pos-1")
    live_gateway.get_payment(payment_ref(sandbox.books.pay("pos-1").imp_uid))
    sandbox.faults.add("garbage", path="/users/*")
    with pytest.raises(GatewayError) as caught:
        live_gateway.server_now()
    ours = [each.getMessage() for each in caplog.records if each.name.startswith("posapp.portone")]
    assert len(ours) == 5
    assert ours[1].startswith("POST /payments/prepare: ")
    assert ours[1].endswith("200 CONFIRMED")
    token = live_gateway._tokens._token
    assert token is not None
    everything = caplog.text + repr(caught.value) + repr(token)
    for secret in (sandbox.imp_key, sandbox.imp_secret, token.text, "include_sandbox", "sorting"):
        assert secret not in everything


def test_every_request_and_answer_fits_the_published_schema(
    sandbox: Sandbox, secrets: FakeSecrets, make_gateway: GatewayMaker
) -> None:
    secrets.values = {"imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret}
    with Recorder(sandbox.port) as recorder:
        gateway = make_gateway(
            recorder.base,
            link_base=sandbox.link_api,
            user_code=sandbox.user_code,
            channel_key=sandbox.channel_key,
            link_hosts=(sandbox.api,),
        )
        open_a_sale(gateway)
        gateway.prepare("pos-1", Won(12000))
        sandbox.books.open("pos-1")
        gateway.find_payment("pos-1")
        paid = sandbox.books.pay("pos-1")
        gateway.find_payment("pos-1")
        gateway.find_payments("pos-1")
        gateway.get_payment(payment_ref(paid.imp_uid))
        gateway.cancel(refund_command(paid.imp_uid, Won(1000), Won(12000), "x [RF-1]", "김하늘"))
        gateway.get_payment(payment_ref(paid.imp_uid))
        until = datetime.now(UTC) + timedelta(minutes=1)
        gateway.list_payments(until - timedelta(days=1), until)
        gateway.channels()
        gateway.close()
    schema = v1_schema.V1Schema()
    assert len(recorder.exchanges) == 12
    for seen, body in recorder.exchanges:
        if seen.path == "/payments/prepare" and b'"code": 1' in body:
            continue  # refused on purpose: an answer without what the schema requires
        schema.check(seen, body)


class Recorder:
    """A recorder of the exchanges between client and sandbox."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.exchanges: list[tuple[Seen, bytes]] = []
        self._toy = ToyServer()
        self._lock = threading.Lock()
        self.base = self._toy.base

    def __enter__(self) -> Recorder:
        self._toy._answer_for = lambda seen: self._pass_on(seen)  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        self._toy.stop()

    def _pass_on(self, seen: Seen) -> bytes:
        lines = [f"{seen.method} {seen.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in seen.headers.items()]
        with socket.create_connection(("127.0.0.1", self._port)) as onward:
            onward.sendall("\r\n".join([*lines, "", ""]).encode() + seen.body)
            raw = b""
            while part := onward.recv(65536):
                raw += part
        with self._lock:
            self.exchanges.append((seen, raw.partition(b"\r\n\r\n")[2]))
        return raw
