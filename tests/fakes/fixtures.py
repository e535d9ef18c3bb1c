"""A till at a sandbox over real HTTP, on a clock that the test moves."""

from __future__ import annotations

import pytest

from posapp.sandbox.server import Sandbox
from tests.fakes.till import Till
from tests.fakes.world import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def sandbox(clock):
    with Sandbox(clock=clock.unix) as running:
        yield running


@pytest.fixture
def till(tmp_path, sandbox, clock):
    till = Till(tmp_path / "posapp.db", sandbox, clock)
    yield till
    till.close()
