"""The printer at an address of the settings."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from posapp.domain.setting_kinds import SERIAL_SPEEDS
from posapp.services.ports.receipt_printer import ReceiptPrinter
from posapp.system.receipt_printer.channels import DeviceChannel, NetworkChannel
from posapp.system.receipt_printer.direct_printer import LIMITS, DirectPrinter
from posapp.system.receipt_printer.queue_printer import (
    QueuePrinter,
    submit_by_lp,
    submit_to_windows,
)
from posapp.system.receipt_printer.serial_channel import (
    BITS_PER_BYTE,
    SerialChannel,
    serial_ports,
)

_USB_FOLDER = Path("/dev/usb")


def printer_at(address: str) -> ReceiptPrinter:
    """Return the printer at an address, without asking it: ``tcp:192.168.0.20:9100``,
    ``usb:/dev/usb/lp0``, ``serial:COM3@19200`` or ``queue:NAME``
    (``posapp.domain.setting_kinds.PrinterKind``)."""
    way, _, place = address.partition(":")
    if way == "tcp":
        host, _, port = place.partition(":")
        return DirectPrinter(partial(NetworkChannel, host, int(port), LIMITS.connect))
    if way == "usb":
        return DirectPrinter(partial(DeviceChannel, place))
    if way == "serial":
        port, _, speed = place.rpartition("@")
        return DirectPrinter(
            partial(SerialChannel, port, int(speed)), bytes_per_s=int(speed) / BITS_PER_BYTE
        )
    submit = submit_to_windows if sys.platform == "win32" else submit_by_lp
    return QueuePrinter(place, submit)


def addresses_here() -> tuple[str, ...]:
    """Return the addresses of what a receipt printer may be at: the USB printers of Linux, and each
    serial port at each speed. Nothing is opened, so that no other device is sent anything."""
    usb = [f"usb:{one}" for one in sorted(_USB_FOLDER.glob("lp*"))]
    ports = [f"serial:{port}@{speed}" for port in serial_ports() for speed in SERIAL_SPEEDS]
    return (*usb, *ports)
