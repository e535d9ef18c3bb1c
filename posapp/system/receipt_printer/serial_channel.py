"""A printer at a serial port, by pyserial: an extra of the program (``posapp[serial]``)."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from posapp.domain.errors import EnvironmentCode
from posapp.services.ports.receipt_printer import PrinterProblem

if TYPE_CHECKING:
    from serial import Serial

_PAUSE_S = 0.01
"""A line that still sends what it took is looked at again after this time."""

BITS_PER_BYTE = 10
"""A start bit, eight bits of the byte, and a stop bit."""


class SerialChannel:
    """A serial line of eight bits, no parity and one stop bit, as receipt printers have it.

    Raises:
        OSError: there is no such port, or another program uses it.
        PrinterProblem: ``PRINTER_SERIAL``: pyserial is not installed.
    """

    def __init__(self, port: str, speed: int) -> None:
        try:
            from serial import Serial
        except ImportError as error:
            raise PrinterProblem(EnvironmentCode.PRINTER_SERIAL, str(error)) from error
        try:
            self._line: Serial = Serial(port, speed, exclusive=True)
        except ValueError as error:  # a speed that the port does not have
            raise OSError(str(error)) from error

    def write(self, content: bytes, deadline: float) -> None:
        """See ``Channel``. What the system still keeps at the deadline was not taken: a printer
        that is off takes nothing, and the system would keep a paper for it."""
        self._line.write_timeout = _left(deadline)
        self._line.write(content)
        while self._line.out_waiting:
            time.sleep(min(_PAUSE_S, _left(deadline)))

    def read(self, count: int, deadline: float) -> bytes:
        """See ``Channel``."""
        self._line.timeout = max(0.0, deadline - time.monotonic())
        return bytes(self._line.read(count))

    def close(self) -> None:
        """See ``Channel``. What a printer did not take by then is thrown away: the system would
        wait for it, and print it at some other time."""
        with suppress(OSError):  # it is unplugged
            if self._line.out_waiting:
                self._line.reset_output_buffer()
        self._line.close()


def serial_ports() -> tuple[str, ...]:
    """Return the serial ports of this machine by name; none where pyserial is not installed."""
    try:
        from serial.tools.list_ports import comports
    except ImportError:
        return ()
    return tuple(sorted(one.device for one in comports()))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left
