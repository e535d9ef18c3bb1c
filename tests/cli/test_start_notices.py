"""What the first page says at the start: a folder that is no place for a database, missing keys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from posapp.cli import main
from tests.fakes.demo import make_demo

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import os, sys, threading
import keyring
from PySide6.QtCore import QTimer
from posapp.app import desktop_app
from posapp.app.shop_config import load_shop
from posapp.system import storage_place
from tests.fakes.keyrings import MemoryKeyring, trusted
inspect = storage_place.inspect_storage
def inspect_in_a_thread(folder):
    assert threading.current_thread() is not threading.main_thread()
    return inspect(folder)
storage_place.inspect_storage = inspect_in_a_thread
keyring.set_keyring(trusted(MemoryKeyring()))
home, mode, tone, count = sys.argv[1:]
opener = desktop_app.open_demo_shop if mode == "demo" else desktop_app.open_live_shop
running = desktop_app.DesktopApp(load_shop(home, os.environ), opener, live=False)
banner = running.counter.home.banner
said = []
def reported():
    if banner.tone != tone or not banner.message or banner.message in said[-1:]:
        return
    said.append(banner.message)
    print(banner.message, flush=True)
    if len(said) == int(count):
        running.counter.window.close_without_asking()
    else:
        banner.acted.emit()
timer = QTimer()
timer.timeout.connect(reported)
timer.start(50)
QTimer.singleShot(50_000, running.counter.window.close_without_asking)
sys.exit(running.run())
"""


def start(
    home: Path, count: int, mode: str = "demo", tone: str = "notice", **environ: str
) -> list[str]:
    """Start a window; return ``count`` messages of the first page in a tone, each closed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), mode, tone, str(count)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "POSAPP_MODE": mode, **environ},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.stdout.splitlines()


def damage(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[:100] = b"\0" * 100
    database.write_bytes(content)


def test_folder_that_a_cloud_service_copies_is_named(tmp_path: Path) -> None:
    home = tmp_path / "Dropbox" / "shop"
    home.mkdir(parents=True)
    make_demo(home)
    (said,) = start(home, 1)
    assert said.startswith("매장 폴더가 클라우드 폴더(Dropbox) 안에 있어")
    assert str(home) in said


def test_it_is_named_beside_a_restored_copy(tmp_path: Path) -> None:
    home = tmp_path / "Dropbox" / "shop"
    home.mkdir(parents=True)
    make_demo(home)
    main(["backup", "--home", str(home)])
    damage(home / "posapp.db")
    restored, cloud = start(home, 2)
    assert "백업으로 복원했습니다" in restored
    assert "클라우드 폴더(Dropbox)" in cloud


def test_missing_keys_are_named_before_a_customer_stands_there(tmp_path: Path) -> None:
    """The keyring is empty. Until that is known, the page may offer a trial payment."""
    home = tmp_path / "shop"
    (said,) = start(
        home, 1, "test", "error",
        POSAPP_API_BASE="http://127.0.0.1:9",
        POSAPP_USER_CODE="imp00000000",
        POSAPP_CHANNEL_KEY="channel-key-1",
    )  # fmt: skip
    assert said.startswith("PortOne 키가 키 보관함에 없습니다")
