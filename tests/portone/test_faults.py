"""Rows 15 to 27 of docs/faults.md, as far as the client goes, over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won
from posapp.portone import deadline_sockets, sockets
from posapp.portone.api_call import ApiCall, ApiClient
from posapp.portone.client import PortOneGateway
from posapp.portone.http_messages import HttpRequest
from posapp.portone.outcome_table import CallKind
from posapp.portone.settings import GatewaySettings
from posapp.portone.transport import Transport, _Session
from tests.bounds import FOR_EVER_S, bounded
from tests.fakes.payments import payment_ref, refund_command
from tests.portone.certificates import make_certificate, server_context
from tests.portone.conftest import FakeClock, FakeSecrets, GatewayMaker
from tests.portone.expecting import ends_in
from tests.portone.toy_server import (
    Answer,
    Seen,
    ToyServer,
    envelope,
    http,
    payment,
    reset,
    token,
)

CANCEL = refund_command("imp_1", Won(5000), Won(12000), "단순 변심 [RF-TEST]")
SAFE, UNKNOWN, REFUSED = GatewayOutcome.RETRY_SAFE, GatewayOutcome.UNKNOWN, GatewayOutcome.REFUSED
C = GatewayCause

Asking = Callable[[PortOneGateway], object]


def cancel(gateway: PortOneGateway) -> object:
    return gateway.cancel(CANCEL)


def find(gateway: PortOneGateway) -> object:
    return gateway.find_payment("pos-1")


Sender = Callable[..., None]


@pytest.fixture
def send_write(clock: FakeClock) -> Iterator[Sender]:
    """Sends a bare write, without a token before it that would fail in its stead."""
    transports: list[Transport] = []

    def send(base: str, **changes: Any) -> None:
        times = {"connect_ms": 2000, "read_ms": 2000, "total_ms": 4000}
        transport = Transport(GatewaySettings(**{**times, **changes}))
        transports.append(transport)
        call = ApiCall(
            CallKind.WRITE, HttpRequest("POST", base, "/payments/cancel", body={"amount": 1})
        )
        ApiClient(transport, clock).call(call)

    yield send
    for transport in transports:
        transport.close()


def answering(toy: ToyServer, answer: Answer) -> None:
    toy.answers["/payments/cancel"] = answer
    toy.answers["/payments/find/pos-1"] = answer


def test_fault_14_an_amount_of_nothing_never_leaves(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    from posapp.domain.errors import InvalidAmount

    bad: list[Any] = [Won(0), Won(-1), 0, 1.5, None, True]
    for amount in bad:
        with pytest.raises(InvalidAmount):
            gateway.cancel(refund_command("imp_1", amount, Won(12000), "x"))
        with pytest.raises(InvalidAmount):
            gateway.cancel(refund_command("imp_1", Won(1), amount, "x"))
        with pytest.raises(InvalidAmount):
            gateway.prepare("pos-1", amount)
    with pytest.raises(ValueError, match="larger than the balance"):
        gateway.cancel(refund_command("imp_1", Won(2), Won(1), "x"))
    assert toy.seen == []


@pytest.mark.parametrize(
    ("code", "message", "outcome"),
    [
        (1, "취소할 결제건이 존재하지 않습니다.", REFUSED),
        (1, "이미 전액취소된 주문입니다.", REFUSED),
        (-1, "결제취소에 실패하였습니다. 부가세 금액 오류", REFUSED),
        (
            -1,
            "결제취소에 실패하였습니다.(requested cancel amount is bigger than cancelable amount)",
            REFUSED,
        ),
        (-1, "결제취소에 실패하였습니다.", UNKNOWN),
        (1, "이미 전액취소된 주문입니다. 처리 중입니다 다시 시도", UNKNOWN),
        (1, "일시적인 오류가 발생하였습니다. 잠시 후 다시 시도해 주세요", UNKNOWN),
        (-1, "결제취소에 실패하였습니다. 카카오페이 통신 오류(타임아웃)", UNKNOWN),
    ],
)
def test_fault_15_http_200_with_another_code_is_never_success(
    toy: ToyServer, gateway: PortOneGateway, code: int, message: str, outcome: GatewayOutcome
) -> None:
    # Even with a payment beside the code that looks like a success.
    answering(toy, envelope(payment(cancel_amount=5000), code, message))
    with pytest.raises(GatewayError) as caught:
        cancel(gateway)
    assert caught.value.outcome is outcome
    assert (caught.value.code, caught.value.text) == (code, message)


def test_fault_16_a_refused_token_is_renewed_once_and_a_read_is_repeated(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    toy.answers["/users/getToken"] = [token("old"), token("new")]
    toy.answers["/payments/find/pos-1"] = [
        envelope(None, -1, "Unauthorized", 401),
        envelope(payment()),
    ]
    assert find(gateway) is not None
    sent = [each.headers.get("authorization") for each in toy.seen]
    assert sent == [None, "Bearer old", None, "Bearer new"]


def test_fault_16_a_cancel_with_a_refused_token_is_not_sent_again(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    toy.answers["/users/getToken"] = [token("old"), token("new")]
    toy.answers["/payments/cancel"] = [
        envelope(None, -1, "Unauthorized", 401),
        envelope(payment(cancel_amount=5000)),
    ]
    with ends_in(SAFE, C.UNAUTHORIZED):
        cancel(gateway)
    assert [each.path for each in toy.seen] == [
        "/users/getToken",
        "/payments/cancel",
        "/users/getToken",
    ]
    cancel(gateway)  # the service read the payment and sends again: with the new token
    assert toy.seen[-1].headers["authorization"] == "Bearer new"


@pytest.mark.parametrize(
    "next_token", [token("new"), envelope(None, -1, "x", 503)], ids=["token", "busy"]
)
@pytest.mark.parametrize(
    "answer",
    [
        envelope(None, -1, "일시적인 오류", 401),
        envelope(None, 0, "Unauthorized", 401),
        http("<html>Unauthorized</html>", 401, "text/html"),
        http("", 401, "text/plain"),
    ],
    ids=["words", "code", "page", "empty"],
)
def test_fault_16_cancel_answered_401_with_other_text_is_unclear(
    toy: ToyServer, gateway: PortOneGateway, answer: bytes, next_token: bytes
) -> None:
    """With any answer of getToken: its failure does not show the result of the cancel."""
    toy.answers["/users/getToken"] = [token("old"), next_token]
    toy.answers["/payments/cancel"] = answer
    with ends_in(UNKNOWN, C.UNAUTHORIZED):
        cancel(gateway)
    assert len(toy.calls("/payments/cancel")) == 1


@pytest.mark.parametrize("action", [find, cancel])
def test_fault_16_tokens_that_are_always_refused_make_no_loop(
    toy: ToyServer, gateway: PortOneGateway, action: Asking
) -> None:
    answering(toy, envelope(None, -1, "Unauthorized", 401))
    with ends_in(SAFE, C.UNAUTHORIZED):
        action(gateway)
    assert len(toy.calls("/users/getToken")) == 2
    assert len(toy.seen) <= 4


@pytest.mark.parametrize(
    "answer",
    [
        envelope(None, -1, "인증에 실패하였습니다. API키와 secret을 확인하세요.", 401),
        envelope(None, -1, "인증에 실패하였습니다."),
        envelope(None, -1, "imp_key 누락", 400),
    ],
)
@pytest.mark.parametrize("action", [find, cancel])
def test_fault_18_a_revoked_secret_stops_before_the_action(
    toy: ToyServer, gateway: PortOneGateway, action: Asking, answer: bytes
) -> None:
    toy.answers["/users/getToken"] = answer
    with ends_in(SAFE, C.UNAUTHORIZED):
        action(gateway)
    assert {each.path for each in toy.seen} == {"/users/getToken"}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("999999", 300), ("-3", None), ("soon", None), (None, None)],
)
@pytest.mark.parametrize(("status", "outcome"), [(429, SAFE), (503, UNKNOWN)])
def test_fault_19_too_many_and_busy(
    toy: ToyServer,
    gateway: PortOneGateway,
    status: int,
    outcome: GatewayOutcome,
    header: str | None,
    seconds: int | None,
) -> None:
    headers = {"Retry_After": header} if header is not None else {}
    answering(toy, http({"code": -1, "message": "x", "response": None}, status, **headers))
    with ends_in(outcome, C.BUSY) as caught:
        cancel(gateway)
    assert caught.value.retry_after == seconds
    assert len(toy.calls("/payments/cancel")) == 1  # no library slept and sent again


@pytest.mark.parametrize("status", [500, 502, 504, 599])
def test_fault_20_a_broken_server_is_unknown(
    toy: ToyServer, gateway: PortOneGateway, status: int
) -> None:
    answering(toy, envelope(None, -1, "PG_PROVIDER", status))
    with ends_in(UNKNOWN, C.SERVER):
        cancel(gateway)


GARBAGE = {
    "not json": b"{",
    "empty": b"",
    "a list": b"[]",
    "a key twice": b'{"code":0,"code":0,"message":null,"response":null}',
    "NaN": b'{"code":0,"message":null,"response":{"amount":NaN}}',
    "deep": b'{"code":0,"response":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "code is true": b'{"code":true,"message":null,"response":{}}',
    "code is 0.0": b'{"code":0.0,"message":null,"response":{}}',
    "code is text": b'{"code":"0","message":null,"response":{}}',
    "code missing": b'{"message":null,"response":{}}',
    "message is a number": b'{"code":0,"message":1,"response":{}}',
    "no response": b'{"code":0,"message":null}',
    "response is null": b'{"code":0,"message":null,"response":null}',
    "response is a list": b'{"code":0,"message":null,"response":[]}',
    "latin-1": '{"code":0,"message":"é","response":{}}'.encode("latin-1"),
}


@pytest.mark.parametrize("name", GARBAGE)
@pytest.mark.parametrize("action", [find, cancel])
def test_fault_21_garbage_is_unknown(
    toy: ToyServer, gateway: PortOneGateway, action: Asking, name: str
) -> None:
    answering(toy, http(GARBAGE[name]))
    with ends_in(UNKNOWN, C.GARBAGE):
        action(gateway)


def test_fault_21_another_payment_in_the_answer_is_not_believed(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    toy.answers["/payments/cancel"] = envelope(payment(imp_uid="imp_2", cancel_amount=5000))
    toy.answers["/payments/imp_1"] = envelope(payment(imp_uid="imp_2"))
    with ends_in(UNKNOWN, C.GARBAGE):
        cancel(gateway)
    with ends_in(UNKNOWN, C.GARBAGE):
        gateway.get_payment(payment_ref("imp_1"))


def endless(sock: socket.socket, seen: Seen, sent: list[int] | None = None) -> None:
    sock.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n"
    )
    for _ in range(1600):
        sock.sendall(b"[" * 65536)
        if sent is not None:
            sent.append(65536)


def test_fault_21_a_hundred_megabytes_are_not_swallowed(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    sent: list[int] = []
    answering(toy, lambda sock, seen: endless(sock, seen, sent))
    with ends_in(UNKNOWN, C.GARBAGE):
        cancel(gateway)
    assert sum(sent) < 30_000_000  # what the sockets' buffers take, and not the whole


def test_fault_21_a_packed_bomb_is_not_unpacked(toy: ToyServer, gateway: PortOneGateway) -> None:
    import gzip

    answering(toy, http(gzip.compress(b"[" * 50_000_000), Content_Encoding="gzip"))
    with ends_in(UNKNOWN, C.GARBAGE):
        cancel(gateway)
    assert toy.seen[-1].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "answer",
    [
        http("", 302, "text/html", Location="http://127.0.0.1:1/login"),
        http("", 307, "application/json", Location="http://127.0.0.1:1/login"),
        http("<html>log in</html>", 200, "text/html; charset=utf-8"),
        http("<html>log in</html>", 511, "text/html"),
    ],
)
def test_fault_23_a_captive_portal(toy: ToyServer, gateway: PortOneGateway, answer: bytes) -> None:
    answering(toy, answer)
    with ends_in(SAFE, C.PORTAL):
        find(gateway)
    with ends_in(UNKNOWN, C.PORTAL):
        cancel(gateway)


def test_fault_23_no_redirect_is_followed_and_no_token_leaks(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    portal = ToyServer()
    answering(toy, http("", 302, "text/html", Location=f"{portal.base}/login"))
    with ends_in(SAFE, C.PORTAL):
        find(gateway)
    portal.stop()
    assert portal.connections == 0


def test_fault_23_cookies_of_a_portal_are_dropped_and_never_parsed(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    answering(toy, http({"code": 0, "message": None, "response": payment()}, Set_Cookie="a=b; \0"))
    find(gateway)
    find(gateway)
    assert "cookie" not in toy.seen[-1].headers


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1, with its key in the same file."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls_toy(certificate: Path) -> Iterator[ToyServer]:
    server = ToyServer(tls=server_context(certificate))
    yield server
    server.stop()


def test_fault_24_untrusted_certificate(tls_toy: ToyServer, send_write: Sender) -> None:
    with ends_in(SAFE, C.TLS):
        send_write(tls_toy.base)
    assert tls_toy.seen == []


def test_fault_24_a_certificate_of_another_host(
    tls_toy: ToyServer, send_write: Sender, certificate: Path
) -> None:
    with ends_in(SAFE, C.TLS):
        send_write(f"https://localhost:{tls_toy.port}", ca_file=f"{certificate}.crt")
    assert tls_toy.seen == []


def test_fault_24_the_right_certificate_is_taken(
    tls_toy: ToyServer, send_write: Sender, certificate: Path
) -> None:
    answering(tls_toy, envelope(payment(cancel_amount=5000)))
    send_write(tls_toy.base, ca_file=f"{certificate}.crt")


def test_fault_24_a_server_that_speaks_no_tls(send_write: Sender) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer_in_the_clear() -> None:
            sock, _ = listening.accept()
            with sock:
                sock.recv(4096)
                sock.sendall(http("plain", 400))

        thread = threading.Thread(target=answer_in_the_clear)
        thread.start()
        with ends_in(SAFE, C.TLS):
            send_write(f"https://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()


def test_fault_25_a_name_that_does_not_exist(send_write: Sender) -> None:
    with ends_in(SAFE, C.OFFLINE):
        send_write("https://portone.invalid")


def test_fault_25_a_resolver_that_is_silent(
    send_write: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed = threading.Event()
    real = socket.getaddrinfo

    def silent(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get("flags") == socket.AI_NUMERICHOST:
            return real(*args, **kwargs)
        freed.wait(FOR_EVER_S)
        raise socket.gaierror("too late")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with bounded(0.2), ends_in(SAFE, C.OFFLINE):
        send_write("https://portone.example", connect_ms=200)
    freed.set()


def test_fault_25_no_listener(send_write: Sender) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ends_in(SAFE, C.OFFLINE):
        send_write(f"http://127.0.0.1:{port}")


@pytest.fixture
def black_hole() -> Iterator[tuple[str, int]]:
    """A port whose queue of waiting connections is full: it accepts no connection."""
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(hole.getsockname())
        yield hole.getsockname()
        for each in waiting:
            each.close()


def test_fault_25_a_black_hole_costs_the_time_to_connect_and_no_more(
    black_hole: tuple[str, int], send_write: Sender
) -> None:
    with bounded(0.3, least=0.25), ends_in(SAFE, C.OFFLINE):
        send_write(f"http://127.0.0.1:{black_hole[1]}", connect_ms=300)


def test_fault_25_a_black_hole_in_front_leaves_time_for_the_other_address(
    black_hole: tuple[str, int],
    toy: ToyServer,
    send_write: Sender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", black_hole),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", toy.port)),
    ]
    monkeypatch.setattr(sockets, "_resolve", lambda host, port, end: found)
    toy.answers["/payments/cancel"] = envelope(payment())
    send_write("http://localhost:1", connect_ms=600)


def test_addresses_of_both_families_take_turns() -> None:
    six = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (str(n), 1, 0, 0)) for n in range(3)]
    four = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("4", 1))]
    assert list(sockets._interleave_families([*six, *four])) == [
        six[0],
        four[0],
        six[1],
        six[2],
    ]


def test_fault_25_accepted_but_never_answered(make_gateway: GatewayMaker) -> None:
    """Connected and sent: the result of the cancel is unknown."""
    toy = ToyServer()
    try:
        answering(toy, lambda sock, seen: toy.stopping.wait(FOR_EVER_S) and None)
        gateway = make_gateway(toy.base, read_ms=200)
        with bounded(0.2), ends_in(UNKNOWN, C.TIMEOUT):
            cancel(gateway)
    finally:
        toy.stop()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"


def dripping(toy: ToyServer, at_once: bytes, drops: bytes) -> Answer:
    """Sends one part at once and then a byte every 20 ms, for ever."""

    def drip(sock: socket.socket, seen: Seen) -> None:
        sock.sendall(at_once)
        while not toy.stopping.wait(0.02):
            sock.sendall(drops)

    return drip


DRIPS = {
    "the body": (HEAD, b" "),
    "a header": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: a\r\n"),
    "the status line": (b"", b"H"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\n \r\n",
    ),
    "the size of a chunk": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"0",
    ),
}


@pytest.mark.parametrize("part", DRIPS)
@pytest.mark.parametrize("action", [find, cancel])
def test_fault_26_a_dripping_server_is_left_at_the_deadline(
    toy: ToyServer, make_gateway: GatewayMaker, action: Asking, part: str
) -> None:
    """Each single read is quick: only the deadline over the whole exchange ends this."""
    answering(toy, dripping(toy, *DRIPS[part]))
    gateway = make_gateway(toy.base, read_ms=1000, total_ms=400)
    with bounded(0.4, least=0.3), ends_in(UNKNOWN, C.TIMEOUT):
        action(gateway)


def test_fault_26_the_deadline_holds_over_tls_too(
    tls_toy: ToyServer, make_gateway: GatewayMaker, certificate: Path
) -> None:
    answering(tls_toy, dripping(tls_toy, *DRIPS["headers"]))
    gateway = make_gateway(tls_toy.base, ca_file=f"{certificate}.crt", read_ms=1000, total_ms=400)
    with bounded(0.4), ends_in(UNKNOWN, C.TIMEOUT):
        cancel(gateway)


def test_fault_26_dripping_handshake_ends_at_the_connect_timeout(
    send_write: Sender,
) -> None:
    """A TLS record that never becomes complete: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def drip() -> None:
            sock, _ = listening.accept()
            with sock:
                sock.sendall(b"\x16\x03\x03\x40\x00")
                while not over.wait(0.02):
                    try:
                        sock.sendall(b"\x02")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        with bounded(0.3), ends_in(SAFE, C.OFFLINE):
            send_write(f"https://127.0.0.1:{listening.getsockname()[1]}", connect_ms=300)
        over.set()
        thread.join()


