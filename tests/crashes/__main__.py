"""``make crashtest``: kills and fails every write of every flow, one after another."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tests.crashes.crash_walk import Result, Walk, report, try_points
from tests.crashes.flows import all_flows
from tests.crashes.tracing import CannotTrace, Fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk, report progress, and end with the line of figures; 1 if a point has not recovered."""
    flows = all_flows()
    parser = argparse.ArgumentParser(prog="crashtest", description="Kill and fail every write.")
    parser.add_argument("--flow", choices=flows, action="append", help="only this one (repeatable)")
    parser.add_argument(
        "--fault", choices=list(Fault), type=Fault, action="append", help="only this one"
    )
    parser.add_argument("--every", type=int, default=1, help="only every nth write")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="crashes-") as folder:
        for name in options.flow or flows:
            began = time.monotonic()
            of_flow: list[Result] = []
            try:
                walk = Walk(flows[name], Path(folder) / name)
                points = walk.points(options.fault or list(Fault), options.every)
                _say(f"{name}: {len(walk.calls)} writes, {len(points)} points …")
                of_flow += try_points(walk, points, options.jobs, _report)
                walk.check_no_more()
            except CannotTrace as error:
                _say(f"Nothing could be shown: {error}", sys.stderr)
                return 2
            except Exception:  # noqa: BLE001 - a flow that cannot be walked is a failure of its own
                of_flow.append(Result(f"{name}, the walk itself", traceback.format_exc()))
                _report(of_flow[-1])
            _say(f"{name}: {report(of_flow)} ({time.monotonic() - began:.0f} s)")
            results += of_flow
    _say(report(results))
    return 1 if any(result.failure for result in results) else 0


def _report(result: Result) -> None:
    if result.failure:
        _say(f"FAILED {result.point}\n{result.failure}")


def _say(text: str, where: TextIO | None = None) -> None:
    out = where or sys.stdout
    out.write(text + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
