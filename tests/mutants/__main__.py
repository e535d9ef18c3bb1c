"""``python -m tests.mutants``: run the mutants of the guards of money and print their verdicts."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.guards import ALL
from tests.mutants.running import Result, Verdict, run_mutants

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if every mutant was killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="how many run side by side (2)")
    parser.add_argument(
        "--only", action="append", default=[], metavar="TEXT", help="those with TEXT in their name"
    )
    parser.add_argument(
        "--from", type=int, default=1, dest="first", metavar="N", help="go on at the N-th of them"
    )
    parser.add_argument("--list", action="store_true", help="print the list and run nothing")
    options = parser.parse_args(arguments)
    chosen = [
        one for one in ALL if not options.only or any(text in one.name for text in options.only)
    ]
    chosen = chosen[options.first - 1 :]
    if not chosen:
        parser.error("no mutant is chosen by --only and --from")
    if options.list:
        for one in chosen:
            _print(f"{one.name}: {one.file}: {', '.join(one.tests)}")
        return 0
    began = time.monotonic()
    results = run_mutants(
        chosen, ROOT, jobs=max(1, options.jobs), report=lambda result: _print(str(result))
    )
    _print(closing_line(results, time.monotonic() - began))
    return 0 if all(result.is_good for result in results) else 1


def closing_line(results: tuple[Result, ...], seconds: float) -> str:
    """Return a line that counts the verdicts."""
    counts = ", ".join(
        f"{sum(result.verdict is verdict for result in results)} {verdict.value.lower()}"
        for verdict in Verdict
    )
    return f"{len(results)} mutants: {counts} ({seconds:.0f} s)"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
