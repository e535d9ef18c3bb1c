"""Modes of a shop: the demo's own sandbox, PortOne's test channel, or real money."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """Mode of a database, fixed by its first opening."""

    DEMO = "demo"
    TEST = "test"
    LIVE = "live"
