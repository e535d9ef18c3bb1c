"""Encodes a link into the modules of its QR code.

Nearly all the work of a QR is this encoding (about 9 ms of plain Python, docs/performance.md, "The
QR"), and importing the encoder takes twice as long again: so this module is imported and called in
a background thread, never by the first window and never on the GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""White modules around the code, as the QR standard requires; drawn in every theme."""

LONGEST_LINK = 1000
"""Limit in characters. PortOne's links have about 30; a longer one makes the code too fine."""


@dataclass(frozen=True, slots=True)
class QrMatrix:
    """The modules of one QR code with its quiet zone, ready for an image.

    Attributes:
        side: modules along one side, quiet zone included.
        pixels: ``side`` × ``side`` bytes, row by row: 0 is dark, 255 is light.
    """

    side: int
    pixels: bytes


def encode(link: str) -> QrMatrix:
    """Encode ``link`` with error correction M, which tolerates a glossy counter display.

    Raises:
        ValueError: the link is empty or longer than ``LONGEST_LINK`` characters.
    """
    if not 0 < len(link) <= LONGEST_LINK:
        raise ValueError(f"a link of {len(link)} characters makes no QR code")
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(link)
    rows = code.get_matrix()
    pixels = b"".join(bytes(0 if dark else 255 for dark in row) for row in rows)
    return QrMatrix(len(rows), pixels)
