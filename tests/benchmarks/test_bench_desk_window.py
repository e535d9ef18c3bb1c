"""The request desk's window over a million rows, beside a plain QSqlTableModel in the same run."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.benchmarks.figures import quantile, report_line
from tests.benchmarks.processes import Screen
from tests.requests.million import million

pytestmark = pytest.mark.bench

RUNS, ROUNDS = 2, 10
NAME = "request desk"
PEER = "QSqlTableModel"


@dataclass(frozen=True)
class Sides:
    """Measurements of both programs: one entry a run."""

    ours: list[dict[str, Any]]
    peer: list[dict[str, Any]]

    @property
    def parts(self) -> list[str]:
        """The measured values of both, in order."""
        return [part for part in self.ours[0]["taken"] if part in self.peer[0]["taken"]]

    def p95(self, *parts: str) -> tuple[float, float]:
        """95th percentile of all runs, ours and the peer's, in ms."""
        ours, peer = (
            [ms for run in runs for part in parts for ms in run["taken"][part]]
            for runs in (self.ours, self.peer)
        )
        return quantile(ours, 0.95), quantile(peer, 0.95)

    def most(self, figure: str) -> tuple[float, float]:
        """The largest of all runs, ours and the peer's."""
        ours, peer = (max(run[figure] for run in runs) for runs in (self.ours, self.peer))
        return ours, peer


@pytest.fixture(scope="module")
def sides(
    screen: Screen, tmp_path_factory: pytest.TempPathFactory, measuring: bool, rows: int
) -> Sides:
    """Each program ``RUNS`` times, in turns, so that other load slows both equally; each on a file
    of its own with the same rows, in a table of the same size."""
    file, rounds = million(rows), ROUNDS if measuring else 1
    copied = tmp_path_factory.mktemp("peer") / "million.db"
    shutil.copyfile(file, copied)
    sides = Sides([], [])
    for _ in range(RUNS if measuring else 1):
        ours = screen.run("desk_window.py", str(file), str(rounds))
        size = [str(pixels) for pixels in ours["viewport"]]
        peer = screen.run("plain_table.py", str(copied), str(rounds), *size)
        sides.ours.append(ours)
        sides.peer.append(peer)
    copied.unlink()  # large, and pytest would keep it for a while
    return sides


def test_both_show_the_same_rows(sides: Sides) -> None:
    """Both show equally many rows: neither is faster by showing less."""
    for ours, peer in zip(sides.ours, sides.peer, strict=True):
        for reported in ("viewport", "rows_seen", "ids", "oldest"):
            assert ours[reported] == peer[reported], reported


def test_first_page_painted(sides: Sides) -> None:
    cold = [[run["taken"]["first page"][0] for run in runs] for runs in (sides.ours, sides.peer)]
    _beside("first page painted, first of the program, slowest", max(cold[0]), max(cold[1]))
    _no_slower("first page painted, p95", sides.p95("first page"))


def test_each_filter_painted(sides: Sides) -> None:
    """From the choice to the paint; the pause before a typed filter is searched for is not
    counted."""
    parts = [part for part in sides.parts if part.startswith("filter ")]
    for part in parts:
        _no_slower(f"{part} painted, p95", sides.p95(part))
    _no_slower("all filters painted, p95", sides.p95(*parts))


def test_jump_to_the_oldest_row(sides: Sides) -> None:
    _beside("jump to the oldest row painted, p95", *sides.p95("oldest row"))


def test_memory(sides: Sides) -> None:
    """From the empty table to the maximum after any action."""
    _beside("memory growth", *sides.most("growth_mib"), "MiB", 40)


def test_the_window_stays_alive(sides: Sides) -> None:
    """The table's own gaps, and the gaps with the processor time of other programs."""
    _beside("longest GUI gap", *sides.most("gap_ms"), "ms", 50)
    with_others = sides.most("gap_with_others_ms")
    _beside("longest GUI gap, with what other programs took", *with_others, "ms", 50)
    print(f"{NAME}, longest GUI gap at: {_places(sides.ours)}; {PEER}: {_places(sides.peer)}")


def _no_slower(name: str, both: tuple[float, float]) -> None:
    ours, peer = both
    _beside(name, ours, peer)
    report_line(f"{NAME}, {name}, ratio", ours / peer, f"× {PEER}", 1)


def _beside(name: str, ours: float, peer: float, unit: str = "ms", most: float = 100) -> None:
    """Report our value with its target, and the peer's below it."""
    report_line(f"{NAME}, {name}", ours, unit, most)
    print(f"{PEER}, {name}: {peer:.1f} {unit}")


def _places(runs: Sequence[dict[str, Any]]) -> str:
    return ", ".join(run["gap_at"] for run in runs)
