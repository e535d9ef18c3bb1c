"""A shop that tests copy is the one that the migrations make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from posapp.store.files.till_codes import till_code_in
from posapp.store.open_store import open_store
from tests.fakes.shared_setup import migrated_shops


def made(path: Path) -> Path:
    open_store(path).close()
    return path


def content(path: Path) -> list[str]:
    """Return the file as SQL, without the till's code."""
    code = till_code_in(path)
    with closing(sqlite3.connect(path)) as connection:
        return [line.replace(code, "code") for line in connection.iterdump()]


def test_a_copied_shop_is_what_the_migrations_make_with_its_own_code(tmp_path):
    with migrated_shops():
        migrated = made(tmp_path / "migrated.db")
    copies = [made(tmp_path / f"copy-{number}.db") for number in range(2)]
    assert [content(one) for one in copies] == [content(migrated)] * 2
    assert len({till_code_in(one) for one in (migrated, *copies)}) == 3
    assert {one.stat().st_mode & 0o777 for one in (migrated, *copies)} == {0o600}
