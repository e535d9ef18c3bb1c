"""``posapp backup`` and ``posapp restore`` as a shop owner types them."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.app.backup_commands import RestoreCommand, make_backup
from posapp.app.maintenance import build_maintenance
from posapp.app.shop_config import load_shop
from posapp.cli import main
from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.permissions import Permission
from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.store.files import ledger_check
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.open_store import open_store
from posapp.system.clock import SystemClock
from posapp.system.os_user import os_user_name
from posapp.system.single_instance import SingleInstance
from tests.fakes.access import Denying
from tests.fakes.actors import WHO
from tests.fakes.demo import make_demo

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(capsys, home: Path, *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments, "--home", str(home)])
    reported = capsys.readouterr()
    return code, reported.out, reported.err


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    return make_demo(home)


@pytest.fixture
def home(demo_file, tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "posapp.db").write_bytes(demo_file.read_bytes())
    return shop


def database(home: Path) -> Path:
    return home / "posapp.db"


def copies(home: Path) -> list[Path]:
    return sorted((home / "backups").iterdir())


def approve(home: Path, tag: str = "[RF-LOST]") -> str:
    """Approve a refund of some paid item, which is then not sent."""
    store = open_store(database(home))
    with store.transaction() as uow:
        imp_uid, order_id, item_id, amount = uow.connection.exec_driver_sql(
            "SELECT p.imp_uid, i.order_id, i.id, i.price * i.count FROM order_items i"
            " JOIN payments p USING (order_id) WHERE i.status = 'COMPLETE_PAYMENT'"
            " AND i.id NOT IN (SELECT item_id FROM refunds WHERE item_id IS NOT NULL) LIMIT 1"
        ).first()
        create_refund(
            uow,
            imp_uid=imp_uid,
            order_id=order_id,
            item_id=item_id,
            amount=Won(amount),
            reason="변심\x1b[2J",
            tag=tag,
            actor=Actor.seller(3),
            now=datetime.now(UTC),
        )
        uow.commit()
    store.close()
    return str(imp_uid)


def test_a_backup_of_an_open_shop_is_made_and_checked(capsys, home):
    store = open_store(database(home))
    with SingleInstance(home / "posapp.lock"), store.snapshot():
        code, out, _ = run(capsys, home, "backup")
    store.close()
    assert code == 0
    (copy,) = copies(home)
    assert str(copy) in out
    rows = verify_ledger(copy)
    assert rows > 0
    assert f"{rows}행" in out
    assert f"{-(-copy.stat().st_size // 1024):,} KB" in out


@pytest.mark.parametrize("to", ["out.db", "folder"])
def test_backup_is_written_to_the_given_path(capsys, home, tmp_path, to):
    (tmp_path / "folder").mkdir()
    code, out, _ = run(capsys, home, "backup", "--to", str(tmp_path / to))
    assert code == 0
    made = [path for path in tmp_path.rglob("*.db") if home not in path.parents]
    assert [str(path) in out for path in made] == [True]
    assert not copies(home)


def test_backup_never_overwrites_the_shop(capsys, home):
    before = database(home).read_bytes()
    code, _, err = run(capsys, home, "backup", "--to", str(database(home)))
    assert code == 1
    assert err
    assert database(home).read_bytes() == before


def test_a_shop_without_a_database_has_nothing_to_copy(capsys, tmp_path):
    code, _, err = run(capsys, tmp_path, "backup")
    assert code == 1
    assert "posapp" in err
    assert not copies(tmp_path)


def test_backup_with_a_wrong_ledger_is_reported(capsys, home):
    with closing(sqlite3.connect(database(home), isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ledger_fixed")
        connection.execute("UPDATE ledger SET amount = amount + 1 WHERE seq = 7")
    code, out, _ = run(capsys, home, "backup")
    assert code == 1
    assert "7" in out
    assert "내용이 바뀌었습니다" in out


def test_copies_are_listed_with_age_and_check(capsys, home):
    run(capsys, home, "backup")
    (good,) = copies(home)
    bad = good.with_name("posapp-20200101T000000Z.backup.db")
    bad.write_bytes(good.read_bytes()[:9000])
    before = database(home).read_bytes()
    code, out, _ = run(capsys, home, "restore", "--list")
    assert code == 0
    lines = out.splitlines()
    assert good.name in lines[0]
    assert "0분 전" in lines[0]
    assert "✓" in lines[0]
    assert bad.name in lines[1]
    assert "일 전" in lines[1]
    assert "✗ 손상됨" in lines[1]
    assert database(home).read_bytes() == before


def test_restore_without_a_terminal_is_refused_with_the_list(capsys, home):
    run(capsys, home, "backup")
    approve(home)
    before = database(home).read_bytes()
    code, out, _ = run(capsys, home, "restore")
    assert code == 1
    assert "[RF-LOST]" in out
    assert "변심" in out
    assert "\x1b" not in out
    assert "--yes" in out
    assert database(home).read_bytes() == before
    assert not list(home.glob("*aside*"))


@pytest.mark.parametrize(("answer", "restored"), [("y\n", True), ("예\n", True), ("\n", False)])
def test_a_person_is_prompted(capsys, home, monkeypatch, answer, restored):
    run(capsys, home, "backup")
    approve(home)
    rows = verify_ledger(database(home))
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    code, out, _ = run(capsys, home, "restore")
    assert code == (0 if restored else 1)
    assert "[RF-LOST]" in out
    assert verify_ledger(database(home)) == rows - restored
    asides = list(home.glob("posapp-aside-*.db"))
    assert len(asides) == restored
    if restored:
        assert verify_ledger(asides[0]) == rows
        assert str(asides[0]) in out
        assert "PortOne과 대조" in out


def test_a_restore_names_the_user_of_the_system_and_the_copy(capsys, home, monkeypatch):
    run(capsys, home, "backup")
    (copy,) = copies(home)
    rows = verify_ledger(database(home))
    monkeypatch.setattr("posapp.app.terminal_actor.os_user_name", lambda: " 한\n별 ")
    code, _, _ = run(capsys, home, "restore", "--yes")
    assert code == 0
    store = open_store(database(home))
    build_maintenance(store, SyncStatusStore(), SystemClock())
    with store.snapshot() as uow:
        (found,) = (row.entry for row in uow.ledger.rows(rows, 10))
    store.close()
    assert (found.event, found.actor) == (LedgerEvent.DATABASE_RESTORED, Actor.person("한 별"))
    assert copy.name in found.reason
    assert verify_ledger(database(home)) == rows + 1


@pytest.mark.parametrize("permission", [Permission.BACK_UP, Permission.RESTORE])
def test_without_the_permission_no_file_is_copied_or_replaced(capsys, home, permission):
    run(capsys, home, "backup")
    shop, policy = load_shop(str(home), {}, {}), Denying(permission)
    before = {path.name: path.read_bytes() for path in home.rglob("*") if path.is_file()}

    def act(access: AccessControl) -> None:
        if permission is Permission.BACK_UP:
            make_backup(WHO, shop, home / "out.db", access)
        else:
            with RestoreCommand(shop, None, access=access) as command:
                command.execute(WHO)

    with pytest.raises(UserError) as refused:
        act(AccessControl(policy))
    assert refused.value.code is ErrorCode.NOT_PERMITTED
    assert policy.asked == [(False, WHO, permission)]
    after = {path.name: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) <= {"posapp.lock"}
    act(AccessControl(Denying()))
    made = {Permission.BACK_UP: "out.db", Permission.RESTORE: "posapp-aside-*.db"}[permission]
    assert len(list(home.glob(made))) == 1, "the twin"


def test_the_user_of_the_system_is_some_text():
    assert isinstance(os_user_name(), str)


def test_fault_58_an_unsent_refund_survives_a_restore_in_the_journal(capsys, home):
    run(capsys, home, "backup")
    imp_uid = approve(home)
    code, _, _ = run(capsys, home, "restore", "--yes")
    assert code == 0
    store = open_store(database(home))
    with store.snapshot() as uow:
        assert "[RF-LOST]" not in [one.tag for one in uow.refunds.of_payment(imp_uid)]
    recover_journal(store, FileIntentJournal(journal_path(database(home))), SystemClock())
    with store.snapshot() as uow:
        (found,) = (one for one in uow.refunds.of_payment(imp_uid) if one.tag == "[RF-LOST]")
    assert found.state is RefundState.NEEDS_REVIEW
    store.close()


def zero_page(path: Path, name: str) -> None:
    """Overwrite the root page of a table or an index by zeros, as a bad sector reads."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))


