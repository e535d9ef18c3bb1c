"""Requests whose effect lands later than they came: a cancel that PortOne carries out after the
till has long given up."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class LateDeed:
    """A request that has arrived and not yet acted. ``due_at`` (unix seconds) None: only when
    released."""

    deed_id: int
    due_at: float | None
    act: Callable[[], object]
    landed: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    def land(self) -> None:
        """Act now, and wake whoever waits."""
        try:
            self.act()
            self.landed = True
        finally:
            self._over.set()

    def drop(self) -> None:
        """Never act; wake whoever waits."""
        self._over.set()

    def wait(self) -> bool:
        """Until it landed (True) or never will (False)."""
        self._over.wait()
        return self.landed


class LateEffects:
    """The row of those that wait. Thread-safe.

    ``stopping`` is set while the server is not running: whoever waits in a fault looks at it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.stopping = threading.Event()
        self._clock = clock
        self._lock = threading.Lock()
        self._row: list[LateDeed] = []
        self._ids = itertools.count(1)

    def defer(self, act: Callable[[], object], after: float | None) -> LateDeed:
        """Keep an effect until :meth:`release`, or until the clock moved by ``after`` seconds (it
        then lands with the next request that comes in)."""
        due_at = None if after is None else self._clock() + after
        with self._lock:
            deed = LateDeed(next(self._ids), due_at, act)
            if self.stopping.is_set():
                deed.drop()
            else:
                self._row.append(deed)
        return deed

    def waiting(self) -> list[LateDeed]:
        """Those that have not landed yet, in the order they came."""
        with self._lock:
            return list(self._row)

    def release(self, deed_id: int | None = None) -> int:
        """Let one effect land, or all, in the order they came; how many did."""
        return self._land(lambda each: deed_id in (None, each.deed_id))

    def land_due(self) -> int:
        """Let those land whose time has come; how many did."""
        now = self._clock()
        return self._land(lambda each: each.due_at is not None and each.due_at <= now)

    def drop_all(self) -> None:
        """None of them ever lands."""
        with self._lock:
            dropped, self._row = self._row, []
        for deed in dropped:
            deed.drop()

    def stop(self) -> None:
        """The server stops: nobody waits any longer."""
        self.stopping.set()
        self.drop_all()

    def start(self) -> None:
        """The server starts (again)."""
        self.stopping.clear()

    def _land(self, wanted: Callable[[LateDeed], bool]) -> int:
        with self._lock:
            landing = [each for each in self._row if wanted(each)]
            self._row = [each for each in self._row if not wanted(each)]
        # Outside of the lock: acting runs the routes, which may look at this row again.
        for deed in landing:
            deed.land()
        return len(landing)
