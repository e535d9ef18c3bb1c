"""``make simulate``: as many days as are wanted, week after week, each from a seed of its own.

Ends with the line ``days: N faults: N violations: N``: faults are those that struck, a violation
ends its week. Week n of a run has the seed ``SEED + n``, so that a week replays alone:
``make simulate SEED=<the week's> DAYS=<the day of the week>``.
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
from functools import partial

from posapp.services.refunding import Refunding
from tests.simulation.pace import NEW, OLD, Pace
from tests.simulation.week import Week

A_WEEK = 4
"""Days of one shop at most: what is checked grows with them."""

PACES = {"new": NEW, "old": OLD}

SHOWN = 40
"""Lines of the trace that are shown with a violation."""


@dataclass(frozen=True)
class Violation:
    """Something that must never be; ``day`` counts from 1 within its week."""

    seed: int
    day: int
    what: str
    trace: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            (
                f"violation: seed {self.seed}, day {self.day}",
                *("  " + line for line in self.trace),
                self.what,
                f"replay: make simulate SEED={self.seed} DAYS={self.day}",
            )
        )


@dataclass(frozen=True)
class Lived:
    """One week that was lived through, or the beginning of it up to a violation.

    Attributes:
        cpu: seconds of one processor that it took.
    """

    seed: int
    days: int
    deeds: int
    faults: Counter[str]
    trace: str
    violation: Violation | None
    cpu: float = field(default=0, compare=False)


def live(
    seed: int,
    days: int = A_WEEK,
    *,
    pace: Pace = NEW,
    refunding: type[Refunding] = Refunding,
    checked: bool = True,
) -> Lived:
    """One shop for some days; at their end everything is calm and looked at."""
    violation, began = None, time.process_time()
    with Week(seed, pace=pace, refunding=refunding, checked=checked) as week:
        try:
            for _ in range(days):
                week.day()
            week.finish()
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            kept = traceback.format_exception(error)
            violation = Violation(
                seed, min(week.days + 1, days), "".join(kept), tuple(week.trace.last)[-SHOWN:]
            )
            week.days = violation.day
        took = time.process_time() - began
        return Lived(seed, week.days, week.deeds, week.faults, week.trace.sum, violation, took)


def live_all(days: int, seed: int, jobs: int, pace: Pace = NEW) -> Iterator[Lived]:
    """So many days, week after week, on several cores."""
    weeks = [(seed + n, min(A_WEEK, days - n * A_WEEK)) for n in range(-(-days // A_WEEK))]
    one = partial(live, pace=pace)
    if jobs == 1:
        yield from (one(*week) for week in weeks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=quiet) as pool:
        yield from pool.map(one, *zip(*weeks, strict=True))


def quiet() -> None:
    """What is an error in a real shop's log is a day's work here."""
    logging.getLogger("posapp").setLevel(logging.CRITICAL)
    gc.freeze()


def cores() -> int:
    """How many weeks can be lived side by side."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def main() -> int:
    """Run, say how it went; 1 if anything was violated."""
    asking = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    asking.add_argument("--days", type=int, default=40)
    asking.add_argument("--seed", type=int, default=None, help="a fresh one if it is not said")
    asking.add_argument("--jobs", type=int, default=cores())
    asking.add_argument(
        "--events", choices=("new", "old"), default="new", help="old: as before 2026-11-28"
    )
    asked = asking.parse_args()
    seed = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    quiet()
    _say(f"seed: {seed}")
    days = deeds = violations = 0
    cpu = 0.0
    faults: Counter[str] = Counter()
    for lived in live_all(asked.days, seed, asked.jobs, PACES[asked.events]):
        days, deeds, faults = days + lived.days, deeds + lived.deeds, faults + lived.faults
        cpu += lived.cpu
        _say(f"week {lived.seed}: {lived.days} days, trace {lived.trace}")
        if lived.violation is not None:
            violations += 1
            _say(lived.violation)
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(faults.items()))
    _say(f"deeds: {deeds}; faults: {told}")
    _say(f"CPU: {cpu:.0f} s, {60 * days / cpu:.0f} days a minute of one processor")
    _say(f"days: {days} faults: {sum(faults.values())} violations: {violations}")
    return 1 if violations else 0


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
