"""Ways to call staff over the shop's own network: a slip on an ESC/POS printer, an HTTP POST.

The address is the shop's setting, a private one in numbers: no name is resolved, nothing leaves the
shop's network, and no answer leads anywhere else.
"""

from __future__ import annotations

import json
import logging
import socket
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection, HTTPException

from posapp.domain.cells import CODE_PAGE
from posapp.domain.time_zone import SEOUL
from posapp.system.receipt_printer import escpos

log = logging.getLogger(__name__)

PATIENCE_S = 3
"""Seconds that a device has to answer."""

_HEAD = escpos.RESET + escpos.CENTRED + escpos.LARGE


class PrinterCall:
    """Prints a slip on the receipt printer of the counter, and has it beep.

    Args:
        address: ``host:port``; most printers listen at port 9100.
    """

    def __init__(self, address: str) -> None:
        self._host, self._port, _ = parts_of(address)

    def call(self, kiosk: int, at: datetime) -> bool:
        """See ``StaffCall``. Handed over means that the printer took the bytes."""
        time = at.astimezone(SEOUL)
        text = f"키오스크 {kiosk}\n직원 호출 {time:%H:%M}".encode(CODE_PAGE)
        try:
            with socket.create_connection((self._host, self._port), PATIENCE_S) as printer:
                printer.sendall(_HEAD + text + escpos.BEEP + escpos.CUT_SLIP)
        except OSError as error:
            log.warning("the call was not printed: %s", error)
            return False
        return True


class HttpCall:
    """Posts the call to a device of the shop, as JSON.

    Args:
        address: ``host:port`` with an optional path.
    """

    def __init__(self, address: str) -> None:
        self._host, self._port, self._path = parts_of(address)

    def call(self, kiosk: int, at: datetime) -> bool:
        """See ``StaffCall``. Handed over means an answer of the kind 2xx."""
        body = json.dumps({"kiosk": kiosk, "called_at": at.astimezone(SEOUL).isoformat()})
        connection = HTTPConnection(self._host, self._port, timeout=PATIENCE_S)
        try:
            with closing(connection):
                headers = {"Content-Type": "application/json"}
                connection.request("POST", self._path or "/", body, headers)
                status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            log.warning("the call was not posted: %s", error)
            return False
        if not 200 <= status < 300:
            log.warning("the call was answered by %s", status)
        return 200 <= status < 300


def parts_of(address: str) -> tuple[str, int, str]:
    """Return host, port and path of an address as the setting has it."""
    place, slash, path = address.partition("/")
    host, _, port = place.partition(":")
    return host, int(port), slash + path
