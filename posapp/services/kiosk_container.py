"""Composition of a kiosk's services: taking payments, calling staff, ending the program.

Nothing that gives money back, decides, imports or changes settings is built, or even imported: the
architecture test holds this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.kiosk.kiosk_exit import KioskExit
from posapp.services.kiosk.kiosk_receipts import KioskReceipts
from posapp.services.kiosk.order_entry import OrderEntry
from posapp.services.kiosk.staff_calls import StaffCalls
from posapp.services.payment_ports import PaymentPorts
from posapp.services.payment_services import build_payment_service, build_payment_services
from posapp.services.payments.payment_engine import PaymentEngine
from posapp.services.payments.start_payment import PaymentService
from posapp.services.ports.staff_call import StaffCall
from posapp.services.ports.unit_of_work import Store
from posapp.services.runtime.connectivity import Connectivity
from posapp.services.runtime.gateways import Gateways
from posapp.services.runtime.periodic_job import PeriodicJob
from posapp.services.staff.pin_check import PinCheck
from posapp.services.till_config import TillConfig
from posapp.services.timings import TIMINGS, SyncTimings


@dataclass(frozen=True, slots=True)
class KioskConfig:
    """Settings of a kiosk.

    Attributes:
        number: by which staff find it.
        asks_phone: an order with a phone number is shown only to who knows its end.
    """

    number: int = 1
    asks_phone: bool = True


@dataclass(frozen=True, slots=True)
class KioskContainer:
    """Services of one kiosk."""

    store: Store
    gateways: Gateways
    connectivity: Connectivity
    payment_service: PaymentService
    order_entry: OrderEntry
    staff_calls: StaffCalls
    kiosk_exit: KioskExit
    receipts: KioskReceipts
    engine: PaymentEngine

    def close(self) -> None:
        """Close connections and the database; later use raises an error."""
        self.gateways.close()
        self.store.close()


def build_kiosk_container(
    ports: PaymentPorts,
    config: TillConfig,
    kiosk: KioskConfig,
    *,
    staff_call: StaffCall | None = None,
    jobs: Sequence[PeriodicJob] = (),
    timings: SyncTimings = TIMINGS,
) -> KioskContainer:
    """Build the services of a kiosk; no call to PortOne and no write happens yet.

    Args:
        staff_call: how staff are called besides the kiosk's own screen.
        jobs: background jobs that maintain the database.
    """
    store, clock = ports.store, ports.clock
    paying = build_payment_services(ports, config, timings)
    access = AccessControl(ports.access)
    pins = PinCheck(store, clock, ports.pin_hasher, ports.try_counter)
    return KioskContainer(
        store=store,
        gateways=paying.gateways,
        connectivity=paying.connectivity,
        payment_service=build_payment_service(ports, config, paying, access),
        order_entry=OrderEntry(store, asks_phone=kiosk.asks_phone),
        staff_calls=StaffCalls(staff_call, store, clock, kiosk.number),
        kiosk_exit=KioskExit(store, pins, clock),
        receipts=KioskReceipts(store, config.shop_name, config.shop_details),
        engine=PaymentEngine(
            store,
            clock,
            paying.poller,
            paying.connectivity,
            ports.pool,
            ports.status_store,
            paying.clock_jump,
            jobs,
        ),
    )
