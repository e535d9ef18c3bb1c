"""Target and step of the cancel screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.cancellation import ActorSide


class CancelStep(StrEnum):
    """Step of the cancel screen."""

    IDLE = "idle"
    LOADING = "looking"
    FORM = "form"
    WORKING = "working"
    RESULT = "told"


@dataclass(frozen=True, slots=True)
class CancelTarget:
    """The item and the acting user; ``visit`` distinguishes repeated openings."""

    side: ActorSide
    user_id: int
    item_id: int
    visit: int

    @property
    def who(self) -> tuple[ActorSide, int, int]:
        """Return side, user and item as arguments for the service."""
        return self.side, self.user_id, self.item_id
