"""Long work in short transactions: payments at the same till write between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

HELD_MS = 40
"""Milliseconds after which a transaction begins no further step. Others wait as long, and for the
commit."""

MOST_RECORDS = 1000
"""Records after which a transaction begins no further step."""

Step = Callable[[UnitOfWork], int]
"""Writes a few records in the given unit of work; returns their number."""


def run_in_short_transactions(
    store: Store,
    clock: Clock,
    steps: Iterable[Step],
    after_commit: Callable[[int], None] = lambda records: None,
) -> None:
    """Run steps in order, each whole in one transaction, as many in a transaction as fit.

    The write lock is free between two transactions, and goes to whoever waits for it.

    Args:
        steps: each is asked for when the one before has run.
        after_commit: called with the number of records after each commit. What it raises ends the
            work; what was committed stays.

    Raises:
        EnvironmentProblem: the disk failed; the last transaction rolled back.
    """
    remaining = iter(steps)
    step = next(remaining, None)
    while step is not None:
        with store.transaction() as work:
            begun, records = clock.monotonic(), 0
            while step is not None:
                records += step(work)
                step = next(remaining, None)
                if clock.monotonic() - begun >= HELD_MS or records >= MOST_RECORDS:
                    break
            work.commit()
        after_commit(records)
