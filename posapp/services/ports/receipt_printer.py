"""A receipt printer that takes a roll, and what it says about itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.roll import Draw, Roll


class PrinterState(StrEnum):
    """State of a printer that took a paper. ``UNKNOWN``: it says nothing about itself, so nobody
    knows whether the paper came out."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    UNKNOWN = "unknown"


class PrinterProblem(EnvironmentProblem):
    """A paper was not printed.

    Attributes:
        may_be_out: it, or a part of it, may have come out: the next print of it is a copy.
    """

    def __init__(
        self, code: EnvironmentCode, detail: str = "", *, may_be_out: bool = False
    ) -> None:
        super().__init__(code, detail)
        self.may_be_out = may_be_out


class ReceiptPrinter(Protocol):
    """Prints on a roll and cuts it. Called in a background thread, by one caller at a time."""

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        """Print a paper; ends within about ten seconds, whatever the printer does, and on a slow
        serial line within those seconds more that the paper takes.

        Raises:
            PrinterProblem: it was not printed, or not as a whole.
        """
        ...

    def state(self) -> PrinterState:
        """Ask the printer how it is, and print nothing.

        Raises:
            PrinterProblem: it cannot print, cannot be reached, or is no receipt printer.
        """
        ...

    def open_drawer(self) -> None:
        """Open the drawer at the printer, also when that has no paper. Whether it is open now,
        nothing tells.

        Raises:
            PrinterProblem: the printer cannot be reached, or did not take the command.
        """
        ...
