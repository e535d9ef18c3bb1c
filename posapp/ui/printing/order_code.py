"""The code of an order as a QR, encoded once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.ui.widgets.qr_matrix import QrMatrix

_KEPT = 64
"""Codes that stay encoded, of 1 KB each."""


@lru_cache(maxsize=_KEPT)
def code_matrix(code: str) -> QrMatrix:
    """Return the modules of a code's QR."""
    # Imported here and not above: the first window does not need the encoder.
    from posapp.ui.widgets.qr_matrix import encode

    return encode(code)
