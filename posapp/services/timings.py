"""How often the background does what: one place, so that a simulator can set its own pace."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncTimings:
    """Pauses of the background's jobs, in milliseconds.

    Attributes:
        probe_idle: a probe of the network when nothing else was asked for this long.
        probe_away: from the start of a probe to the start of the next one, while PortOne is away or
            in doubt.
        clock: between two comparisons of the system's clock with the monotonic one. A QR made
            between a jump back and the next comparison may end early.
        journal: between two readings of the ledger for the journal.
        live_retry: after a reading of a live attempt that got no answer, while somebody may stand
            at the counter.
    """

    probe_idle: int = 30_000
    probe_away: int = 1_000
    clock: int = 2_000
    journal: int = 1_000
    live_retry: int = 5_000


TIMINGS = SyncTimings()
"""The pace of the program."""
