"""The window over a damaged shop: restored and said so, or a refusal that names the file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.cli import main
from posapp.store.files.ledger_check import verify_ledger
from tests.fakes.demo import make_demo

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"

PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from posapp.app.shop_config import load_shop
from posapp.app.desktop_app import DesktopApp, open_demo_shop
running = DesktopApp(load_shop(sys.argv[1], {}), open_demo_shop, live=False)
banner = running.counter.home.banner
def reported():
    if banner.tone and banner.message:
        print(banner.tone, banner.message, flush=True)
        running.counter.window.close_without_asking()
timer = QTimer()
timer.timeout.connect(reported)
timer.start(50)
QTimer.singleShot(50_000, running.counter.window.close_without_asking)
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


def test_fault_55_window_reports_the_restored_copy(home: Path) -> None:
    reported = window_over(home)
    (aside,) = home.glob("posapp-aside-*.db")
    assert reported.startswith("notice")
    assert "백업으로 복원했습니다" in reported
    assert str(aside) in reported
    assert isinstance(verify_ledger(home / "posapp.db"), int)


def test_fault_63_the_window_names_the_file_where_there_is_no_copy(home: Path) -> None:
    (copy,) = (home / "backups").iterdir()
    copy.unlink()
    before = (home / "posapp.db").read_bytes()
    reported = window_over(home)
    assert reported.startswith("error")
    assert str(home / "posapp.db") in reported
    assert "posapp restore" in reported
    assert (home / "posapp.db").read_bytes() == before
