"""Lines of ``tests.benchmarks.against``."""

from __future__ import annotations

from tests.benchmarks.against import Figures, collect, compare
from tests.benchmarks.figures import line_of


def test_lines_of_both_trees_are_compared_by_their_medians() -> None:
    before: Figures = {}
    after: Figures = {}
    for value in (10.0, 30.0, 20.0):
        collect(f"noise\n{line_of('desk, p95', value, 'ms', 16)}\n.", before)
    collect(line_of("desk, p95", 5.0, "ms", 16), after)
    collect(line_of("start", 1.25, "× an empty QMainWindow", 1.5), after)
    collect("1 passed in 3.00s\nother: not measured", after)
    assert list(compare(before, after)) == [
        "desk, p95: 20.00 → 5.00 ms (× 0.25)",
        "start: – → 1.25 × an empty QMainWindow",
    ]
