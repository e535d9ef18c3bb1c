"""A shop on a real file, and a window for its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.services.session import Session
from posapp.store.open_store import open_store
from posapp.ui.shell.main_window import MainWindow
from tests.fakes.world import FakeClock
from tests.requests.desk import Desk


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def shop(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    store = open_store(tmp_path / "shop.db")
    yield Desk(store, clock)
    store.close()


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def window(qtbot, texts, theme) -> MainWindow:
    made = MainWindow(texts, theme, shop="하나 베이커리", live=False)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    return made
