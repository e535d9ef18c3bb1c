"""``make simulate``: any number of days, week after week, each from a seed of its own.

Ends with the line ``days: N faults: N violations: N``: faults are those that occurred, a violation
ends its week. Week n of a run has the seed ``SEED + n``, so that a week replays alone:
``make simulate SEED=<the week's> DAYS=<the day of the week>``. A run of 200 days or more has shops
that live 120 days, on most of which little happens.
"""

from __future__ import annotations

import argparse
import gc
import logging
import multiprocessing
import os
import secrets
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from posapp.services.refunds.refund_protocol import RefundProtocol
from tests.simulation.pace import LONG, NEW, OLD, Pace
from tests.simulation.scenario_week import ScenarioWeek

A_WEEK = 4
"""Most days of one shop: the cost of the checks grows with them."""

A_LIFE = 120
"""Days of a long-lived shop."""

LIVES_LONG = 200
"""A long-lived shop begins when a multiple of this many days is left of a run."""

LONG_LIFE, MIXED = "long", "mixed"
PACES = {"new": NEW, "old": OLD, LONG_LIFE: LONG}

SHOWN = 40
"""Number of lines of the trace that are shown with a violation."""


@dataclass(frozen=True)
class Violation:
    """A violated invariant; ``day`` counts from 1 within its week."""

    seed: int
    day: int
    what: str
    trace: tuple[str, ...]
    events: str = "new"

    def __str__(self) -> str:
        return "\n".join(
            (
                f"violation: seed {self.seed}, day {self.day}",
                *("  " + line for line in self.trace),
                self.what,
                f"replay: make simulate SEED={self.seed} DAYS={self.day}"
                f' ARGS="--events {self.events}"',
            )
        )


@dataclass(frozen=True)
class Lived:
    """One simulated week, or its beginning up to a violation.

    Attributes:
        cpu: processor seconds that it took.
    """

    seed: int
    days: int
    actions: int
    faults: Counter[str]
    trace: str
    violation: Violation | None
    cpu: float = field(default=0, compare=False)


def live(
    seed: int,
    days: int = A_WEEK,
    *,
    pace: Pace = NEW,
    refund_protocol: type[RefundProtocol] = RefundProtocol,
    checked: bool = True,
) -> Lived:
    """Simulate one shop for some days; at their end faults are over and everything is checked."""
    violation, began = None, time.process_time()
    with ScenarioWeek(seed, pace=pace, refund_protocol=refund_protocol, checked=checked) as week:
        try:
            for _ in range(days):
                week.day()
            week.finish()
        except Exception as error:  # noqa: BLE001 - any exception is a violation
            kept = traceback.format_exception(error)
            (name,) = (name for name, each in PACES.items() if each == pace)
            violation = Violation(
                seed, min(week.days + 1, days), "".join(kept), tuple(week.trace.last)[-SHOWN:], name
            )
            week.days = violation.day
        took = time.process_time() - began
        return Lived(seed, week.days, week.actions, week.faults, week.trace.sum, violation, took)


def live_all(days: int, seed: int, jobs: int, life: str = MIXED) -> Iterator[Lived]:
    """Simulate these days, shop after shop, on several cores.

    Args:
        life: one of ``PACES`` for all shops; mixed: ``LIVES_LONG`` sets the share of long lives.
    """
    lives = list(_lives(days, seed, life))
    if jobs == 1:
        yield from (live(each, days, pace=pace) for each, days, pace in lives)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=quiet) as pool:
        yield from pool.map(_live, *zip(*lives, strict=True))


def _live(seed: int, days: int, pace: Pace) -> Lived:
    return live(seed, days, pace=pace)


def _lives(days: int, seed: int, life: str) -> Iterator[tuple[int, int, Pace]]:
    """Yield seed, days and pace of each shop."""
    left = days
    while left > 0:
        long = life == LONG_LIFE or (life == MIXED and left % LIVES_LONG == 0)
        pace, most = (LONG, A_LIFE) if long else (PACES.get(life, NEW), A_WEEK)
        yield seed, min(most, left), pace
        seed, left = seed + 1, left - min(most, left)


def quiet() -> None:
    """Silence the log: errors of a real shop are routine here."""
    logging.getLogger("posapp").setLevel(logging.CRITICAL)
    gc.freeze()


def cores() -> int:
    """Return the number of weeks that can run in parallel."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def main() -> int:
    """Run and print the result; return 1 after a violation."""
    asking = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    asking.add_argument("--days", type=int, default=40)
    asking.add_argument("--seed", type=int, default=None, help="a fresh one if it is not said")
    asking.add_argument("--jobs", type=int, default=cores())
    asking.add_argument(
        "--events",
        choices=(MIXED, *PACES),
        default=MIXED,
        help="old: as seeds drew them before there were more; long: every shop lives for months",
    )
    requested = asking.parse_args()
    seed = secrets.randbelow(10**9) if requested.seed is None else requested.seed
    quiet()
    _say(f"seed: {seed}")
    days = actions = violations = 0
    cpu = 0.0
    faults: Counter[str] = Counter()
    for lived in live_all(requested.days, seed, requested.jobs, requested.events):
        days, actions, faults = days + lived.days, actions + lived.actions, faults + lived.faults
        cpu += lived.cpu
        _say(f"week {lived.seed}: {lived.days} days, trace {lived.trace}")
        if lived.violation is not None:
            violations += 1
            _say(lived.violation)
    reported = ", ".join(f"{kind} {count}" for kind, count in sorted(faults.items()))
    _say(f"actions: {actions}; faults: {reported}")
    _say(f"CPU: {cpu:.0f} s, {60 * days / cpu:.0f} days a minute of one processor")
    _say(f"days: {days} faults: {sum(faults.values())} violations: {violations}")
    return 1 if violations else 0


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
