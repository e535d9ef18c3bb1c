"""One shop as a command sees it: its folder, its settings, its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.services.rules import TillRules
from posapp.system.paths import Home, home_at
from posapp.system.settings import Settings, load

if TYPE_CHECKING:
    from posapp.portone.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class Shop:
    """A folder and the settings that hold for it."""

    home: Home
    settings: Settings

    @property
    def mode(self) -> Mode:
        """What the settings say that the till works with.

        Raises:
            EnvironmentProblem: ``SHOP_NOT_SET_UP``: they do not say it.
        """
        if self.settings.mode is None:
            raise EnvironmentProblem(EnvironmentCode.SHOP_NOT_SET_UP, str(self.home.root))
        return self.settings.mode


def shop_at(
    option: str | None, environ: Mapping[str, str], options: Mapping[str, str] | None = None
) -> Shop:
    """Find the shop's folder, make it if it is missing, and read its settings.

    Args:
        option: what ``--home`` said.

    Raises:
        EnvironmentProblem: bad settings, or the disk does not allow the folder.
    """
    home = home_at(option, environ)
    home.make()
    return Shop(home, load(home.settings, environ, options))


def demo_home(environ: Mapping[str, str]) -> str:
    """The demo shop's folder when none is named: inside the user's, never mixed with a real one."""
    return str(home_at(None, environ).root / "demo")


def rules_of(settings: Settings) -> TillRules:
    """What the settings say about money and time."""
    return TillRules(
        shop=settings.shop_name,
        live=settings.live,
        link_seconds=settings.link_seconds,
        poll_ms=settings.poll_ms,
    )


def gateway_settings_of(settings: Settings) -> GatewaySettings:
    """Where PortOne is, by the settings."""
    # Not above: the first window stands before anybody asks where PortOne is.
    from posapp.portone.settings import GatewaySettings, LinkMode

    return GatewaySettings(
        api_base=settings.api_base,
        link_base=settings.link_base,
        user_code=settings.user_code,
        channel_key=settings.channel_key,
        pay_method=settings.pay_method,
        link_mode=LinkMode(settings.link_mode),
        link_hosts=settings.link_hosts,
        connect_ms=settings.connect_ms,
        read_ms=settings.read_ms,
        total_ms=settings.total_ms,
        live=settings.live,
    )
