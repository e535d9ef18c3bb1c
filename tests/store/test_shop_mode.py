"""A database belongs to one mode: by its mark, or by its payments."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.shop_mode import hold_mode, mode_of, refuse_another_mode

MODES = tuple(Mode)


def refused(path: Path, mode: Mode) -> bool:
    """Both checks have to agree; a refused opening changes nothing."""
    before = path.read_bytes()
    try:
        refuse_another_mode(path, mode)
        from_beside = False
    except EnvironmentProblem as problem:
        assert problem.code is EnvironmentCode.DATABASE_OTHER_MODE
        from_beside = True
    store = open_store(path)
    try:
        hold_mode(store, mode)
        inside = False
    except EnvironmentProblem as problem:
        assert problem.code is EnvironmentCode.DATABASE_OTHER_MODE
        assert mode.value in problem.detail
        inside = True
    finally:
        store.close()
    assert inside is from_beside
    if inside:
        assert mode_of(path) is not mode
        with closing(sqlite3.connect(path)) as there:
            assert there.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert len(before) <= len(path.read_bytes())
    return inside


@pytest.mark.parametrize("first", MODES)
@pytest.mark.parametrize("then", MODES)
def test_first_opening_sets_the_mode_of_a_database(database: Path, first: Mode, then: Mode) -> None:
    assert mode_of(database) is None
    assert not refused(database, first)
    assert mode_of(database) is first
    assert refused(database, then) is (then is not first)
    assert mode_of(database) is first


@pytest.fixture(params=["0003", None], ids=["of the schema before", "of today"])
def unmarked(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    path = tmp_path / "old.db"
    steps = MigrationPlan(OUR_STEPS.folder, request.param) if request.param else OUR_STEPS
    open_store(path, steps).close()
    yield path


def add_payment(path: Path, merchant_uid: str, *, sandbox: int, status: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(
            "INSERT INTO payments (imp_uid, merchant_uid, order_id, amount, paid_at, standing,"
            " receipt_url, sandbox, problem) VALUES (?, ?, 7, 5000, 0, ?, '', ?, '')",
            (f"imp_{merchant_uid}", merchant_uid, status, sandbox),
        )


@pytest.mark.parametrize(
    ("merchant_uid", "sandbox", "mode"),
    [
        ("demo-1001-e71f559afe658b209a2562eaf3", 1, Mode.DEMO),
        ("ab12cd-1001-e71f559afe658b209a2562eaf3", 1, Mode.TEST),
        ("ab12cd-1001-e71f559afe658b209a2562eaf3", 0, Mode.LIVE),
    ],
)
@pytest.mark.parametrize("opened", MODES)
def test_mode_of_an_unmarked_database_follows_its_payments(
    unmarked: Path, merchant_uid: str, sandbox: int, mode: Mode, opened: Mode
) -> None:
    add_payment(unmarked, merchant_uid, sandbox=sandbox, status="ACCEPTED")
    assert mode_of(unmarked) is mode
    assert refused(unmarked, opened) is (opened is not mode)


def test_a_test_payment_that_a_live_till_rejected_makes_no_test_shop(unmarked: Path) -> None:
    add_payment(unmarked, "ab12cd-1-x", sandbox=1, status="REJECTED")
    assert mode_of(unmarked) is None
    assert refused(unmarked, Mode.DEMO), "it has traded: it is no demo"
    assert not refused(unmarked, Mode.LIVE)


def test_a_mark_is_one_of_the_modes(database: Path) -> None:
    with closing(sqlite3.connect(database)) as file, pytest.raises(sqlite3.IntegrityError):
        file.execute("UPDATE till SET mode = 'play'")
