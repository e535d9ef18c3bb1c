"""External dependencies of the services that take payments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from posapp.services.bookkeeping.access_control import AllowEverything
from posapp.services.ports.access import AccessPolicy
from posapp.services.ports.checkout import Checkout
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.staff import PinHasher, TryCounter
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import KeyedWorkerPool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPorts:
    """External dependencies of taking payments and checking PINs: all that a kiosk has.

    Attributes:
        gateway, checkout: those of new payments.
        other_gateways: those of providers that captured earlier payments.
        try_counter: counts PIN entries beside the database.
        wake: called from any thread when the engine has new work.
        access: who may do what.
    """

    store: Store
    gateway: PaymentGateway
    checkout: Checkout
    clock: Clock
    ids: IdGenerator
    pool: KeyedWorkerPool
    status_store: SyncStatusStore
    pin_hasher: PinHasher
    try_counter: TryCounter
    wake: Callable[[], None]
    other_gateways: Sequence[PaymentGateway] = ()
    access: AccessPolicy = field(default_factory=AllowEverything)
