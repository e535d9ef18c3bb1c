"""A receipt printer that this machine writes to itself, and asks for its state."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from posapp.domain.errors import EnvironmentCode
from posapp.domain.roll import Draw, Roll
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.system.receipt_printer.answers import ASK, QUESTIONS, read_state
from posapp.system.receipt_printer.channels import Channel
from posapp.system.receipt_printer.encoder import encode
from posapp.system.receipt_printer.escpos import OPEN_DRAWER

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Longest times in seconds.

    Attributes:
        write: until the printer took a whole paper and, if it answers at all, answered after it.
    """

    connect: float = 2.0
    answer: float = 1.0
    write: float = 5.0


LIMITS = Limits()


class DirectPrinter:
    """Asks the printer, sends a paper as a whole, and asks once more.

    Nothing is sent to a printer that says that it cannot print, nor to a device that answers like
    no receipt printer. One that says nothing gets the paper: many never answer.

    Args:
        open_channel: connects; raises ``OSError``, or ``PrinterProblem`` where this machine lacks
            what it needs.
        bytes_per_s: of a line that is so slow that a paper alone takes seconds: it has that time
            besides ``Limits.write``.
    """

    def __init__(
        self,
        open_channel: Callable[[], Channel],
        limits: Limits = LIMITS,
        *,
        bytes_per_s: float = math.inf,
    ) -> None:
        self._open, self._limits, self._bytes_per_s = open_channel, limits, bytes_per_s

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        """See ``ReceiptPrinter``."""
        content = encode(roll, draw)
        try:
            channel = self._open()
        except OSError as error:
            raise _problem(EnvironmentCode.PRINTER_AWAY, error) from error
        with closing(channel):
            state = self._state_before(channel)
            try:
                return self._send(channel, content, state)
            except OSError as error:
                raise _problem(EnvironmentCode.PRINTER_HALTED, error, may_be_out=True) from error

    def state(self) -> PrinterState:
        """See ``ReceiptPrinter``."""
        try:
            channel = self._open()
        except OSError as error:
            raise _problem(EnvironmentCode.PRINTER_AWAY, error) from error
        with closing(channel):
            return self._state_before(channel)

    def open_drawer(self) -> None:
        """See ``ReceiptPrinter``."""
        try:
            with closing(self._open()) as channel:
                channel.write(OPEN_DRAWER, time.monotonic() + self._limits.answer)
        except OSError as error:
            _log.warning("the drawer was not opened: %s", error)
            raise PrinterProblem(EnvironmentCode.PRINTER_AWAY, str(error)) from error

    def _state_before(self, channel: Channel) -> PrinterState:
        deadline = time.monotonic() + self._limits.answer
        try:
            channel.write(ASK, deadline)
            return read_state(channel.read(len(QUESTIONS), deadline))
        except OSError as error:
            raise _problem(EnvironmentCode.PRINTER_AWAY, error) from error

    def _send(self, channel: Channel, content: bytes, before: PrinterState) -> PrinterState:
        on_the_way = len(content) / self._bytes_per_s
        deadline = time.monotonic() + self._limits.write + on_the_way
        channel.write(content, deadline)
        if before is PrinterState.UNKNOWN:
            return before
        channel.write(ASK, deadline)
        after = read_state(channel.read(len(QUESTIONS), deadline), may_be_out=True)
        if after is PrinterState.UNKNOWN:
            raise TimeoutError("no answer after the paper")
        return after


def _problem(code: EnvironmentCode, error: OSError, *, may_be_out: bool = False) -> PrinterProblem:
    _log.warning("the receipt printer (%s): %s", code, error)
    return PrinterProblem(code, str(error), may_be_out=may_be_out)
