"""Lanes: several calls to PortOne side by side, never two for the same thing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

R = TypeVar("R")


class Lanes(Protocol):
    """Runs work under a key; the next work of a key waits until the one before is collected."""

    def free(self) -> int:
        """How many lanes are free."""
        ...

    def busy(self, key: str) -> bool:
        """Work of this key is running, or its end was not collected yet."""
        ...

    def running(self) -> bool:
        """Some work is running, or its end was not collected yet."""
        ...

    def run(self, key: str, work: Callable[[], object]) -> None:
        """Start work on a free lane."""
        ...

    def collect(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        """Take what has ended: (key, result or exception). Waits for the first one at most
        ``wait_ms`` milliseconds if something is running."""
        ...


class ThreadLanes:
    """Lanes of daemon threads: a call that hangs must not keep the program from closing."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._condition = threading.Condition()
        self._running: set[str] = set()
        self._ended: list[tuple[str, object]] = []

    def free(self) -> int:
        """How many lanes are free."""
        with self._condition:
            return self._count - len(self._running)

    def busy(self, key: str) -> bool:
        """Work of this key is running, or its end was not collected yet."""
        with self._condition:
            return key in self._running or any(key == ended for ended, _ in self._ended)

    def running(self) -> bool:
        """Some work is running, or its end was not collected yet."""
        with self._condition:
            return bool(self._running or self._ended)

    def run(self, key: str, work: Callable[[], object]) -> None:
        """Start work on a free lane."""
        with self._condition:
            self._running.add(key)
        name = f"lane-{key}"
        threading.Thread(target=self._work, args=(key, work), name=name, daemon=True).start()

    def collect(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        """Take what has ended; see ``Lanes``."""
        with self._condition:
            if not self._ended and self._running:
                self._condition.wait(wait_ms / 1000)
            ended, self._ended = tuple(self._ended), []
            return ended

    def _work(self, key: str, work: Callable[[], object]) -> None:
        try:
            result: object = work()
        except BaseException as error:  # noqa: BLE001 - handed to the collector, who raises it
            result = error
        with self._condition:
            self._running.discard(key)
            self._ended.append((key, result))
            self._condition.notify_all()


class InlineLanes:
    """Lanes without threads, for a simulator: work is done when it is started."""

    def __init__(self) -> None:
        self._ended: list[tuple[str, object]] = []

    def free(self) -> int:
        """There is always a lane."""
        return 1

    def busy(self, key: str) -> bool:
        """Its end was not collected yet."""
        return any(key == ended for ended, _ in self._ended)

    def running(self) -> bool:
        """The end of some work was not collected yet."""
        return bool(self._ended)

    def run(self, key: str, work: Callable[[], object]) -> None:
        """Do the work now; what it raises is raised here."""
        self._ended.append((key, work()))

    def collect(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        """Take what has ended; never waits."""
        ended, self._ended = tuple(self._ended), []
        return ended
