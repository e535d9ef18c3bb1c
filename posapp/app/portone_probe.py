"""Asks PortOne what a pair of keys opens."""

from __future__ import annotations

from dataclasses import replace

from posapp.app.shop_config import gateway_settings_of
from posapp.domain.modes import Mode
from posapp.domain.settings import Settings
from posapp.portone.client import PortOneGateway
from posapp.services.ports.setup import AccountFacts, ChannelOffer
from posapp.services.ports.system import Clock, Secrets

KAKAOPAY = "kakaopay"
"""PortOne's name of the provider of KakaoPay channels."""


class PortOneProbe:
    """Port ``AccountProbe``.

    Args:
        settings: addresses and time limits.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def ask(self, secrets: Secrets, mode: Mode) -> AccountFacts:
        """See the port."""
        gateway = PortOneGateway(
            gateway_settings_of(replace(self._settings, mode=mode)), secrets, self._clock
        )
        try:
            now = gateway.server_now()
            offers = tuple(
                ChannelOffer(one.channel_key, one.name, one.sandbox)
                for one in gateway.channels()
                if one.pg_provider.lower() == KAKAOPAY
            )
        finally:
            gateway.close()
        return AccountFacts(now, offers)
