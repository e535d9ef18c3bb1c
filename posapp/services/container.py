"""Composition of one till's services from ports. The program, the tests and the simulator share it;
only their ports differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.bookkeeping.shop_account import AccountCheck
from posapp.services.importing.verify_booked_payments import BookedPaymentVerification
from posapp.services.importing.verify_claims import ClaimVerification
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.orders.order_history import OrderHistoryService
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.payments.receipts import Receipts
from posapp.services.payments.record_payment import PaymentRecorder
from posapp.services.payments.start_payment import PaymentService
from posapp.services.ports.access import AccessPolicy
from posapp.services.ports.checkout import Checkout
from posapp.services.ports.gateway import PaymentGateway, RefundMethod
from posapp.services.ports.journal import RefundJournal
from posapp.services.ports.order_search import OrderSearch
from posapp.services.ports.requests import RequestSearch
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store
from posapp.services.reconciliation.compare_payment import PaymentComparison
from posapp.services.reconciliation.reconcile import ReconcileJob
from posapp.services.reconciliation.restore_payment import PaymentRestorer
from posapp.services.refunds.cancel_item import CancellationService
from posapp.services.refunds.cancel_remainder import RemainderCancellationService
from posapp.services.refunds.complete_refund import RefundCompletion
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.refunds.refund_strategy import RefundDispatcher
from posapp.services.refunds.refund_worker import RefundWorker
from posapp.services.refunds.unresolved_money import UnresolvedMoneyService
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.services.requests.export_requests import RequestExportService
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.services.runtime.connectivity import Connectivity
from posapp.services.runtime.gateways import Gateways
from posapp.services.runtime.periodic_job import PeriodicJob
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import KeyedWorkerPool
from posapp.services.session import Session
from posapp.services.sync.sync_engine import SyncEngine
from posapp.services.sync.sync_status import SyncService
from posapp.services.till_config import TillConfig
from posapp.services.timings import TIMINGS, SyncTimings


@dataclass(frozen=True, slots=True)
class Ports:
    """External dependencies of a till.

    Attributes:
        gateway, checkout: those of new payments.
        other_gateways: those of providers that captured earlier payments.
        wake: called from any thread when the sync engine has new work.
        journal: where each send is recorded before it goes out; ``None`` for none.
        access: who may do what.
    """

    store: Store
    gateway: PaymentGateway
    checkout: Checkout
    clock: Clock
    ids: IdGenerator
    order_search: OrderSearch
    request_search: RequestSearch
    pool: KeyedWorkerPool
    status_store: SyncStatusStore
    wake: Callable[[], None]
    journal: RefundJournal | None = None
    other_gateways: Sequence[PaymentGateway] = ()
    access: AccessPolicy = field(default_factory=AllowEverything)


@dataclass(frozen=True, slots=True)
class Container:
    """Services for screens, commands and the background worker.

    Attributes:
        session: who acts where a screen asks for no number.
        export: writes the requests of the acting seller that a filter finds to a file.
    """

    session: Session
    store: Store
    gateway: PaymentGateway
    gateways: Gateways
    search: OrderSearch
    requests: RequestSearch
    payment_service: PaymentService
    poller: AttemptPoller
    receipts: Receipts
    cancellation_service: CancellationService
    remainder_service: RemainderCancellationService
    open_money: UnresolvedMoneyService
    histories: OrderHistoryService
    desk: RequestDecisionService
    request_service: RequestService
    fulfilment_service: FulfilmentService
    export: Callable[..., int]
    refund_protocol: RefundProtocol
    refund_worker: RefundWorker
    connectivity: Connectivity
    clock_jump: ClockJumpDetector
    status_store: SyncStatusStore
    reconcile_job: ReconcileJob
    claim_verification: ClaimVerification
    sync: SyncService
    sync_engine: SyncEngine

    def close(self) -> None:
        """Close connections and the database; later use raises an error."""
        self.gateways.close()
        self.store.close()


def build_container(
    ports: Ports,
    rules: TillConfig,
    *,
    jobs: Sequence[PeriodicJob] = (),
    timings: SyncTimings = TIMINGS,
    refund_protocol: type[RefundProtocol] = RefundProtocol,
) -> Container:
    """Build the services of a till; no call to PortOne and no write happens yet.

    Args:
        jobs: background jobs that maintain the database.
        refund_protocol: the strategy of READ_COMPARE_CANCEL; tests of a guard replace it.
    """
    store, gateway, clock, ids = ports.store, ports.gateway, ports.clock, ports.ids
    gateways = Gateways(gateway, *ports.other_gateways)
    access = AccessControl(ports.access)
    recorder = PaymentRecorder(store, clock, ids, live=rules.live)
    poller = AttemptPoller(store, gateways, ports.checkout, clock, recorder, rules, timings)
    refund_completion = RefundCompletion(store, clock)
    restorer = PaymentRestorer(ids, live=rules.live)
    comparison = PaymentComparison(store, gateways, clock, recorder, refund_completion, restorer)
    clock_jump = ClockJumpDetector(store, clock, timings)
    account = AccountCheck(store, gateway, clock)
    reconcile_job = ReconcileJob(
        store, gateway, clock, comparison, ports.status_store, clock_jump, account
    )
    claims = ClaimVerification(store, gateways, clock, live=rules.live)
    booked_unseen = BookedPaymentVerification(store, gateways, clock, live=rules.live)
    protocol = refund_protocol(store, gateways, clock, refund_completion)
    dispatcher = RefundDispatcher(
        store, gateways, clock, {RefundMethod.READ_COMPARE_CANCEL: protocol}
    )
    refund_worker = RefundWorker(store, dispatcher, clock, ports.journal)
    connectivity = Connectivity(gateway, clock, timings)
    return Container(
        session=Session(),
        store=store,
        gateway=gateway,
        gateways=gateways,
        search=ports.order_search,
        requests=ports.request_search,
        payment_service=PaymentService(
            store, ports.checkout, clock, ids, poller, rules, ports.wake, account, access
        ),
        poller=poller,
        receipts=Receipts(store, rules.shop_name),
        cancellation_service=CancellationService(store, clock, ids, poller, ports.wake, access),
        remainder_service=RemainderCancellationService(store, clock, ids, ports.wake, access),
        open_money=UnresolvedMoneyService(
            store, gateways, clock, refund_completion, ports.wake, access
        ),
        histories=OrderHistoryService(store),
        desk=RequestDecisionService(store, clock, ids, ports.wake, access),
        request_service=RequestService(store, clock, access),
        fulfilment_service=FulfilmentService(store, access),
        export=RequestExportService(store, ports.request_search, access).export,
        refund_protocol=protocol,
        refund_worker=refund_worker,
        connectivity=connectivity,
        clock_jump=clock_jump,
        status_store=ports.status_store,
        reconcile_job=reconcile_job,
        claim_verification=claims,
        sync=SyncService(
            store, ports.status_store, clock, ports.wake, reconcile_job.request_full, access
        ),
        sync_engine=SyncEngine(
            store,
            clock,
            poller,
            refund_worker,
            connectivity,
            ports.pool,
            ports.status_store,
            clock_jump,
            reconcile_job,
            (*jobs, claims, booked_unseen),
        ),
    )
