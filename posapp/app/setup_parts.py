"""Puts the set-up of a shop together for this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from posapp.app.first_manager import ShopFirstManager
from posapp.app.opened_staff import pin_secrets
from posapp.app.portone_probe import PortOneProbe
from posapp.app.setup_folder import FileSetupFolder
from posapp.app.shop_config import gateway_settings_of
from posapp.domain.modes import Mode
from posapp.domain.settings import Settings
from posapp.portone.settings import GatewaySettings
from posapp.services.settings.setup import Setup
from posapp.services.settings.shop_keys import ShopKeys
from posapp.system.clock import SystemClock
from posapp.system.paths import Home
from posapp.system.shop_folders import ShopFolders
from posapp.system.shop_keyring import ShopKeyring


def make_setup(
    root: Path,
    base: Settings,
    learned: Callable[[str], None],
    extra: Mapping[str, Any] | None = None,
    *,
    is_held: bool = False,
) -> Setup:
    """Return the set-up of a shop in a folder, continued where it was left.

    Args:
        base: the settings that variables and options give, and the defaults.
        learned: called with each secret, so that the log can hide it.
        extra: settings from options, which the new shop keeps.
        is_held: the caller holds the lock of the folder.
    """
    clock = SystemClock()
    folder = FileSetupFolder(ShopFolders(root))

    def keys_of(mode: Mode) -> ShopKeys:
        host = gateway_settings_of(base).key_host
        of_shop = folder.home_of(mode).root
        secrets = ShopKeyring(of_shop, host, base.keyring_ms, learned=learned)
        return ShopKeys(secrets, PortOneProbe(settings_of, clock), clock, mode)

    def settings_of(mode: Mode) -> GatewaySettings:
        return gateway_settings_of(replace(base, mode=mode))

    manager = ShopFirstManager(
        folder.home_of,
        lambda mode: pin_secrets(mode, base.keyring_ms),
        held=Home(root) if is_held else None,
    )
    return Setup(folder, keys_of, manager, base, extra)
