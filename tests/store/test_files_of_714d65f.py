"""Database, journal and settings of an early program (``data/714d65f``) open and verify."""

from __future__ import annotations

import lzma
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posapp.cli import main
from posapp.domain.modes import Mode
from posapp.domain.payment_ref import Provider, Tender
from posapp.domain.payments import AttemptState, PaymentDisposition
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.services.maintenance.journal_job import JournalJob
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.ports.record_ids import RecordKind
from posapp.store.files.integrity_check import check_backup, find_damage
from posapp.store.files.ledger_check import check_end, verify_ledger
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.files.restore import pending_refunds_in
from posapp.store.open_store import open_store
from posapp.store.schema import SCHEMA_VERSION, schema_version
from posapp.system.settings import load
from tests.fakes.world import FakeClock
from tests.store.records import entry
from tests.store.test_old_schemas import contents
from tests.test_architecture import traces_of_a_machine

MADE = Path(__file__).parent / "data" / "714d65f"
ROWS = 25
OPEN_TAGS = ["[RF-U-000015]", "[RF-14-000016]", "[RF-15-000017]", "[RF-1E-000018]"]
"""Taken over by a person, without an answer, waiting behind it, and cut off while it was sent."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "posapp.db"
    path.write_bytes(lzma.decompress((MADE / "posapp.db.xz").read_bytes()))
    shutil.copy(MADE / "posapp-intents.jsonl", journal_path(path))
    shutil.copy(MADE / "settings.toml", tmp_path / "settings.toml")
    return path


def test_the_files_are_whole_before_they_are_opened(database: Path) -> None:
    assert schema_version(database) == "0003"
    assert verify_ledger(database) == check_end(database) == ROWS
    assert find_damage(database) == ""
    found = check_backup(database)
    assert (found.flaw, found.rows) == (None, ROWS), "as a backup it can be restored"
    assert [one.tag for one in pending_refunds_in(database).intents] == OPEN_TAGS


def test_its_settings_are_read(database: Path) -> None:
    found = load(database.with_name("settings.toml"))
    assert (found.shop_name, found.mode, found.link_seconds) == ("하나 베이커리", Mode.TEST, 240)
    assert (found.language, found.theme) == ("en", "dark")
    assert (found.user_code, found.channel_key) == ("imp00000000", "channel-key-0")


def test_it_migrates_and_every_row_stays(database: Path) -> None:
    before = contents(database)
    open_store(database).close()
    assert schema_version(database) == SCHEMA_VERSION
    after = contents(database)
    for table, (names, rows) in before.items():
        places = [after[table][0].index(name) for name in names]
        assert [tuple(row[place] for place in places) for row in after[table][1]] == rows, table
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert verify_ledger(database) == check_end(database) == ROWS


def test_its_money_is_read_and_its_ledger_continued(database: Path) -> None:
    store = open_store(database)
    with store.transaction() as uow:
        refunds = uow.refunds.in_states(list(RefundState), 99)
        assert {one.state for one in refunds} == set(RefundState)
        assert {one.origin for one in refunds} == set(RefundOrigin)
        attempts = uow.attempts.newest(99)
        paid = [one for order in range(1, 9) for one in uow.payments.for_order(order)]
        assert len(paid) == 8
        assert {one.ref.provider for one in paid} == {Provider.PORTONE_V1}
        assert {one.till for one in paid} == {0}
        assert {(one.disposition, one.tender) for one in paid} == {
            (PaymentDisposition.ACCEPTED, Tender.KAKAOPAY),
            (PaymentDisposition.REJECTED, Tender.UNKNOWN),
        }
        assert [one.state for one in attempts if one.is_live] == [AttemptState.WAITING]
        captured = sum(one.amount for one in paid)
        back = sum(one.amount for one in refunds if one.state is RefundState.CONFIRMED)
        rows = uow.ledger.rows(0, 99)
        assert sum(row.entry.amount for row in rows) == captured - back
        assert uow.record_ids.next(RecordKind.ATTEMPT) == max(one.id for one in attempts) + 1
        assert uow.record_ids.next(RecordKind.REFUND) == max(one.id for one in refunds) + 1
        uow.ledger.append(entry(imp_uid=paid[0].imp_uid))
        uow.commit()
    store.close()
    assert verify_ledger(database) == ROWS + 1


def test_its_journal_is_read_and_continued(database: Path) -> None:
    store = open_store(database)
    journal = FileIntentJournal(journal_path(database))
    intents = journal.open_intents()
    assert [one.tag for one in intents] == OPEN_TAGS
    assert {(one.provider, one.till) for one in intents} == {(Provider.PORTONE_V1, 0)}
    assert journal.unreadable() == 0
    found = recover_journal(store, journal, FakeClock())
    assert (found.entered, found.reported, found.trouble) == ((), (), None)
    assert not found.database_is_older
    JournalJob(store, journal, FakeClock(), found.mark).run()
    assert FileIntentJournal(journal.path).open_intents() == intents
    store.close()


def test_intents_only_in_its_journal_are_entered(database: Path) -> None:
    """The database is a copy from before the last refund."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_schema"
            " WHERE name IN ('refunds_kept', 'ledger_kept', 'ledger_head_follows')"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        last = connection.execute("SELECT max(id) FROM refunds").fetchone()[0]
        connection.execute("DELETE FROM outbox WHERE refund_id = ?", (last,))
        connection.execute("DELETE FROM refunds WHERE id = ?", (last,))
        connection.execute("DELETE FROM ledger WHERE seq = ?", (ROWS,))
        head = "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1"
        connection.execute(f"UPDATE ledger_head SET (seq, hash) = ({head})")
        for _, guard in guards:
            connection.execute(guard)
    store = open_store(database)
    found = recover_journal(store, FileIntentJournal(journal_path(database)), FakeClock())
    assert found.database_is_older
    assert [one.tag for one in found.entered] == OPEN_TAGS[-1:]
    assert [one.till for one in found.entered] == [0]
    store.close()
    assert verify_ledger(database) == ROWS


def test_the_command_verifies_its_ledger(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", "verify", "--home", str(database.parent)]) == 0
    assert f"{ROWS}" in capsys.readouterr().out
    assert schema_version(database) == "0003", "verifying migrates nothing"


def test_the_packed_database_names_no_machine(database: Path) -> None:
    """The architecture's test reads kept files as text, and so not this one."""
    text = database.read_bytes().decode("utf-8", "replace")
    path = database.with_name("strings.txt")
    path.write_text(text, encoding="utf-8")
    assert traces_of_a_machine(path.parent) == []
    path.write_text(f"{text}\n/ro" + "ot/posapp", encoding="utf-8")
    assert traces_of_a_machine(path.parent) != []
