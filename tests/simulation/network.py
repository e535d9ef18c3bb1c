"""A faulty network to PortOne: carries the real client's requests in process.

``Wire`` replaces the HTTP adapter of ``requests``. The client above it is real (sessions, tokens,
parsing, outcomes), and so is the sandbox behind it (middleware, routes, books). Between them is the
network: latency, and the effects of ``Weather`` and chance on a request.
"""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import IncompleteRead

from posapp.portone import deadline_sockets
from posapp.sandbox.server import Sandbox
from tests.simulation.scheduler import Killed, Scheduler
from tests.simulation.sends import Sends

LATEST = 15 * 60
"""Seconds after which a delayed effect is carried out at the latest (docs/faults.md, row 6)."""


class Weather(StrEnum):
    """State of the network for a while."""

    FAIR = "fair"
    DOWN = "down"
    BLACK_HOLE = "black_hole"
    SLOW = "slow"
    PORTAL = "portal"
    FLAPPING = "flapping"
    SICK = "sick"


class Fate(StrEnum):
    """Outcome of one request."""

    ANSWERED = "answered"
    NOT_CONNECTED = "not_connected"
    NO_ROUTE = "no_route"
    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    SILENT_BEFORE = "silent_before"
    SILENT_AFTER = "silent_after"
    LATE = "late"
    PORTAL = "portal"
    REDIRECT = "redirect"
    ERROR = "error"
    ERROR_BUT_DONE = "error_but_done"
    BUSY = "busy"
    UNAUTHORIZED = "unauthorized"
    REFUSED = "refused"
    REFUSED_BUT_DONE = "refused_but_done"
    CUT = "cut"
    GARBLED = "garbled"


ACTS = frozenset(
    {
        *(Fate.ANSWERED, Fate.LOST_AFTER, Fate.SILENT_AFTER, Fate.ERROR_BUT_DONE),
        *(Fate.REFUSED_BUT_DONE, Fate.CUT, Fate.GARBLED),
    }
)
"""Fates with which PortOne carries out the request at once."""

ANY = (
    *(Fate.NOT_CONNECTED, Fate.LOST_BEFORE, Fate.LOST_AFTER, Fate.SILENT_BEFORE),
    *(Fate.SILENT_AFTER, Fate.LATE, Fate.ERROR, Fate.ERROR_BUT_DONE, Fate.BUSY),
    *(Fate.UNAUTHORIZED, Fate.CUT),
)
CANCEL = (
    *(Fate.LOST_AFTER, Fate.LOST_BEFORE, Fate.LATE, Fate.LATE, Fate.REFUSED),
    *(Fate.REFUSED_BUT_DONE, Fate.ERROR_BUT_DONE, Fate.CUT),
)
SICK = (Fate.ERROR, Fate.ERROR_BUT_DONE, Fate.BUSY, Fate.SILENT_BEFORE, Fate.SILENT_AFTER)

