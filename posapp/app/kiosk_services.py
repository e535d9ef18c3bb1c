"""Opens a kiosk's shop: its database, PortOne and the few services that a kiosk has."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from posapp.app.payment_parts import open_payment_parts
from posapp.app.seal_keys import seal_key
from posapp.app.shop_config import Shop, gateway_settings_of, till_config_of
from posapp.domain.modes import Mode
from posapp.domain.seals import DEMO_KEY, SealKey
from posapp.domain.settings import Settings
from posapp.portone.settings import GatewaySettings
from posapp.services.kiosk.kiosk_policy import KioskPolicy
from posapp.services.kiosk_container import KioskConfig, KioskContainer, build_kiosk_container
from posapp.services.ports.staff_call import StaffCall
from posapp.services.ports.system import AccountSecrets, Clock, IdGeneratorFactory, Secrets
from posapp.services.till_config import TillConfig
from posapp.store.files.restore import repair_if_damaged
from posapp.system.keyring_secrets import KeyringSecrets
from posapp.system.serial_call import SerialCall
from posapp.system.shop_keyring import ShopKeyring
from posapp.system.staff_call import HttpCall, PrinterCall

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenedKiosk:
    """Services built in the background, with their closing function."""

    services: KioskContainer
    close: Callable[[], None]


def open_kiosk(
    shop: Shop,
    clock: Clock,
    ids: IdGeneratorFactory,
    wake: Callable[[], None],
    *,
    learn: Callable[[str], None],
) -> OpenedKiosk:
    """Open the database and build the services.

    Args:
        wake: called from any thread when the engine has new work.
        learn: called with each secret that is read, so that no log shows it.

    Raises:
        EnvironmentProblem: the database cannot be opened, or belongs to another mode.
    """
    repair_if_damaged(shop.home.database, clock.now)
    if shop.mode is Mode.DEMO:
        return _open_demo(shop, clock, ids, wake)
    settings = shop.settings
    gateway = gateway_settings_of(settings)
    own_secrets = KeyringSecrets(time_limit_ms=settings.keyring_ms, host="", learned=learn)
    keys = ShopKeyring(shop.home.root, gateway.key_host, settings.keyring_ms, learned=learn)
    services = _build(
        *(shop, gateway, till_config_of(settings), keys, own_secrets, seal_key(own_secrets)),
        *(clock, ids, wake),
    )
    return OpenedKiosk(services, services.close)


def _open_demo(
    shop: Shop, clock: Clock, ids: IdGeneratorFactory, wake: Callable[[], None]
) -> OpenedKiosk:
    from posapp.app.demo_sandbox import sandbox_secrets, sandbox_settings, start_sandbox

    sandbox = start_sandbox(shop)
    secrets = sandbox_secrets(sandbox)
    config = replace(till_config_of(shop.settings), live=False, practice=True)
    try:
        services = _build(
            *(shop, sandbox_settings(shop, sandbox), config, secrets, secrets, DEMO_KEY),
            *(clock, ids, wake),
        )
    except BaseException:
        sandbox.stop()
        raise

    def close() -> None:
        services.close()
        sandbox.stop()

    return OpenedKiosk(services, close)


def _build(
    shop: Shop,
    gateway: GatewaySettings,
    config: TillConfig,
    keys: AccountSecrets,
    pin_secrets: Secrets,
    seal: SealKey | None,
    clock: Clock,
    ids: IdGeneratorFactory,
    wake: Callable[[], None],
) -> KioskContainer:
    parts = open_payment_parts(
        *(shop.home.database, gateway, keys, clock, ids, wake),
        mode=shop.mode,
        pin_secrets=pin_secrets,
        seal=seal,
        access=KioskPolicy(),
    )
    return build_kiosk_container(
        parts.ports,
        config,
        kiosk_config_of(shop.settings),
        staff_call=staff_call_of(shop.settings),
        jobs=parts.maintenance.jobs,
    )


def kiosk_config_of(settings: Settings) -> KioskConfig:
    """Return what the settings say about the kiosk."""
    return KioskConfig(settings.kiosk_number, asks_phone=settings.kiosk_ask_phone == "yes")


def staff_call_of(settings: Settings) -> StaffCall | None:
    """Return how staff are called; ``None``: by screen and sound alone."""
    ways: dict[str, Callable[[str], StaffCall]] = {
        **{"printer": PrinterCall, "http": HttpCall},
        "serial": partial(SerialCall, signal=settings.call_signal),
    }
    make, address = ways.get(settings.call_way), settings.call_address
    if make is None or not address:
        return None
    if (settings.call_way == "serial") != address.startswith("/dev/"):
        log.error("call_address=%s is not for call_way=%s", address, settings.call_way)
        return None
    return make(address)
