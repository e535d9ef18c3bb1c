"""Keyed worker pool: at most one running call per key."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

R = TypeVar("R")


class KeyedWorkerPool(Protocol):
    """Runs work under a key; the next work of a key waits until the result is collected."""

    def free_workers(self) -> int:
        """Return the number of free workers."""
        ...

    def is_running(self, key: str) -> bool:
        """Whether work of this key is running or its result is not collected yet."""
        ...

    def running(self) -> bool:
        """Whether any work is running or its result is not collected yet."""
        ...

    def run(self, key: str, work: Callable[[], object]) -> None:
        """Start work on a free worker."""
        ...

    def take_finished(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        """Return finished work as (key, result or exception). Waits for the first result at most
        ``wait_ms`` milliseconds if work is running."""
        ...


class ThreadWorkerPool:
    """Workers are daemon threads: a call that hangs does not keep the program from closing."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._condition = threading.Condition()
        self._running: set[str] = set()
        self._ended: list[tuple[str, object]] = []

    def free_workers(self) -> int:
        """Return the number of free workers."""
        with self._condition:
            return self._count - len(self._running)

    def is_running(self, key: str) -> bool:
        """Whether work of this key is running or its result is not collected yet."""
        with self._condition:
            return key in self._running or any(key == ended for ended, _ in self._ended)

    def running(self) -> bool:
        """Whether any work is running or its result is not collected yet."""
        with self._condition:
            return bool(self._running or self._ended)

    def run(self, key: str, work: Callable[[], object]) -> None:
        """Start work on a free worker."""
        with self._condition:
            self._running.add(key)
        name = f"lane-{key}"
        threading.Thread(target=self._work, args=(key, work), name=name, daemon=True).start()

    def take_finished(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        """Return finished work; see ``KeyedWorkerPool``."""
        with self._condition:
            if not self._ended and self._running:
                self._condition.wait(wait_ms / 1000)
            ended, self._ended = tuple(self._ended), []
            return ended

    def _work(self, key: str, work: Callable[[], object]) -> None:
        try:
            result: object = work()
        except BaseException as error:  # noqa: BLE001 - passed to the collector, which raises it
            result = error
        with self._condition:
            self._running.discard(key)
            self._ended.append((key, result))
            self._condition.notify_all()


class InlineWorkerPool:
    """Pool without threads, for the simulator: ``run`` finishes the work."""

    def __init__(self) -> None:
        self._ended: list[tuple[str, object]] = []

    def free_workers(self) -> int:
        """Return 1: a worker is always free."""
        return 1

    def is_running(self, key: str) -> bool:
        """Whether its result is not collected yet."""
        return any(key == ended for ended, _ in self._ended)

    def running(self) -> bool:
        """Whether any result is not collected yet."""
        return bool(self._ended)

    def run(self, key: str, work: Callable[[], object]) -> None:
        """Do the work now; its exceptions are raised here."""
        self._ended.append((key, work()))

    def take_finished(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        """Return finished work; never waits."""
        ended, self._ended = tuple(self._ended), []
        return ended
