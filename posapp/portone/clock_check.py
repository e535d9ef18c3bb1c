"""Clock check against the server when a certificate is refused for its dates.

Then either the certificate is expired, or this machine's clock is wrong; only another clock can
decide. The check requests only the time from the server whose certificate was refused: it sends no
token, no path and no name of this program. The answer selects messages only (docs/faults.md, row
24).
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from posapp.portone.retry_after import moment_of
from posapp.portone.sockets import open_socket, seconds_until
from posapp.services.ports.system import Clock

OFF = timedelta(minutes=5)
"""Tolerance: only a larger clock error is reported."""

PATIENCE_S = 1.5
KEPT_MS = 30_000
"""Milliseconds for which an answer is reused: while the connection fails, every call runs this
check."""

_MOST = 8 * 1024


class ClockCheck:
    """Checks whether this machine's clock is off. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._requested_ms: int | None = None
        self._off = False

    def is_off(self, base: str) -> bool:
        """Return whether the clock is off by more than ``OFF``, according to the server at
        ``base``; ``False`` without an answer. Raises nothing."""
        with self._lock:
            now = self._clock.monotonic()
            if self._requested_ms is None or now - self._requested_ms >= KEPT_MS:
                theirs = date_of(base)
                self._off = theirs is not None and abs(theirs - self._clock.now()) > OFF
                self._requested_ms = now
            return self._off


def date_of(base: str) -> datetime | None:
    """Return the ``Date`` header of a server whose certificate is not trusted, or ``None``."""
    parts = urlsplit(base)
    host, end = parts.hostname or "", time.monotonic() + PATIENCE_S
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            open_socket(host, parts.port or 443, end) as plain,
            context.wrap_socket(plain, server_hostname=host) as sock,
        ):
            sock.settimeout(seconds_until(end))
            sock.sendall(f"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return _date_in(_head(sock, end))
    except (OSError, ValueError):
        return None


def _head(sock: socket.socket, end: float) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _MOST:
        sock.settimeout(seconds_until(end))
        part = sock.recv(2048)
        if not part:
            break
        head += part
    return head


def _date_in(head: bytes) -> datetime | None:
    for line in head.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"date":
            return moment_of(value.decode("latin-1").strip())
    return None
