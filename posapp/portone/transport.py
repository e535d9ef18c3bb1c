"""One HTTP call: sent once, bounded by a deadline, and read up to a size limit.

Follows docs/portone.md, "HTTP manners": a session never in two threads at once, no redirect, no
proxy or password file from the environment, no cookie, never a second try.
"""

from __future__ import annotations

import json
import logging
import ssl
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import requests
import urllib3
from requests.adapters import HTTPAdapter

from posapp import __version__
from posapp.portone import deadline_sockets
from posapp.portone.http_messages import HttpReply, HttpRequest
from posapp.portone.outcome_table import Event, Shape
from posapp.portone.settings import GatewaySettings, Limits
from posapp.portone.strict_json import NotJson, parse

# This package logs each call once, without addresses and queries.
logging.getLogger("urllib3").setLevel(logging.ERROR)

_CHUNK = 64 * 1024


class Transport:
    """Sends requests over kept sessions, each in one call at a time and for any thread: threads are
    short-lived, and a new one must not pay for a new connection."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._resting: list[_Session] = []
        self._sessions: list[_Session] = []

    def send(self, request: HttpRequest, limits: Limits | None = None) -> HttpReply:
        """Send a request once and return the reply; raises nothing.

        Args:
            limits: limits that replace those of the settings.
        """
        times = limits or self._settings.limits
        exchange = deadline_sockets.CallDeadline(times.connect_ms, times.read_ms, times.total_ms)
        session = self._take()
        deadline_sockets.bind_deadline(exchange)
        try:
            return self._carry(session, request)
        except Exception as error:  # noqa: BLE001 - decided: see _event_of
            return HttpReply(_event_of(error, exchange), outdated=_is_outdated(error))
        finally:
            deadline_sockets.bind_deadline(None)
            with self._lock:
                self._resting.append(session)

    def close(self) -> None:
        """Close all kept connections; the next call opens new ones."""
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.close()

    def _carry(self, session: _Session, request: HttpRequest) -> HttpReply:
        with session.send(
            _prepared(request),
            stream=True,
            allow_redirects=False,
            verify=self._settings.ca_file or True,
            proxies={},
        ) as response:
            body = _body_of(response, self._settings.body_limit)
            if body is None:
                return HttpReply(Event.TOO_LARGE, response.status_code)
            shape, value = _shape_of(response.headers.get("Content-Type", ""), body)
            return HttpReply(
                Event.ANSWERED,
                response.status_code,
                shape,
                value,
                response.headers.get("Retry-After"),
                response.headers.get("Date"),
            )

    def _take(self) -> _Session:
        """Return the most recently used idle session, so that sessions that are not needed grow
        old."""
        with self._lock:
            if self._resting:
                session = self._resting.pop()
            else:
                session = _Session()
                self._sessions.append(session)
        session.drop_if_idle(self._settings.idle_ms)
        return session


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        # Passed on unchanged: ``requests`` defines these arguments.
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = deadline_sockets.POOLS


class _Session(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        adapter = _Adapter(max_retries=0, pool_connections=2, pool_maxsize=1)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self._used_at = time.monotonic()

    def drop_if_idle(self, idle_ms: int) -> None:
        now = time.monotonic()
        if (now - self._used_at) * 1000 > idle_ms:
            self.close()
        self._used_at = now


def _prepared(request: HttpRequest) -> requests.PreparedRequest:
    headers = {
        "Accept": "application/json",
        # A compressed answer has to be unpacked before its size is known.
        "Accept-Encoding": "identity",
        "User-Agent": f"posapp/{__version__}",
        **dict(request.headers),
    }
    data: bytes | None = None
    if request.body is not None:
        data = json.dumps(request.body, ensure_ascii=False).encode("utf-8", "replace")
        headers["Content-Type"] = "application/json; charset=UTF-8"
    query = f"?{urlencode(request.query)}" if request.query else ""
    address = f"{request.base}{request.path}{query}"
    return requests.Request(request.method, address, headers=headers, data=data).prepare()


def _body_of(response: requests.Response, limit: int) -> bytes | None:
    """Return the body, or ``None`` if it is larger than ``limit`` or compressed."""
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        return None
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read(_CHUNK, decode_content=False):
        parts.append(part)
        size += len(part)
        if size > limit:
            return None
    return b"".join(parts)


def _shape_of(content_type: str, body: bytes) -> tuple[Shape, Mapping[str, object] | None]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return Shape.HTML, None
    if not body.strip():
        return Shape.EMPTY, None
    if kind != "application/json":
        return Shape.OTHER, None
    try:
        value = parse(body)
    except NotJson:
        return Shape.BROKEN, None
    if not isinstance(value, dict):
        return Shape.BROKEN, None
    code, message = value.get("code"), value.get("message")
    is_code = isinstance(code, int) and not isinstance(code, bool)
    is_envelope = is_code and (message is None or isinstance(message, str))
    return (Shape.ENVELOPE if is_envelope else Shape.OBJECT), value


_OUTDATED = frozenset({9, 10})
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and …_HAS_EXPIRED."""


def _is_outdated(error: BaseException | None) -> bool:
    """Return whether a certificate was refused for its dates; the libraries wrap the reason
    twice."""
    for _ in range(8):
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_code in _OUTDATED
        if error is None:
            return False
        reason = getattr(error.args[0], "reason", None) if error.args else None
        inner = reason if isinstance(reason, BaseException) else None
        error = inner or error.__cause__ or error.__context__
    return False


def _event_of(error: Exception, exchange: deadline_sockets.CallDeadline) -> Event:
    """Return the point at which a call ended in an exception.

    The libraries' exception classes are not sufficient: malformed bytes have made them raise
    ``ValueError`` and worse. The deciding fact is whether something had been sent. After that, an
    exception of an unknown kind is UNKNOWN, like everything that is on no list.
    """
    if not exchange.sent:
        if isinstance(error, requests.exceptions.SSLError):
            return Event.TLS_FAILED
        if isinstance(error, OSError):
            return Event.NOT_CONNECTED
        return Event.NOT_SENT
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
        return Event.TIMED_OUT
    if isinstance(error, OSError | urllib3.exceptions.HTTPError):
        return Event.CONNECTION_LOST
    return Event.UNFORESEEN
