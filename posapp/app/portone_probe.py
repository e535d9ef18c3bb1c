"""Asks PortOne what a pair of keys opens."""

from __future__ import annotations

from collections.abc import Callable

from posapp.domain.modes import Mode
from posapp.portone.cash_receipts import PROVIDERS as RECEIPT_PROVIDERS
from posapp.portone.client import PortOneGateway
from posapp.portone.payloads import Channel
from posapp.portone.settings import GatewaySettings
from posapp.services.ports.setup import AccountFacts, ChannelOffer
from posapp.services.ports.system import Clock, Secrets

KAKAOPAY = "kakaopay"
"""PortOne's name of the provider of KakaoPay channels."""


class PortOneProbe:
    """Port ``AccountProbe``.

    Args:
        settings_of: returns addresses and time limits for the shop of a mode; raises
            EnvironmentProblem if its keys may not be sent there.
    """

    def __init__(self, settings_of: Callable[[Mode], GatewaySettings], clock: Clock) -> None:
        self._settings_of = settings_of
        self._clock = clock

    def ask(self, secrets: Secrets, mode: Mode) -> AccountFacts:
        """See the port."""
        gateway = PortOneGateway(self._settings_of(mode), secrets, self._clock)
        try:
            now = gateway.server_now()
            channels = gateway.channels()
        finally:
            gateway.close()
        return AccountFacts(
            now,
            _offers(channels, frozenset({KAKAOPAY})),
            _offers(channels, RECEIPT_PROVIDERS),
        )


def _offers(channels: tuple[Channel, ...], providers: frozenset[str]) -> tuple[ChannelOffer, ...]:
    return tuple(
        ChannelOffer(one.channel_key, one.name, one.sandbox)
        for one in channels
        if one.pg_provider.lower() in providers
    )
