"""A till in its own process that is killed (SIGKILL, no clean-up) at its nth step.

A step is the moment before or after a call to PortOne, and before or after a commit.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.errors import UserError
from posapp.sandbox.server import Sandbox
from tests.fakes.till import BUYER, Till
from tests.fakes.world import FakeClock, FakeIds


@dataclass(frozen=True)
class SandboxAddress:
    """Address and keys of a sandbox in another process."""

    api: str
    link_api: str
    imp_key: str
    imp_secret: str
    user_code: str
    channel_key: str
    books: None = None


class Killer:
    """Counts steps and ends the process at one of them."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._step = 0
        self.armed = False

    def step(self) -> None:
        if not self.armed:
            return
        self._step += 1
        if self._step == self._at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call):
        def killed(*arguments, **named):
            self.step()
            result = call(*arguments, **named)
            self.step()
            return result

        return killed


class KillingGateway:
    def __init__(self, real, killer: Killer) -> None:
        self._real, self._killer = real, killer

    def __getattr__(self, name):
        found = getattr(self._real, name)
        return self._killer.around(found) if callable(found) else found


class KillingStore:
    def __init__(self, real, killer: Killer) -> None:
        self._real, self._killer = real, killer
        self.snapshot, self.close = real.snapshot, real.close

    @contextmanager
    def transaction(self) -> Iterator[object]:
        with self._real.transaction() as uow:
            uow.commit = self._killer.around(uow.commit)
            yield uow


def _run(
    path: str, address: SandboxAddress, now: datetime, action: str, order_id: int, at: int
) -> None:
    killer = Killer(at)
    clock = FakeClock(now)
    numbers = FakeIds()
    numbers.merchant_uid = lambda _: f"killed-{order_id}"
    numbers.refund_tag = lambda _: f"[RF-killed-{order_id}]"
    till = Till(
        Path(path),
        address,
        clock,
        ids=numbers,
        through=lambda real: KillingGateway(real, killer),
        around_store=lambda real: KillingStore(real, killer),
    )
    killer.armed = action in FROM_THE_START
    till.work(1)
    killer.armed = True
    ACTIONS[action](till, order_id)
    os._exit(0)


def _start(till: Till, order_id: int) -> None:
    with suppress(UserError):
        till.payment_service.start(Actor.buyer(BUYER), order_id)


def _watch(till: Till, order_id: int) -> None:
    for _ in range(4):
        till.clock.advance(seconds=6)
        till.work(1)


def _refund(till: Till, order_id: int) -> None:
    with suppress(UserError):
        till.cancellation_service.refund(Actor.buyer(BUYER), order_id * 10, "단순 변심", 5000)
    _watch(till, order_id)


FROM_THE_START = frozenset({"watch"})
"""Actions that a start does itself: it compares with PortOne and polls every open attempt."""

ACTIONS = {"start": _start, "watch": _watch, "refund": _refund}


def run_killed(
    path: Path, sandbox: Sandbox, now: datetime, action: str, order_id: int, at: int
) -> bool:
    """Run an action in a process that is killed at its step ``at``; False if it ended earlier."""
    address = SandboxAddress(
        sandbox.api,
        sandbox.link_api,
        sandbox.imp_key,
        sandbox.imp_secret,
        sandbox.user_code,
        sandbox.channel_key,
    )
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.kill_points"])
    process = context.Process(target=_run, args=(str(path), address, now, action, order_id, at))
    process.start()
    process.join(30)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0
