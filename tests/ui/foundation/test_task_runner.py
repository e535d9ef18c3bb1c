"""The task runner: no lost answer, no late answer, no object destroyed in a wrong thread."""

from __future__ import annotations

import logging
import threading

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread

from posapp.domain.errors import ErrorCode, UserError
from posapp.ui.core.task_runner import InlineTaskRunner, TaskResult, TaskRunner
from tests.bounds import LONGEST_S, QT_WAIT_MS


def test_work_is_done_in_another_thread_and_handed_over_on_the_gui_thread(qtbot, tasks):
    seen: list[tuple[object, QThread, int]] = []
    workers: list[int] = []

    def work() -> int:
        workers.append(threading.get_ident())
        return 7

    tasks.run(work, lambda o: seen.append((o, QThread.currentThread(), threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    outcome, thread, ident = seen[0]
    assert outcome == TaskResult(value=7)
    assert thread is QCoreApplication.instance().thread()
    assert ident == threading.get_ident() != workers[0]


def test_an_expected_error_is_an_outcome_and_no_bug(qtbot, tasks):
    bugs, seen = [], []
    tasks.unexpected.connect(bugs.append)

    def work() -> None:
        raise UserError(ErrorCode.ORDER_UNKNOWN)

    tasks.run(work, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0].error, UserError) and not seen[0].ok
    assert bugs == []


def test_a_bug_is_logged_reaches_the_signal_and_still_ends_the_wait(qtbot, tasks, caplog):
    bugs, seen = [], []
    tasks.unexpected.connect(bugs.append)
    with caplog.at_level(logging.ERROR):
        tasks.run(lambda: 1 // 0, seen.append)
        qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(bugs[0], ZeroDivisionError)
    assert isinstance(seen[0].error, ZeroDivisionError)
    assert any(record.exc_info for record in caplog.records)


def test_of_one_key_only_the_newest_answer_arrives(qtbot, tasks, qapp):
    owner, gate, seen = QObject(), threading.Event(), []
    tasks.run(
        lambda: gate.wait(LONGEST_S) and "old", lambda o: seen.append(o.value), owner=owner, key="a"
    )
    tasks.run(lambda: "new", lambda o: seen.append(o.value), owner=owner, key="a")
    qtbot.waitUntil(lambda: seen == ["new"])
    gate.set()
    qtbot.waitUntil(lambda: tasks.busy == 0)
    assert seen == ["new"]


def test_the_same_key_of_another_owner_is_another_key(qtbot, tasks):
    one, two, seen = QObject(), QObject(), []
    tasks.run(lambda: 1, lambda o: seen.append(o.value), owner=one, key="a")
    tasks.run(lambda: 2, lambda o: seen.append(o.value), owner=two, key="a")
    qtbot.waitUntil(lambda: sorted(seen) == [1, 2])


def test_cancelled_task_delivers_nothing(qtbot, tasks):
    owner, gate, seen = QObject(), threading.Event(), []
    tasks.run(lambda: gate.wait(LONGEST_S), seen.append, owner=owner, key="a")
    tasks.forget(owner, "a")
    gate.set()
    qtbot.waitUntil(lambda: tasks.busy == 0)
    assert seen == []


def test_deleted_owner_gets_no_answer_but_its_action_runs(qtbot, tasks):
    owner, gate, seen, done = QObject(), threading.Event(), [], []

    def work() -> None:
        gate.wait(LONGEST_S)
        done.append(True)

    tasks.run(work, seen.append, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: tasks.busy == 0)
    assert done == [True] and seen == []


def test_an_error_in_one_answer_holds_up_no_other(qtbot, tasks):
    seen: list[int] = []

    def fail(outcome: TaskResult[int]) -> None:
        raise RuntimeError("a bug in a screen")

    with qtbot.captureExceptions() as caught:
        tasks.run(lambda: 1, fail)
        tasks.run(lambda: 2, lambda o: seen.append(o.value))
        qtbot.waitUntil(lambda: seen == [2] and tasks.busy == 0)
    assert [kind for kind, *_ in caught] == [RuntimeError]


def test_after_stop_nothing_arrives(qtbot, qapp):
    runner, gate, seen = TaskRunner(), threading.Event(), []
    runner.run(lambda: gate.wait(LONGEST_S), seen.append)
    assert not runner.stop(wait_ms=1), "a task that is not over cannot have been waited for"
    gate.set()
    assert runner.stop(QT_WAIT_MS)
    qapp.processEvents()
    assert seen == []


def test_the_instant_runner_is_done_before_it_returns(instant: InlineTaskRunner):
    seen: list[int | None] = []
    instant.run(lambda: 3, lambda o: seen.append(o.value))
    assert seen == [3]


class _Screen(QObject):
    """Notes in which thread it was destroyed."""

    def __init__(self, ends: list[int], arrived: list[int]) -> None:
        super().__init__()
        self._arrived = arrived
        self.destroyed.connect(lambda: ends.append(threading.get_ident()))

    def take(self, outcome: TaskResult[int]) -> None:
        assert outcome.value is not None
        self._arrived.append(outcome.value)


@pytest.mark.parametrize("by", ["qt", "python"])
def test_thousands_of_tasks_while_their_owners_go_away(qtbot, tasks, qapp, by):
    """Every task of a living owner arrives once, and no owner dies outside the GUI thread."""
    rounds = 5_000
    ends: list[int] = []
    arrived: list[int] = []
    stayed = [_Screen(ends, arrived) for _ in range(4)]
    kept: list[_Screen] = []
    for number in range(rounds):
        going = _Screen(ends, [])
        tasks.run(lambda: -1, going.take, owner=going)
        if by == "qt":
            kept.append(going)
            going.deleteLater()
        del going
        stays = stayed[number % 4]
        tasks.run(lambda number=number: number, stays.take, owner=stays)
        if number % 250 == 0:
            qapp.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: tasks.busy == 0)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    assert sorted(arrived) == list(range(rounds))
    assert set(ends) <= {threading.get_ident()}
    assert len(ends) == rounds
