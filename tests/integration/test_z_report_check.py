"""Z reports in a file that somebody changed: which is wrong is found, and none that is right."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.ledger import GENESIS, ChainBreak
from posapp.domain.z_reports import z_hash
from posapp.store.files.z_report_check import verify_z_reports
from tests.fakes.actors import WHO
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import SaleShop


@pytest.fixture
def file(tmp_path, sandbox, clock) -> Iterator[Path]:
    """A file with three closed shifts, the second one 500 won short."""
    shop = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds)
    for short in (0, 500, 0):
        shop.shift_service.open_shift(WHO, 10_000)
        shop.shift_service.pay_in(WHO, 1_000, "잔돈")
        counts = {1_000: 11} if not short else {1_000: 10, 500: 1}
        shop.closing_service.close_shift(WHO, counts, "잔돈 착오" if short else "")
        shop.clock.advance(seconds=86_400)
    path = shop.store.path
    shop.close()
    return path


def tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            " AND tbl_name IN ('z_reports', 'ledger')"
        ).fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_untouched_reports_are_right(file: Path) -> None:
    assert verify_z_reports(file) == 3


SWAPPED = (
    "UPDATE z_reports SET z_no = 9 WHERE z_no = 1",
    "UPDATE z_reports SET z_no = 1 WHERE z_no = 2",
    "UPDATE z_reports SET z_no = 2 WHERE z_no = 9",
)


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (
            ("UPDATE z_reports SET body = replace(body, '잔돈 착오', '') WHERE z_no = 2",),
            ChainBreak(2, "changed"),
        ),
        (("UPDATE z_reports SET body = '{}' WHERE z_no = 3",), ChainBreak(3, "changed")),
        (("UPDATE z_reports SET hash = previous WHERE z_no = 1",), ChainBreak(1, "changed")),
        (("DELETE FROM z_reports WHERE z_no = 1",), ChainBreak(1, "missing")),
        (("DELETE FROM z_reports WHERE z_no = 2",), ChainBreak(2, "missing")),
        (("DELETE FROM z_reports WHERE z_no = 3",), ChainBreak(3, "missing")),
        (("DELETE FROM z_reports",), ChainBreak(1, "missing")),
        (SWAPPED, ChainBreak(1, "broken_link")),
    ],
)
def test_change_is_found(file: Path, statements: tuple[str, ...], fault: ChainBreak) -> None:
    tamper(file, *statements)
    assert verify_z_reports(file) == fault


def forge(path: Path, z_no: int, before: str, after: str) -> None:
    """Change a body and make its own hash fit again."""
    with closing(sqlite3.connect(path)) as connection:
        (body, previous) = connection.execute(
            "SELECT body, previous FROM z_reports WHERE z_no = ?", (z_no,)
        ).fetchone()
    assert before in body
    body = body.replace(before, after)
    tamper(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        digest = z_hash(z_no, body, previous)
        connection.execute(
            "UPDATE z_reports SET body = ?, hash = ? WHERE z_no = ?", (body, digest, z_no)
        )


def test_a_hash_that_fits_a_changed_body_breaks_the_next_link(file: Path) -> None:
    forge(file, 1, '"over_short":0', '"over_short":1')
    assert verify_z_reports(file) == ChainBreak(2, "broken_link")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"counted":11000', '"counted":12000'),
        ('"z_no":3', '"z_no":4'),
        ('"head":"', '"head":"0'),
    ],
)
def test_the_last_report_is_held_against_the_ledger(file: Path, before: str, after: str) -> None:
    forge(file, 3, before, after)
    assert verify_z_reports(file) == ChainBreak(3, "ledger_differs")


def test_a_first_report_of_another_chain_is_found(file: Path) -> None:
    tamper(file, f"UPDATE z_reports SET previous = '{'1' * 64}' WHERE z_no = 1")
    assert GENESIS != "1" * 64
    assert verify_z_reports(file) == ChainBreak(1, "broken_link")