def test_fault_26_twin_without_the_deadline_the_drip_holds_the_caller(
    toy: ToyServer, make_gateway: GatewayMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is what ends it: with waits that ignore the total, 0.3 s become more than 0.8."""
    answering(toy, dripping(toy, *DRIPS["headers"]))
    monkeypatch.setattr(deadline_sockets.CallDeadline, "next_wait", lambda self: 1.0)
    gateway = make_gateway(toy.base, read_ms=1000, total_ms=150)

    def call() -> None:
        with pytest.raises(GatewayError):
            find(gateway)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(0.8)
    assert thread.is_alive()
    toy.stopping.set()
    thread.join()


def test_fault_27_reset_after_sending_is_unclear(toy: ToyServer, gateway: PortOneGateway) -> None:
    answering(toy, reset)
    with ends_in(UNKNOWN, C.OFFLINE):
        cancel(gateway)
    assert len(toy.calls("/payments/cancel")) == 1


def test_fault_27_write_on_a_dead_connection_is_not_retried(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    """The token's connection is kept; the server tears it down just when the cancel arrives."""
    answering(toy, reset)
    gateway.server_now()
    assert toy.connections == 1
    with ends_in(UNKNOWN, C.OFFLINE):
        cancel(gateway)
    assert len(toy.calls("/payments/cancel")) == 1


def test_a_connection_is_kept_and_one_that_rested_too_long_is_not(
    toy: ToyServer, make_gateway: GatewayMaker
) -> None:
    answering(toy, envelope(payment()))
    kept, tired = make_gateway(toy.base), make_gateway(toy.base, idle_ms=1)
    for _ in range(3):
        find(kept)
    assert toy.connections == 1
    for _ in range(3):
        find(tired)
        time.sleep(0.003)
    assert toy.connections >= 4


def test_no_library_repeats_asks_the_environment_or_follows(
    toy: ToyServer, gateway: PortOneGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = _Session()
    adapter: Any = session.get_adapter("https://api.iamport.kr")
    assert (adapter.max_retries.total, adapter.max_retries.read) == (0, False)
    assert session.trust_env is False
    session.close()
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    answering(toy, envelope(payment()))
    assert find(gateway) is not None


# The connection is closed after the answer, so that the client sees its end at once.
WHOLE = envelope(payment(cancel_amount=5000), message="완료")


@pytest.mark.parametrize("action", [find, cancel])
def test_fault_03_an_answer_cut_at_every_byte_is_unknown(
    toy: ToyServer, gateway: PortOneGateway, action: Asking
) -> None:
    for length in range(len(WHOLE)):
        answering(toy, _cut(length))
        with pytest.raises(GatewayError) as caught:
            action(gateway)
        assert caught.value.outcome is UNKNOWN, length
    answering(toy, WHOLE)
    action(gateway)


def test_fault_03_a_token_cut_at_every_byte_is_safe(
    toy: ToyServer, gateway: PortOneGateway
) -> None:
    """The cancel itself was never sent."""
    whole = token()
    for length in range(len(whole)):
        toy.answers["/users/getToken"] = _cut(length, whole)
        with pytest.raises(GatewayError) as caught:
            cancel(gateway)
        assert caught.value.outcome is SAFE, length
    assert toy.calls("/payments/cancel") == []


def _cut(length: int, whole: bytes = WHOLE) -> Answer:
    def send_part(sock: socket.socket, seen: Seen) -> None:
        sock.sendall(whole[:length])

    return send_part


def test_many_threads_share_one_token_and_never_each_others_answers(
    toy: ToyServer, make_gateway: GatewayMaker, secrets: FakeSecrets
) -> None:
    gateway = make_gateway(toy.base)
    toy.answers.update(
        {f"/payments/imp_{n}": envelope(payment(imp_uid=f"imp_{n}")) for n in range(8)}
    )
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(20):
                found = gateway.get_payment(payment_ref(f"imp_{number}"))
                assert found is not None
                assert found.imp_uid == f"imp_{number}"
        except BaseException as error:  # noqa: BLE001 - shown by the main thread
            problems.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(toy.calls("/users/getToken")) == 1
    assert secrets.requested == 2
    assert toy.connections <= 9  # a kept session each, and the token's on one of them
