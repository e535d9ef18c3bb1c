"""Copies, journals and files of other tills and modes (docs/faults.md, rows 85, 92)."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from posapp.app.maintenance import build_maintenance
from posapp.cli import main
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.files.restore import repair_if_damaged
from posapp.store.files.till_codes import till_code_in
from posapp.store.open_store import open_store
from posapp.system.clock import SystemClock
from posapp.system.single_instance import SingleInstance
from tests.fakes.demo import make_demo

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo(tmp_path_factory.mktemp("demo")).parent


def another_shop(demo: Path, home: Path) -> Path:
    """The same shop as another till has it: with its own code, journal and copy."""
    shutil.copytree(demo, home)
    with closing(sqlite3.connect(home / "posapp.db")) as file, file:
        file.execute("UPDATE till SET code = lower(hex(randomblob(3)))")
    journal_path(home / "posapp.db").unlink()
    opened(home)
    return home


def opened(home: Path) -> None:
    """Check the journal beside the database, as a start does."""
    store = open_store(home / "posapp.db")
    try:
        build_maintenance(store, SyncStatusStore(), SystemClock())
    finally:
        store.close()


def run(capsys: pytest.CaptureFixture[str], home: Path, *arguments: str) -> tuple[int, str]:
    code = main([*arguments, "--home", str(home)])
    reported = capsys.readouterr()
    return code, reported.out + reported.err


def copy_of(capsys: pytest.CaptureFixture[str], home: Path) -> Path:
    assert run(capsys, home, "backup")[0] == 0
    return max((home / "backups").glob("*.backup.db"))


@pytest.mark.parametrize("present", ["whole", "damaged", "gone"])
def test_fault_85_a_copy_of_another_till_is_refused_in_text(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], present: str
) -> None:
    """By the database's code, or by the journal's if the database cannot be read."""
    other = another_shop(demo, tmp_path / "other")
    copy = copy_of(capsys, other)
    database = demo / "posapp.db"
    if present == "damaged":
        database.write_bytes(b"PK" * 9000)
    elif present == "gone":
        database.unlink()
    before = database.read_bytes() if database.exists() else b""
    code, reported = run(capsys, demo, "restore", str(copy), "--yes")
    assert code == 1
    assert "다른 계산대" in reported
    assert "--another-till" in reported
    assert (database.read_bytes() if database.exists() else b"") == before


def test_another_tills_copy_is_restored_on_request(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = another_shop(demo, tmp_path / "other")
    copy, ours = copy_of(capsys, other), till_code_in(demo / "posapp.db")
    code, reported = run(capsys, demo, "restore", str(copy), "--yes", "--another-till")
    assert code == 0, reported
    assert till_code_in(demo / "posapp.db") == till_code_in(other / "posapp.db")
    (aside,) = demo.glob(f"posapp-journal-of-{ours}*")
    assert str(aside) in reported
    opened(demo)
    journal = FileIntentJournal(journal_path(demo / "posapp.db"))
    assert journal.till() == till_code_in(other / "posapp.db")


def test_an_own_copy_needs_no_decision(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_of(capsys, demo)
    assert run(capsys, demo, "restore", "--yes")[0] == 0
    opened(demo)


def test_fault_85_a_journal_of_another_database_is_recognised_at_the_start(
    demo: Path, tmp_path: Path
) -> None:
    other = another_shop(demo, tmp_path / "other")
    shutil.copy(journal_path(other / "posapp.db"), journal_path(demo / "posapp.db"))
    with pytest.raises(EnvironmentProblem) as refused:
        opened(demo)
    assert refused.value.code is EnvironmentCode.DATABASE_OTHER_TILL


def test_earlier_journal_is_accepted_and_marked(demo: Path) -> None:
    path = journal_path(demo / "posapp.db")
    path.unlink()
    opened(demo)
    journal = FileIntentJournal(path)
    assert journal.till() == till_code_in(demo / "posapp.db")
    journal.compact()
    assert FileIntentJournal(path).till() == till_code_in(demo / "posapp.db")
    assert FileIntentJournal(path).unreadable() == 0


def test_another_tills_copy_never_replaces_a_damaged_file_automatically(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = another_shop(demo, tmp_path / "other")
    copy = copy_of(capsys, other)
    (demo / "backups").mkdir(exist_ok=True)
    shutil.copy(copy, demo / "backups" / copy.name)
    (demo / "posapp.db").write_bytes(b"PK" * 9000)
    with pytest.raises(EnvironmentProblem) as refused:
        repair_if_damaged(demo / "posapp.db", SystemClock().now)
    assert refused.value.code is EnvironmentCode.DATABASE_CORRUPT


def test_a_copy_of_the_demo_is_refused_in_a_real_shop(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copy_of(capsys, demo)
    home = tmp_path / "shop"
    home.mkdir()
    (home / "settings.toml").write_text('mode = "live"\n', "utf-8")
    code, reported = run(capsys, home, "restore", str(copy), "--yes")
    assert code == 1
    assert "다른 모드" in reported
    assert not (home / "posapp.db").exists()


@pytest.mark.parametrize("listed", [[], ["--list"], ["--yes"], ["none.backup.db", "--yes"]])
def test_a_restore_without_a_usable_copy_ends_with_1(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    listed: list[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert run(capsys, tmp_path, "restore", *listed)[0] == 1
    (tmp_path / "backups" / "posapp-20260101T000000Z.backup.db").write_bytes(b"PK")
    assert run(capsys, tmp_path, "restore", *listed)[0] == 1


# Two homes, one database.

HOLD = """
import sys
from pathlib import Path
from posapp.system.single_instance import SingleInstance
try:
    SingleInstance(Path(sys.argv[1]) / "posapp.lock", Path(sys.argv[1]) / "posapp.db")
except Exception as error:
    sys.exit(f"refused: {error}")
"""


def start(home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", HOLD, str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("way", ["symlink", "hard link", "symlinked folder"])
def test_fault_92_a_second_start_by_another_name_is_refused(
    demo: Path, tmp_path: Path, way: str
) -> None:
    home = tmp_path / "second"
    if way == "symlinked folder":
        home.symlink_to(demo)
    else:
        home.mkdir()
        link = os.symlink if way == "symlink" else os.link
        link(demo / "posapp.db", home / "posapp.db")
    with SingleInstance(demo / "posapp.lock", demo / "posapp.db"):
        done = start(home)
        assert done.returncode != 0
        assert "database_in_use" in done.stderr
    assert start(home).returncode == 0, "the twin: nobody holds it any more"


def test_fault_92_new_database_is_locked_as_soon_as_it_exists(demo: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    home.mkdir()
    with SingleInstance(home / "posapp.lock", home / "posapp.db") as instance:
        os.link(demo / "posapp.db", home / "posapp.db")
        assert start(demo).returncode == 0, "the twin: not held yet"
        instance.hold(home / "posapp.db")
        assert "database_in_use" in start(demo).stderr


def test_the_file_that_is_held_still_takes_sqlites_locks(demo: Path) -> None:
    """Reading and writing go on in this program and beside it."""
    with SingleInstance(demo / "posapp.lock", demo / "posapp.db"):
        store = open_store(demo / "posapp.db")
        with store.transaction() as uow:
            uow.checkpoints.set("x", SystemClock().now())
            uow.commit()
        script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0);"
        script += "print(c.execute('SELECT count(*) FROM orders').fetchone()[0])"
        path = str(demo / "posapp.db")
        reported = subprocess.run(
            [sys.executable, "-c", script, path], capture_output=True, text=True, check=True
        )
        assert int(reported.stdout) > 0
        store.close()
