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
from posapp.domain import merchant_numbers
from posapp.domain.errors import EnvironmentProblem
from posapp.domain.vat import KakaoPayTax
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.sandbox.receipt_book import CHANNEL as RECEIPT_CHANNEL
from posapp.sandbox.server import Sandbox
from posapp.services.maintenance.backup_job import BackupJob
from posapp.services.maintenance.journal_job import JournalJob
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.runtime.periodic_job import JobResult
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.till_config import TillConfig
from posapp.services.timings import SyncTimings
from posapp.store.files.backup import FolderCopies
from posapp.store.files.generation import renew_generation
from posapp.store.files.refund_journal import FileIntentJournal
from posapp.store.files.till_codes import hold_till
from posapp.store.unit_of_work import SqlStore
from posapp.system.identity_vault import ENTRY, KEY_BYTES, KeyringVault
from tests.fakes.till import Till
from tests.fakes.world import START, FakeSecrets
from tests.simulation.disk import Disk
from tests.simulation.network import Wire
from tests.simulation.pace import Pace
from tests.simulation.scheduler import Scheduler, Signal
from tests.simulation.seeded_books import seeded_books

TILL_CODE = "5e11e7"
WORKERS = 4


class TillClock:
    """The till's own clock, which can be wrong; PortOne's is right.

    Attributes:
        off: its error.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.off = timedelta(0)

    def now(self) -> datetime:
        return self.true_now() + self.off

    def true_now(self) -> datetime:
        return START + timedelta(microseconds=self._scheduler.now)

    def monotonic(self) -> int:
        return self._scheduler.now // 1000

    def unix(self) -> float:
        return self.true_now().timestamp()


class CountedIds:
    """Numbers of the real form with a counter as random part: the same in every run."""

    def __init__(self, till: str = TILL_CODE) -> None:
        self._till = till
        self._made: Counter[str] = Counter()

    def merchant_uid(self, order_id: int) -> str:
        return merchant_numbers.build_merchant_uid(self._till, order_id, self._next("payments"))

    def refund_tag(self, item_id: int | None) -> str:
        return merchant_numbers.build_refund_tag(item_id, self._next("refunds"))

    def _next(self, kind: str) -> str:
        self._made[kind] += 1
        return f"{self._made[kind]:016d}"


class ScheduledWorkerPool:
    """Port ``KeyedWorkerPool`` on tasks of the scheduler, which take turns."""

    def __init__(self, scheduler: Scheduler, owner: object, patience_ms: int) -> None:
        self._scheduler, self._owner = scheduler, owner
        self._patience_ms = patience_ms
        self._running: set[str] = set()
        self._ended: list[tuple[str, object]] = []
        self.signal = Signal()

    def free_workers(self) -> int:
        return WORKERS - len(self._running)

    def is_running(self, key: str) -> bool:
        return key in self._running or any(key == ended for ended, _ in self._ended)

    def running(self) -> bool:
        return bool(self._running or self._ended)

    def run(self, key: str, work: Callable[[], object]) -> None:
        def carried_out() -> None:
            try:
                end: object = work()
            except Exception as error:  # noqa: BLE001 - passed to the collector
                end = error
            self._running.discard(key)
            self._ended.append((key, end))
            self._scheduler.set(self.signal)

        self._running.add(key)
        self._scheduler.spawn(f"lane {key}", carried_out, owner=self._owner)

    def take_finished(self, wait_ms: int) -> tuple[tuple[str, object], ...]:
        if not self._ended and self._running:
            self._scheduler.wait(self.signal, max(wait_ms, self._patience_ms) / 1000)
        ended, self._ended = tuple(self._ended), []
        return ended


class ScheduledFuture:
    """A future for tasks that take turns: one waits for what another fetches (the access token)."""

    scheduler: Scheduler

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
            ScheduledFuture.scheduler.wait(self._signal, 600)
        if self._error is not None:
            raise self._error
        return self._value

    def _end(self) -> None:
        self._over = True
        ScheduledFuture.scheduler.set(self._signal)


class _Till(Till):
    """The till, with a callback for its wakes."""

    hear: Callable[[], None]

    def _wake(self) -> None:
        super()._wake()
        self.hear()


class _Journalling:
    """The journal job, run when there may be something to write: much cheaper than each second."""

    name = JournalJob.name
    real: JournalJob

    def __init__(self, clock: TillClock, hurry_ms: int) -> None:
        self._clock, self._hurry_ms = clock, hurry_ms
        self._due_ms: int | None = clock.monotonic()

    def hurry(self) -> None:
        """Announce a possible change for the journal."""
        if self._due_ms is None:
            self._due_ms = self._clock.monotonic() + self._hurry_ms

    def due_in_ms(self) -> int:
        if self._due_ms is None:
            return self.real.due_in_ms()
        return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> JobResult:
        self._due_ms = None
        return self.real.run()


class Program:
    """One run of the program, from its start until it is closed or killed.

    Attributes:
        runs: False as soon as the power has failed.
        off: set when the power has failed.
        keys: another account whose keys it uses, or ``None``.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        path: Path,
        sandbox: Sandbox,
        clock: TillClock,
        ids: CountedIds,
        disk: Disk,
        pace: Pace,
        *,
        refund_protocol: type[RefundProtocol] = RefundProtocol,
        keys: Sandbox | None = None,
    ) -> None:
        self._scheduler = scheduler
        self.runs = True
        self.off = Signal()
        self._woken = Signal()
        settings = GatewaySettings(
            api_base=sandbox.api,
            link_base=sandbox.link_api,
            user_code=sandbox.user_code,
            channel_key=sandbox.channel_key,
            receipt_channel_key=RECEIPT_CHANNEL if pace.eventful else "",
            link_hosts=(sandbox.api,),
        )
        self.keys = keys
        account = keys or sandbox
        self.secrets = FakeSecrets(
            imp_key=account.imp_key, imp_secret=account.imp_secret, **{ENTRY: "5c" * KEY_BYTES}
        )
        self._pool = ScheduledWorkerPool(scheduler, self, pace.patience)
        self.journal = FileIntentJournal(path.with_name("journal.jsonl"))
        self._journalling = _Journalling(clock, pace.hurry)
        self.copies = FolderCopies(path)
        self._copying = BackupJob(self.copies, SyncStatusStore(), clock)
        timings = SyncTimings(pace.idle, pace.away, pace.clock, pace.journal, pace.again)
        self._timings = timings
        hearing = type("_HeardTill", (_Till,), {"hear": lambda _: self._wake()})
        self.till = hearing(
            path,
            sandbox,
            clock,
            ids=ids,
            config=TillConfig(
                "하나 베이커리",
                live=False,
                poll_ms=pace.poll,
                poll_opened_ms=pace.poll,
                kakaopay_tax=KakaoPayTax.MIXED,
            ),
            vault=KeyringVault(self.secrets),
            around_store=disk.around,
            pool=self._pool,
            jobs=(self._journalling, *([self._copying] if pace.copies else ())),
            gateway=PortOneGateway(settings, self.secrets, clock),
            refund_protocol=refund_protocol,
            journal=self.journal,
            timings=timings,
        )
        try:
            self._begin(path, clock)
        except EnvironmentProblem:
            self.till.close()
            raise
        self.decision_service = self.till.decision_service
        self.request_service = self.till.request_service
        self.fulfilment_service = self.till.fulfilment_service
        scheduler.spawn("worker", self._worker, owner=self)

    def _begin(self, path: Path, clock: TillClock) -> None:
        """Build the maintenance as ``posapp.app.maintenance`` does, after the database is opened.

        Raises:
            EnvironmentProblem: the journal is another till's.
        """
        renew_generation(path, clock.now())
        beside = SqlStore(path)
        try:
            with beside.snapshot() as uow:
                code = uow.checkpoints.till_code()
            hold_till(self.journal, code)
            recovered = recover_journal(beside, self.journal, clock)
        finally:
            beside.close()
        if recovered.database_is_older:
            self.till.reconcile_job.request_full()
        self._journalling.real = JournalJob(
            self.till.store, self.journal, clock, recovered.mark, self._timings
        )

    def _wake(self) -> None:
        self._journalling.hurry()
        self._scheduler.set(self._woken)
        self._scheduler.set(self._pool.signal)

    def _worker(self) -> None:
        """Run steps as ``SyncWorker`` does, with pauses that a wake ends."""
        while True:
            step = self.till.sync_engine.step()
            if step.changes:
                self._journalling.hurry()
            self._scheduler.wait(self._woken, step.wait_ms / 1000)

    def kill(self) -> None:
        """Fail the power: tasks inside the program end where they are."""
        if self.runs:
            self.runs = False
            self._scheduler.end(self)
            self._scheduler.set(self.off)

    def close(self) -> None:
        """Close the program, or clean up after its end; called from outside of it."""
        self.kill()
        self._scheduler.end(self)  # tasks that entered since the power failed
        while self._scheduler.alive(self):
            self._scheduler.pause(0)
        self.till.close()


@contextmanager
def seeded_numbers(seed: str) -> Iterator[None]:
    """Draw the sandbox's random numbers from the seed, and use ``Wire`` as the client's adapter."""
    with (
        seeded_books(seed),
        mock.patch.object(posapp.portone.transport, "_Adapter", Wire),
        mock.patch.object(posapp.portone.tokens, "Future", ScheduledFuture),
    ):
        yield
