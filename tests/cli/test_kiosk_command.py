"""`posapp kiosk` as a process: what it imports, how it ends, and the same QR after SIGKILL."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.app.kiosk_restarts import FILE
from tests.e2e.shop import orders_file
from tests.test_architecture import NOT_AT_A_KIOSK, ROOT, is_within

PATIENCE = 60
"""Seconds after which a program that does nothing has failed."""

DRIVER = """
import json, os, sys
from posapp import cli
from PySide6.QtCore import QTimer
from posapp.app import kiosk_app

class Driven(kiosk_app.KioskApp):
    def _on_services_ready(self, outcome):
        super()._on_services_ready(outcome)
        self.timer = QTimer()
        self.timer.timeout.connect(self._look)
        self.timer.start(20)
        self.step = 0

    def _look(self):
        controller = self.controller
        below = controller.flow.below.value
        if os.environ.get("PAY") and below == "start" and self.step == 0:
            self.step = 1
            controller.scanned("PO1")
        elif below == "phone" and controller.can_type:
            for digit in "0012":
                controller.type_digit(digit)
            controller.visit.since_ms = -1000
            controller.press("next")
        elif below == "summary":
            controller.visit.since_ms = -1000
            controller.press("pay")
        payment = controller.payment
        ready = below == os.environ["UNTIL"] and (below != "qr" or payment.matrix is not None)
        if ready and self.step < 2:
            self.step = 2
            shown = payment.progress.attempt.link_url if payment and payment.progress else ""
            found = {"state": below, "link": shown, "modules": sorted(sys.modules)}
            print(json.dumps(found), flush=True)

kiosk_app.KioskApp = Driven
sys.exit(cli.main(sys.argv[1:]))
"""


class Running:
    """The program, driven to a state."""

    def __init__(self, home: Path, until: str, *, pay: bool = False) -> None:
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("POSAPP_", "QT_"))}
        more = {"QT_QPA_PLATFORM": "offscreen", "UNTIL": until, **({"PAY": "1"} if pay else {})}
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, "kiosk", "--home", str(home), "--mode", "demo"],
            cwd=ROOT,
            env={**plain, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.found = json.loads(self.process.stdout.readline())

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a shop with orders that wait."""
    made = tmp_path / "home"
    file = orders_file(tmp_path / "orders.json", 2)
    subprocess.run(
        [
            *(sys.executable, "-m", "posapp", "import", "orders", str(file)),
            *("--sellers", "--home", str(made)),
        ],
        cwd=ROOT,
        check=True,
        timeout=PATIENCE,
        capture_output=True,
    )
    return made


def test_a_running_kiosk_has_imported_nothing_that_it_must_not_do(home: Path):
    running = Running(home, "qr", pay=True)
    modules = running.found["modules"]
    assert running.end(signal.SIGTERM) == 143
    closed = [one for one in NOT_AT_A_KIOSK if one != "posapp.cli"]
    assert [one for one in modules if any(is_within(one, each) for each in closed)] == []
    assert not {"xlsxwriter", "python_calamine"} & {one.partition(".")[0] for one in modules}
    assert "posapp.services.payments.payment_engine" in modules


def test_after_sigkill_the_same_qr_is_there_and_after_sigterm_too(home: Path):
    first = Running(home, "qr", pay=True)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert len(json.loads((home / FILE).read_text())) == 1
    second = Running(home, "qr")
    assert second.found["link"] == first.found["link"] != ""
    assert second.end(signal.SIGTERM) == 143
    assert json.loads((home / FILE).read_text()) == []
    third = Running(home, "qr")
    assert third.found["link"] == first.found["link"]
    assert third.end(signal.SIGTERM) == 143


def test_three_kills_stop_the_kiosk_until_it_ends_cleanly(home: Path):
    for _ in range(3):
        Running(home, "start").end(signal.SIGKILL)
    stopped = Running(home, "maintenance")
    assert stopped.found["state"] == "maintenance"
    stopped.end(signal.SIGTERM)
    assert Running(home, "start").end(signal.SIGTERM) == 143


def test_a_signal_before_the_first_paint_is_no_crash(home: Path):
    early = """
import os, signal, sys
from posapp import cli
from posapp.app import kiosk_app

class Restarts(kiosk_app.KioskRestarts):
    def count_start(self):
        super().count_start()
        os.kill(os.getpid(), signal.SIGTERM)

kiosk_app.KioskRestarts = Restarts
sys.exit(cli.main(sys.argv[1:]))
"""
    ended = subprocess.run(
        [sys.executable, "-c", early, "kiosk", "--home", str(home), "--mode", "demo"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 143
    assert json.loads((home / FILE).read_text()) == []


def test_a_second_start_is_refused(home: Path):
    first = Running(home, "start")
    second = subprocess.run(
        [sys.executable, "-m", "posapp", "kiosk", "--home", str(home), "--mode", "demo"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=PATIENCE,
        text=True,
    )
    first.end(signal.SIGTERM)
    assert second.returncode == 1
    assert "Traceback" not in second.stderr
