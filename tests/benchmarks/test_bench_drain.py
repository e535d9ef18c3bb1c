"""The network goes and comes back: how soon that is seen, and how soon all that waits is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.figures import tell
from tests.benchmarks.processes import Screen

pytestmark = pytest.mark.bench

REFUNDS, FEW = 500, 20
LATENCY_MS = 200

Told = dict[str, Any]


@pytest.fixture(scope="module")
def drained(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """500 refunds of 500 payments, approved while nobody listened at PortOne's address."""
    return _drain(screen, tmp_path_factory.mktemp("drain"), REFUNDS, "open")


@pytest.fixture(scope="module")
def after_dark(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A few, after a network that swallowed everything."""
    return _drain(screen, tmp_path_factory.mktemp("dark"), FEW, "dark")


def test_five_hundred_refunds_are_carried_out(drained: Told) -> None:
    tell(f"{REFUNDS} refunds drained, {drained['lanes']} lanes", drained["drained_s"], "s", 60)
    assert drained["refunded_once"]


def test_from_the_network_to_the_first_send(drained: Told, after_dark: Told) -> None:
    tell("network back to first send", drained["first_send_s"], "s", 2)
    tell("network back to first send, after a black hole", after_dark["first_send_s"], "s", 2)


def test_from_the_failed_call_to_the_word_off_line(drained: Told, after_dark: Told) -> None:
    tell("failed call to off line", max(drained["offline_s"], after_dark["offline_s"]), "s", 3)


def test_the_window_stays_alive(drained: Told) -> None:
    tell("longest GUI gap while draining", drained["gap_ms"], "ms", 50)
    tell("the same with what other programs took", drained["gap_with_others_ms"], "ms", 50)


def _drain(screen: Screen, home: Path, count: int, how: str) -> Told:
    return screen.run("drain.py", str(home), str(count), str(LATENCY_MS), how)
