"""What a shop works with: the demo's own sandbox, PortOne's test channel, or real money."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """A database belongs to one mode from its first opening on."""

    DEMO = "demo"
    TEST = "test"
    LIVE = "live"
