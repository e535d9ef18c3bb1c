"""Target and step of the cancel screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.actors import Actor


class CancelStep(StrEnum):
    """Step of the cancel screen."""

    IDLE = "idle"
    LOADING = "looking"
    FORM = "form"
    WORKING = "working"
    RESULT = "told"


@dataclass(frozen=True, slots=True)
class CancelTarget:
    """The item and who acts; ``visit`` distinguishes repeated openings."""

    actor: Actor
    item_id: int
    visit: int
