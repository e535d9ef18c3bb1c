"""How a product is sold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

MOST_PICTURE_BYTES = 320 * 1024
"""Size of a stored picture: any PNG of ``PICTURE_SIDE`` pixels square is smaller."""

PICTURE_SIDE = 256
"""Width and height of a stored picture in pixels at most."""

_PICTURE_STARTS = (b"\x89PNG\r\n\x1a\n", b"RIFF")


class SaleUnit(StrEnum):
    """Whether a product is sold by the piece, or by weight with a price for a kilogram."""

    COUNT = "COUNT"
    WEIGHT = "WEIGHT"


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A code of a product.

    Attributes:
        code: as ``domain.product_codes.code_key`` writes it.
        pack: how many pieces a scan of it adds: a box counts all that is in it.
    """

    code: str
    pack: int = 1


def is_stored_picture(content: bytes) -> bool:
    """Return whether a picture is one that is stored: a PNG or WebP that is not too large."""
    return content.startswith(_PICTURE_STARTS) and len(content) <= MOST_PICTURE_BYTES


def picture_name(content: bytes) -> str:
    """Return the name of a picture by its content; of none it is empty."""
    return sha256(content).hexdigest()[:32] if content else ""
