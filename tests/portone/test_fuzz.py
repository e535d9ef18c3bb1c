"""Any bytes for an answer: a value or a GatewayError, and never a yes for a cancel by chance."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.errors import GatewayError, GatewayOutcome
from posapp.domain.money import Won
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from tests.fakes.payments import payment_ref, refund_command
from tests.portone.conftest import FakeClock, FakeSecrets
from tests.portone.toy_server import Seen, ToyServer, http, payment

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
_fields = st.dictionaries(st.sampled_from(sorted(payment())), _values, max_size=4)
_head = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n",
        b"HTTP/9.9 999 \xff\r\n",
        b"HTTP/1.1 401 X\r\nRetry-After: ",
        b"",
    ]
)
ANSWERS = (
    st.binary(max_size=200)
    | st.builds(lambda head, rest: head + rest, _head, st.binary(max_size=100))
    | st.builds(
        lambda code, message, fields, status: http(
            {"code": code, "message": message, "response": {**payment(), **fields}}, status
        ),
        st.sampled_from([0, 1, -1, None, "0"]),
        st.none() | st.text(max_size=10),
        _fields,
        st.sampled_from([200, 200, 200, 201, 400, 404, 500]),
    )
)


@pytest.fixture(scope="module")
def wire() -> Iterator[tuple[ToyServer, PortOneGateway]]:
    toy = ToyServer()
    values = {"connect_ms": 10_000, "read_ms": 500, "total_ms": 10_000}
    gateway = PortOneGateway(
        GatewaySettings(api_base=toy.base, link_base=toy.base, **values),
        FakeSecrets(),
        FakeClock(),
    )
    gateway.server_now()
    yield toy, gateway
    gateway.close()
    toy.stop()


@pytest.fixture(autouse=True)
def no_thread_stays() -> None:
    """The server of this file serves all its tests."""


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(raw=ANSWERS)
def test_any_bytes_are_an_answer_or_a_gateway_error(
    wire: tuple[ToyServer, PortOneGateway], caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    toy, gateway = wire

    def answer(sock: socket.socket, seen: Seen) -> None:
        sock.sendall(raw)

    for path in ("/payments/cancel", "/payments/imp_1", "/payments/status/all", "/users/pg"):
        toy.answers[path] = answer
    try:
        after = gateway.cancel(refund_command("imp_1", Won(1), Won(2), "x"))
    except GatewayError as error:
        allowed = {GatewayOutcome.UNKNOWN, GatewayOutcome.REFUSED}
        if b" 429 " in raw[:13]:
            allowed.add(GatewayOutcome.RETRY_SAFE)
        assert error.outcome in allowed
    else:
        assert raw.startswith(b"HTTP/1.")
        assert after.payment is not None
        assert after.payment.imp_uid == "imp_1"
    now = FakeClock().now()
    for read in (
        lambda: gateway.get_payment(payment_ref("imp_1")),
        lambda: gateway.list_payments(now, now),
        gateway.channels,
    ):
        try:
            read()
        except GatewayError:
            continue
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []
