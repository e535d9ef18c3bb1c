"""A lock that is given in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque


class FifoLock:
    """A mutex that goes to whoever has waited longest.

    ``threading.Lock`` may go to the thread that has just released it. Somebody who takes it again
    and again, as an import does, would then keep it from everybody else.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Event] = deque()

    def acquire(self, timeout: int) -> bool:
        """Take the lock; ``False`` if it was not free within ``timeout`` seconds."""
        with self._mutex:
            if not self._is_held:
                self._is_held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._mutex:
            if turn.is_set():  # handed over in the last moment
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Give the lock to whoever has waited longest, or free it.

        Raises:
            RuntimeError: nobody holds it: a bug.
        """
        with self._mutex:
            if not self._is_held:
                raise RuntimeError("a lock that nobody holds")
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_held = False
