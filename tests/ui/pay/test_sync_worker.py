"""The background worker: its signals, its steps, and its complete end."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread, QTimer
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot

from posapp.ui.core.sync_worker import LONGEST_WAIT, SyncWorker
from tests.bounds import LONGEST_S, QT_WAIT_MS

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class FakeChange:
    subject: str
    id: int


@dataclass(frozen=True)
class FakeStep:
    changes: tuple[FakeChange, ...] = ()
    wait_ms: int = LONGEST_WAIT


class FakeSteps:
    """Hands out steps in turn, then idle ones; counts them, and remembers their threads."""

    def __init__(self, *steps: FakeStep | Exception) -> None:
        self.left = list(steps)
        self.count = 0
        self.threads: set[int] = set()

    def __call__(self) -> FakeStep:
        self.count += 1
        self.threads.add(threading.get_ident())
        step = self.left.pop(0) if self.left else FakeStep()
        if isinstance(step, Exception):
            raise step
        return step


@pytest.fixture
def worker(qapp):
    made = SyncWorker()
    yield made
    if shiboken6.isValid(made):
        made.stop()


def test_ids_arrive_on_the_gui_thread_and_beyond_32_bits(qtbot: QtBot, worker: SyncWorker):
    seen: list[tuple[str, object, bool]] = []
    main = QThread.currentThread()

    def hear(kind: str):
        return lambda value: seen.append((kind, value, QThread.currentThread() is main))

    worker.attempt_changed.connect(hear("attempt"))
    worker.refund_changed.connect(hear("refund"))
    worker.connectivity_changed.connect(hear("online"))
    changes = (
        FakeChange("attempt", 2**40),
        FakeChange("refund", 7),
        FakeChange("connectivity", 0),
    )
    steps = FakeSteps(FakeStep(changes))
    worker.start(steps)
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen == [("attempt", 2**40, True), ("refund", 7, True), ("online", False, True)]
    assert threading.get_ident() not in steps.threads


def test_waits_as_requested_and_wakes_at_once(qtbot: QtBot, worker: SyncWorker):
    steps = FakeSteps()
    worker.start(steps)
    qtbot.waitUntil(lambda: steps.count == 1)
    with pytest.raises(TimeoutError):  # nothing is due for a minute
        qtbot.waitUntil(lambda: steps.count > 1, timeout=150)
    worker.wake()
    qtbot.waitUntil(lambda: steps.count == 2)


def test_a_wake_during_a_step_is_not_lost(qtbot: QtBot, worker: SyncWorker):
    inside, go_on = threading.Event(), threading.Event()
    count = 0

    def step() -> FakeStep:
        nonlocal count
        count += 1
        if count == 1:
            inside.set()
            go_on.wait(LONGEST_S)
        return FakeStep()

    worker.start(step)
    assert inside.wait(LONGEST_S)
    worker.wake()
    go_on.set()
    qtbot.waitUntil(lambda: count == 2)


def test_thousands_of_changes_arrive_without_blocking(qtbot: QtBot, worker: SyncWorker):
    """20,000 changes in 200 steps: every id is announced, and turns of the event loop fit
    between."""
    seen: set[object] = set()
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1

    worker.attempt_changed.connect(seen.add)
    steps = FakeSteps(
        *(
            FakeStep(tuple(FakeChange("attempt", n * 100 + i) for i in range(100)), wait_ms=0)
            for n in range(200)
        )
    )
    beat = QTimer()
    beat.setInterval(0)
    beat.timeout.connect(turn)
    beat.start()
    worker.start(steps)
    qtbot.waitUntil(lambda: len(seen) == 20_000)
    assert turns >= 50


def test_pending_change_is_announced_once(qtbot: QtBot, worker: SyncWorker):
    seen: list[object] = []
    online: list[bool] = []
    worker.attempt_changed.connect(seen.append)
    worker.connectivity_changed.connect(online.append)
    stepped = threading.Event()
    left = [
        FakeStep((FakeChange("attempt", 1), FakeChange("connectivity", 0)), 0),
        FakeStep((FakeChange("attempt", 1), FakeChange("connectivity", 1)), 0),
    ]

    def step() -> FakeStep:
        if left:
            return left.pop(0)
        stepped.set()
        return FakeStep()

    worker.start(step)
    assert stepped.wait(LONGEST_S)  # the GUI thread looks only after both
    qtbot.waitUntil(lambda: bool(online))
    assert seen == [1]
    assert online == [True]


def test_a_bug_in_a_step_is_logged_reported_and_survived(
    qtbot: QtBot, worker: SyncWorker, caplog, monkeypatch
):
    monkeypatch.setattr("posapp.ui.core.sync_worker.FIRST_PAUSE", 20)
    reported: list[object] = []
    worker.unexpected.connect(reported.append)
    steps = FakeSteps(KeyError("one"), KeyError("two"))
    with caplog.at_level(logging.ERROR, "posapp.ui.core.sync_worker"):
        worker.start(steps)
        qtbot.waitUntil(lambda: steps.count == 3)
        qtbot.waitUntil(lambda: bool(reported))
    assert [record.exc_info is not None for record in caplog.records] == [True, True]
    assert all(isinstance(problem, KeyError) for problem in reported)
    assert reported[0].__traceback__ is None


def test_failing_again_and_again_is_no_busy_loop(qtbot: QtBot, worker: SyncWorker, caplog):
    steps = FakeSteps(*(RuntimeError("always") for _ in range(1000)))
    with caplog.at_level(logging.CRITICAL, "posapp.ui.core.sync_worker"):
        worker.start(steps)
        qtbot.waitUntil(lambda: steps.count == 1)
        with pytest.raises(TimeoutError):
            qtbot.waitUntil(lambda: steps.count > 1, timeout=300)


def test_an_unknown_subject_is_logged_and_not_reported(qtbot: QtBot, worker: SyncWorker, caplog):
    seen: list[object] = []
    worker.attempt_changed.connect(seen.append)
    worker.start(FakeSteps(FakeStep((FakeChange("weather", 1), FakeChange("attempt", 2)))))
    qtbot.waitUntil(lambda: seen == [2])
    assert "weather" in caplog.text


def test_stop_ends_the_thread_and_the_signals(qtbot: QtBot, worker: SyncWorker):
    seen: list[object] = []
    worker.attempt_changed.connect(seen.append)
    steps = FakeSteps(*(FakeStep((FakeChange("attempt", n),), 0) for n in range(100_000)))
    worker.start(steps)
    qtbot.waitUntil(lambda: len(seen) > 3)
    assert worker.stop(QT_WAIT_MS) is True
    assert not worker.is_running
    count, reported = steps.count, len(seen)
    with pytest.raises(TimeoutError):
        qtbot.waitUntil(lambda: steps.count > count or len(seen) > reported, timeout=100)
    assert worker.stop() is True  # twice is fine
    assert worker.start(FakeSteps()) is None  # and so is another start


def test_a_second_start_is_refused(worker: SyncWorker):
    worker.start(FakeSteps())
    with pytest.raises(RuntimeError):
        worker.start(FakeSteps())


def test_a_listener_may_stop_the_worker(qtbot: QtBot, worker: SyncWorker):
    seen: list[object] = []

    def hear(attempt_id: object) -> None:
        seen.append(attempt_id)
        worker.stop()

    worker.attempt_changed.connect(hear)
    worker.start(FakeSteps(FakeStep(tuple(FakeChange("attempt", n) for n in range(10)))))
    qtbot.waitUntil(lambda: bool(seen))
    qtbot.wait(0)
    assert seen == [0]


def test_stop_does_not_wait_for_a_step_that_hangs(qtbot: QtBot, worker: SyncWorker, caplog):
    """The result of that step, later, is dropped."""
    inside, go_on, gone = threading.Event(), threading.Event(), threading.Event()
    seen: list[object] = []
    worker.attempt_changed.connect(seen.append)

    def step() -> FakeStep:
        inside.set()
        go_on.wait(LONGEST_S)
        gone.set()
        return FakeStep((FakeChange("attempt", 1),))

    worker.start(step)
    assert inside.wait(LONGEST_S)
    with caplog.at_level(logging.CRITICAL, "posapp.ui.core.sync_worker"):
        assert worker.stop(patience_ms=30) is False
    go_on.set()
    assert gone.wait(LONGEST_S)
    qtbot.wait(20)
    assert seen == []


@pytest.mark.parametrize("by", ["parent", "delete", "python"])
def test_destroyed_while_it_runs_two_hundred_times(qtbot: QtBot, by: str):
    """However the object is destroyed, its thread ends by itself and nothing crashes."""
    busy = FakeStep(tuple(FakeChange("attempt", n) for n in range(10)), wait_ms=0)
    for _ in range(200):
        parent = QObject()
        worker = SyncWorker(parent if by != "python" else None)
        worker.start(lambda: busy)
        if by == "parent":
            shiboken6.delete(parent)
        elif by == "delete":
            shiboken6.delete(worker)
        del worker, parent
    qtbot.waitUntil(lambda: not _sync_threads())


def _sync_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "posapp-sync"]


END = """
import socket, sys, threading
from PySide6.QtCore import QCoreApplication, QTimer
from posapp.ui.core.sync_worker import SyncWorker

