"""Composition of the services that take payments. A counter and a kiosk share it."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.shop_account import AccountCheck
from posapp.services.payment_ports import PaymentPorts
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.payments.record_payment import PaymentRecorder
from posapp.services.payments.start_payment import PaymentService
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.services.runtime.connectivity import Connectivity
from posapp.services.runtime.gateways import Gateways
from posapp.services.till_config import TillConfig
from posapp.services.timings import SyncTimings


@dataclass(frozen=True, slots=True)
class PaymentServices:
    """Services from a QR to a recorded payment, without ``PaymentService``, which needs to know who
    may act."""

    gateways: Gateways
    recorder: PaymentRecorder
    account: AccountCheck
    poller: AttemptPoller
    connectivity: Connectivity
    clock_jump: ClockJumpDetector


def build_payment_services(
    ports: PaymentPorts, config: TillConfig, timings: SyncTimings
) -> PaymentServices:
    """Build what polls attempts and records payments."""
    store, clock = ports.store, ports.clock
    gateways = Gateways(ports.gateway, *ports.other_gateways)
    recorder = PaymentRecorder(
        store, clock, ports.ids, live=config.live, hand_over=config.sale.hand_over
    )
    return PaymentServices(
        gateways,
        recorder,
        AccountCheck(store, ports.gateway, clock),
        AttemptPoller(store, gateways, ports.checkout, clock, recorder, config, timings),
        Connectivity(ports.gateway, clock, timings),
        ClockJumpDetector(store, clock, timings),
    )


def build_payment_service(
    ports: PaymentPorts, config: TillConfig, services: PaymentServices, access: AccessControl
) -> PaymentService:
    """Build what starts, shows and abandons QRs."""
    return PaymentService(
        ports.store,
        ports.checkout,
        ports.clock,
        ports.ids,
        services.poller,
        config,
        ports.wake,
        services.account,
        access,
    )
