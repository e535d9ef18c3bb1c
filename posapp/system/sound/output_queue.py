"""Queue of what is to be heard: a thread of its own puts out one item after the other.

A program, a daemon or a device that makes sound may be missing, slow or hang. Whoever hands over an
item never waits for it: a failure makes the queue silent for a while, and then it is tried again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_WAITING = 16
"""Items that wait; a further one takes the place of the oldest."""

RETRY_SECONDS = 30
"""How long a queue is silent after a failure."""

log = logging.getLogger(__name__)


class OutputFailure(Exception):
    """Nothing can be heard now; the text says why, in English, for log and doctor."""


class Interrupt:
    """Request to end the item that is being put out. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requested = threading.Event()
        self._hooks: list[Callable[[], None]] = []

    @property
    def is_requested(self) -> bool:
        """Return whether the item has to end."""
        return self._requested.is_set()

    def request(self) -> None:
        """Make the item end; the hooks that are in force are called here."""
        with self._lock:
            self._requested.set()
            for hook in self._hooks:
                hook()

    def wait(self, seconds: float) -> bool:
        """Wait for the request; return whether it came."""
        return self._requested.wait(seconds)

    @contextmanager
    def calling(self, hook: Callable[[], None]) -> Iterator[None]:
        """Have a function called by ``request`` while the block runs, at once if it was made.

        The function must neither block nor raise.
        """
        with self._lock:
            self._hooks.append(hook)
            if self._requested.is_set():
                hook()
        try:
            yield
        finally:
            with self._lock:
                self._hooks.remove(hook)


class OutputQueue(Generic[T]):
    """Puts out items in a thread of its own, which begins with the first one.

    Args:
        perform: puts one item out and returns when it is heard or interrupted. It takes bounded
            time whatever happens, and raises ``OutputFailure``.
        name: of the thread.
        now: returns seconds that never jump back.
        is_stale: whether an item that has waited is not worth hearing any more.
    """

    def __init__(
        self,
        perform: Callable[[T, Interrupt], None],
        name: str,
        *,
        now: Callable[[], float] = time.monotonic,
        is_stale: Callable[[T], bool] = lambda item: False,
    ) -> None:
        self._perform, self._name, self._now, self._is_stale = perform, name, now, is_stale
        self._condition = threading.Condition()
        self._waiting: deque[T] = deque(maxlen=MOST_WAITING)
        self._current: Interrupt | None = None
        self._thread: threading.Thread | None = None
        self._silent_until: float | None = None
        self._problem = ""
        self._is_closed = False

    @property
    def problem(self) -> str:
        """Return why the newest item was not heard; empty if it was."""
        return self._problem

    def put(self, item: T, *, urgent: bool = False) -> None:
        """Add an item; an urgent one ends the current one and replaces those that wait."""
        with self._condition:
            if self._is_closed:
                return
            if urgent:
                self._drop_all()
            self._waiting.append(item)
            self._condition.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def clear(self) -> None:
        """End the current item and forget those that wait."""
        with self._condition:
            self._drop_all()

    def close(self, seconds: float = 1) -> None:
        """End the current item and the thread; waits for it no longer than ``seconds``."""
        with self._condition:
            self._is_closed = True
            self._drop_all()
            self._condition.notify()
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _drop_all(self) -> None:
        self._waiting.clear()
        if self._current is not None:
            self._current.request()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._current = None
                while not self._waiting and not self._is_closed:
                    self._condition.wait()
                if self._is_closed:
                    return
                item = self._waiting.popleft()
                interrupt = self._current = Interrupt()
            if not self._is_silent() and not self._is_stale(item):
                self._put_out(item, interrupt)

    def _is_silent(self) -> bool:
        return self._silent_until is not None and self._now() < self._silent_until

    def _put_out(self, item: T, interrupt: Interrupt) -> None:
        try:
            self._perform(item, interrupt)
        except OutputFailure as failure:
            if str(failure) != self._problem:  # it may last for months
                log.warning("%s: nothing is heard: %s", self._name, failure)
            self._fall_silent(str(failure))
        except Exception as bug:
            self._fall_silent(type(bug).__name__)
            log.exception("%s: an item could not be put out", self._name)
        else:
            self._problem, self._silent_until = "", None

    def _fall_silent(self, problem: str) -> None:
        self._problem = problem
        self._silent_until = self._now() + RETRY_SECONDS
