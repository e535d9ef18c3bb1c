"""Verification of the chains of Z reports and of their addenda in a file of any state, and of what
they say of the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from posapp.domain.ledger import GENESIS, ChainBreak, LedgerEvent
from posapp.domain.report_content import ReportContent, ReportEnd, read_body
from posapp.domain.z_addenda import AddendumContent, addendum_hash, read_addendum
from posapp.domain.z_reports import z_hash
from posapp.store.engine import connect_read_only
from posapp.store.sqlite_errors import translate_driver_errors

_REPORTS = "SELECT z_no, body, hash, previous FROM z_reports ORDER BY z_no"
_ADDENDA = "SELECT number, z_no, body, hash, previous FROM z_addenda ORDER BY number"
_LEDGER_HASH = "SELECT hash FROM ledger WHERE seq = ?"
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
        if not _has_any(connection, "z_reports", "shifts"):
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


def verify_z_addenda(path: Path) -> ChainBreak | int:
    """Verify the addenda of the Z reports of a file; return the first wrong one by its number, or
    how many are correct; 0 for a schema without them.

    Each follows the one before by number and hash, names its Z report with that one's hash, and an
    entry of the ledger with that one's hash. A Z report names the newest addendum before it: by
    that one that is missing at the end is found. The Z reports themselves are verified before
    (``verify_z_reports``).

    Raises:
        EnvironmentProblem: the file cannot be read, or its pages are damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")
        if not _has_any(connection, "z_addenda", "count_drafts"):
            return 0
        ends = tuple(_ends(connection))
        reports = {end.z_no: digest for end, digest in ends if end.is_uncompared}
        named = dict(end.addendum for end, _ in ends if end.addendum is not None)
        before, count = GENESIS, 0
        for number, z_no, body, digest, previous in connection.execute(_ADDENDA):
            count += 1
            if number != count:
                return ChainBreak(count, "missing")
            what = _addendum_fault(number, z_no, body, digest, previous, before)
            if not what and (named.get(number, digest) != digest or z_no not in reports):
                what = "changed"
            if not what and not _is_of_records(connection, read_addendum(body), reports[z_no]):
                what = "ledger_differs"
            if what:
                return ChainBreak(count, what)
            before = digest
        return ChainBreak(count + 1, "missing") if max(named, default=0) > count else count


def _ends(connection: sqlite3.Connection) -> Iterator[tuple[ReportEnd, str]]:
    """Yield what the Z reports say of their closings, each with the report's hash."""
    for _, body, digest, _ in connection.execute(_REPORTS):
        end = read_body(body).end
        if end is not None:
            yield end, digest


def _addendum_fault(
    number: int, z_no: int, body: object, digest: object, previous: object, before: str
) -> str:
    """Return what is wrong with an addendum by itself, or empty."""
    if before != previous:
        return "broken_link"
    if not isinstance(body, str) or digest != addendum_hash(number, body, before):
        return "changed"
    try:
        content = read_addendum(body)
    except ValueError:
        return "changed"
    return "" if (content.number, content.z_no) == (number, z_no) else "changed"


def _is_of_records(connection: sqlite3.Connection, content: AddendumContent, report: str) -> bool:
    """Return whether the Z report, by its hash, and the ledger are those that an addendum names."""
    row = connection.execute(_LEDGER_HASH, (content.to_seq,)).fetchone()
    return content.z_hash == report and row == (content.head,)


def _has_any(connection: sqlite3.Connection, *tables: str) -> bool:
    """Return whether the schema of a file has one of some tables, which came together."""
    marks = ", ".join("?" * len(tables))
    found = connection.execute(
        f"SELECT 1 FROM sqlite_schema WHERE name IN ({marks}) AND type = 'table'",  # noqa: S608
        tables,
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
