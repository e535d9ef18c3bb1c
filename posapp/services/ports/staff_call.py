"""Port of what calls staff to a kiosk."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class StaffCall(Protocol):
    """One way to tell staff that a buyer needs help."""

    def call(self, kiosk: int, at: datetime) -> bool:
        """Call staff to the kiosk of this number; return whether the call was handed over.

        It waits a few seconds at most, and raises nothing that a network or a device does.

        Args:
            at: when the buyer pressed (UTC).
        """
        ...