_PLAIN: dict[Fate, tuple[int, dict[str, str], bytes]] = {
    Fate.PORTAL: (200, {"Content-Type": "text/html"}, b"<html>Log in to the network</html>"),
    Fate.REDIRECT: (302, {"Location": "http://10.0.0.1/login"}, b""),
    Fate.ERROR: (502, {}, b""),
    Fate.ERROR_BUT_DONE: (500, {}, b""),
    Fate.BUSY: (429, {}, b""),
}
_ENVELOPES = {
    Fate.UNAUTHORIZED: (401, "Unauthorized"),
    Fate.REFUSED: (200, "결제취소에 실패하였습니다. 한도 초과"),
    Fate.REFUSED_BUT_DONE: (200, "알 수 없는 오류입니다."),
}


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Network:
    """Faults of requests, drawn from a seed.

    Attributes:
        rate: faulty requests of 100 in fair weather.
        struck: number of faults, by name.
        others, others_key: another account's application, and its key.
        sends: checks every send of money, if given.
        inside: whether the caller holds a unit of work, in which calls to PortOne are forbidden.
    """

    def __init__(
        self, scheduler: Scheduler, sandbox: Sandbox, app: Any, seed: str, say: Callable[..., None]
    ) -> None:
        self._scheduler, self._sandbox, self._app, self._say = scheduler, sandbox, app, say
        self._chance = random.Random(f"{seed}/network")
        self.weather = Weather.FAIR
        self.rate = 0
        self.aimed: list[Fate] = []
        self.struck: Counter[str] = Counter()
        self.inside: Callable[[], bool] = lambda: False
        self.unchecked = False
        self.sends: Sends | None = None
        self.others: Any = None
        self.others_key = ""
        self._others_tokens: set[str] = set()

    def clear_up(self) -> None:
        self.weather, self.rate = Weather.FAIR, 0
        self.aimed.clear()

    def carry(self, request: requests.PreparedRequest) -> _Answer:
        """Play one exchange: PortOne acts or not, and its answer arrives or not."""
        assert not self.inside(), "PortOne is called inside a unit of work"
        fate, latency = self._fate(request)
        if fate is not Fate.ANSWERED:
            self.struck[fate] += 1
            self._say("network", request.method, urlsplit(request.url).path, fate)
        if fate is Fate.NOT_CONNECTED:
            self._scheduler.pause(0.02)
            raise requests.exceptions.ConnectionError("refused")
        if fate is Fate.NO_ROUTE:
            self._scheduler.pause(_call()._connect)
            raise requests.exceptions.ConnectTimeout("no way there")
        _call().sent = True
        path = urlsplit(request.url).path
        if self.sends is not None and path == "/payments/cancel":
            self.sends.requested(request.body)
        answer = self._acted(request, fate, latency)
        if fate in (Fate.SILENT_BEFORE, Fate.SILENT_AFTER, Fate.LATE):
            self._scheduler.pause(_call()._read)
            raise requests.exceptions.ReadTimeout("silence")
        self._scheduler.pause(latency)
        if fate in (Fate.LOST_BEFORE, Fate.LOST_AFTER):
            raise requests.exceptions.ConnectionError("reset")
        if self.sends is not None and answer.status == 200:
            self.sends.received(path, answer.body)
        return answer

    def _fate(self, request: requests.PreparedRequest) -> tuple[Fate, float]:
        chance, path = self._chance, urlsplit(request.url).path
        latency = chance.uniform(0.01, 0.2)
        if self.aimed and path == "/payments/cancel":
            return self.aimed.pop(0), latency
        weather = self.weather
        if weather is Weather.FLAPPING:
            weather = (Weather.FAIR, Weather.DOWN)[self._scheduler.now // 3_000_000 % 2]
        if weather is Weather.DOWN:
            return Fate.NOT_CONNECTED, latency
        if weather is Weather.BLACK_HOLE:
            return Fate.NO_ROUTE, latency
        if weather is Weather.PORTAL:
            return chance.choice((Fate.PORTAL, Fate.REDIRECT)), latency
        if weather is Weather.SICK and chance.random() < 0.8:
            return chance.choice(SICK), latency
        if weather is Weather.SLOW:
            latency = chance.uniform(1, 40)
            if 2 * latency > _call()._read:
                return Fate.SILENT_AFTER, latency
        if chance.random() * 100 >= self.rate:
            return Fate.ANSWERED, latency
        if path == "/payments/cancel" and chance.random() < 0.7:
            return chance.choice(CANCEL), latency
        if request.method == "GET" and path != "/users/pg" and chance.random() < 0.1:
            return Fate.GARBLED, latency
        return chance.choice(ANY), latency

    def _acted(self, request: requests.PreparedRequest, fate: Fate, latency: float) -> _Answer:
        late = self._sandbox.faults.late
        if fate is Fate.LATE:
            late.defer(
                lambda: self._serve_late(request), self._chance.choice((5, 30, 90, 300, LATEST))
            )
        try:
            self._scheduler.pause(latency)
        except Killed:
            # A request in transit when the power failed arrives or not.
            if fate in ACTS and self._chance.random() < 0.5:
                self._serve(request)
            raise
        late.land_due()
        answer = self._serve(request) if fate in ACTS else None
        if fate in _PLAIN:
            status, headers, body = _PLAIN[fate]
            if fate is Fate.BUSY:
                headers = {"Retry-After": str(self._chance.choice((1, 5, 30, 3600, "soon")))}
            return _Answer(status, headers, body)
        if fate in _ENVELOPES:
            status, text = _ENVELOPES[fate]
            return _envelope(status, {"code": -1, "message": text, "response": None})
        if answer is None:
            return _Answer(0, {}, b"")
        if fate is Fate.CUT:
            at = self._chance.randrange(max(1, len(answer.body)))
            return _Answer(answer.status, answer.headers, answer.body[:at])
        return _garbled(answer) if fate is Fate.GARBLED else answer

    def _serve_late(self, request: requests.PreparedRequest) -> None:
        """Serve a delayed request without a further delay: PortOne's time to act is over then."""
        conduct = self._sandbox.faults.conduct
        kept, conduct.refused_lands = conduct.refused_lands, None
        try:
            self._serve(request)
        finally:
            conduct.refused_lands = kept

    def _serve(self, request: requests.PreparedRequest) -> _Answer:
        """Run the sandbox's own middleware and routes."""
        parts = urlsplit(request.url)
        body = request.body or b""
        if self.unchecked and parts.path == "/payments/cancel":
            body = json.dumps({**json.loads(body), "checksum": None}).encode()
        environ = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(parts.path),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname,
            "SERVER_PORT": str(parts.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        app = self._app if self._is_ours(request, parts.path) else self.others
        parts_of_body: Iterable[bytes] = app(environ, lambda *started: begun.append(started))
        content = b"".join(parts_of_body)
        if app is self.others and parts.path == "/users/getToken":
            token = (json.loads(content).get("response") or {}).get("access_token", "")
            self._others_tokens.add(f"Bearer {token}")
        status, headers = begun[0][:2]
        date = formatdate(self._sandbox.books.now(), usegmt=True)
        return _Answer(int(status[:3]), {**dict(headers), "Date": date}, content)

    def _is_ours(self, request: requests.PreparedRequest, path: str) -> bool:
        """Whether the request reaches this shop's account: another account's keys reach that one.
        Links need no keys."""
        if path == "/users/getToken":
            return not self.others_key or json.loads(request.body)["imp_key"] != self.others_key
        return request.headers.get("Authorization") not in self._others_tokens


class Wire(BaseAdapter):
    """Replaces the HTTP adapter of ``requests``; ``network`` is that of the open shop."""

    network: Network

    def __init__(self, **_: object) -> None:
        super().__init__()

    def close(self) -> None:
        """Close nothing: no connection is open."""

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        answer = Wire.network.carry(request)
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers)
        response.url, response.request = request.url, request
        response.raw = _Body(answer)
        return response


class _Body:
    """Body of an answer, with what ``requests`` and the client read of it; a body that was cut off
    is shorter than its headers say."""

    def __init__(self, answer: _Answer) -> None:
        self._file = io.BytesIO(answer.body)
        self._length = int(CaseInsensitiveDict(answer.headers).get("Content-Length", 0))

    def read(self, count: int, decode_content: bool = False) -> bytes:
        part = self._file.read(count)
        if not part and self._file.tell() < self._length:
            raise IncompleteRead(self._file.tell(), self._length - self._file.tell())
        return part

    def close(self) -> None:
        """Close nothing: no connection is open."""

    release_conn = close


def _call() -> deadline_sockets.CallDeadline:
    """Return the client's deadline of the current call."""
    exchange = deadline_sockets._running.exchange
    assert exchange is not None
    return exchange


def _envelope(status: int, value: dict[str, object]) -> _Answer:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return _Answer(status, headers, json.dumps(value).encode())


def _garbled(answer: _Answer) -> _Answer:
    """Return the answer with an unknown payment status."""
    try:
        value = json.loads(answer.body)
        payments = value["response"].get("list", [value["response"]])
        for each in payments:
            if "status" in each:
                each["status"] = "melted"
    except (ValueError, AttributeError, TypeError, KeyError):
        return answer
    return _envelope(answer.status, value)
