"""The network fails and returns: the time until that is detected, and until all waiting refunds are
sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.benchmarks.figures import report_line
from tests.benchmarks.processes import Screen

pytestmark = pytest.mark.bench

REFUNDS, FEW = 500, 20
LATENCY_MS = 200
AWAY_S = 5.0

Reported = dict[str, Any]


Drain = Callable[[str, int], Reported]


@pytest.fixture(scope="module")
def drain(screen: Screen, tmp_path_factory: pytest.TempPathFactory, measuring: bool) -> Drain:
    """Runs the program; when nothing is to be measured, with a tenth of everything."""
    part = 1 if measuring else 10

    def run(how: str, count: int) -> Reported:
        home = tmp_path_factory.mktemp(how)
        numbers = (count // part, LATENCY_MS // part)
        return screen.run("drain.py", str(home), *map(str, numbers), how, str(AWAY_S / part))

    return run


@pytest.fixture(scope="module")
def drained(drain: Drain) -> Reported:
    """500 refunds of 500 payments, approved while PortOne's address did not accept connections."""
    return drain("open", REFUNDS)


@pytest.fixture(scope="module")
def after_dark(drain: Drain) -> Reported:
    """A few, after a network that swallowed everything."""
    return drain("dark", FEW)


def test_five_hundred_refunds_are_carried_out(drained: Reported) -> None:
    report_line(
        f"{REFUNDS} refunds drained, {drained['lanes']} lanes", drained["drained_s"], "s", 60
    )
    assert drained["refunded_once"]


def test_from_the_network_to_the_first_send(drained: Reported, after_dark: Reported) -> None:
    report_line("network back to first send", drained["first_send_s"], "s", 2)
    report_line(
        "network back to first send, after a black hole", after_dark["first_send_s"], "s", 2
    )


def test_from_the_failed_call_to_the_status_off_line(
    drained: Reported, after_dark: Reported
) -> None:
    report_line(
        "failed call to off line", max(drained["offline_s"], after_dark["offline_s"]), "s", 3
    )


def test_the_window_stays_alive(drained: Reported) -> None:
    report_line("longest GUI gap while draining", drained["gap_ms"], "ms", 50)
    report_line("the same with what other programs took", drained["gap_with_others_ms"], "ms", 50)