class Change:
    def __init__(self, subject, id): self.subject, self.id = subject, id
class Step:
    def __init__(self, changes, wait_ms): self.changes, self.wait_ms = changes, wait_ms

app = QCoreApplication([])
worker = SyncWorker(app)
near, far = socket.socketpair()
inside = threading.Event()
def blocked():
    inside.set()
    near.recv(1)
    return Step((), 0)
def flood():
    inside.set()
    return Step(tuple(Change("attempt", n) for n in range(50)), 0)
worker.start({"blocked": blocked, "flood": flood}[sys.argv[1]])
assert inside.wait(60)
if sys.argv[2] == "stopped":
    QTimer.singleShot(0, lambda: (worker.stop(20), app.quit()))
    app.exec()
elif sys.argv[2] == "quit":
    QTimer.singleShot(5, app.quit)
    app.exec()
print("bye", flush=True)
"""


@pytest.mark.parametrize("step", ["blocked", "flood"])
@pytest.mark.parametrize("end", ["stopped", "quit", "nothing"])
def test_program_ends_quickly_during_any_step(tmp_path: Path, step: str, end: str):
    """Ending by stop, by quitting the loop only, and by falling off the end; several times each."""
    script = tmp_path / "end.py"
    script.write_text(END)
    here = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-X", "faulthandler", str(script), step, end],
            env=here,
            capture_output=True,
            text=True,
            timeout=QT_WAIT_MS / 1000,
            check=False,
        )
        assert (done.returncode, done.stdout.strip()) == (0, "bye"), done.stderr
        assert "Fatal" not in done.stderr


def test_a_change_of_the_status_is_reported_once(qtbot: QtBot, worker: SyncWorker):
    reported: list[bool] = []
    worker.status_changed.connect(lambda: reported.append(True))
    worker.start(FakeSteps(FakeStep((FakeChange("status", 0), FakeChange("status", 0)))))
    qtbot.waitUntil(lambda: bool(reported))
    assert reported == [True]


def test_wake_notifies_the_views_of_waiting_work(qtbot: QtBot, worker: SyncWorker):
    """A refund that is decided offline gives no step anything to announce, and is on the list."""
    reported: list[bool] = []
    worker.status_changed.connect(lambda: reported.append(True))
    worker.start(FakeSteps())
    threading.Thread(target=worker.wake).start()
    qtbot.waitUntil(lambda: bool(reported))
