"""Builds a till on this machine: its database, PortOne and threads, as the ports of the
services."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posapp.app.layouts import load_layouts
from posapp.app.maintenance import build_maintenance
from posapp.app.portone_probe import PortOneProbe
from posapp.app.shop_config import Shop
from posapp.domain.modes import Mode
from posapp.domain.seals import SealKey
from posapp.portone.checkout import PortOneCheckout
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.services.container import Container, build_container
from posapp.services.ports.settings import SettingPorts
from posapp.services.ports.system import AccountSecrets, Clock, IdGeneratorFactory, Secrets
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import ThreadWorkerPool
from posapp.services.staff.staff_policy import StaffPolicy
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports
from posapp.store.files.pin_counter import FilePinCounter, pin_counter_path
from posapp.store.ledger_seals import begin_sealing
from posapp.store.open_store import open_store
from posapp.store.search.buyer_search import SqlBuyerSearch
from posapp.store.search.fulfilment_search import SqlFulfilmentSearch
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.shop_mode import hold_mode
from posapp.system.pin_hashing import ArgonPinHasher
from posapp.system.setting_changes import FileSettingChanges
from posapp.system.settings_file import TomlSettingsFile

WORKERS = 6
"""Parallel calls to PortOne (docs/performance.md, "Calls and commits"): 500 refunds of two calls,
200 ms each, in less than a minute, with the shop's QRs beside them."""


def open_container(
    database: Path,
    gateway_settings: GatewaySettings,
    config: TillConfig,
    secrets: AccountSecrets,
    clock: Clock,
    make_ids: IdGeneratorFactory,
    wake: Callable[[], None],
    *,
    mode: Mode,
    pin_secrets: Secrets,
    seal: SealKey | None = None,
    shop: Shop | None = None,
) -> Container:
    """Open the database and build the services. Takes tenths of a second for imports and the
    database, so it never runs on the screen's thread.

    Args:
        mode: the mode of the database; a database of another mode is refused.
        pin_secrets: the keyring of the secret of PINs, which belongs to no host.
        seal: the key that seals the ledger, if there is one.
        wake: called from any thread when the sync engine has new work.
        shop: whose settings can be changed; ``None`` for none.

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
    maintenance = build_maintenance(store, status_store, clock)
    ports = Ports(
        store=store,
        gateway=gateway,
        checkout=PortOneCheckout(gateway, clock),
        clock=clock,
        ids=ids,
        order_search=SqlOrderSearch(store),
        request_search=SqlRequestSearch(store),
        fulfilment_search=SqlFulfilmentSearch(store),
        buyer_search=SqlBuyerSearch(store),
        pool=ThreadWorkerPool(WORKERS),
        status_store=status_store,
        pin_hasher=ArgonPinHasher(pin_secrets),
        try_counter=FilePinCounter(pin_counter_path(database)),
        wake=wake,
        journal=maintenance.journal,
        access=StaffPolicy(),
        layouts=load_layouts(),
        settings=_setting_ports(shop, gateway_settings, secrets, clock) if shop else None,
    )
    container = build_container(ports, config, jobs=maintenance.jobs)
    if maintenance.recovered.database_is_older:
        # The database is an older copy: compare as far back as PortOne's list goes.
        container.reconcile_job.request_full()
    return container


def _setting_ports(
    shop: Shop, gateway_settings: GatewaySettings, secrets: AccountSecrets, clock: Clock
) -> SettingPorts:
    return SettingPorts(
        TomlSettingsFile(shop.home.settings),
        FileSettingChanges(shop.home.setting_changes),
        shop.settings,
        secrets,
        PortOneProbe(lambda mode: gateway_settings, clock),
        gateway_settings.channel_key,
    )
