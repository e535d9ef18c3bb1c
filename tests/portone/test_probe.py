"""The light probe, the kept connections, and a wrong clock."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.portone import client
from posapp.portone.client import PortOneGateway
from posapp.portone.clock_check import date_of
from tests.bounds import FOR_EVER_S, bounded
from tests.fakes.payments import payment_ref
from tests.portone.certificates import make_certificate, server_context
from tests.portone.conftest import FakeClock, FakeSecrets, GatewayMaker
from tests.portone.expecting import ends_in
from tests.portone.toy_server import Seen, ToyServer, envelope, http, payment, reset

C = GatewayCause
UNAUTHORIZED = envelope(None, -1, "Unauthorized", 401)


def test_without_a_token_it_takes_portones_refusal_and_asks_for_no_keys(
    toy: ToyServer, gateway: PortOneGateway, secrets: FakeSecrets
) -> None:
    toy.answers["/users/pg"] = UNAUTHORIZED
    for _ in range(5):
        gateway.probe()
    assert {each.path for each in toy.seen} == {"/users/pg"}
    assert all("authorization" not in each.headers for each in toy.seen)
    assert secrets.requested == 0


def test_with_a_token_that_lives_it_uses_it_and_never_renews_it(
    toy: ToyServer, gateway: PortOneGateway, clock: FakeClock
) -> None:
    toy.answers["/users/pg"] = envelope([])
    gateway.server_now()
    gateway.probe()
    assert toy.seen[-1].headers["authorization"] == "Bearer token-one"
    clock.ms += 1_800_000
    toy.answers["/users/pg"] = UNAUTHORIZED
    gateway.probe()
    assert "authorization" not in toy.seen[-1].headers
    assert len(toy.calls("/users/getToken")) == 1


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (reset, C.OFFLINE),
        (http("<html>", 200, "text/html"), C.PORTAL),
        (http("", 302, "text/html", Location="http://127.0.0.1:1/"), C.PORTAL),
        (http("<html>", 401, "text/html"), C.PORTAL),
        (http("", 407, "text/plain"), C.GARBAGE),
        (http("", 503, "text/plain"), C.BUSY),
        (envelope(None, -1, "Too Many", 429), C.BUSY),
        (http("", 500, "text/plain"), C.SERVER),
    ],
)
def test_probe_results(toy: ToyServer, gateway: PortOneGateway, answer: bytes, cause: C) -> None:
    toy.answers["/users/pg"] = answer
    with pytest.raises(GatewayError) as caught:
        gateway.probe()
    assert caught.value.cause is cause


def test_it_is_over_soon_where_other_calls_wait_a_minute(make_gateway: GatewayMaker) -> None:
    toy = ToyServer()
    toy.answers["/users/pg"] = lambda sock, seen: toy.stopping.wait(FOR_EVER_S) and None
    gateway = make_gateway(toy.base, read_ms=60_000, total_ms=75_000)
    try:
        with bounded(2), ends_in(GatewayOutcome.UNKNOWN, C.TIMEOUT):
            gateway.probe()
    finally:
        toy.stop()


def test_probe_does_not_wait_for_a_token(make_gateway: GatewayMaker) -> None:
    toy = ToyServer()
    toy.answers["/users/getToken"] = lambda sock, seen: toy.stopping.wait(FOR_EVER_S) and None
    toy.answers["/users/pg"] = UNAUTHORIZED
    gateway = make_gateway(toy.base, read_ms=FOR_EVER_S * 1000, total_ms=FOR_EVER_S * 1000)

    def ask() -> None:
        with pytest.raises(GatewayError):
            gateway.get_payment(payment_ref("imp_1"))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        while not toy.calls("/users/getToken"):
            time.sleep(0.005)
        with bounded(0.1):
            gateway.probe()
    finally:
        toy.stop()
        asking.join()


def test_its_limits_are_short_enough_for_three_seconds() -> None:
    limits = client.PROBE.limits
    assert limits.connect_ms <= 1_500
    assert limits.total_ms <= 3_000


def test_an_hour_of_failed_probes_leaves_no_line_in_the_log(
    make_gateway: GatewayMaker, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gateway = make_gateway(f"http://127.0.0.1:{port}")
    with caplog.at_level(logging.INFO):
        for _ in range(100):
            with ends_in(GatewayOutcome.RETRY_SAFE, C.OFFLINE):
                gateway.probe()
    assert caplog.records == []


def test_threads_that_come_and_go_share_the_kept_connections(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    toy.answers["/payments/imp_1"] = envelope(payment())
    for _ in range(20):
        thread = threading.Thread(target=gateway.get_payment, args=(payment_ref("imp_1"),))
        thread.start()
        thread.join()
    assert toy.connections == 1


class ClockAt(FakeClock):
    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture(scope="module", params=["over", "not yet valid"])
def outdated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate whose dates do not fit this machine's time, whichever of the two is wrong."""
    folder = tmp_path_factory.mktemp("tls")
    if request.param == "over":
        return make_certificate(folder, since="20200101000000Z", until="20200201000000Z")
    return make_certificate(folder, since="20470101000000Z", until="20480101000000Z")


