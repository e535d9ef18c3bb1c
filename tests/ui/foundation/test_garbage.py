"""Garbage is collected on the GUI thread, whichever thread made it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.ui.core.garbage import GuiCollector


class Ring:
    """Refers to itself, so that only a collection ends it; notes the thread that did."""

    def __init__(self, ended_on: list[threading.Thread]) -> None:
        self.itself = self
        self.ended_on = ended_on

    def __del__(self) -> None:
        self.ended_on.append(threading.current_thread())


def in_a_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def make_many(ended_on: list[threading.Thread]) -> None:
    """More than the thresholds of a young and of an older collection."""
    kept = [[number] for number in range(20_000)]
    for _ in range(3_000):
        Ring(ended_on)
    assert kept


def test_what_a_thread_leaves_is_collected_on_the_gui_thread(qtbot: QtBot) -> None:
    ended_on: list[threading.Thread] = []
    in_a_thread(lambda: make_many(ended_on))
    assert ended_on == []
    qtbot.waitUntil(lambda: len(ended_on) == 3_000)
    assert set(ended_on) == {threading.main_thread()}


def test_python_itself_collects_on_the_thread(qtbot: QtBot) -> None:
    """The twin: without the collector the thread does it."""
    gc.enable()
    ended_on: list[threading.Thread] = []
    in_a_thread(lambda: make_many(ended_on))
    assert threading.main_thread() not in ended_on and ended_on


@pytest.mark.parametrize(
    ("counts", "collected"),
    [
        ((0, 0, 0), []),
        ((700, 10, 10), []),
        ((701, 3, 3), [0]),
        ((701, 11, 3), [1]),
        ((701, 11, 11), [2]),
    ],
)
def test_it_collects_what_is_due(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    counts: tuple[int, int, int],
    collected: list[int],
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    monkeypatch.setattr(gc, "collect", lambda generation=2: asked.append(generation) or 0)
    GuiCollector().collect_due()
    assert asked == collected
