"""A till with its maintenance, as ``posapp.app.container`` opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posapp.app.maintenance import Maintenance, build_maintenance
from posapp.services.ports.disk import RestoreReport
from posapp.store.files.restore import repair_if_damaged
from posapp.store.unit_of_work import SqlStore
from tests.fakes.till import Till
from tests.fakes.world import NumberedIds


class Counting:
    """Wraps the gateway and counts the calls of each kind."""

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


class MaintainedTill:
    """The till, the report on its file, and its maintenance jobs; it can be opened repeatedly."""

    def __init__(self, path: Path, sandbox: Any, clock: Any) -> None:
        self.path, self._sandbox, self.clock = path, sandbox, clock
        self.restored: RestoreReport | None = None
        self.open()

    def open(self) -> None:
        self.restored = repair_if_damaged(self.path, self.clock.now)
        self.till = Till(
            self.path, self._sandbox, self.clock, make_ids=NumberedIds, through=self._through
        )
        store = self.till.store
        assert isinstance(store, SqlStore)
        self.store = store
        self.maintenance: Maintenance = build_maintenance(store, self.till.status_store, self.clock)

    def _through(self, real: Any) -> Any:
        self.portone = Counting(real)
        return self.portone

    def job(self, name: str) -> Any:
        return next(one for one in self.maintenance.jobs if one.name == name)

    def run(self, *names: str) -> None:
        for name in names:
            self.job(name).run()

    def close(self) -> None:
        self.till.close()