TRUE_TIME = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@contextmanager
def telling(certificate: Path, date: str | None) -> Iterator[ToyServer]:
    """A server with this certificate that tells the time, or does not."""
    toy = ToyServer(tls=server_context(certificate))
    headers = {"Date": date} if date else {}
    toy.answers["/"] = http("", 404, "text/plain", **headers)
    try:
        yield toy
    finally:
        toy.stop()


@pytest.mark.parametrize(
    ("off", "cause"),
    [
        (timedelta(days=-20_000), C.CLOCK),
        (timedelta(minutes=-6), C.CLOCK),
        (timedelta(minutes=6), C.CLOCK),
        (timedelta(days=4_000), C.CLOCK),
        (timedelta(minutes=4), C.TLS),
        (timedelta(0), C.TLS),
    ],
)
def test_fault_24_a_clock_that_is_off_by_more_than_five_minutes_is_named(
    outdated: Path, secrets: FakeSecrets, off: timedelta, cause: C
) -> None:
    with telling(outdated, format_datetime(TRUE_TIME, usegmt=True)) as toy:
        settings = client.GatewaySettings(api_base=toy.base, ca_file=f"{outdated}.crt")
        gateway = PortOneGateway(settings, secrets, ClockAt(TRUE_TIME + off))
        for call in (gateway.probe, lambda: gateway.get_payment(payment_ref("imp_1"))):
            with ends_in(GatewayOutcome.RETRY_SAFE, cause):
                call()
        gateway.close()
        assert {(each.method, each.target) for each in toy.seen} == {("HEAD", "/")}
        assert all(set(each.headers) == {"host", "connection"} for each in toy.seen)
        assert len(toy.seen) == 1, "asked once, and not by every call again"


@pytest.mark.parametrize("date", [None, "", "soon", "x" * 20_000])
def test_fault_24_outdated_certificate_without_server_date_is_a_tls_error(
    outdated: Path, secrets: FakeSecrets, date: str | None
) -> None:
    with telling(outdated, date) as toy:
        settings = client.GatewaySettings(api_base=toy.base, ca_file=f"{outdated}.crt")
        gateway = PortOneGateway(settings, secrets, ClockAt(TRUE_TIME))
        with ends_in(GatewayOutcome.RETRY_SAFE, C.TLS):
            gateway.probe()
        gateway.close()


def test_fault_24_server_with_a_wrong_name_is_not_asked_for_the_time(
    secrets: FakeSecrets, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path)
    with telling(certificate, format_datetime(TRUE_TIME, usegmt=True)) as toy:
        gateway = PortOneGateway(
            client.GatewaySettings(
                api_base=f"https://localhost:{toy.port}", ca_file=f"{certificate}.crt"
            ),
            secrets,
            ClockAt(TRUE_TIME + timedelta(days=1)),
        )
        with ends_in(GatewayOutcome.RETRY_SAFE, C.TLS):
            gateway.probe()
        gateway.close()
        assert toy.seen == []


def test_a_server_that_drips_is_not_read_for_ever(tmp_path: Path) -> None:
    toy = ToyServer(tls=server_context(make_certificate(tmp_path)))

    def drip(sock: socket.socket, seen: Seen) -> None:
        while not toy.stopping.wait(0.02):
            sock.sendall(b"a")

    toy.answers["/"] = drip
    try:
        with bounded(2):
            assert date_of(toy.base) is None
    finally:
        toy.stop()
