"""Connections with one deadline for a whole call, which record whether anything was sent.

The timeout of ``requests`` is per read: a server that sends one byte a second, in its headers or
its body, blocks a caller for ever. Here every single read, write and connect of a call is limited
to the time that the call has left. The type of an exception does not prove whether a refund may
have reached PortOne: the connection records the moment when its first byte is sent.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from posapp.portone.sockets import open_socket, seconds_until


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
