"""The program in a simulated shop: real services, real store, real client; switched on and off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import posapp.portone.tokens
import posapp.portone.transport
import posapp.sandbox.books
import posapp.sandbox.cancelling
import posapp.sandbox.seller
import posapp.sandbox.tokens
from posapp.domain import numbers
from posapp.domain.errors import EnvironmentProblem
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.sandbox.server import Sandbox
from posapp.services.backing_up import BackingUp
from posapp.services.chores import Done
from posapp.services.journalling import Journalling
from posapp.services.recovering import recover
from posapp.services.refunding import Refunding
from posapp.services.rules import TillRules
from posapp.services.sync_board import Board
from posapp.services.timings import SyncTimings
from posapp.store.backup import FolderCopies
from posapp.store.generation import renew_generation
from posapp.store.intent_journal import FileIntentJournal
from posapp.store.tills import hold_till
from posapp.store.unit_of_work import SqlStore
from tests.fakes.till import Till
from tests.fakes.world import START, FakeSecrets
from tests.simulation.disk import Disk
from tests.simulation.network import Wire
from tests.simulation.pace import Pace
from tests.simulation.stage import Signal, Stage

TILL_CODE = "5e11e7"
LANES = 4


class TillClock:
    """The till's own clock: it can be wrong, which PortOne's is not.

    Attributes:
        off: by how much it is wrong.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.off = timedelta(0)

    def now(self) -> datetime:
        return self.true_now() + self.off

    def true_now(self) -> datetime:
        return START + timedelta(microseconds=self._stage.now)

    def monotonic(self) -> int:
        return self._stage.now // 1000

    def unix(self) -> float:
        return self.true_now().timestamp()


class CountedIds:
    """Numbers of the real form, whose random part counts: the same in every run."""

    def __init__(self, till: str = TILL_CODE) -> None:
        self._till = till
        self._made: Counter[str] = Counter()

    def merchant_uid(self, order_id: int) -> str:
        return numbers.merchant_uid_of(self._till, order_id, self._next("payments"))

    def refund_tag(self, item_id: int | None) -> str:
        return numbers.tag_of(item_id, self._next("refunds"))

    def _next(self, kind: str) -> str:
        self._made[kind] += 1
        return f"{self._made[kind]:016d}"


