"""Refunds that were not sent are read from a damaged file, with the table of refunds alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.payment_ref import Provider
from posapp.services.maintenance.journal_job import JournalJob
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.ports.journal import LedgerPosition
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.files.restore import UnsentRefunds, pending_refunds_in
from posapp.store.open_store import open_store
from tests.fakes.world import FakeClock
from tests.store.old_shops import make_old_shop
from tests.store.test_refund_journal import approve

TAGS = ["[RF-3]", "[RF-5]", "[RF-7]", "[RF-13]"]


def change(path: Path, *statements: str) -> None:
    """Change a file as damage would: no constraint holds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for name in ("payments_kept", "payments_fixed"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(params=["0001", "0007", "today"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    is_old = request.param != "today"
    path = make_old_shop(tmp_path / "shop.db", request.param if is_old else "0007")
    if not is_old:
        open_store(path).close()
    return path


def test_refunds_without_their_payments_are_read(
    shop: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = pending_refunds_in(shop)
    assert [one.tag for one in before.intents] == TAGS
    assert not caplog.text
    change(shop, "DELETE FROM payments WHERE imp_uid = 'imp_2'")
    assert pending_refunds_in(shop) == before
    change(shop, "DROP TABLE payments")
    assert pending_refunds_in(shop) == before


@pytest.mark.parametrize("shop", ["today"], indirect=True)
def test_a_payment_that_is_missing_is_logged(shop: Path, caplog: pytest.LogCaptureFixture) -> None:
    change(shop, "DELETE FROM payments WHERE imp_uid = 'imp_2'")
    assert {one.provider for one in pending_refunds_in(shop).intents} == {Provider.PORTONE_V1}
    assert "taken as PortOne V1's: imp_2" in caplog.text
    assert "imp_8" not in caplog.text


@pytest.mark.parametrize("shop", ["today"], indirect=True)
def test_only_refunds_of_an_unknown_provider_are_left_out(shop: Path) -> None:
    before = pending_refunds_in(shop).intents
    change(shop, "UPDATE payments SET provider = 'later' WHERE imp_uid = 'imp_2'")
    assert pending_refunds_in(shop) == UnsentRefunds(before[:-1], ("[RF-13]",))


def test_refunds_that_cannot_be_read_are_an_error(shop: Path) -> None:
    change(shop, "UPDATE refunds SET reason = CAST(x'ff' AS TEXT) WHERE tag = '[RF-5]'")
    with pytest.raises(EnvironmentProblem) as found:
        pending_refunds_in(shop)
    assert found.value.code is EnvironmentCode.DATABASE_CORRUPT


@pytest.mark.parametrize("by", ["start", "job"])
def test_refund_without_its_payment_gets_into_the_journal(tmp_path: Path, by: str) -> None:
    path = make_old_shop(tmp_path / "shop.db", "0007")
    store = open_store(path)
    approve(store, 20, "imp_8", item_id=803, order_id=8)
    store.close()
    change(path, "DELETE FROM payments WHERE imp_uid = 'imp_8'")
    store = open_store(path)
    journal = FileIntentJournal(journal_path(path))
    if by == "start":
        assert recover_journal(store, journal, FakeClock()).trouble is None
    else:
        JournalJob(store, journal, FakeClock(), LedgerPosition(0, "")).run()
    store.close()
    found = {one.tag: one for one in journal.open_intents()}
    assert found["[RF-20]"].provider is Provider.PORTONE_V1
    assert found.keys() >= {"[RF-7]", "[RF-20]"}
