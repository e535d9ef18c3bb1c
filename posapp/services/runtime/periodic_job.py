"""Periodic background jobs, each with its own due time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from posapp.domain.errors import GatewayError


@dataclass(frozen=True, slots=True)
class Change:
    """A change that screens may have to reload.

    Attributes:
        subject: ``attempt``, ``refund``, ``connectivity`` or ``status``.
        id: of the attempt or refund; for connectivity 1 is online, 0 is offline; else 0.
    """

    subject: str
    id: int


STATUS_CHANGED = Change("status", 0)
"""The status in ``status_store`` has changed."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """Result of one run of a periodic job.

    Attributes:
        error: PortOne's error, if it was called and failed.
        contacted_gateway: PortOne was called, so ``error`` tells about the network.
    """

    changes: tuple[Change, ...] = ()
    error: GatewayError | None = None
    contacted_gateway: bool = False


class PeriodicJob(Protocol):
    """Runs on a worker when it is due; runs of one job never overlap.

    Attributes:
        name: its key in the worker pool; unique.
    """

    name: str

    def due_in_ms(self) -> int:
        """Return the milliseconds until the next run; 0 is now. Called by the sync engine's thread,
        also during a run: it must not block."""
        ...

    def run(self) -> JobResult:
        """Run once, on a worker. Afterwards ``due_in_ms`` is above 0 for a while in every case.

        Raises:
            EnvironmentProblem: the disk or the keyring failed; the other jobs continue.
        """
        ...
