"""The walk: each write of a flow in turn, with each fault."""

from __future__ import annotations

import itertools
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.crashes.children import Order, Ran, run
from tests.crashes.flows import Flow
from tests.crashes.shops import Shop
from tests.crashes.tracing import Call, CannotTrace, Fault

ATTEMPTS = 3
"""Tries to reach one write; on a busy machine an answer may be late and a flow longer."""


@dataclass(frozen=True)
class Point:
    """One write of a flow, and the fault at it."""

    flow: str
    fault: Fault
    call: Call

    def __str__(self) -> str:
        return f"{self.flow}: {self.fault} at {self.call}"


@dataclass(frozen=True)
class Result:
    """Result of a point, or of a flow that could not be walked; no failure means recovered."""

    point: Point | str
    failure: str = ""


class Walk:
    """One flow, walked from its first write to its last."""

    def __init__(self, flow: Flow, folder: Path, twin: str = "") -> None:
        self.flow = flow
        self._folder = folder
        self._twin = twin
        self._numbers = itertools.count(1)
        flow.make(folder / "template")
        self.calls = self._count()

    def points(self, faults: Iterable[Fault], every: int = 1, first: int = 0) -> list[Point]:
        """Every nth write with each fault, in the order of the writes; each fault begins with
        another write, so that a sample meets more of them."""
        return [
            Point(self.flow.name, fault, call)
            for shift, fault in enumerate(faults)
            for call in self.calls[(first + shift) % every :: every]
            if fault.can_hit(call)
        ]

    def try_point(self, point: Point) -> Result:
        """Run the flow with a fault, start again, and check."""
        for _ in range(ATTEMPTS):
            shop, ran = self._run((point.fault.injection(point.call),))
            try:
                if not _was_hit(point, ran):
                    continue
                _check_ran(point.fault, ran)
                self.flow.recover(shop, ran)
                return Result(point)
            except Exception:  # noqa: BLE001 - with any exception this point has not recovered
                return Result(point, _text(ran) + traceback.format_exc())
            finally:
                shop.close()
        return Result(point, f"the write was not reached in {ATTEMPTS} tries\n" + _text(ran))

    def check_no_more(self) -> None:
        """Check that no write follows the last one: nothing was left out."""
        text = tuple(
            Fault.KILL.injection(Call(name, count + 1, ""))
            for name, count in sorted(self._counts.items())
            if any(call.name == name for call in self.calls)
        )
        shop, ran = self._run(text)
        shop.close()
        assert ran.ended, f"{self.flow.name} has more writes than were counted"

    def _count(self) -> Sequence[Call]:
        """Run the flow without a fault, which must succeed, and return its writes."""
        shop, ran = self._run(())
        try:
            assert ran.ended and not ran.bug, _text(ran)
            assert not ran.problems + ran.refused, _text(ran)
            assert ran.reported, "nobody was told anything"
            assert ran.trace.threads == 1, "calls are counted by thread, and there are several"
            unsynced = ran.trace.unsynced
            assert not unsynced, f"said before it was on the disk: {sorted(unsynced)}"
            self.flow.recover(shop, ran)
        finally:
            shop.close()
        assert ran.trace.writes, "no write was seen"
        self._counts = ran.trace.counts
        return ran.trace.writes

    def _run(self, injections: tuple[str, ...]) -> tuple[Shop, Ran]:
        shop = Shop(self.flow.template, self._folder / f"point-{next(self._numbers)}")
        try:
            self.flow.begin(shop)
            order = Order(self.flow.action, shop.folder, shop.address, shop.clock.now(), self._twin)
            world = {"pay": shop.books.pay}
            ran = run(order, lambda kind, value: world[kind](value), shop.trace, injections)
        except BaseException:
            shop.close()
            raise
        return shop, ran


def _was_hit(point: Point, ran: Ran) -> bool:
    if point.fault is Fault.KILL and not ran.killed:
        return False
    found = ran.trace.last if point.fault is Fault.KILL else ran.trace.hit
    return found is not None and (found.name, found.number) == (point.call.name, point.call.number)


def _check_ran(fault: Fault, ran: Ran) -> None:
    """Check the end: a killed program reports nothing more; another reports an error or
    continues."""
    assert not ran.bug, "nobody had foreseen this"
    if fault is not Fault.KILL:
        assert ran.ended, "it did not come to its end"


def _text(ran: Ran) -> str:
    last = ran.trace.hit or ran.trace.last
    return (
        f"it was told {ran.reported}, problems {ran.problems}, refused {ran.refused};"
        f" last write {last}; exit code {ran.code}, ended: {ran.ended}\n{ran.bug}"
    )


def try_points(
    walk: Walk, points: Sequence[Point], jobs: int, seen: Callable[[Result], None] = lambda _: None
) -> Iterator[Result]:
    """Try points, ``jobs`` side by side; results in their order."""
    reported = threading.Lock()

    def one(point: Point) -> Result:
        try:
            result = walk.try_point(point)
        except CannotTrace:
            raise
        except Exception:  # noqa: BLE001 - a point that could not be tried has not recovered
            result = Result(point, traceback.format_exc())
        with reported:
            seen(result)
        return result

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(one, points)


def report(results: Sequence[Result]) -> str:
    """Return the line of figures at the end."""
    failures = sum(bool(result.failure) for result in results)
    return f"points: {len(results)} recovered: {len(results) - failures} failures: {failures}"
