"""The printer at an address of the settings."""

from __future__ import annotations

import sys
from functools import partial

from posapp.services.ports.receipt_printer import ReceiptPrinter
from posapp.system.receipt_printer.channels import DeviceChannel, NetworkChannel
from posapp.system.receipt_printer.direct_printer import LIMITS, DirectPrinter
from posapp.system.receipt_printer.queue_printer import (
    QueuePrinter,
    submit_by_lp,
    submit_to_windows,
)


def printer_at(address: str) -> ReceiptPrinter:
    """Return the printer at an address, without asking it: ``tcp:192.168.0.20:9100``,
    ``usb:/dev/usb/lp0`` or ``queue:NAME`` (``posapp.domain.setting_kinds.PrinterKind``)."""
    way, _, place = address.partition(":")
    if way == "tcp":
        host, _, port = place.partition(":")
        return DirectPrinter(partial(NetworkChannel, host, int(port), LIMITS.connect))
    if way == "usb":
        return DirectPrinter(partial(DeviceChannel, place))
    submit = submit_to_windows if sys.platform == "win32" else submit_by_lp
    return QueuePrinter(place, submit)
