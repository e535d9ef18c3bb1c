from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from tests.bounds import LONGEST_S
from tests.portone.toy_server import ToyServer

KEY, SECRET = "key-4711-abcd", "secret-0815-wxyz-very-private"


class FakeClock:
    def __init__(self) -> None:
        self.ms = 1_000_000

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)

    def monotonic(self) -> int:
        return self.ms


class FakeSecrets:
    def __init__(self, key: str = KEY, secret: str = SECRET) -> None:
        self.values = {"imp_key": key, "imp_secret": secret}
        self.requested = 0

    def get(self, name: str) -> str:
        self.requested += 1
        return self.values[name]

    def put(self, name: str, value: str) -> None:
        self.values[name] = value


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def secrets() -> FakeSecrets:
    return FakeSecrets()


@pytest.fixture
def toy() -> Iterator[ToyServer]:
    server = ToyServer()
    yield server
    server.stop()


GatewayMaker = Callable[..., PortOneGateway]


@pytest.fixture
def make_gateway(clock: FakeClock, secrets: FakeSecrets) -> Iterator[GatewayMaker]:
    made: list[PortOneGateway] = []

    def make(base: str, **changes: Any) -> PortOneGateway:
        values: dict[str, Any] = {
            "api_base": base,
            "link_base": base,
            "user_code": "imp00000000",
            "channel_key": "channel-key-1",
            "connect_ms": 10_000,
            "read_ms": 10_000,
            "total_ms": 20_000,
        }
        gateway = PortOneGateway(GatewaySettings(**{**values, **changes}), secrets, clock)
        made.append(gateway)
        return gateway

    yield make
    for gateway in made:
        gateway.close()


@pytest.fixture
def gateway(toy: ToyServer, make_gateway: GatewayMaker) -> PortOneGateway:
    return make_gateway(toy.base)


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """No test leaves a resolver or server thread behind."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(LONGEST_S)
        assert not thread.is_alive(), thread.name
