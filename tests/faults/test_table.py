"""The table of faults is complete: each required row has tests, and each named test exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.faults.table import FOUND, REQUESTED, ROWS, TABLE

ROOT = Path(__file__).resolve().parents[2]
NUMBERED = re.compile(r"test_fault_(\d{2,3})(?:_and_(\d{2,3}))?_")


@cache
def all_tests() -> frozenset[str]:
    """Every test function of the repository, as ``file::name``."""
    found = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{path.relative_to(ROOT).as_posix()}::{node.name}")
    return frozenset(found)


def rows_of(test: str) -> set[int]:
    """The rows that a test says it is of."""
    named = NUMBERED.match(test.partition("::")[2])
    return {int(number) for number in named.groups() if number} if named else set()


def problems(table: dict[int, tuple[str, ...] | str], there: frozenset[str]) -> list[str]:
    """The errors of a table, each in a line with its correction."""
    found = [f"row {row}: is not in the table" for row in ROWS if row not in table]
    for row, entry in table.items():
        tests = entry if isinstance(entry, tuple) else ()
        if row in REQUESTED and not tests:
            found.append(f"row {row}: was asked for and has no test")
        if not entry:
            found.append(f"row {row}: neither a test nor a reason")
        found += [f"row {row}: there is no {test}" for test in tests if test not in there]
    for test in sorted(there):
        for row in sorted(rows_of(test)):
            if test not in (table.get(row) or ()):
                found.append(f"row {row}: does not name {test}")
    return found


def test_the_table_is_whole():
    assert problems(TABLE, all_tests()) == []


def test_it_has_every_row_once():
    assert list(TABLE) == list(ROWS)
    assert len(ROWS) == 77 + len(FOUND)


GOOD: dict[int, tuple[str, ...] | str] = dict.fromkeys(ROWS, ("t.py::test_a",))


@pytest.mark.parametrize(
    ("row", "entry", "there", "problem"),
    [
        (8, "", {"t.py::test_a"}, "neither a test nor a reason"),
        (1, "somehow", {"t.py::test_a"}, "was asked for and has no test"),
        (1, ("t.py::test_b",), {"t.py::test_a"}, "there is no t.py::test_b"),
        (8, "a reason", {"t.py::test_a", "t.py::test_fault_08_x"}, "does not name"),
        (8, "a reason", {"t.py::test_a", "t.py::test_fault_08_and_09_x"}, "row 9: does not name"),
    ],
)
def test_missing_entry_is_found(row, entry, there, problem):
    assert problems(GOOD, frozenset({"t.py::test_a"})) == []
    found = problems({**GOOD, row: entry}, frozenset(there))
    assert any(problem in line for line in found), found


def test_a_row_that_is_left_out_is_found():
    table = {row: entry for row, entry in GOOD.items() if row != 77}
    assert problems(table, frozenset({"t.py::test_a"})) == ["row 77: is not in the table"]
