"""A till with what looks after its database, as ``posapp.app.till`` opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posapp.app.care import Care, care_for
from posapp.services.ports.storage import RestoredFrom
from posapp.store.restoring import make_sound
from posapp.store.unit_of_work import SqlStore
from tests.fakes.till import Till
from tests.fakes.world import NumberedIds


class Counting:
    """Between till and PortOne: counts the calls of each kind."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if not callable(real):
            return real

        def call(*values: Any, **more: Any) -> Any:
            self.calls.append(name)
            return real(*values, **more)

        return call


class CaredTill:
    """The till, how its file was found, and its chores; opened again as often as a test likes."""

    def __init__(self, path: Path, sandbox: Any, clock: Any) -> None:
        self.path, self._sandbox, self.clock = path, sandbox, clock
        self.restored: RestoredFrom | None = None
        self.open()

    def open(self) -> None:
        self.restored = make_sound(self.path, self.clock.now)
        self.till = Till(
            self.path, self._sandbox, self.clock, make_ids=NumberedIds, through=self._through
        )
        store = self.till.store
        assert isinstance(store, SqlStore)
        self.store = store
        self.care: Care = care_for(store, self.till.board, self.clock)

    def _through(self, real: Any) -> Any:
        self.portone = Counting(real)
        return self.portone

    def chore(self, name: str) -> Any:
        return next(one for one in self.care.chores if one.name == name)

    def run(self, *names: str) -> None:
        for name in names:
            self.chore(name).run()

    def close(self) -> None:
        self.till.close()
