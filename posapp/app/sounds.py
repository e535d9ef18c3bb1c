"""The sounds of a shop."""

from __future__ import annotations

from posapp.app.shop_config import Shop
from posapp.system.sound.signals import SignalPlayer
from posapp.system.sound.wav_player import player_of
from posapp.ui.core.resources import resource


def sounds_of(shop: Shop) -> SignalPlayer:
    """Return the player of a shop's sounds on this system."""
    return SignalPlayer(resource("sounds"), player_of(), shop.settings.sound_volume)
