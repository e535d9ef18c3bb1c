"""A sandbox on a free port, a clock that only tests move, and a till that speaks plain HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from posapp.sandbox import Sandbox

START = 1_790_000_000
"""The second at which every test begins."""


class FakeClock:
    def __init__(self) -> None:
        self.seconds = float(START)

    def __call__(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.seconds += seconds


class Till:
    """The few calls of a client, with nothing clever in it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.token = ""

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        if path.startswith("/sandbox/"):
            headers.setdefault("X-Sandbox-Secret", self.sandbox.dial_secret)
        kwargs.setdefault("timeout", 5)
        kwargs.setdefault("allow_redirects", False)
        return self.session.request(method, self.sandbox.api + path, headers=headers, **kwargs)

    def sign_in(self) -> dict[str, Any]:
        keys = {"imp_key": self.sandbox.imp_key, "imp_secret": self.sandbox.imp_secret}
        answer = self.call("POST", "/users/getToken", json=keys).json()
        self.token = answer["response"]["access_token"]
        return dict(answer["response"])

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def post(self, path: str, **fields: Any) -> requests.Response:
        return self.call("POST", path, json=fields)

    def find(self, merchant_uid: str) -> requests.Response:
        return self.get(f"/payments/find/{merchant_uid}")

    def payment(self, merchant_uid: str) -> dict[str, Any]:
        return dict(self.find(merchant_uid).json()["response"])

    def cancel(self, **fields: Any) -> dict[str, Any]:
        answer = self.post("/payments/cancel", **fields)
        assert answer.status_code == 200
        return dict(answer.json())

    def info(self, merchant_uid: str, amount: int = 12_000, **others: Any) -> dict[str, Any]:
        return {
            "title": "연습 카페",
            "user_code": self.sandbox.user_code,
            "amount": amount,
            "merchant_uid": merchant_uid,
            "name": "아메리카노 외 2건",
            "currency": "KRW",
            "buyer_tel": "",
            "direct": {"channelKey": self.sandbox.channel_key, "pay_method": "kakaopay"},
            **others,
        }

    def send_link(self, body: Any) -> requests.Response:
        url = self.sandbox.link_api + "/api/supplements/v1/link/payment"
        return self.session.post(url, json=body, timeout=5)

    def link(self, merchant_uid: str, amount: int = 12_000, life: int = 300, **others: Any) -> str:
        info = json.dumps(self.info(merchant_uid, amount, **others))
        expired_at = self.sandbox.books.now() + life
        answer = self.send_link({"payment_info": info, "expired_at": expired_at})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["shortenedUrl"])

    def close(self, url: str) -> requests.Response:
        link_id = url.rpartition("/")[2]
        address = f"{self.sandbox.link_api}/api/supplements/v1/link/payment/{link_id}"
        return self.session.put(address, timeout=5)

    def dial(self, **setting: Any) -> requests.Response:
        return self.call("POST", "/sandbox/faults", json=setting)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sandbox(clock: FakeClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def till_for() -> Iterator[Callable[[Sandbox], Till]]:
    """Makes a till that is signed in."""
    made: list[Till] = []

    def make(sandbox: Sandbox) -> Till:
        till = Till(sandbox)
        till.sign_in()
        made.append(till)
        return till

    yield make
    for each in made:
        each.session.close()


@pytest.fixture
def till(sandbox: Sandbox, till_for: Callable[[Sandbox], Till]) -> Till:
    return till_for(sandbox)


@pytest.fixture
def paid(till: Till, sandbox: Sandbox) -> str:
    """The imp_uid of a payment of 12,000 won, merchant_uid ``m-1``."""
    till.link("m-1")
    return sandbox.books.pay("m-1").imp_uid
