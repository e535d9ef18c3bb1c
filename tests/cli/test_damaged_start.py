"""The window over a damaged shop: restored and said so, or a refusal that names the file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.cli import main
from posapp.store.ledger_check import verify_ledger
from tests.fakes.demo import make_demo

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"

PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from posapp.app.shop import shop_at
from posapp.app.window import Running, open_the_demo
running = Running(shop_at(sys.argv[1], {}), open_the_demo, live=False)
banner = running.counter.home.banner
def told():
    if banner.tone and banner.words:
        print(banner.tone, banner.words, flush=True)
        running.counter.window.close_at_once()
timer = QTimer()
timer.timeout.connect(told)
timer.start(50)
QTimer.singleShot(50_000, running.counter.window.close_at_once)
sys.exit(running.run())
"""


@pytest.fixture
def home(tmp_path: Path, capsys) -> Path:
    make_demo(tmp_path)
    main(["backup", "--home", str(tmp_path)])
    capsys.readouterr()
    content = bytearray((tmp_path / "posapp.db").read_bytes())
    content[:100] = b"\0" * 100
    (tmp_path / "posapp.db").write_bytes(content)
    return tmp_path


def window_over(home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.stdout


def test_fault_55_the_window_says_that_a_copy_is_in_place(home: Path) -> None:
    told = window_over(home)
    (aside,) = home.glob("posapp-aside-*.db")
    assert told.startswith("notice")
    assert "백업을 그 자리에" in told
    assert str(aside) in told
    assert isinstance(verify_ledger(home / "posapp.db"), int)


def test_fault_63_the_window_names_the_file_where_there_is_no_copy(home: Path) -> None:
    (copy,) = (home / "backups").iterdir()
    copy.unlink()
    before = (home / "posapp.db").read_bytes()
    told = window_over(home)
    assert told.startswith("error")
    assert str(home / "posapp.db") in told
    assert "posapp restore" in told
    assert (home / "posapp.db").read_bytes() == before
