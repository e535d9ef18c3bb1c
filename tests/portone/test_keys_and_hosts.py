"""Hosts that receive keys (docs/faults.md, row 93): live keys go only to PortOne's published hosts,
and every key only to the host that it was entered for."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from posapp.app.shop_config import gateway_settings_of
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.hosts import is_published, key_host
from posapp.domain.modes import Mode
from posapp.domain.settings import Settings
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.sandbox.server import Sandbox
from posapp.system.keyring_secrets import KeyringSecrets
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.payments import payment_ref
from tests.fakes.world import FakeClock
from tests.system.test_keyring_secrets import Memory, real

__all__ = ["clock", "sandbox"]

OFFICIAL = GatewaySettings()


def filled(**kept: str) -> Memory:
    backend = real()
    backend.kept = {("posapp", name): value for name, value in kept.items()}
    return backend


def secrets_for(settings: GatewaySettings, backend: Memory) -> KeyringSecrets:
    return KeyringSecrets(host=settings.key_host, find_backend=lambda: backend)


@pytest.mark.parametrize(
    "base",
    [
        "https://api.iamport.kr.example",
        "https://example.com",
        "https://api.iamport.co",
        "https://api.iamport.kr:8443",
        "https://api.iamport.kr.",
        "https://xn--api-iamport.kr",
        "http://127.0.0.1:5123",
        "http://10.0.0.7",
    ],
)
@pytest.mark.parametrize("name", ["api_base", "link_base"])
def test_fault_93_a_live_till_speaks_to_portones_published_hosts_only(name: str, base: str) -> None:
    """In settings from any source, even past their validation."""
    if base == "https://api.iamport.co" and name == "link_base":
        base = "https://api.iamport.kr"
    with pytest.raises(EnvironmentProblem) as refused:
        replace(OFFICIAL, **{name: base}, live=True)
    assert refused.value.code is EnvironmentCode.SETTINGS_BAD
    assert name in refused.value.detail
    with pytest.raises(EnvironmentProblem):
        gateway_settings_of(replace(Settings(mode=Mode.LIVE), **{name: base}))


def test_the_published_hosts_pass() -> None:
    live = replace(OFFICIAL, live=True)
    assert (live.key_host, OFFICIAL.key_host) == ("api.iamport.kr", "api.iamport.kr")
    assert is_published("api_base", "https://API.iamport.kr:443")
    assert key_host("https://API.iamport.kr:443") == "api.iamport.kr"
    assert gateway_settings_of(Settings(mode=Mode.LIVE)).live


def test_fault_93_portone_keys_are_never_sent_to_another_host() -> None:
    """The twin of the refusal: test mode allows another host, but no connection to it is made with
    keys that were not entered for it."""
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        foreign.settimeout(0)
        base = f"http://127.0.0.1:{foreign.getsockname()[1]}"
        settings = replace(OFFICIAL, api_base=base)
        backend = filled(
            imp_key="4711", imp_secret="hush", **{"imp_key@api.iamport.kr": "4711"},
            **{"imp_secret@api.iamport.kr": "hush"},
        )  # fmt: skip
        gateway = PortOneGateway(settings, secrets_for(settings, backend), FakeClock())
        with pytest.raises(EnvironmentProblem) as refused:
            gateway.get_payment(payment_ref("imp_1"))
        gateway.close()
        assert refused.value.code is EnvironmentCode.SECRET_MISSING
        assert refused.value.detail == f"imp_key@{settings.key_host}"
        with pytest.raises(BlockingIOError):
            foreign.accept()


def test_keys_that_were_entered_for_a_host_go_there(sandbox: Sandbox, clock: FakeClock) -> None:
    settings = replace(OFFICIAL, api_base=sandbox.api)
    host = settings.key_host
    backend = filled(
        **{f"imp_key@{host}": sandbox.imp_key, f"imp_secret@{host}": sandbox.imp_secret}
    )
    gateway = PortOneGateway(settings, secrets_for(settings, backend), clock)
    assert gateway.get_payment(payment_ref("imp_none")) is None
    gateway.close()


def test_earlier_entries_belong_to_portone() -> None:
    old = filled(imp_key="old")
    assert secrets_for(OFFICIAL, old).get("imp_key") == "old"
    both = filled(imp_key="old", **{"imp_key@api.iamport.kr": "new"})
    assert secrets_for(OFFICIAL, both).get("imp_key") == "new"
    secrets_for(OFFICIAL, old).put("imp_key", "newer")
    assert old.kept["posapp", "imp_key@api.iamport.kr"] == "newer"
    assert KeyringSecrets(host="", find_backend=lambda: filled(x="1")).get("x") == "1"
