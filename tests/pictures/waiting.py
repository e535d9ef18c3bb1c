"""Waits as pytest-qt's bot does, in a program that is no test."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from PySide6.QtTest import QTest

from tests.pictures.visits import until

_SHOWN_MS = 100


class Waiting:
    """What ``demo_counter`` needs of a bot."""

    def waitExposed(self, _window: object) -> None:
        QTest.qWait(_SHOWN_MS)

    def waitUntil(self, reached: Callable[[], object]) -> None:
        until(reached)

    def waitSignal(self, signal: SignalInstance, timeout: int) -> WaitingForSignal:
        return WaitingForSignal(signal)


class WaitingForSignal:
    """Waits at the end of its block until the signal came."""

    def __init__(self, signal: SignalInstance) -> None:
        self._came: list[bool] = []
        signal.connect(lambda *_: self._came.append(True))

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        until(lambda: self._came)
