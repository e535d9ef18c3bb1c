"""Composition of the services that call the payment gateways: polling, sending, reconciling."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.bookkeeping.shop_account import AccountCheck
from posapp.services.importing.verify_booked_payments import BookedPaymentVerification
from posapp.services.importing.verify_claims import ClaimVerification
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.payments.record_payment import PaymentRecorder
from posapp.services.ports.gateway import RefundMethod
from posapp.services.reconciliation.compare_payment import PaymentComparison
from posapp.services.reconciliation.reconcile import ReconcileJob
from posapp.services.reconciliation.restore_payment import PaymentRestorer
from posapp.services.refunds.complete_refund import RefundCompletion
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.refunds.refund_strategy import RefundDispatcher
from posapp.services.refunds.refund_worker import RefundWorker
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.services.runtime.connectivity import Connectivity
from posapp.services.runtime.gateways import Gateways
from posapp.services.runtime.periodic_job import PeriodicJob
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports
from posapp.services.timings import SyncTimings


@dataclass(frozen=True, slots=True)
class GatewayServices:
    """Services that call the payment gateways.

    Attributes:
        jobs: background jobs that verify what imported files claim.
    """

    gateways: Gateways
    account: AccountCheck
    poller: AttemptPoller
    refund_completion: RefundCompletion
    refund_protocol: RefundProtocol
    refund_worker: RefundWorker
    connectivity: Connectivity
    clock_jump: ClockJumpDetector
    reconcile_job: ReconcileJob
    claim_verification: ClaimVerification
    jobs: tuple[PeriodicJob, ...]


def build_gateway_services(
    ports: Ports, config: TillConfig, timings: SyncTimings, refund_protocol: type[RefundProtocol]
) -> GatewayServices:
    """Build polling, sending and reconciling.

    Args:
        refund_protocol: the strategy of READ_COMPARE_CANCEL.
    """
    store, gateway, clock, ids = ports.store, ports.gateway, ports.clock, ports.ids
    gateways = Gateways(gateway, *ports.other_gateways)
    recorder = PaymentRecorder(store, clock, ids, live=config.live)
    completion = RefundCompletion(store, clock)
    restorer = PaymentRestorer(ids, live=config.live)
    comparison = PaymentComparison(store, gateways, clock, recorder, completion, restorer)
    clock_jump = ClockJumpDetector(store, clock, timings)
    account = AccountCheck(store, gateway, clock)
    protocol = refund_protocol(store, gateways, clock, completion)
    dispatcher = RefundDispatcher(
        store, gateways, clock, {RefundMethod.READ_COMPARE_CANCEL: protocol}
    )
    claims = ClaimVerification(store, gateways, clock, live=config.live)
    booked_unseen = BookedPaymentVerification(store, gateways, clock, live=config.live)
    return GatewayServices(
        gateways=gateways,
        account=account,
        poller=AttemptPoller(store, gateways, ports.checkout, clock, recorder, config, timings),
        refund_completion=completion,
        refund_protocol=protocol,
        refund_worker=RefundWorker(store, dispatcher, clock, ports.journal),
        connectivity=Connectivity(gateway, clock, timings),
        clock_jump=clock_jump,
        reconcile_job=ReconcileJob(
            store, gateway, clock, comparison, ports.status_store, clock_jump, account
        ),
        claim_verification=claims,
        jobs=(claims, booked_unseen),
    )
