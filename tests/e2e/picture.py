"""A picture of the screen, and its contents."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import zxingcpp


@dataclass(frozen=True)
class Picture:
    """The green channel of every pixel, a byte each, row by row."""

    width: int
    height: int
    pixels: bytes

    def codes(self) -> tuple[str, ...]:
        """Return the text of each QR code that zxing-cpp finds in it."""
        shaped = memoryview(self.pixels).cast("B", (self.height, self.width))
        found = zxingcpp.read_barcodes(shaped, formats=zxingcpp.BarcodeFormat.QRCode)
        return tuple(code.text for code in found)

    def contrast(self, place: tuple[int, int, int, int]) -> int:
        """Return the difference of darkest and lightest pixel of a place (x, y, width, height)."""
        cut = self._cut(place)
        return max(cut) - min(cut) if cut else 0

    def corner(self) -> int:
        """Return the lightest pixel of the lower right corner; 0 where no window covers it."""
        return max(self._cut((self.width - 8, self.height - 8, 8, 8)))

    def save(self, path: Path) -> Path:
        """Write it as a PNG, as evidence of a failed test."""
        rows = map(self._row, range(self.height))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 0, 0, 0, 0)
        body = zlib.compress(b"".join(b"\0" + row for row in rows))
        parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
        return path

    def _cut(self, place: tuple[int, int, int, int]) -> bytes:
        x, y, width, height = place
        rows = range(max(0, y), min(self.height, y + height))
        return b"".join(self._row(row)[max(0, x) : x + width] for row in rows)

    def _row(self, number: int) -> bytes:
        return self.pixels[number * self.width : (number + 1) * self.width]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
