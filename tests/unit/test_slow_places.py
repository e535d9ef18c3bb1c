"""The list of slow files fits the tree."""

from __future__ import annotations

from pathlib import Path

from tests.slow_places import LONG_FILES, SLOW_FILES

TESTS = Path(__file__).parents[1]


def test_each_slow_file_is_there() -> None:
    assert [
        name for name in (*LONG_FILES, *sorted(SLOW_FILES)) if not (TESTS / name).is_file()
    ] == []
