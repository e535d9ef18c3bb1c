"""A real file for each test, copied from one that the migrations made, and a shop in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.world import FakeClock
from tests.requests.desk import Desk


@pytest.fixture(scope="session")
def fresh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "shop.db"
    open_store(path).close()
    return path


@pytest.fixture
def database(fresh_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(fresh_file, tmp_path / "shop.db"))


@pytest.fixture
def store(database: Path) -> Iterator[SqlStore]:
    opened = open_store(database)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def desk(store: SqlStore, clock: FakeClock) -> Desk:
    return Desk(store, clock)
