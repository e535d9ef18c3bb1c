"""Connections with one deadline for a whole call, which record whether anything was sent.

The timeout of ``requests`` is per read: a server that sends one byte a second, in its headers or
its body, blocks a caller for ever. Here every single read, write and connect of a call is limited
to the time that the call has left. The type of an exception does not prove whether a refund may
have reached PortOne: the connection records the moment when its first byte is sent.
"""

from __future__ import annotations

import http.client
import io
import itertools
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class DeadlineExceeded(TimeoutError):
    """The deadline of the call has passed."""


class CallDeadline:
    """Deadline and progress of one running call, used by one thread.

    Attributes:
        sent: a byte of the request was handed to the network; before that, nothing can have
            happened at PortOne.
    """

    def __init__(self, connect_ms: int, read_ms: int, total_ms: int) -> None:
        start = time.monotonic()
        self._end = start + total_ms / 1000
        self._connect = connect_ms / 1000
        self._read = read_ms / 1000
        self.sent = False

    def connect_end(self) -> float:
        """Return the monotonic second by which a connection that starts now must be established."""
        return min(self._end, time.monotonic() + self._connect)

    def next_wait(self) -> float:
        """Return the seconds that the next read or write may take; raises ``DeadlineExceeded``."""
        return min(self._read, seconds_until(self._end))


def seconds_until(end: float) -> float:
    """Return the seconds that are left until ``end``; raises ``DeadlineExceeded`` when there are
    none."""
    left = end - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("the deadline of the call has passed")
    return left


class _ThreadDeadline(threading.local):
    exchange: CallDeadline | None = None


_running = _ThreadDeadline()


def bind_deadline(exchange: CallDeadline | None) -> None:
    """Bind this thread's connections to a call; ``None`` when the call is over."""
    _running.exchange = exchange


def _current() -> CallDeadline:
    exchange = _running.exchange
    if exchange is None:
        raise RuntimeError("a connection was used outside a call")
    return exchange


class _TimedReads(io.RawIOBase):
    """Raw reader of a socket; each read is limited to the time that the call has left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_current().next_wait())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._raw.close()


class _TimedResponse(http.client.HTTPResponse):
    """Response whose status line, headers and body are read with the deadline; cookies are
    dropped."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp: io.BufferedReader = io.BufferedReader(_TimedReads(self.fp.detach(), sock))

    def begin(self) -> None:
        super().begin()
        # PortOne sets no cookies; a captive portal's must neither be kept nor parsed.
        del self.headers["Set-Cookie"]
        del self.headers["Set-Cookie2"]


class _Timed(HTTPConnection):
    response_class = _TimedResponse

    def _new_conn(self) -> socket.socket:
        end = _current().connect_end()
        sock = open_socket(self._dns_host, self.port, end)
        # The remaining time to connect also covers a TLS handshake that may follow.
        sock.settimeout(seconds_until(end))
        return sock

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange = _current()
        self.sock.settimeout(exchange.next_wait())
        exchange.sent = True
        super().send(data)


class TimedHTTPConnection(_Timed):
    """Plain HTTP, for the sandbox."""


class TimedHTTPSConnection(_Timed, HTTPSConnection):
    """HTTPS; certificates are checked as ``requests`` does."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = TimedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = TimedHTTPSConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _HTTPPool, "https": _HTTPSPool}
"""Pool classes of a pool manager, by scheme."""


def open_socket(host: str, port: int, end: float) -> socket.socket:
    """Connect to a host by any of its addresses before the monotonic second ``end``.

    Addresses of both families alternate, and each gets an equal share of the remaining time, so
    that an IPv6 black hole leaves time for IPv4.

    Raises:
        OSError: the name is unknown, no address accepts the connection, or the time is up
            (``DeadlineExceeded``).
    """
    found = _resolve(host.strip("[]"), port, end)
    problem: OSError = OSError(f"no address for {host}")
    for index, (family, kind, protocol, _, address) in enumerate(found):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(seconds_until(end) / (len(found) - index))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as error:
            sock.close()
            problem = error
    raise problem


_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]


def _resolve(host: str, port: int, end: float) -> Sequence[_Address]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        pass  # a name, not an address: resolve it
    # The system's resolver has no timeout. If it does not answer, its thread is abandoned; the
    # resolver ends it after some seconds.
    answer: list[Sequence[_Address] | OSError] = []

    def ask() -> None:
        try:
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error if isinstance(error, OSError) else OSError(str(error)))

    asking = threading.Thread(target=ask, name="posapp-resolver", daemon=True)
    asking.start()
    asking.join(seconds_until(end))
    if not answer:
        raise DeadlineExceeded(f"no answer to the question for {host}")
    if isinstance(answer[0], OSError):
        raise answer[0]
    return _interleave_families(answer[0])


def _interleave_families(found: Sequence[_Address]) -> Sequence[_Address]:
    first = [each for each in found if each[0] == found[0][0]]
    other = [each for each in found if each[0] != found[0][0]]
    pairs = itertools.zip_longest(first, other)
    return [each for pair in pairs for each in pair if each is not None]
