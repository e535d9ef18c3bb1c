"""How closely a simulated program looks at what may have changed, and how much of a shop's life a
seed draws from.

``OLD`` is both as they were when the first seeds were named: a seed that violated then replays to
the same trace. ``NEW`` looks less often at what a wake announces anyway, and has all that can
happen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Pace:
    """Pauses in milliseconds.

    Attributes:
        patience: how long the lanes wait for an end: a wake ends it too.
        poll: between two looks at a live QR.
        again: after a look at one that got no answer.
        away, idle: between two probes while the network is away, or nothing else is asked.
        clock: between two looks at the clock: one that is moved wakes the worker instead.
        journal: between two looks at what is to be journalled, if nobody announced anything.
        hurry: from an announcement to the look at it.
        glance: between two glances of a cashier at a QR.
        eventful: everything that can happen does, see ``misfortunes``.
        orders: how many come in each morning.
        quiet: the share of days on which hardly anybody comes, and which pass quickly.
        only: what strikes, by name, if not all of it does.
        copies: the program copies its database itself, every hour, and lets old copies go.
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
