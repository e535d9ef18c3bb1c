"""Requests with a delayed effect, as a cancel that PortOne carries out long after the till timed
out."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class DelayedRequest:
    """A request that has arrived and not yet taken effect. ``due_at`` (unix seconds) None: it takes
    effect only when released."""

    request_id: int
    due_at: float | None
    act: Callable[[], object]
    landed: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    def land(self) -> None:
        """Take effect now and wake the waiting threads."""
        try:
            self.act()
            self.landed = True
        finally:
            self._over.set()

    def drop(self) -> None:
        """Discard the effect and wake the waiting threads."""
        self._over.set()

    def wait(self) -> bool:
        """Block until it took effect (True) or was discarded (False)."""
        self._over.wait()
        return self.landed


class DelayedRequests:
    """Queue of the delayed requests. Thread-safe.

    ``stopping`` is set while the server is not running; it ends the waits of faults.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.stopping = threading.Event()
        self._clock = clock
        self._lock = threading.Lock()
        self._row: list[DelayedRequest] = []
        self._ids = itertools.count(1)

    def defer(self, act: Callable[[], object], after: float | None) -> DelayedRequest:
        """Queue an effect until :meth:`release`, or until the clock has moved by ``after`` seconds;
        the next request that arrives then triggers it."""
        due_at = None if after is None else self._clock() + after
        with self._lock:
            delayed = DelayedRequest(next(self._ids), due_at, act)
            if self.stopping.is_set():
                delayed.drop()
            else:
                self._row.append(delayed)
        return delayed

    def waiting(self) -> list[DelayedRequest]:
        """Return the requests without effect so far, in order of arrival."""
        with self._lock:
            return list(self._row)

    def release(self, request_id: int | None = None) -> int:
        """Carry out one effect, or all in order of arrival; return the number."""
        return self._land(lambda each: request_id in (None, each.request_id))

    def land_due(self) -> int:
        """Carry out the effects that are due; return the number."""
        now = self._clock()
        return self._land(lambda each: each.due_at is not None and each.due_at <= now)

    def drop_all(self) -> None:
        """Discard all of them."""
        with self._lock:
            dropped, self._row = self._row, []
        for delayed in dropped:
            delayed.drop()

    def stop(self) -> None:
        """Discard all of them and end the waits of faults; the server stops."""
        self.stopping.set()
        self.drop_all()

    def start(self) -> None:
        """Allow waits and delays again; the server starts."""
        self.stopping.clear()

    def _land(self, wanted: Callable[[DelayedRequest], bool]) -> int:
        with self._lock:
            landing = [each for each in self._row if wanted(each)]
            self._row = [each for each in self._row if not wanted(each)]
        # Outside of the lock: the effect runs the routes, which may read this queue again.
        for delayed in landing:
            delayed.land()
        return len(landing)
