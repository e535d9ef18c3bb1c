"""A bell or a relay at a serial port that calls staff.

There is no standard of such devices. Most relay boards switch by a few bytes at 9600 baud, 8N1; a
relay or a light that is wired to the port's own lines switches by DTR and RTS. Not on Windows. Not
tried on a real device.
"""

from __future__ import annotations

import logging
import os
import struct
import sys
import time
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger(__name__)

RING_S = 2.0
"""Seconds that it rings."""


class SerialCall:
    """Rings once for each call.

    Args:
        device: path of the port.
        signal: bytes in hexadecimal that switch the bell on, and, after a comma, off again
            (``setting_kinds.SignalKind``); empty: by the lines DTR and RTS.
        wait: waits for so many seconds.
    """

    def __init__(
        self, device: str, signal: str = "", *, wait: Callable[[float], object] = time.sleep
    ) -> None:
        on, _, off = signal.partition(",")
        self._device, self._wait = device, wait
        self._on, self._off = bytes.fromhex(on), bytes.fromhex(off)

    def call(self, kiosk: int, at: datetime) -> bool:
        """See ``StaffCall``. Handed over means that the port took it; a bell says nothing."""
        try:
            self._ring()
        except OSError as error:
            log.warning("the bell did not ring: %s", error)
            return False
        return True

    def _ring(self) -> None:
        port = os.open(self._device, os.O_RDWR | _flag("O_NOCTTY") | _flag("O_NONBLOCK"))
        try:
            _make_raw(port)
            if self._on:
                os.write(port, self._on)
                self._wait(RING_S)
                os.write(port, self._off)
            else:
                _set_lines(port, on=True)
                self._wait(RING_S)
                _set_lines(port, on=False)
        finally:
            os.close(port)


def _flag(name: str) -> int:
    return int(getattr(os, name, 0))


def _make_raw(port: int) -> None:
    """Let bytes pass as they are, at 9600 baud; raises ``OSError``."""
    if sys.platform == "win32":
        raise OSError("no serial ports on Windows")
    import termios

    try:
        signs = termios.tcgetattr(port)[6]
        control = termios.CS8 | termios.CREAD | termios.CLOCAL
        speed = termios.B9600
        termios.tcsetattr(port, termios.TCSANOW, [0, 0, control, 0, speed, speed, signs])
    except termios.error as error:
        raise OSError(*error.args) from error


def _set_lines(port: int, *, on: bool) -> None:
    """Raise or drop DTR and RTS; raises ``OSError``."""
    if sys.platform == "win32":
        raise OSError("no serial ports on Windows")
    import fcntl
    import termios

    lines = struct.pack("I", termios.TIOCM_DTR | termios.TIOCM_RTS)
    fcntl.ioctl(port, termios.TIOCMBIS if on else termios.TIOCMBIC, lines)
