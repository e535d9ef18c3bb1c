"""The ledger's seals: who rewrites a row and hashes the rest again lacks the key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posapp.app.seal_keys import ENTRY, known_key, seal_key
from posapp.cli import main
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.ledger import link_entry
from posapp.domain.seals import DEMO_KEY, SealCheck, SealKey, SealState
from posapp.store.engine import connect_read_only
from posapp.store.files.backup import FolderCopies, list_backups
from posapp.store.files.ledger_check import _entry, verify_ledger
from posapp.store.ledger_seals import begin_sealing, check_seals
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.schema import SCHEMA_VERSION
from posapp.store.unit_of_work import SqlStore
from tests.fakes.demo import make_demo
from tests.store.old_shops import EARLIER
from tests.store.records import NOW, append_as_before, entry
from tests.store.test_store_ledger import tamper

KEY, OTHER = SealKey(b"k" * 32), SealKey(b"o" * 32)
ROWS = 8


def add(store: SqlStore, count: int, first: int = 1) -> None:
    with store.transaction() as uow:
        for n in range(first, first + count):
            uow.ledger.append(entry(n))
        uow.commit()


@pytest.fixture
def sealed(database: Path) -> Path:
    store = open_store(database)
    begin_sealing(store, KEY, NOW)
    add(store, ROWS)
    store.close()
    return database


def rewrite(path: Path, seq: int, **changes: str) -> None:
    """Rewrite a row, every hash after it, and the head, as an attacker who knows the program."""

    def anew(connection: sqlite3.Connection) -> None:
        names = ", ".join(f"{name} = ?" for name in changes)
        connection.execute(f"UPDATE ledger SET {names} WHERE seq = ?", (*changes.values(), seq))
        previous = connection.execute("SELECT previous FROM ledger WHERE seq = ?", (seq,))
        (before,) = previous.fetchone()
        for row in connection.execute(
            "SELECT * FROM ledger WHERE seq >= ? ORDER BY seq", (seq,)
        ).fetchall():
            reported = _entry(row)
            again = link_entry(reported.seq, reported.entry, before, reported.form)
            connection.execute(
                "UPDATE ledger SET previous = ?, hash = ? WHERE seq = ?",
                (before, again.hash, reported.seq),
            )
            before = again.hash
        connection.execute("UPDATE ledger_head SET hash = ?", (before,))

    tamper(path, anew)


def facts(path: Path) -> list[tuple[str, str]]:
    with closing(connect_read_only(path)) as connection:
        return connection.execute(
            "SELECT reference, reason FROM ledger WHERE fact = 'SEAL_BEGUN' ORDER BY seq"
        ).fetchall()


def test_a_sealed_ledger_is_whole(sealed: Path) -> None:
    assert verify_ledger(sealed) == ROWS
    assert check_seals(sealed, KEY) == SealCheck(SealState.WHOLE, 0, ROWS)
    assert facts(sealed) == [], "from the first row on: there is nothing to explain"


@pytest.mark.parametrize("seq", [1, 4, ROWS])
@pytest.mark.parametrize("change", [{"actor": "seller:9"}, {"reason": "다른 사유"}])
def test_rewritten_and_rehashed_row_fails_its_seal(
    sealed: Path, seq: int, change: dict[str, str]
) -> None:
    rewrite(sealed, seq, **change)
    assert verify_ledger(sealed) == ROWS, "the chain alone says nothing"
    assert check_seals(sealed, KEY).state is SealState.BROKEN
    assert check_seals(sealed, KEY).row == seq


def test_seals_made_with_another_key_or_taken_away_do_not_help(sealed: Path) -> None:
    rewrite(sealed, 4, actor="seller:9")
    with closing(connect_read_only(sealed)) as connection:
        rows = connection.execute("SELECT seq, hash FROM ledger WHERE seq >= 4").fetchall()

    def seal_again(connection: sqlite3.Connection) -> None:
        for seq, digest in rows:
            connection.execute(
                "UPDATE ledger_seals SET key_id = ?, seal = ? WHERE seq = ?",
                (OTHER.id, OTHER.seal(seq, digest), seq),
            )

    tamper(sealed, seal_again)
    assert check_seals(sealed, KEY) == SealCheck(SealState.OPEN, 4, 3)
    tamper(sealed, "DELETE FROM ledger_seals WHERE seq >= 4")
    assert check_seals(sealed, KEY) == SealCheck(SealState.OPEN, 4, 3)
    tamper(sealed, "DELETE FROM ledger_seals")
    assert check_seals(sealed, KEY) == SealCheck(SealState.OPEN, 1, 0)
    tamper(sealed, "DROP TABLE ledger_seals")
    assert check_seals(sealed, KEY) == SealCheck(SealState.OPEN, 1, 0)


def test_rows_and_seals_cut_off_the_end_leave_the_head_behind(sealed: Path) -> None:
    tamper(sealed, "DELETE FROM ledger WHERE seq > 5")
    assert not isinstance(verify_ledger(sealed), int)
    assert check_seals(sealed, KEY) == SealCheck(SealState.BROKEN, 6, 5)


def test_missing_key_is_reported_and_is_no_tampering(sealed: Path) -> None:
    found = check_seals(sealed, None)
    assert (found.state, found.is_fault) == (SealState.NO_KEY, False)


def test_new_key_is_reported_and_covers_earlier_rows(sealed: Path) -> None:
    store = open_store(sealed)
    begin_sealing(store, OTHER, NOW)
    add(store, 2, first=20)
    store.close()
    assert facts(sealed) == [(OTHER.id, f"key {KEY.id} -> {OTHER.id}")]
    assert check_seals(sealed, OTHER) == SealCheck(SealState.WHOLE, 0, 3)
    rewrite(sealed, 2, actor="seller:9")
    assert check_seals(sealed, OTHER) == SealCheck(SealState.BROKEN, ROWS + 1, 0)


def test_rows_of_a_time_without_a_keyring_are_named_and_covered(sealed: Path) -> None:
    store = open_store(sealed)
    add(store, 3, first=20)
    store.close()
    assert check_seals(sealed, KEY) == SealCheck(SealState.OPEN, ROWS + 1, ROWS)
    for _ in range(2):
        store = open_store(sealed)
        begin_sealing(store, KEY, NOW)
        store.close()
    assert facts(sealed) == [(KEY.id, f"rows {ROWS + 1}-{ROWS + 3} without a seal")]
    assert check_seals(sealed, KEY).state is SealState.WHOLE
    rewrite(sealed, ROWS + 2, reason="x")
    assert check_seals(sealed, KEY).state is SealState.BROKEN


@pytest.mark.parametrize("version", [*EARLIER, SCHEMA_VERSION])
def test_ledger_of_each_earlier_schema_is_valid_and_sealed_from_then_on(
    tmp_path: Path, version: str
) -> None:
    path = tmp_path / "old.db"
    form = 1 if version < "0004" else 2 if version < "0008" else 3
    store = open_store(path, MigrationPlan(OUR_STEPS.folder, version))
    if version < SCHEMA_VERSION:
        append_as_before(path, [entry(n) for n in range(1, 6)])
    else:
        add(store, 5)
    store.close()
    assert verify_ledger(path) == 5
    older = check_seals(path, KEY)
    assert older.state is (SealState.OLDER if version < "0004" else SealState.OPEN)
    store = open_store(path)
    begin_sealing(store, KEY, NOW)
    add(store, 2, first=20)
    with store.snapshot() as uow:
        assert [row.form for row in uow.ledger.rows(0, 5)] == [form] * 5
    store.close()
    assert verify_ledger(path) == 8
    assert facts(path) == [(KEY.id, "rows 1-5 without a seal")]
    assert check_seals(path, KEY) == SealCheck(SealState.WHOLE, 0, 3)
    rewrite(path, 3, reason="x")
    assert check_seals(path, KEY).state is SealState.BROKEN


def test_row_with_a_changed_form_is_a_changed_row(sealed: Path) -> None:
    tamper(sealed, "UPDATE ledger SET form = 1 WHERE seq = 3")
    fault = verify_ledger(sealed)
    assert not isinstance(fault, int)
    assert (fault.seq, fault.what) == (3, "changed")


def test_an_empty_ledger_has_nothing_to_seal(database: Path) -> None:
    assert check_seals(database, KEY).state is SealState.EMPTY


def test_key_is_neither_in_the_file_nor_in_the_output(sealed: Path) -> None:
    content = b"".join(path.read_bytes() for path in sealed.parent.glob(f"{sealed.name}*"))
    assert KEY.secret not in content
    assert KEY.secret.hex().encode() not in content
    assert KEY.id.encode() in content
    assert KEY.secret.decode() not in repr(KEY)


class Keyring:
    """A keyring in memory, or none."""

    def __init__(self, trouble: EnvironmentCode | None = None) -> None:
        self.kept: dict[str, str] = {}
        self.trouble = trouble

    def get(self, name: str) -> str:
        if self.trouble is not None:
            raise EnvironmentProblem(self.trouble)
        if name not in self.kept:
            raise EnvironmentProblem(EnvironmentCode.SECRET_MISSING, name)
        return self.kept[name]

    def put(self, name: str, value: str) -> None:
        self.kept[name] = value


def test_key_is_created_once_and_a_shop_opens_without_a_keyring(
    database: Path,
) -> None:
    keyring = Keyring()
    assert known_key(keyring, database) is None, "checking makes none"
    made = seal_key(keyring)
    assert made is not None
    assert len(made.secret) == 32
    assert seal_key(keyring) == made == known_key(keyring, database)
    assert seal_key(Keyring()) != made
    for trouble in (EnvironmentCode.KEYRING_MISSING, EnvironmentCode.KEYRING_SILENT):
        assert seal_key(Keyring(trouble)) is None
        assert known_key(Keyring(trouble), database) is None
    keyring.kept[ENTRY] = "no key"
    assert known_key(keyring, database) is None


def test_command_names_the_failed_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = make_demo(tmp_path)
    assert check_seals(database, DEMO_KEY).state is SealState.WHOLE
    command = ["ledger", "verify", "--home", str(tmp_path)]
    assert main(command) == 0
    assert "봉인에도 이상이 없습니다" in capsys.readouterr().out
    rewrite(database, 7, actor="seller:9")
    assert main(command) == 1
    reported = capsys.readouterr().out
    assert "장부에 이상이 없습니다" in reported
    assert "봉인이 7행에서 맞지 않습니다" in reported


def test_copy_name_contains_the_end_of_the_ledger(sealed: Path) -> None:
    copies = FolderCopies(sealed)
    made = copies.make(NOW)
    with closing(connect_read_only(sealed)) as connection:
        seq, digest = connection.execute("SELECT seq, hash FROM ledger_head").fetchone()
    assert made.name == f"shop-20260302T030405Z-{seq}-{digest[:8]}.backup.db"
    assert copies.regular() == (made,)
    (listed,) = list_backups(sealed.parent / "backups")
    assert listed.made_at == NOW.replace(microsecond=0)
