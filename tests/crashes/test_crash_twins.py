"""The other half: with a guard taken away the walk finds a violation, and strace is believed only
where it was there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.crashes.crash_walk import Walk
from tests.crashes.flows import all_flows
from tests.crashes.mutants import (
    COPIED_IN_PLACE,
    ISSUED_FIRST,
    OUTBOX_LATER,
    RECORDED_FIRST,
    RESTOCKED_LATER,
    REVISED_LATER,
    STOCK_LATER,
    UNSYNCED,
)
from tests.crashes.tracing import Call, CannotTrace, Fault, Strace, read_trace

EVERY = 8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flow", "twin", "text"),
    [
        ("refund", RECORDED_FIRST, "a refund is stuck"),
        ("approval", OUTBOX_LATER, "a refund is stuck"),
        ("backup", COPIED_IN_PLACE, "malformed"),
        ("sale", STOCK_LATER, "in stock"),
        ("expiry", RESTOCKED_LATER, "in stock"),
        ("receipt", ISSUED_FIRST, "receipts of one sale are valid"),
        ("receipt-rest", REVISED_LATER, "receipts of the sale"),
    ],
)
def test_the_check_finds_the_fault_in(flow, twin, text, tmp_path):
    walk = Walk(all_flows()[flow], tmp_path, twin)
    points = walk.points([Fault.KILL], EVERY)
    likely = len(points) // 4  # the program is open by then, and the flow has begun
    for point in points[likely:] + points[:likely]:
        result = walk.try_point(point)
        if result.failure:
            assert text in result.failure
            return
    pytest.fail(f"{twin}: every point recovered")


@pytest.mark.slow
def test_report_before_the_disk_write_is_detected(tmp_path):
    with pytest.raises(AssertionError, match=r"said before it was on the disk.*shop\.db-wal"):
        Walk(all_flows()["refund"], tmp_path, UNSYNCED)


def test_missing_permission_to_trace_is_reported(monkeypatch, tmp_path):
    """No strace, or no right to use it, is no pass."""
    with pytest.raises(CannotTrace, match="SYS_PTRACE"):
        Strace(os.getpid() + 10_000_000, tmp_path / "trace", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotTrace, match="apt-get install strace"):
        Strace(os.getpid(), tmp_path / "trace", ())


TRACE = """\
7 openat(AT_FDCWD</home/till>, "/shop/a.db", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 3</shop/a.db>
7 openat(AT_FDCWD</home/till>, "/shop", O_RDONLY|O_CLOEXEC) = 4</shop>
7 fsync(4</shop>)                   = 0
7 pwrite64(3</shop/a.db>, "S"..., 4096, 0) = 4096
7 write(1</elsewhere/log>, "x", 1) = 1
7 write(5</shop/backups/journal>, "x", 1) = -1 EIO (Input/output error) (INJECTED)
7 rename("/shop/.a.partial", "/shop/b.db") = 0
7 unlink("/elsewhere/shop/a") = 0
7 unlink("/shop/a.db-wal" <unfinished ...>) = ?
7 +++ killed by SIGKILL +++
"""


def test_strace_output_is_parsed():
    trace = read_trace(TRACE, Path("/shop"))
    assert trace.writes == (
        Call("openat", 1, "a.db"),
        Call("fsync", 1, "."),
        Call("pwrite64", 1, "a.db"),
        Call("write", 2, "backups/journal", injected=True),
        Call("rename", 1, ".a.partial"),
        Call("unlink", 2, "a.db-wal"),
    )
    assert trace.counts["openat"] == 2
    assert trace.threads == 1
    assert trace.hit == Call("write", 2, "backups/journal", injected=True)
    assert Fault.FULL.injection(trace.writes[2]) == "inject=pwrite64:error=ENOSPC:when=1+"
    assert not Fault.FULL.can_hit(trace.writes[1])


SAID = """7 pwrite64(3</shop/a.db>, "S"..., 4096, 0) = 4096
7 pwrite64(3</shop/b.db>, "S"..., 4096, 0) = 4096
7 pwrite64(3</shop/c.db-shm>, "S"..., 4096, 0) = 4096
7 rename("/shop/copies/.d.partial", "/shop/copies/d.db") = 0
7 fdatasync(3</shop/a.db>) = 0
7 sendto(9<socket:[1]>, "{"..., 40, 0, NULL, 0) = 40
7 fdatasync(3</shop/b.db>) = 0
7 fsync(4</shop/copies>) = 0
7 pwrite64(3</shop/a.db>, "S"..., 4096, 0) = 4096
"""


def test_data_only_in_memory_at_a_report_is_detected():
    assert read_trace(SAID, Path("/shop")).unsynced == {"b.db", "copies"}
