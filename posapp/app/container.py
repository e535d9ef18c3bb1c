"""Builds a till on this machine: its database, PortOne and threads, as the ports of the
services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from posapp.app.layouts import load_layouts
from posapp.app.payment_parts import open_payment_parts
from posapp.app.portone_probe import PortOneProbe
from posapp.app.shop_config import Shop
from posapp.domain.modes import Mode
from posapp.domain.seals import SealKey
from posapp.portone.settings import GatewaySettings
from posapp.services.container import Container, build_container
from posapp.services.ports.settings import SettingPorts
from posapp.services.ports.system import AccountSecrets, Clock, IdGeneratorFactory, Secrets
from posapp.services.staff.staff_policy import StaffPolicy
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports
from posapp.store.search.buyer_search import SqlBuyerSearch
from posapp.store.search.fulfilment_search import SqlFulfilmentSearch
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.search.request_search import SqlRequestSearch
from posapp.system.identity_vault import KeyringVault
from posapp.system.setting_changes import FileSettingChanges
from posapp.system.settings_file import TomlSettingsFile


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
    parts = open_payment_parts(
        *(database, gateway_settings, secrets, clock, make_ids, wake),
        mode=mode,
        pin_secrets=pin_secrets,
        seal=seal,
        access=StaffPolicy(),
    )
    store, maintenance = parts.store, parts.maintenance
    paying = {each.name: getattr(parts.ports, each.name) for each in fields(parts.ports)}
    ports = Ports(
        **paying,
        order_search=SqlOrderSearch(store),
        request_search=SqlRequestSearch(store),
        fulfilment_search=SqlFulfilmentSearch(store),
        buyer_search=SqlBuyerSearch(store),
        receipt_issuer=parts.receipt_issuer,
        vault=KeyringVault(pin_secrets),
        journal=maintenance.journal,
        layouts=load_layouts(),
        settings=_setting_ports(shop, gateway_settings, secrets, clock) if shop else None,
    )
    container = build_container(
        ports, config, jobs=maintenance.jobs, back_up_soon=maintenance.back_up_soon
    )
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
