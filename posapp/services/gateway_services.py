"""Composition of the services that call the payment gateways: polling, sending, reconciling."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.importing.verify_booked_payments import BookedPaymentVerification
from posapp.services.importing.verify_claims import ClaimVerification
from posapp.services.payment_services import PaymentServices, build_payment_services
from posapp.services.ports.gateway import RefundMethod
from posapp.services.reconciliation.compare_payment import PaymentComparison
from posapp.services.reconciliation.reconcile import ReconcileJob
from posapp.services.reconciliation.restore_payment import PaymentRestorer
from posapp.services.refunds.complete_refund import RefundCompletion
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.refunds.refund_strategy import RefundDispatcher
from posapp.services.refunds.refund_worker import RefundWorker
from posapp.services.runtime.periodic_job import PeriodicJob
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports
from posapp.services.timings import SyncTimings


@dataclass(frozen=True, slots=True)
class GatewayServices:
    """Services that call the payment gateways.

    Attributes:
        payments: what polls attempts and records payments.
        jobs: background jobs that verify what imported files claim.
    """

    payments: PaymentServices
    refund_completion: RefundCompletion
    refund_protocol: RefundProtocol
    refund_worker: RefundWorker
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
    store, gateway, clock = ports.store, ports.gateway, ports.clock
    payments = build_payment_services(ports, config, timings)
    gateways, recorder = payments.gateways, payments.recorder
    completion = RefundCompletion(store, clock)
    restorer = PaymentRestorer(ports.ids, live=config.live, kakaopay_tax=config.kakaopay_tax)
    comparison = PaymentComparison(store, gateways, clock, recorder, completion, restorer)
    protocol = refund_protocol(store, gateways, clock, completion)
    dispatcher = RefundDispatcher(
        store, gateways, clock, {RefundMethod.READ_COMPARE_CANCEL: protocol}
    )
    claims = ClaimVerification(store, gateways, clock, live=config.live)
    booked_unseen = BookedPaymentVerification(store, gateways, clock, live=config.live)
    return GatewayServices(
        payments=payments,
        refund_completion=completion,
        refund_protocol=protocol,
        refund_worker=RefundWorker(store, dispatcher, clock, ports.journal),
        reconcile_job=ReconcileJob(
            store,
            gateway,
            clock,
            comparison,
            ports.status_store,
            payments.clock_jump,
            payments.account,
        ),
        claim_verification=claims,
        jobs=(claims, booked_unseen),
    )
