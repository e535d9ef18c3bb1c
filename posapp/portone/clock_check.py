"""What time it is elsewhere, when a certificate is refused for its dates.

Then either the certificate is over, or this machine's clock is wrong; only another clock can tell.
The server whose certificate was refused is asked for the time and for nothing else: no token, no
path, no name of this program travels, and what it says decides about words only
(docs/faults.md, row 24).
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from posapp.portone.connecting import open_socket, seconds_until
from posapp.portone.retry_after import moment_of
from posapp.services.ports.machine import Clock

OFF = timedelta(minutes=5)
"""A clock that is wrong by more than this is named."""

PATIENCE_S = 1.5
KEPT_MS = 30_000
"""An answer serves so long: while the way is shut, every call comes by here."""

_MOST = 8 * 1024


class ClockCheck:
    """Says whether this machine's clock is off. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._asked_ms: int | None = None
        self._off = False

    def is_off(self, base: str) -> bool:
        """Whether the clock is off by more than ``OFF``, as far as the server at ``base`` says;
        ``False`` if it does not say. Raises nothing."""
        with self._lock:
            now = self._clock.monotonic()
            if self._asked_ms is None or now - self._asked_ms >= KEPT_MS:
                theirs = date_of(base)
                self._off = theirs is not None and abs(theirs - self._clock.now()) > OFF
                self._asked_ms = now
            return self._off


def date_of(base: str) -> datetime | None:
    """The ``Date`` of a server whose certificate is not believed, or ``None``."""
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
