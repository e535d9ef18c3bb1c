"""A receipt printer in a queue of the system: CUPS by ``lp``, Windows by its spooler.

A queue says nothing about the printer: what it took may never come out.
"""

from __future__ import annotations

import ctypes
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from posapp.domain.errors import EnvironmentCode
from posapp.domain.roll import Draw, Roll
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.system.receipt_printer.encoder import encode
from posapp.system.receipt_printer.escpos import OPEN_DRAWER

_log = logging.getLogger(__name__)

_PATIENCE_S = 5
"""Seconds that a queue has to take a paper."""

_DOCUMENT = "posapp"


class HalfTaken(OSError):
    """A queue may have taken a part of a paper, or all of it."""


class QueuePrinter:
    """Hands papers over to a queue as they are.

    Args:
        name: of the queue.
        submit: hands bytes over to the queue of a name; raises ``OSError``.
    """

    def __init__(self, name: str, submit: Callable[[str, bytes], None]) -> None:
        self._name, self._submit = name, submit

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        """See ``ReceiptPrinter``."""
        content = encode(roll, draw)
        try:
            self._submit(self._name, content)
        except OSError as error:
            _log.warning("the queue %s took no paper: %s", self._name, error)
            may_be_out = isinstance(error, HalfTaken)
            raise PrinterProblem(
                EnvironmentCode.PRINTER_QUEUE, str(error), may_be_out=may_be_out
            ) from error
        return PrinterState.UNKNOWN

    def state(self) -> PrinterState:
        """See ``ReceiptPrinter``: a queue knows nothing of its printer."""
        return PrinterState.UNKNOWN

    def open_drawer(self) -> None:
        """See ``ReceiptPrinter``."""
        try:
            self._submit(self._name, OPEN_DRAWER)
        except OSError as error:
            _log.warning("the queue %s opened no drawer: %s", self._name, error)
            raise PrinterProblem(EnvironmentCode.PRINTER_QUEUE, str(error)) from error


def submit_by_lp(name: str, content: bytes) -> None:
    """Hand bytes over to a queue of CUPS, which changes nothing of them.

    Raises:
        OSError: there is no ``lp`` or no such queue, or it took too long.
    """
    command = ("lp", "-d", name, "-o", "raw", "-t", _DOCUMENT)
    try:
        ended = subprocess.run(  # noqa: S603 - a fixed program, no shell
            command, input=content, capture_output=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise HalfTaken(f"lp: no end within {_PATIENCE_S} s") from error
    if ended.returncode:
        raise OSError(ended.stderr.decode(errors="replace").strip() or "lp failed")


def submit_to_windows(name: str, content: bytes) -> None:
    """Hand bytes over to a queue of Windows as a document of the type RAW. Not run by the tests,
    which have no Windows.

    Raises:
        OSError: there is no such queue, or it did not take all of the bytes.
    """
    if sys.platform == "win32":
        spooler = ctypes.WinDLL("winspool.drv", use_last_error=True)
        handle, taken = ctypes.c_void_p(), ctypes.c_ulong()
        document = _Document(_DOCUMENT, None, "RAW")
        _require(spooler.OpenPrinterW(ctypes.c_wchar_p(name), ctypes.byref(handle), None))
        try:
            _require(spooler.StartDocPrinterW(handle, 1, ctypes.byref(document)))
            try:
                size = len(content)
                _require(spooler.WritePrinter(handle, content, size, ctypes.byref(taken)))
                if taken.value != size:
                    raise HalfTaken(f"{taken.value} of {size} bytes")
            finally:
                spooler.EndDocPrinter(handle)
        finally:
            spooler.ClosePrinter(handle)
    else:
        raise OSError("the spooler is on Windows only")


class _Document(ctypes.Structure):
    """``DOC_INFO_1W``."""

    _fields_ = [
        ("pDocName", ctypes.c_wchar_p),
        ("pOutputFile", ctypes.c_wchar_p),
        ("pDatatype", ctypes.c_wchar_p),
    ]


def _require(result: Any) -> None:
    if sys.platform == "win32" and not result:
        raise ctypes.WinError(ctypes.get_last_error())
