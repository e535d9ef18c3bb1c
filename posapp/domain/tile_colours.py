"""Colours that a product may have on its tile: a product keeps the one that was chosen."""

from __future__ import annotations

from collections.abc import Mapping

TILE_COLOURS: Mapping[str, str] = {
    "none": "",
    "red": "#c62828",
    "orange": "#ef6c00",
    "yellow": "#f9a825",
    "green": "#2e7d32",
    "blue": "#1565c0",
    "purple": "#6a1b9a",
    "brown": "#5d4037",
    "grey": "#546e7a",
}
"""The colours as red, green and blue, by the message id of their name; empty is none."""