def open_tags(home: Path) -> list[str]:
    return [one.tag for one in FileIntentJournal(journal_path(database(home))).open_intents()]


@pytest.mark.parametrize("damaged", ["payments", "sqlite_autoindex_payments_1", "ledger"])
def test_fault_58_unsent_refund_survives_damage_elsewhere_in_the_file(capsys, home, damaged):
    run(capsys, home, "backup")
    approve(home)
    zero_page(database(home), damaged)
    code, out, _ = run(capsys, home, "restore", "--yes")
    assert code == 0
    assert "손상되었습니다" in out
    assert "[RF-LOST]" in out
    assert "읽을 수 없습니다" not in out
    assert open_tags(home) == ["[RF-LOST]"]


def test_unsent_refund_is_kept_if_the_file_cannot_be_checked(capsys, home, monkeypatch):
    run(capsys, home, "backup")
    approve(home)

    def refuse(path: Path) -> str:
        raise EnvironmentProblem(EnvironmentCode.DATABASE_IO, "no check")

    monkeypatch.setattr("posapp.app.backup_commands.find_damage", refuse)
    code, out, _ = run(capsys, home, "restore", "--yes")
    assert code == 0
    assert "no check" in out
    assert open_tags(home) == ["[RF-LOST]"]


@pytest.mark.parametrize("in_journal", [False, True])
def test_refunds_that_cannot_be_read_are_not_called_none(capsys, home, in_journal):
    run(capsys, home, "backup")
    approve(home)
    if in_journal:
        store = open_store(database(home))
        recover_journal(store, FileIntentJournal(journal_path(database(home))), SystemClock())
        store.close()
    zero_page(database(home), "refunds")
    code, out, _ = run(capsys, home, "restore", "--yes")
    assert code == 0
    assert "지금 파일의 환불을 읽을 수 없습니다(posapp.db: database disk image is malformed)" in out
    assert "지금 파일에는 미전송 환불이 없습니다" not in out
    assert ("환불 기록장에는 미전송 환불이 없습니다" in out) == (not in_journal)
    assert ("[RF-LOST]" in out) == in_journal
    assert open_tags(home) == ["[RF-LOST]"] * in_journal


