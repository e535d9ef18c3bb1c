"""Files that commands write, and the memory with the keys, are readable by this user only."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.cli import main
from tests.fakes.demo import make_demo

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"

WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from posapp.app import desktop_app
from posapp.cli import main
run = desktop_app.DesktopApp.run
def watched(self):
    timer = QTimer(self.counter)
    home = Path(sys.argv[1])
    def check():
        # Everything that a running shop has beside its database is there.
        if (home / "posapp.ballast").exists() and list((home / "backups").glob("*.backup.db")):
            self.counter.window.close_without_asking()
    timer.timeout.connect(check)
    timer.start(100)
    return run(self)
desktop_app.DesktopApp.run = watched
sys.exit(main(["demo", "--home", sys.argv[1]]))
"""

HARDENED = """
import ctypes, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
from posapp.cli import main
code = main(["doctor", "--home", sys.argv[1]])
dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0
print("core", resource.getrlimit(resource.RLIMIT_CORE), "dumpable", dumpable)
"""


def run(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    start = [sys.executable, *(("-c", code) if code else ("-m", "posapp")), *arguments]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("POSAPP_")}
    return subprocess.run(
        start,
        cwd=ROOT,
        env={**plain, "QT_QPA_PLATFORM": "offscreen"},
        umask=0o022,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def open_to_others(*places: Path) -> list[str]:
    """Everything under these places that another user may read, write or enter."""
    found = []
    for place in places:
        for path in (place, *place.rglob("*")):
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) & 0o077:
                found.append(f"{path}: {stat.S_IMODE(mode):o}")
    return found


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no such bits")
def test_everything_that_a_command_writes_is_this_users_only(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    out.mkdir(mode=0o700)
    done = run(str(home), code=WINDOW)
    assert done.returncode == 0, done.stderr
    for ending in ("csv", "xlsx"):
        file = str(out / f"requests.{ending}")
        done = run("export", "requests", file, "--seller", "3", "--home", str(home))
        assert done.returncode == 0, done.stderr
    assert run("backup", "--to", str(out / "copy.db"), "--home", str(home)).returncode == 0
    assert run("restore", "--yes", "--home", str(home)).returncode == 0
    assert run("doctor", "--home", str(home)).returncode in (0, 1)
    assert run("ledger", "verify", "--home", str(home)).returncode == 0
    second = tmp_path / "second"
    lines = str(DEMO / "order_lines.csv")
    done = run("import", "orders", lines, "--sellers", "--home", str(second))
    assert done.returncode == 0, done.stdout
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "posapp", "sandbox", "--home", str(tmp_path / "books")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        umask=0o022,
    )
    assert sandbox.stdout is not None
    assert sandbox.stdout.readline()
    sandbox.send_signal(signal.SIGTERM)
    assert sandbox.wait(60) == 0
    sandbox.stdout.close()
    names = {path.name for path in home.rglob("*")}
    assert {"posapp.log", "posapp.ballast", "sandbox.json", "sandbox.port", "posapp.lock"} <= names
    assert any(name.endswith("intents.jsonl") for name in names)
    assert {path.name for path in out.iterdir()} == {"requests.csv", "requests.xlsx", "copy.db"}
    assert (tmp_path / "books" / "sandbox.json").exists()
    assert open_to_others(home, out, second, tmp_path / "books") == []


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no such bits")
def test_an_export_over_a_file_that_others_may_read_is_this_users_only(tmp_path: Path) -> None:
    home, file = make_demo(tmp_path / "home").parent, tmp_path / "requests.csv"
    file.write_text("old", "utf-8")
    file.chmod(0o644)
    done = run("export", "requests", str(file), "--seller", "3", "--home", str(home))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes no core files")
def test_no_core_is_dumped_and_no_memory_is_read_by_others(tmp_path: Path) -> None:
    done = run(str(tmp_path / "home"), code=HARDENED)
    assert "core (0, 0) dumpable 0" in done.stdout, done.stdout + done.stderr


def test_the_masks_of_a_process_that_calls_a_command_are_its_own_again(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        main(["doctor", "--home", str(tmp_path)])
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    shutil.rmtree(tmp_path)