class StageLanes:
    """Port ``Lanes``: work beside work, in turns."""

    def __init__(self, stage: Stage, owner: object, patience_ms: int) -> None:
        self._stage, self._owner = stage, owner
        self._patience_ms = patience_ms
        self._running: set[str] = set()
        self._ended: list[tuple[str, object]] = []
        self.signal = Signal()

    def free(self) -> int:
        return LANES - len(self._running)

    def busy(self, key: str) -> bool:
        return key in self._running or any(key == ended for ended, _ in self._ended)

    def running(self) -> bool:
        return bool(self._running or self._ended)

    def run(self, key: str, work: Callable[[], object]) -> None:
        def carried_out() -> None:
            try:
                end: object = work()
            except Exception as error:  # noqa: BLE001 - handed to the collector
                end = error
            self._running.discard(key)
            self._ended.append((key, end))
            self._stage.set(self.signal)

        self._running.add(key)
        self._stage.spawn(f"lane {key}", carried_out, owner=self._owner)

    def collect(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        if not self._ended and self._running:
            self._stage.wait(self.signal, max(wait_ms, self._patience_ms) / 1000)
        ended, self._ended = tuple(self._ended), []
        return ended


class StageFuture:
    """What a thread waits for that another one fetches (the one access token), in turns."""

    stage: Stage

    def __init__(self) -> None:
        self._signal = Signal()
        self._over = False
        self._value: object = None
        self._error: BaseException | None = None

    def set_result(self, value: object) -> None:
        self._value = value
        self._end()

    def set_exception(self, error: BaseException) -> None:
        self._error = error
        self._end()

    def result(self) -> Any:
        while not self._over:
            StageFuture.stage.wait(self._signal, 600)
        if self._error is not None:
            raise self._error
        return self._value

    def _end(self) -> None:
        self._over = True
        StageFuture.stage.set(self._signal)


class _Till(Till):
    """The till, whose wakes are heard."""

    hear: Callable[[], None]

    def _wake(self) -> None:
        super()._wake()
        self.hear()


class _Journalling:
    """The chore that journals, run when there may be something: much cheaper than each second."""

    name = Journalling.name
    real: Journalling

    def __init__(self, clock: TillClock, hurry_ms: int) -> None:
        self._clock, self._hurry_ms = clock, hurry_ms
        self._due_ms: int | None = clock.monotonic()

    def hurry(self) -> None:
        """Something may be to be journalled."""
        if self._due_ms is None:
            self._due_ms = self._clock.monotonic() + self._hurry_ms

    def due_in_ms(self) -> int:
        if self._due_ms is None:
            return self.real.due_in_ms()
        return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> Done:
        self._due_ms = None
        return self.real.run()


class Program:
    """One run of the program, from its start until it is closed or killed.

    Attributes:
        runs: False as soon as the power went.
        off: set when the power went.
        keys: another account whose keys it has, or ``None``.
    """

    def __init__(
        self,
        stage: Stage,
        path: Path,
        sandbox: Sandbox,
        clock: TillClock,
        ids: CountedIds,
        disk: Disk,
        pace: Pace,
        *,
        refunding: type[Refunding] = Refunding,
        keys: Sandbox | None = None,
    ) -> None:
        self._stage = stage
        self.runs = True
        self.off = Signal()
        self._woken = Signal()
        settings = GatewaySettings(
            api_base=sandbox.api,
            link_base=sandbox.link_api,
            user_code=sandbox.user_code,
            channel_key=sandbox.channel_key,
            link_hosts=(sandbox.api,),
        )
        self.keys = keys
        account = keys or sandbox
        self.secrets = FakeSecrets(imp_key=account.imp_key, imp_secret=account.imp_secret)
        self._lanes = StageLanes(stage, self, pace.patience)
        self.journal = FileIntentJournal(path.with_name("journal.jsonl"))
        self._journalling = _Journalling(clock, pace.hurry)
        self.copies = FolderCopies(path)
        self._copying = BackingUp(self.copies, Board(), clock)
        timings = SyncTimings(pace.idle, pace.away, pace.clock, pace.journal, pace.again)
        self._timings = timings
        hearing = type("_HeardTill", (_Till,), {"hear": lambda _: self._wake()})
        self.till = hearing(
            path,
            sandbox,
            clock,
            ids=ids,
            rules=TillRules("하나 베이커리", live=False, poll_ms=pace.poll),
            around_store=disk.around,
            lanes=self._lanes,
            chores=(self._journalling, *([self._copying] if pace.copies else ())),
            gateway=PortOneGateway(settings, self.secrets, clock),
            refunding=refunding,
            journal=self.journal,
            timings=timings,
        )
        try:
            self._begin(path, clock)
        except EnvironmentProblem:
            self.till.close()
            raise
        self.desk = self.till.desk
        self.requesting = self.till.requesting
        self.delivering = self.till.delivering
        stage.spawn("worker", self._worker, owner=self)

    def _begin(self, path: Path, clock: TillClock) -> None:
        """As ``posapp.app.care`` does, right after the database is opened.

        Raises:
            EnvironmentProblem: the journal is another till's.
        """
        renew_generation(path, clock.now())
        beside = SqlStore(path)
        try:
            with beside.reading() as uow:
                code = uow.milestones.till_code()
            hold_till(self.journal, code)
            recovered = recover(beside, self.journal, clock)
        finally:
            beside.close()
        if recovered.went_back:
            self.till.reconciling.ask()
        self._journalling.real = Journalling(
            self.till.store, self.journal, clock, recovered.mark, self._timings
        )

    def _wake(self) -> None:
        self._journalling.hurry()
        self._stage.set(self._woken)
        self._stage.set(self._lanes.signal)

    def _worker(self) -> None:
        """As ``SyncWorker`` does: a step, and a pause of which a wake makes an end."""
        while True:
            step = self.till.synchroniser.step()
            if step.changes:
                self._journalling.hurry()
            self._stage.wait(self._woken, step.wait_ms / 1000)

    def kill(self) -> None:
        """The power goes: who is in the program ends where they are."""
        if self.runs:
            self.runs = False
            self._stage.end(self)
            self._stage.set(self.off)

    def close(self) -> None:
        """Close it, or clear away what is left of it; called from outside of it."""
        self.kill()
        self._stage.end(self)  # who came in since the power went
        while self._stage.alive(self):
            self._stage.pause(0)
        self.till.close()


@contextmanager
def seeded_numbers(seed: str) -> Iterator[None]:
    """What the sandbox draws comes from the seed; the client's way out is ``Wire``."""
    chance = _Chance(seed)
    with (
        mock.patch.object(posapp.sandbox.books, "secrets", chance),
        mock.patch.object(posapp.sandbox.cancelling, "secrets", chance),
        mock.patch.object(posapp.sandbox.seller, "secrets", chance),
        mock.patch.object(posapp.sandbox.tokens, "secrets", chance),
        mock.patch.object(posapp.portone.transport, "_Adapter", Wire),
        mock.patch.object(posapp.portone.tokens, "Future", StageFuture),
    ):
        yield


class _Chance:
    """The few functions of ``secrets`` that the sandbox uses."""

    def __init__(self, seed: str) -> None:
        import random
        import secrets

        self._random = random.Random(f"{seed}/sandbox")
        self.compare_digest = secrets.compare_digest

    def token_hex(self, count: int) -> str:
        return self._random.randbytes(count).hex()

    def randbelow(self, end: int) -> int:
        return self._random.randrange(end)
