"""What tests of windows share. They run offscreen, unless the caller chose a real screen."""

from __future__ import annotations

import os

from tests.bounds import QT_WAIT_MS

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner, TaskResult, TaskRunner
from posapp.ui.core.theme import Theme

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Monday, 23 November 2026, 12:00 in Seoul."""


@pytest.fixture(scope="module", autouse=True)
def _no_window_of_another_file(qapp: QApplication) -> None:
    """Hide what earlier files left open: the pointer is over the first window that was shown at its
    place, and behind a modal dialog no widget gets keys or a hover. Nor does one below a pointer
    whose button is down, as QTest leaves it after a double click."""
    for window in QApplication.topLevelWidgets():
        window.hide()
    QTest.mouseRelease(QWidget(), Qt.MouseButton.LeftButton)


@pytest.fixture
def texts(qapp: QApplication) -> Translator:
    return Translator("ko", now=lambda: NOON)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    worn = Theme("light")
    worn.apply(qapp)
    yield worn
    qapp.setStyleSheet("")


@pytest.fixture
def instant(qapp: QApplication) -> InlineTaskRunner:
    return InlineTaskRunner()


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[TaskRunner]:
    """The real runner, with its threads."""
    runner = TaskRunner()
    yield runner
    assert runner.stop(QT_WAIT_MS), "a task did not end"


class FileManager(QObject):
    """Opens folders in place of the system's."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def file_manager(qapp) -> Iterator[FileManager]:
    made = FileManager()
    QDesktopServices.setUrlHandler("file", made, "open")
    yield made
    QDesktopServices.unsetUrlHandler("file")


class HeldRunner(TaskRunner):
    """Holds every task until the test lets it go, in whatever order the test likes."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Callable[[], None]] = []

    def run(self, work, done, *, owner=None, key=None) -> None:  # type: ignore[no-untyped-def]
        task = self._task(work, done, owner, key)

        def let_go() -> None:
            try:
                task.outcome = TaskResult(value=work())
            except Exception as error:  # noqa: BLE001 - an outcome, as in the real one
                task.outcome = TaskResult(error=error)
            self._hand_over(task)

        self.held.append(let_go)


@pytest.fixture
def held(qapp: QApplication) -> HeldRunner:
    return HeldRunner()
