"""How a product is sold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
