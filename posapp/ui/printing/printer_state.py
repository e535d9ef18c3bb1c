"""How the receipt printer is, in words: for its lamp and its page."""

from __future__ import annotations

from collections.abc import Mapping

from posapp.domain.errors import EnvironmentCode
from posapp.services.ports.receipt_printer import PrinterState

_STATES: Mapping[PrinterState | EnvironmentCode | None, tuple[str, str]] = {
    None: ("", "unknown"),
    PrinterState.READY: ("success", "ready"),
    PrinterState.PAPER_LOW: ("warning", "paper_low"),
    PrinterState.UNKNOWN: ("", "unknown"),
    EnvironmentCode.PRINTER_PAPER: ("error", "paper_out"),
    EnvironmentCode.PRINTER_COVER: ("error", "cover"),
    EnvironmentCode.PRINTER_CUTTER: ("error", "cutter"),
}


def tone_and_name(known: PrinterState | EnvironmentCode | None) -> tuple[str, str]:
    """Return the tone of a state, empty where nothing is known, and the name of its texts
    (``printers.state_…``). Whatever else happened, the printer is off or not connected."""
    return _STATES.get(known, ("error", "away"))
