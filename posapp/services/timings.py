"""Intervals of the background jobs, in one place, so that a simulator can set its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncTimings:
    """Pauses of the background jobs, in milliseconds.

    Attributes:
        probe_idle: idle time without any call after which the network is probed.
        probe_away: between the starts of two probes while PortOne is unreachable or suspect.
        clock: between two comparisons of the system's clock with the monotonic one. A QR created
            between a backward jump and the next comparison may expire early.
        journal: between two reads of the ledger for the journal.
        live_retry: after an unanswered poll of a live attempt, while a buyer may be waiting.
    """

    probe_idle: int = 30_000
    probe_away: int = 1_000
    clock: int = 2_000
    journal: int = 1_000
    live_retry: int = 5_000


TIMINGS = SyncTimings()
"""Intervals of the program."""
