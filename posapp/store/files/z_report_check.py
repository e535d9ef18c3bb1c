"""Verification of the chain of Z reports in a file of any state, and of what they say of the
ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from posapp.domain.ledger import GENESIS, ChainBreak, LedgerEvent
from posapp.domain.report_content import ReportContent, ReportEnd, read_body
from posapp.domain.z_reports import z_hash
from posapp.store.engine import connect_read_only
from posapp.store.sqlite_errors import translate_driver_errors

_REPORTS = "SELECT z_no, body, hash, previous FROM z_reports ORDER BY z_no"
_CLOSED = "SELECT seq, amount, hash FROM ledger WHERE fact = ? ORDER BY seq"


def verify_z_reports(path: Path) -> ChainBreak | int:
    """Verify the Z reports of a file; return the first wrong one by its number, or how many are
    correct; 0 for a schema without them.

    Each follows the one before by number and hash, and names the entry of the ledger that closed
    its shift, with that entry's hash and the counted amount. The ledger itself is verified before
    (``verify_ledger``): by its entries a report that is missing at the end is found.

    Raises:
        EnvironmentProblem: the file cannot be read, or its pages are damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")  # one snapshot of both, while sales continue
        if not _has_reports(connection):
            return 0
        closings = connection.execute(_CLOSED, (LedgerEvent.SHIFT_CLOSED.value,)).fetchall()
        ends = {seq: (amount, digest) for seq, amount, digest in closings}
        before, count = GENESIS, 0
        for z_no, body, digest, previous in connection.execute(_REPORTS):
            count += 1
            what = (
                "missing" if z_no != count else _fault(z_no, body, digest, previous, before, ends)
            )
            if what:
                return ChainBreak(count, what)
            before = digest
        return ChainBreak(count + 1, "missing") if len(ends) > count else count


def _has_reports(connection: sqlite3.Connection) -> bool:
    """Return whether the schema of a file has Z reports. One that has shifts has them."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE name IN ('z_reports', 'shifts') AND type = 'table'"
    )
    return found.fetchone() is not None


def _fault(
    z_no: int,
    body: object,
    digest: object,
    previous: object,
    before: str,
    ends: Mapping[int, tuple[int, str]],
) -> str:
    """Return what is wrong with a report, or empty."""
    if previous != before:
        return "broken_link"
    if not isinstance(body, str) or digest != z_hash(z_no, body, before):
        return "changed"
    try:
        content = read_body(body)
    except ValueError:
        return "changed"
    return "" if _is_of_ledger(content, content.end, z_no, ends) else "ledger_differs"


def _is_of_ledger(
    content: ReportContent,
    end: ReportEnd | None,
    z_no: int,
    ends: Mapping[int, tuple[int, str]],
) -> bool:
    """Return whether the ledger has the end of the shift as a report says."""
    if end is None or end.z_no != z_no:
        return False
    return ends.get(content.figures.to_seq) == (-end.counted, end.head)
