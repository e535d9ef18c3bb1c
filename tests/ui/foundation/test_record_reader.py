"""Records are read once for many changes, one read at a time, and never from before a change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.core.record_reader import RecordReader


class Records:
    """Numbers the reads; ``failure`` is raised in place of one."""

    def __init__(self) -> None:
        self.reads = 0
        self.failure: Exception | None = None

    def read(self) -> int:
        self.reads += 1
        if self.failure is not None:
            raise self.failure
        return self.reads


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def parent(qapp) -> QObject:
    return QObject()


def test_many_changes_are_read_once(qtbot, instant, records, parent):
    reader = RecordReader(instant, records.read, parent)
    for changed in range(50):
        reader.refresh_soon(changed)
        reader.refresh_soon()
    assert records.reads == 0
    with qtbot.waitSignal(reader.arrived) as arrived:
        pass
    assert arrived.args == [1] and reader.last == 1
    qtbot.waitUntil(lambda: not reader._soon.isActive())
    assert records.reads == 1


def test_a_change_during_a_read_is_read_again(qtbot, held, records, parent):
    """The answer of the running read may be older than the change."""
    reader = RecordReader(held, records.read, parent)
    reader.refresh()
    reader.refresh()
    reader.refresh()
    assert len(held.held) == 1, "one read at a time"
    held.held.pop()()
    assert reader.last == 1
    qtbot.waitUntil(lambda: len(held.held) == 1)
    held.held.pop()()
    assert reader.last == 2 and held.held == []


def test_a_read_on_demand_serves_the_changes_before_it(qtbot, instant, records, parent):
    reader = RecordReader(instant, records.read, parent)
    reader.refresh_soon()
    reader.refresh()
    assert records.reads == 1 and not reader._soon.isActive()


def test_a_failed_read_leaves_the_last_result_and_the_next_one_is_read(instant, records, parent):
    reader = RecordReader(instant, records.read, parent)
    reader.refresh()
    failures: list[Exception] = []
    reader.failed.connect(failures.append)
    records.failure = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    reader.refresh()
    assert failures == [records.failure] and reader.last == 1
    records.failure = None
    reader.refresh()
    assert reader.last == 3


def test_no_result_arrives_after_its_owner_is_gone(qtbot, held, records, parent):
    reader = RecordReader(held, records.read, parent)
    arrived: list[object] = []
    reader.arrived.connect(arrived.append)
    reader.refresh()
    parent.deleteLater()
    qtbot.waitSignal(parent.destroyed).wait()
    held.held.pop()()
    assert records.reads == 1 and arrived == []
