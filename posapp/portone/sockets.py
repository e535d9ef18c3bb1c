"""Sockets that connect before a deadline, name resolution included; no library beside Python's."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any


class DeadlineExceeded(TimeoutError):
    """The deadline of the call has passed."""


def seconds_until(end: float) -> float:
    """Return the seconds that are left until ``end``; raises ``DeadlineExceeded`` when there are
    none."""
    left = end - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("the deadline of the call has passed")
    return left


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
