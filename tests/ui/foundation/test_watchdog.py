"""A screen that hangs leaves its traces (docs/faults.md, row 73)."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from posapp.ui.shell.watchdog import BEAT_MS, LARGEST, PATIENCE_MS, StallDetector, Watchdog
from tests.bounds import FOR_EVER_S


@pytest.fixture
def file(tmp_path):
    return tmp_path / "stalls.log"


@pytest.fixture
def listener(file):
    """With no thread of its own: its times are given."""
    made = StallDetector(file, PATIENCE_MS)
    made.check(100.0)
    made.heartbeat(100.0)
    return made


def check_every_second(listener: StallDetector, begin: int, end: int, *, beats: bool) -> None:
    for second in range(begin, end):
        if beats:
            listener.heartbeat(float(second))
        listener.check(second + 0.5)


def stand_still(until) -> None:
    """Hold up this thread, as a slot that hangs would."""
    gone_on = threading.Event()
    end = time.monotonic() + FOR_EVER_S
    while not until() and time.monotonic() < end:
        gone_on.wait(0.01)


def test_fault_73_hanging_screen_is_logged_while_it_hangs(qapp, tmp_path, caplog):
    """With its own thread, and the real traces of a real stall; only its temper is shorter."""
    dog = Watchdog(tmp_path, beat_ms=20, patience_ms=200)
    dog.start()
    stand_still(lambda: dog.file.exists() and b"stand_still" in dog.file.read_bytes())
    dog.stop()
    text = dog.file.read_text(encoding="utf-8")
    assert text.startswith("--- ") and "test_watchdog.py" in text
    assert dog.stalls >= 1
    said = [one.message for one in caplog.records if one.levelno == logging.ERROR]
    assert said and "stood still" in said[0]


def test_fault_73_one_stall_is_one_entry_and_its_end_is_reported(listener, file, caplog):
    check_every_second(listener, 100, 105, beats=False)
    assert listener.stalls == 0, "not yet"
    check_every_second(listener, 105, 120, beats=False)
    assert listener.stalls == 1 and file.read_text().count("--- ") == 1
    check_every_second(listener, 120, 121, beats=True)
    assert caplog.messages[-1] == "the screen goes on after 20.0 s"
    check_every_second(listener, 121, 130, beats=False)
    assert listener.stalls == 2 and file.read_text().count("--- ") == 2


def test_fault_73_twin_a_responsive_screen_is_not_logged(listener, file):
    check_every_second(listener, 100, 160, beats=True)
    assert listener.stalls == 0 and not file.exists()


def test_a_machine_that_slept_is_no_stall(listener, file):
    check_every_second(listener, 100, 103, beats=True)
    listener.check(4_000.0)
    check_every_second(listener, 4_001, 4_004, beats=True)
    assert listener.stalls == 0 and not file.exists()


def test_too_large_file_starts_anew(listener, file):
    file.write_bytes(b"x" * (LARGEST + 1))
    check_every_second(listener, 100, 107, beats=False)
    assert file.stat().st_size < LARGEST and file.read_text().startswith("--- ")


def test_traces_that_cannot_be_written_are_reported_and_hinder_nothing(tmp_path, caplog):
    listener = StallDetector(tmp_path / "missing" / "stalls.log", PATIENCE_MS)
    listener.check(100.0)
    listener.heartbeat(100.0)
    check_every_second(listener, 100, 107, beats=False)
    assert "could not be written" in caplog.text


def test_the_real_one_waits_five_seconds():
    assert PATIENCE_MS == 5_000 and BEAT_MS < PATIENCE_MS
