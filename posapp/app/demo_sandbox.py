"""PortOne's stand-in inside the program, for a shop to practise in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from posapp.app.shop_config import Shop, gateway_settings_of
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.portone.settings import GatewaySettings
from posapp.sandbox import Sandbox, StorageFileError
from posapp.sandbox.door import SECRET, SHORTEST, handed_over
from posapp.sandbox.receipt_book import CHANNEL as RECEIPT_CHANNEL

SANDBOX_BOOKS = "sandbox.json"
SANDBOX_PORT = "sandbox.port"

DEMO_PEPPER = "de" * 32
"""Secret of the PINs of every demo shop, known to all: no keyring keeps it, and PINs still work
after a restart."""


class EmbeddedSecrets:
    """The keys of the sandbox inside this program; stored in memory only."""

    def __init__(self, **values: str) -> None:
        self._values = values

    def get(self, name: str) -> str:
        """Return a key; raises SECRET_MISSING for any other name."""
        try:
            return self._values[name]
        except KeyError:
            raise EnvironmentProblem(EnvironmentCode.SECRET_MISSING, name) from None

    def put(self, name: str, value: str) -> None:
        """Store a key until the program ends."""
        self._values[name] = value

    def put_all(self, values: Mapping[str, str]) -> None:
        """Store keys until the program ends."""
        self._values |= values


def sandbox_secrets(sandbox: Sandbox) -> EmbeddedSecrets:
    """Return the keys of a sandbox, and the secret of the PINs of its shop."""
    return EmbeddedSecrets(
        imp_key=sandbox.imp_key, imp_secret=sandbox.imp_secret, pin_pepper=DEMO_PEPPER
    )


def sandbox_settings(shop: Shop, sandbox: Sandbox) -> GatewaySettings:
    """Return the gateway's settings of a shop whose PortOne is this sandbox."""
    return replace(
        gateway_settings_of(shop.settings),
        api_base=sandbox.api,
        link_base=sandbox.link_api,
        user_code=sandbox.user_code,
        channel_key=sandbox.channel_key,
        receipt_channel_key=RECEIPT_CHANNEL,
        link_hosts=(sandbox.api,),
        live=False,
    )


def start_sandbox(shop: Shop) -> Sandbox:
    """Start the sandbox at its previous port, so that earlier links still work; at another port if
    that one is taken."""
    kept_port = shop.home.root / SANDBOX_PORT
    books = shop.home.root / SANDBOX_BOOKS
    secret = handed_over(os.environ)
    try:
        try:
            sandbox = Sandbox(port=_port_in(kept_port), keep=books, dial_secret=secret).start()
        except OSError:
            sandbox = Sandbox(keep=books, dial_secret=secret).start()
        kept_port.write_text(str(sandbox.port), encoding="ascii")
    except ValueError:
        problem = f"{SECRET}: at least {SHORTEST} visible ASCII characters"
        raise EnvironmentProblem(EnvironmentCode.SETTINGS_BAD, problem) from None
    except (StorageFileError, OSError) as error:
        raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, str(error)) from error
    return sandbox


def _port_in(path: Path) -> int:
    """Return the stored port, or 0 for any free one."""
    try:
        port = int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
    return port if 1024 <= port <= 65535 else 0
