"""Polling intervals of a simulated program, and the range of events that a seed draws from.

``OLD`` has both as they were when the first seeds were recorded: a seed that violated then replays
to the same trace. ``NEW`` polls less often where a wake announces changes, and has all events.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Pace:
    """Pauses in milliseconds.

    Attributes:
        patience: longest wait of the worker pool for finished work; a wake ends it too.
        poll: between two polls of a live attempt.
        again: after a poll without an answer.
        away, idle: between two probes while the network is away, or without other calls.
        clock: between two checks of the clock; a jump wakes the worker instead.
        journal: between two runs of the journal job without an announcement.
        hurry: from an announcement to the run of the journal job.
        glance: between two readings of the progress by a cashier.
        eventful: whether all kinds of events occur, see ``misfortunes``.
        orders: number of new orders each morning.
        quiet: share of days with hardly any customers, which pass quickly.
        only: names of the misfortunes that occur, if not all do.
        copies: whether the program copies its database itself, every hour, and deletes old copies.
    """

    patience: int
    poll: int
    again: int
    away: int
    idle: int
    clock: int
    journal: int
    hurry: int
    glance: int
    eventful: bool
    orders: int = 30
    quiet: float = 0
    copies: bool = False
    only: tuple[str, ...] = ()


OLD = Pace(
    patience=2_000,
    poll=10_000,
    again=5_000,
    away=20_000,
    idle=120_000,
    clock=60_000,
    journal=300_000,
    hurry=0,
    glance=5_000,
    eventful=False,
)
NEW = Pace(
    patience=10_000,
    poll=20_000,
    again=20_000,
    away=30_000,
    idle=120_000,
    clock=60_000,
    journal=300_000,
    hurry=1_000,
    glance=10_000,
    eventful=True,
)
LONG = replace(NEW, orders=5, quiet=0.75, copies=True)
"""One shop for months: chains, windows of days and of 90 days, the rotation of copies."""
