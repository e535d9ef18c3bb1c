"""Sync engine: polls attempts, sends refunds, probes the network, runs the periodic jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from posapp.services.payments.payment_engine import PaymentEngine
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.ports.checkpoints import RECONCILED_UNTIL
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.reconciliation.reconcile import ReconcileJob
from posapp.services.refunds.refund_worker import ProcessedRefund, RefundWorker, to_event
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.services.runtime.connectivity import Connectivity
from posapp.services.runtime.periodic_job import Change, PeriodicJob
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import KeyedWorkerPool


class SyncEngine(PaymentEngine):
    """The engine of a counter: the payment engine, and what reconciles and sends.

    Args:
        clock_jump: runs before any other work, in the same thread: it is local.
        reconcile_job: nothing is sent before its first success.
        jobs: further periodic jobs.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        poller: AttemptPoller,
        refund_worker: RefundWorker,
        connectivity: Connectivity,
        pool: KeyedWorkerPool,
        status_store: SyncStatusStore,
        clock_jump: ClockJumpDetector,
        reconcile_job: ReconcileJob,
        jobs: Sequence[PeriodicJob] = (),
    ) -> None:
        jobs = (reconcile_job, *jobs)
        super().__init__(store, clock, poller, connectivity, pool, status_store, clock_jump, jobs)
        self._refund_worker = refund_worker
        self._reconcile_job = reconcile_job

    def _begin_in(self, uow: UnitOfWork) -> None:
        """Release all leases, too: no other program can hold one."""
        uow.outbox.release_leases()
        super()._begin_in(uow)
        self._status_store.update(reconciled_at=uow.checkpoints.get(RECONCILED_UNTIL))

    def _start_due(self) -> None:
        super()._start_due()
        while (
            self._may_send
            and self._pool.free_workers() > 0
            and (entry := self._refund_worker.claim())
        ):
            self._pool.run(
                f"refund:{entry.id}:{entry.lease}", partial(self._refund_worker.process, entry)
            )

    @property
    def _may_send(self) -> bool:
        """PortOne was reconciled since the start and the last call reached it: without a network
        every attempt would fail."""
        return self._status_store.status.may_send and self._connectivity.is_reachable

    def _take(self, end: object) -> None:
        if not isinstance(end, ProcessedRefund):
            super()._take(end)
            return
        if end.contacted_gateway:
            self._record_connectivity(end.error)
        self._changes.append(Change("refund", end.refund_id))
        self._status_store.note(to_event(end, self._clock.now()))

    def _network_back(self) -> None:
        self._reconcile_job.network_back()
        self._refund_worker.network_back()

    def _due_times(self, uow: UnitOfWork) -> list[datetime | None]:
        times = super()._due_times(uow)
        return [*times, uow.outbox.next_due()] if self._may_send else times
