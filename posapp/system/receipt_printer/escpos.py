"""The commands of ESC/POS that the program sends, as bytes.

Epson's set, which Bixolon, Sewoo and SAM4S have under the same names. Not tried on a real printer.
"""

from __future__ import annotations

RESET = b"\x1b@"
"""As after switching on: small text at the left edge, Hangul off."""

HANGUL_ON = b"\x1c&"
"""Two bytes with the high bit are one syllable."""

LEFT, CENTRED = b"\x1ba\x00", b"\x1ba\x01"
SMALL, LARGE = b"\x1d!\x00", b"\x1d!\x11"
"""Size of text: as usual; double width and height."""

THIN, BOLD = b"\x1bE\x00", b"\x1bE\x01"
CUT = b"\x1dVB\x00"
"""Feeds to the knife and cuts."""

CUT_SLIP = b"\n\n\n\n\x1dV\x01"
"""Cuts without feeding first, below four empty lines."""

BEEP = b"\x1bB\x04\x02"
"""Four beeps of 200 ms."""

DRAWER = b"\x1bp\x00\x19\xfa"
"""Opens the drawer: a pulse of 50 ms at pin 2."""

OPEN_DRAWER = RESET + DRAWER
"""Opens the drawer, after a paper that was cut off in the middle, too."""

MOST_ROWS = 256
"""Rows of one picture: printers keep no more in their memory."""

_QR_MODEL = b"\x1d(k\x04\x001A2\x00"
_QR_MEDIUM = b"\x1d(k\x03\x001E1"
_QR_PRINT = b"\x1d(k\x03\x001Q0"
_NO_TEXT_BELOW = b"\x1dH\x00"
_PICTURE = b"\x1dv0\x00"


def ask(number: int) -> bytes:
    """Return the question for one byte of the printer's state, which is answered at once."""
    return bytes((0x10, 0x04, number))


def picture(row_bytes: int, rows: bytes) -> bytes:
    """Return a picture as commands, in bands of at most ``MOST_ROWS`` rows."""
    band = row_bytes * MOST_ROWS
    commands = bytearray()
    for start in range(0, len(rows), band):
        part = rows[start : start + band]
        commands += _PICTURE + _little(row_bytes) + _little(len(part) // row_bytes) + part
    return bytes(commands)


def code(text: str, module: int) -> bytes:
    """Return a QR of error correction M with modules of so many dots.

    Raises:
        UnicodeEncodeError: the text is not ASCII.
    """
    stored = text.encode("ascii")
    size = b"\x1d(k\x03\x001C" + bytes((module,))
    store = b"\x1d(k" + _little(len(stored) + 3) + b"1P0" + stored
    return _QR_MODEL + size + _QR_MEDIUM + store + _QR_PRINT


def ean13(digits: str, module: int, height: int) -> bytes:
    """Return the bars of 13 digits, without text below: modules and height in dots."""
    return _bars(67, digits.encode("ascii"), module, height)


def code128(text: str, module: int, height: int) -> bytes:
    """Return the bars of a text in code set B, as ``ean13``.

    Raises:
        UnicodeEncodeError: the text is not ASCII.
    """
    return _bars(73, b"{B" + text.encode("ascii").replace(b"{", b"{{"), module, height)


def _bars(kind: int, content: bytes, module: int, height: int) -> bytes:
    sizes = b"\x1dh" + bytes((height,)) + b"\x1dw" + bytes((module,)) + _NO_TEXT_BELOW
    return sizes + b"\x1dk" + bytes((kind, len(content))) + content


def _little(number: int) -> bytes:
    return number.to_bytes(2, "little")
