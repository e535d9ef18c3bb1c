"""Chores: what comes up again and again beside the screens, each with a time of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from posapp.domain.errors import GatewayError


@dataclass(frozen=True, slots=True)
class Change:
    """Something that screens may have to read again.

    Attributes:
        subject: ``attempt``, ``refund``, ``connectivity`` or ``standing``.
        id: of the attempt or refund; for connectivity 1 is on line, 0 is not; else 0.
    """

    subject: str
    id: int


STANDING = Change("standing", 0)
"""What the board says (``sync_board``) is not what it said."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one run of a chore brought.

    Attributes:
        error: PortOne's trouble, if it was asked and had one.
        asked: PortOne was asked, so that ``error`` says something about the network.
    """

    changes: tuple[Change, ...] = ()
    error: GatewayError | None = None
    asked: bool = False


class Chore(Protocol):
    """Is run on a lane when it is due, never twice at once.

    Attributes:
        name: names its lane; unique.
    """

    name: str

    def due_in_ms(self) -> int:
        """Milliseconds until it wants to run; 0 is now. Asked by the synchroniser's thread, also
        while it runs: it must not block."""
        ...

    def run(self) -> Done:
        """Do it, on a lane. Whatever happens, ``due_in_ms`` is above 0 afterwards for a while.

        Raises:
            EnvironmentProblem: the disk or the keyring; the others go on.
        """
        ...
