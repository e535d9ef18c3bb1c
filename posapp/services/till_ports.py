"""External dependencies of a till's services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from posapp.services.bookkeeping.access_control import AllowEverything
from posapp.services.importing.layouts import NO_LAYOUTS, Layouts
from posapp.services.ports.access import AccessPolicy
from posapp.services.ports.buyer_search import BuyerSearch
from posapp.services.ports.checkout import Checkout
from posapp.services.ports.fulfilment_search import FulfilmentSearch
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.journal import RefundJournal
from posapp.services.ports.order_search import OrderSearch
from posapp.services.ports.requests import RequestSearch
from posapp.services.ports.settings import SettingPorts
from posapp.services.ports.staff import PinHasher, TryCounter
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import KeyedWorkerPool


@dataclass(frozen=True, slots=True)
class Ports:
    """External dependencies of a till.

    Attributes:
        gateway, checkout: those of new payments.
        other_gateways: those of providers that captured earlier payments.
        try_counter: counts PIN entries beside the database.
        wake: called from any thread when the sync engine has new work.
        journal: where each send is recorded before it goes out; ``None`` for none.
        layouts: files of other systems that an import recognises.
        access: who may do what.
        settings: the settings of the till; ``None``: a program without a settings file.
    """

    store: Store
    gateway: PaymentGateway
    checkout: Checkout
    clock: Clock
    ids: IdGenerator
    order_search: OrderSearch
    request_search: RequestSearch
    fulfilment_search: FulfilmentSearch
    buyer_search: BuyerSearch
    pool: KeyedWorkerPool
    status_store: SyncStatusStore
    pin_hasher: PinHasher
    try_counter: TryCounter
    wake: Callable[[], None]
    journal: RefundJournal | None = None
    other_gateways: Sequence[PaymentGateway] = ()
    layouts: Layouts = NO_LAYOUTS
    access: AccessPolicy = field(default_factory=AllowEverything)
    settings: SettingPorts | None = None
