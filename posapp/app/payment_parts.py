"""Opens a shop's database and makes the ports of taking payments: what a counter and a kiosk on
this machine have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posapp.app.maintenance import Maintenance, build_maintenance
from posapp.domain.modes import Mode
from posapp.domain.seals import SealKey
from posapp.portone.checkout import PortOneCheckout
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.services.payment_ports import PaymentPorts
from posapp.services.ports.access import AccessPolicy
from posapp.services.ports.cash_receipts import ReceiptIssuer
from posapp.services.ports.system import AccountSecrets, Clock, IdGeneratorFactory, Secrets
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import ThreadWorkerPool
from posapp.store.files.pin_counter import FilePinCounter, pin_counter_path
from posapp.store.ledger_seals import begin_sealing
from posapp.store.open_store import open_store
from posapp.store.shop_mode import hold_mode
from posapp.store.unit_of_work import SqlStore
from posapp.system.pin_hashing import ArgonPinHasher

WORKERS = 6
"""Parallel calls to PortOne (docs/performance.md, "Calls and commits"): 500 refunds of two calls,
200 ms each, in less than a minute, with the shop's QRs beside them."""


@dataclass(frozen=True, slots=True)
class PaymentParts:
    """An opened database, its maintenance, and the ports of taking payments."""

    store: SqlStore
    ports: PaymentPorts
    maintenance: Maintenance
    receipt_issuer: ReceiptIssuer


def open_payment_parts(
    database: Path,
    gateway_settings: GatewaySettings,
    secrets: AccountSecrets,
    clock: Clock,
    make_ids: IdGeneratorFactory,
    wake: Callable[[], None],
    *,
    mode: Mode,
    pin_secrets: Secrets,
    seal: SealKey | None,
    access: AccessPolicy,
) -> PaymentParts:
    """Open the database and make the ports. Takes tenths of a second for imports and the
    database, so it never runs on the screen's thread.

    Args:
        mode: the mode of the database; a database of another mode is refused.
        pin_secrets: the keyring of the secret of PINs, which belongs to no host.
        seal: the key that seals the ledger, if there is one.
        wake: called from any thread when the engine has new work.

    Raises:
        EnvironmentProblem: the database cannot be opened, or belongs to another mode.
    """
    store = open_store(database)
    try:
        hold_mode(store, mode)
        if seal is not None:
            begin_sealing(store, seal, clock.now())
    except BaseException:
        store.close()
        raise
    gateway = PortOneGateway(gateway_settings, secrets, clock)
    with store.snapshot() as uow:
        ids = make_ids(uow.checkpoints.till_code())
    status_store = SyncStatusStore()
    ports = PaymentPorts(
        store=store,
        gateway=gateway,
        checkout=PortOneCheckout(gateway, clock),
        clock=clock,
        ids=ids,
        pool=ThreadWorkerPool(WORKERS),
        status_store=status_store,
        pin_hasher=ArgonPinHasher(pin_secrets),
        try_counter=FilePinCounter(pin_counter_path(database)),
        wake=wake,
        access=access,
    )
    maintenance = build_maintenance(store, status_store, clock)
    return PaymentParts(store, ports, maintenance, gateway.cash_receipts)
