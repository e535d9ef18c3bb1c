"""The fault proxy applies its faults as specified."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.bounds import LONGEST_S, bounded
from tests.faults.proxy import FaultProxy, Way
from tests.portone.toy_server import ToyServer, http

ANSWER = http("x" * 1000, kind="text/plain")


@pytest.fixture
def toy() -> Iterator[ToyServer]:
    server = ToyServer()
    server.answers["/a"] = server.answers["/b"] = ANSWER
    yield server
    server.stop()


@pytest.fixture
def proxy(toy: ToyServer) -> Iterator[FaultProxy]:
    with FaultProxy(toy.base) as proxy:
        yield proxy


class Client:
    def __init__(self, proxy: FaultProxy) -> None:
        self.sock = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)

    def ask(self, path: str = "/a") -> None:
        self.sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    def read(self, most: int = len(ANSWER)) -> bytes:
        got = b""
        while len(got) < most and (part := self.sock.recv(most - len(got))):
            got += part
        return got


def test_proxy_forwards_unfaulted_requests_unchanged(proxy: FaultProxy) -> None:
    client = Client(proxy)
    for _ in range(3):
        client.ask()
        assert client.read() == ANSWER
    assert (proxy.connections, proxy.exchanges) == (1, 3)
    client.sock.close()


def test_latency(proxy: FaultProxy) -> None:
    proxy.set(Way(latency_s=0.15))
    client = Client(proxy)
    with bounded(0.15, least=0.15):
        client.ask()
        assert client.read() == ANSWER
    client.sock.close()


@pytest.mark.parametrize("at", [0, 1, 500])
def test_cut_at_a_byte(proxy: FaultProxy, at: int) -> None:
    proxy.set(Way(cut_at=at))
    client = Client(proxy)
    client.ask()
    assert client.read() == ANSWER[:at]
    client.sock.close()


def test_reset_at_a_byte(proxy: FaultProxy) -> None:
    proxy.set(Way(reset_at=10))
    client = Client(proxy)
    client.ask()
    with pytest.raises(ConnectionResetError):
        client.read()
        client.sock.recv(1)
    client.sock.close()


def test_half_closed_the_client_can_still_send(proxy: FaultProxy) -> None:
    proxy.set(Way(half_close_at=10))
    client = Client(proxy)
    client.ask()
    assert client.read() == ANSWER[:10]
    client.ask()
    client.sock.close()


def test_drip(proxy: FaultProxy) -> None:
    proxy.set(Way(drip_s=0.02))
    client = Client(proxy)
    client.ask()
    with bounded(0.2, least=0.1):
        assert client.read(10) == ANSWER[:10]
    client.sock.close()


@pytest.mark.parametrize("way", [Way(swallow=True), Way(swallow_answer=True)])
def test_a_black_hole(proxy: FaultProxy, toy: ToyServer, way: Way) -> None:
    proxy.set(way)
    client = Client(proxy)
    client.sock.settimeout(0.2)
    client.ask()
    with pytest.raises(TimeoutError):
        client.sock.recv(1)
    assert len(toy.seen) == (0 if way.swallow else 1)
    client.sock.close()


def test_only_some_requests_and_only_so_often(proxy: FaultProxy) -> None:
    proxy.set(Way(cut_at=3, begins=b"GET /b", uses=1))
    for path, read in (("/a", ANSWER), ("/b", ANSWER[:3]), ("/b", ANSWER)):
        client = Client(proxy)
        client.ask(path)
        assert client.read() == read
        client.sock.close()


def test_refusing_and_listening_again(proxy: FaultProxy) -> None:
    client = Client(proxy)
    proxy.refuse()
    with pytest.raises(ConnectionResetError):
        client.sock.recv(1)
    with pytest.raises(ConnectionRefusedError):
        Client(proxy)
    proxy.listen_again()
    again = Client(proxy)
    again.ask()
    assert again.read() == ANSWER
    for each in (client, again):
        each.sock.close()


def test_flapping(proxy: FaultProxy) -> None:
    ends = set()
    with proxy.flapping(0.05, 0.05):
        end = time.monotonic() + LONGEST_S
        while time.monotonic() < end and len(ends) < 2:
            try:
                Client(proxy).sock.close()
                ends.add("there")
            except (ConnectionRefusedError, ConnectionResetError):  # closed while it was let in
                ends.add("refused")
            time.sleep(0.005)
    assert ends == {"there", "refused"}
    Client(proxy).sock.close()
