"""What a printer answers to the questions for its state (``DLE EOT`` 1 to 4).

The bits are as Epson publishes them. An answer counts only with the bits that are the same in
every answer; whatever else a device sends is no answer of a receipt printer.
"""

from __future__ import annotations

from posapp.domain.errors import EnvironmentCode
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.system.receipt_printer import escpos

QUESTIONS = (1, 2, 3, 4)
ASK = b"".join(map(escpos.ask, QUESTIONS))
"""All questions at once."""

_FIXED, _FIXED_BITS = 0x93, 0x12
_OFFLINE = 0x08
_COVER_OPEN = 0x04
_CUTTER = 0x08
_PAPER_END = 0x60
_PAPER_LOW = 0x0C


def read_state(answers: bytes, *, may_be_out: bool = False) -> PrinterState:
    """Return the state that the printer is in.

    Args:
        answers: one byte a question; fewer are no state.
        may_be_out: a paper was sent before; carried by what is raised.

    Raises:
        PrinterProblem: it cannot print, or what answers is no receipt printer.
    """
    if any(answer & _FIXED != _FIXED_BITS for answer in answers):
        raise PrinterProblem(
            EnvironmentCode.PRINTER_STRANGE, answers[:16].hex(" "), may_be_out=may_be_out
        )
    if len(answers) < len(QUESTIONS):
        return PrinterState.UNKNOWN
    printer, cause, error, paper = answers[: len(QUESTIONS)]
    for is_so, code in (
        (cause & _COVER_OPEN, EnvironmentCode.PRINTER_COVER),
        (paper & _PAPER_END, EnvironmentCode.PRINTER_PAPER),
        (error & _CUTTER, EnvironmentCode.PRINTER_CUTTER),
        (printer & _OFFLINE, EnvironmentCode.PRINTER_OFFLINE),
    ):
        if is_so:
            raise PrinterProblem(code, answers.hex(" "), may_be_out=may_be_out)
    return PrinterState.PAPER_LOW if paper & _PAPER_LOW else PrinterState.READY
