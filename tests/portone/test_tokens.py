"""The access token: its life on the monotonic clock, its renewal, and one question at a time."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
)
from posapp.portone import tokens
from posapp.portone.client import PortOneGateway
from posapp.portone.tokens import Token
from tests.bounds import FOR_EVER_S, LONGEST_S
from tests.fakes.payments import payment_ref
from tests.portone.conftest import FakeClock, FakeSecrets, GatewayMaker
from tests.portone.expecting import ends_in
from tests.portone.toy_server import Seen, ToyServer, envelope, http, payment, token


@pytest.fixture(autouse=True)
def a_payment(toy: ToyServer) -> None:
    toy.answers["/payments/imp_1"] = envelope(payment())


def test_a_token_is_requested_only_when_needed(
    toy: ToyServer, gateway: PortOneGateway, secrets: FakeSecrets
) -> None:
    assert (toy.seen, secrets.requested) == ([], 0)
    gateway.get_payment(payment_ref("imp_1"))
    gateway.get_payment(payment_ref("imp_1"))
    assert len(toy.calls("/users/getToken")) == 1
    assert toy.calls("/users/getToken")[0].json() == {
        "imp_key": secrets.values["imp_key"],
        "imp_secret": secrets.values["imp_secret"],
    }


def test_it_is_renewed_ahead_of_its_end_by_the_monotonic_clock(
    toy: ToyServer, gateway: PortOneGateway, clock: FakeClock
) -> None:
    """Within PortOne's last minute, in which a requested token lives longer."""
    gateway.get_payment(payment_ref("imp_1"))
    clock.ms += (1800 - 60) * 1000
    gateway.get_payment(payment_ref("imp_1"))
    assert len(toy.calls("/users/getToken")) == 1
    clock.ms += 15_000
    gateway.get_payment(payment_ref("imp_1"))
    assert len(toy.calls("/users/getToken")) == 2


@pytest.mark.parametrize("now", [1, 1_700_000_000, 4_000_000_000])
def test_the_wall_clocks_of_till_and_portone_may_be_decades_apart(
    toy: ToyServer, gateway: PortOneGateway, clock: FakeClock, now: int
) -> None:
    toy.answers["/users/getToken"] = token(now=now)
    gateway.get_payment(payment_ref("imp_1"))
    clock.ms += 600_000
    gateway.get_payment(payment_ref("imp_1"))
    assert len(toy.calls("/users/getToken")) == 1
    assert gateway.server_now() == datetime.fromtimestamp(now, UTC)


def test_token_with_less_life_than_the_margin_is_still_used(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    toy.answers["/users/getToken"] = token(life=5)
    gateway.get_payment(payment_ref("imp_1"))
    gateway.get_payment(payment_ref("imp_1"))
    assert len(toy.calls("/users/getToken")) == 2


def test_a_life_of_a_thousand_years_is_trusted_for_a_day(
    toy: ToyServer, gateway: PortOneGateway, clock: FakeClock
) -> None:
    toy.answers["/users/getToken"] = token(life=31_536_000_000)
    gateway.get_payment(payment_ref("imp_1"))
    clock.ms += 24 * 3600 * 1000
    gateway.get_payment(payment_ref("imp_1"))
    assert len(toy.calls("/users/getToken")) == 2


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (envelope(None, -1, "x", 500), GatewayCause.SERVER),
        (http("<html>", 200, "text/html"), GatewayCause.PORTAL),
        (http("{"), GatewayCause.GARBAGE),
        (token(life=0), GatewayCause.GARBAGE),
        (http("{}", 429, Retry_After="3"), GatewayCause.BUSY),
    ],
)
def test_after_any_token_error_the_action_was_not_sent(
    toy: ToyServer, gateway: PortOneGateway, answer: bytes, cause: GatewayCause
) -> None:
    toy.answers["/users/getToken"] = answer
    with ends_in(GatewayOutcome.RETRY_SAFE, cause) as caught:
        gateway.get_payment(payment_ref("imp_1"))
    assert caught.value.retry_after == (3 if cause is GatewayCause.BUSY else None)
    assert toy.calls("/payments/imp_1") == []


def test_threads_that_need_a_token_at_once_ask_once_and_fail_together(
    toy: ToyServer, make_gateway: GatewayMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PortOne answers when all five are there: one that asks, and four that wait for its answer."""
    waiting = threading.Semaphore(0)

    class Watched(Future[Token]):
        def result(self, timeout: float | None = None) -> Token:
            waiting.release()
            return super().result(timeout)

    def answer_five(sock: socket.socket, seen: Seen) -> None:
        for _ in range(4):
            assert waiting.acquire(timeout=LONGEST_S)
        sock.sendall(envelope(None, -1, "x", 401))

    monkeypatch.setattr(tokens, "Future", Watched)
    toy.answers["/users/getToken"] = answer_five
    gateway = make_gateway(toy.base, read_ms=FOR_EVER_S * 1000, total_ms=FOR_EVER_S * 1000)
    outcomes: list[GatewayCause] = []

    def work() -> None:
        with pytest.raises(GatewayError) as caught:
            gateway.get_payment(payment_ref("imp_1"))
        outcomes.append(caught.value.cause)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [GatewayCause.UNAUTHORIZED] * 5
    assert len(toy.calls("/users/getToken")) == 1


def test_a_token_that_another_thread_renewed_serves(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    toy.answers["/users/getToken"] = [token("one"), token("two"), token("three")]
    old = gateway._tokens.current()
    assert gateway._tokens.renew(old).text == "two"
    assert gateway._tokens.renew(old).text == "two"


def test_hanging_keyring_is_reported_and_blocks_no_thread(
    make_gateway: GatewayMaker,
    toy: ToyServer,
    secrets: FakeSecrets,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = make_gateway(toy.base)

    def silent(name: str) -> str:
        raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT)

    with monkeypatch.context() as patch:
        patch.setattr(secrets, "get", silent)
        for _ in range(2):
            with pytest.raises(EnvironmentProblem):
                gateway.get_payment(payment_ref("imp_1"))
    assert gateway.get_payment(payment_ref("imp_1")) is not None


def test_server_now_is_a_fresh_answer(toy: ToyServer, gateway: PortOneGateway) -> None:
    toy.answers["/users/getToken"] = [token(now=1_700_000_000), token(now=1_700_000_100)]
    first, second = gateway.server_now(), gateway.server_now()
    assert second - first == timedelta(seconds=100)