def test_refund_of_an_unknown_provider_is_named_and_not_kept(capsys, home):
    run(capsys, home, "backup")
    imp_uid = approve(home)
    with closing(sqlite3.connect(database(home), isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("DROP TRIGGER payments_fixed")
        connection.execute("UPDATE payments SET provider = 'later' WHERE imp_uid = ?", (imp_uid,))
    code, out, _ = run(capsys, home, "restore", "--yes")
    assert code == 0
    (line,) = (one for one in out.splitlines() if "[RF-LOST]" in one)
    assert "이 버전에서 지원하지 않는 결제사의 환불: 1건" in line
    assert "미전송 환불이 없습니다" not in out
    assert open_tags(home) == []


def test_a_named_file_is_restored_from_anywhere(capsys, home, tmp_path):
    file = tmp_path / "stick.db"
    run(capsys, home, "backup", "--to", str(file))
    rows = verify_ledger(file)
    approve(home)
    code, out, _ = run(capsys, home, "restore", str(file), "--yes")
    assert code == 0
    assert str(file) in out
    assert verify_ledger(database(home)) == rows
    assert file.exists()


def test_a_name_from_the_list_is_enough(capsys, home):
    run(capsys, home, "backup")
    (copy,) = copies(home)
    code, out, _ = run(capsys, home, "restore", copy.name, "--yes")
    assert code == 0
    assert str(copy) in out


def test_a_copy_with_a_flaw_is_refused_and_the_shop_untouched(capsys, home):
    run(capsys, home, "backup")
    (copy,) = copies(home)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    before = database(home).read_bytes()
    for arguments in (("restore", "--yes"), ("restore", str(copy), "--yes")):
        code, out, _ = run(capsys, home, *arguments)
        assert code == 1
        assert "0999 >" in out
        assert database(home).read_bytes() == before
    assert not list(home.glob("*aside*"))


def test_copy_with_an_early_ledger_error_is_skipped(capsys, home, monkeypatch):
    """The list checks the end of a ledger; a restored copy is checked from its start."""
    monkeypatch.setattr(ledger_check, "PAGE", 2)
    run(capsys, home, "backup")
    (newest,) = copies(home)
    older = newest.with_name("posapp-20200101T000000Z.backup.db")
    older.write_bytes(newest.read_bytes())
    with closing(sqlite3.connect(newest, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ledger_fixed")
        connection.execute("UPDATE ledger SET amount = amount + 1 WHERE seq = 3")
    code, out, _ = run(capsys, home, "restore", "--yes")
    assert code == 0
    assert "✗ 장부가 맞지 않음: 3" in out
    assert f"{older}에서 복원" in out


def test_the_shops_own_file_is_no_copy(capsys, home):
    code, _, err = run(capsys, home, "restore", str(database(home)), "--yes")
    assert code == 1
    assert err
    assert not list(home.glob("*aside*"))


def test_missing_copies_are_reported(capsys, home):
    code, out, _ = run(capsys, home, "restore", "--yes")
    assert code == 1
    assert "백업이 없습니다" in out


def test_a_shop_that_is_open_is_not_restored(capsys, home):
    run(capsys, home, "backup")
    before = database(home).read_bytes()
    with SingleInstance(home / "posapp.lock"):
        code, _, err = run(capsys, home, "restore", "--yes")
    assert code == 1
    assert err
    assert database(home).read_bytes() == before


@pytest.mark.parametrize("present", ["damaged", "empty", "missing"])
def test_fault_55_a_broken_shop_is_restored_by_hand(capsys, home, present):
    run(capsys, home, "backup")
    rows = verify_ledger(database(home))
    store = open_store(database(home))
    journal = FileIntentJournal(journal_path(database(home)))
    recover_journal(store, journal, SystemClock())
    store.close()
    if present == "missing":
        database(home).unlink()
    else:
        os.truncate(database(home), 0 if present == "empty" else 40_000)
    size = database(home).stat().st_size if present != "missing" else None
    code, out, _ = run(capsys, home, "restore", "--yes")
    assert code == 0, out
    assert verify_ledger(database(home)) == rows
    asides = list(home.glob("posapp-aside-*.db"))
    assert [one.stat().st_size for one in asides] == ([] if size is None else [size])
    if present == "damaged":
        assert "손상되었습니다" in out
    assert ("지금 매장 파일이 없습니다" in out) == (present == "missing")
    assert "지금 파일에는" not in out


def test_the_doctor_reports_copies_room_and_journal(capsys, home):
    code, out, _ = run(capsys, home, "doctor")
    assert code == 1
    assert "✗ 백업" in out
    assert "posapp backup" in out
    assert "✓ 환불 기록장: 0" in out
    assert "✓ 디스크 여유 공간" in out
    run(capsys, home, "backup")
    journal = journal_path(database(home))
    assert run(capsys, home, "doctor")[0] == 0
    journal.write_bytes(b"rotten\n")
    code, out, _ = run(capsys, home, "doctor")
    assert code == 1
    assert "✗ 환불 기록장: 1" in out
    database(home).unlink()
    code, out, _ = run(capsys, home, "doctor")
    assert code == 1
    assert "✗ 데이터베이스" in out
