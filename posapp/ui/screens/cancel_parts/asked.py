"""What the cancel screen was asked, and how far it is with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.cancelling import Side


class Step(StrEnum):
    """How far the screen is with its item."""

    IDLE = "idle"
    LOOKING = "looking"
    FORM = "form"
    WORKING = "working"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which item, by whom; ``visit`` tells this time from an earlier one."""

    side: Side
    user_id: int
    item_id: int
    visit: int

    @property
    def who(self) -> tuple[Side, int, int]:
        """Side, user and item, as the service takes them."""
        return self.side, self.user_id, self.item_id
