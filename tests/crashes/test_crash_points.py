"""docs/faults.md, rows 4, 5, 34, 52, 53, 56, 101, 103 and 136: a sample of the writes that
``make crashtest`` walks."""

from __future__ import annotations

import pytest

from tests.crashes.crash_walk import Walk, report, try_points
from tests.crashes.flows import all_flows
from tests.crashes.tracing import Fault

EVERY = 120
"""Every 120th write with each fault, beginning with another write for each."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", all_flows())
def test_a_sample_of_the_writes_of(name, tmp_path, report_line):
    """After a kill or a disk error there, the restarted program loses, doubles and half-finishes
    nothing."""
    walk = Walk(all_flows()[name], tmp_path)
    points = walk.points(list(Fault), EVERY)
    assert {point.fault for point in points} == set(Fault)
    results = list(try_points(walk, points, jobs=2))
    report_line(f"every write of {name}, a sample: {report(results)}")
    failed = [f"{one.point}\n{one.failure}" for one in results if one.failure]
    assert not failed, "\n".join(failed)
    walk.check_no_more()
