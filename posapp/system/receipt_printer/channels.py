"""Ways that carry bytes to a printer and its answers back: a network connection, and a device file
of the system. Each call ends by its deadline."""

from __future__ import annotations

import os
import select
import socket
import time
from contextlib import suppress
from typing import Protocol

_OPENED = os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_PAUSE_S = 0.02
"""A device that takes nothing now is asked again after this time."""

_SILENCE_S = 0.2
"""How long a printer may be silent until its connection is closed."""


class Channel(Protocol):
    """An open way to a printer. Deadlines are times of ``time.monotonic``."""

    def write(self, content: bytes, deadline: float) -> None:
        """Hand all bytes over; raises ``OSError`` (``TimeoutError`` at the deadline)."""
        ...

    def read(self, count: int, deadline: float) -> bytes:
        """Return up to ``count`` bytes, fewer if no more came by the deadline.

        Raises:
            ConnectionError: the other side closed its way.
        """
        ...

    def close(self) -> None:
        """Close it; what was handed over is still delivered."""
        ...


class NetworkChannel:
    """A TCP connection.

    Raises:
        OSError: nothing answers within ``connect_s`` seconds.
    """

    def __init__(self, host: str, port: int, connect_s: float) -> None:
        self._socket = socket.create_connection((host, port), connect_s)

    def write(self, content: bytes, deadline: float) -> None:
        """See ``Channel``."""
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(content)

    def read(self, count: int, deadline: float) -> bytes:
        """See ``Channel``."""
        found = b""
        while len(found) < count:
            try:
                self._socket.settimeout(_left(deadline))
                part = self._socket.recv(count - len(found))
            except TimeoutError:
                break
            if not part:
                raise ConnectionResetError("the printer closed its way")
            found += part
        return found

    def close(self) -> None:
        """See ``Channel``. Bytes that nobody read would make the system break the connection, with
        what is still under way to the printer: they are read first."""
        with suppress(OSError), self._socket:
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(_SILENCE_S)
            while self._socket.recv(1024):
                pass


class DeviceChannel:
    """A device file, such as ``/dev/usb/lp0`` of a printer at a USB port.

    Raises:
        OSError: there is no such device, or it may not be used.
    """

    def __init__(self, path: str) -> None:
        self._file = os.open(path, _OPENED)

    def write(self, content: bytes, deadline: float) -> None:
        """See ``Channel``."""
        left = memoryview(content)
        while left:
            select.select((), (self._file,), (), _left(deadline))
            try:
                left = left[os.write(self._file, left) :]
            except BlockingIOError:
                time.sleep(min(_PAUSE_S, _left(deadline)))

    def read(self, count: int, deadline: float) -> bytes:
        """See ``Channel``. A device without an answer looks like one that has ended, so that an
        empty reading is asked again."""
        found = b""
        while len(found) < count and time.monotonic() < deadline:
            select.select((self._file,), (), (), max(0.0, deadline - time.monotonic()))
            try:
                part = os.read(self._file, count - len(found))
            except BlockingIOError:
                part = b""
            found += part
            if not part:
                time.sleep(_PAUSE_S)
        return found

    def close(self) -> None:
        """See ``Channel``."""
        os.close(self._file)


def _left(deadline: float) -> float:
    """Return the seconds that are left; raises ``TimeoutError`` if none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left
