"""Configuration of one shop for a command: its folder and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.domain.settings import Settings
from posapp.system.paths import Home, resolve_home
from posapp.system.settings import load
from posapp.system.shop_folders import opened_home

if TYPE_CHECKING:
    from posapp.portone.settings import GatewaySettings
    from posapp.services.till_config import TillConfig


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop's folder and its settings."""

    home: Home
    settings: Settings

    @property
    def mode(self) -> Mode:
        """Mode in the settings.

        Raises:
            EnvironmentProblem: ``SHOP_NOT_SET_UP``: the settings have none.
        """
        if self.settings.mode is None:
            raise EnvironmentProblem(EnvironmentCode.SHOP_NOT_SET_UP, str(self.home.root))
        return self.settings.mode


def load_shop(
    option: str | None, environ: Mapping[str, str], options: Mapping[str, str] | None = None
) -> Shop:
    """Find the folder of the shop that is opened, make it if it is missing, and read the settings.

    Args:
        option: the value of ``--home``.

    Raises:
        EnvironmentProblem: bad settings, or the disk does not allow the folder.
    """
    home = opened_home(resolve_home(option, environ))
    home.make()
    return Shop(home, load(home.settings, environ, options))


def demo_home(environ: Mapping[str, str]) -> str:
    """Return the demo shop's folder when none is given: inside the user's, never mixed with a real
    one."""
    return str(resolve_home(None, environ).root / "demo")


def begin_demo(folder: str) -> None:
    """Have a new demo shop open with the sale page; one that is there keeps its settings.

    Raises:
        EnvironmentProblem: the disk does not allow the folder.
    """
    # Imported here: only a new shop needs it.
    from posapp.system.settings_writer import save_settings

    home = opened_home(resolve_home(folder, {}))
    home.make()
    if not home.settings.exists() and not home.database.exists():
        save_settings(home.settings, {"start_screen": "sale"})


def till_config_of(settings: Settings) -> TillConfig:
    """Return the till's configuration of money and time from the settings."""
    # Imported here: the first window does not need them.
    from posapp.domain.cash_receipts import ReceiptRules
    from posapp.domain.label_patterns import parse_patterns
    from posapp.domain.money import Won
    from posapp.domain.refund_limits import RefundLimits
    from posapp.domain.sale_rules import SaleRules
    from posapp.domain.shop_details import ShopDetails
    from posapp.domain.vat import KakaoPayTax
    from posapp.services.till_config import TillConfig

    details = ShopDetails(
        business_number=settings.business_number,
        owner_name=settings.owner_name,
        address=settings.shop_address,
        phone=settings.shop_phone,
        tax_type=settings.tax_type,
        writes_invoices=settings.tax_invoices == "yes",
    )
    return TillConfig(
        shop_name=settings.shop_name,
        live=settings.live,
        link_seconds=settings.link_seconds,
        poll_ms=settings.poll_ms,
        poll_opened_ms=settings.poll_opened_ms,
        refund_limits=RefundLimits(
            without_pin=Won(settings.refund_without_pin),
            with_pin=Won(settings.refund_with_pin),
            second_person=Won(settings.refund_second_person),
            day=Won(settings.refund_day),
        ),
        lock_after_s=settings.lock_after_s,
        kakaopay_tax=KakaoPayTax(settings.kakaopay_tax),
        shop_details=details,
        receipts=ReceiptRules(
            is_mandatory=settings.mandatory_cash_receipt == "yes",
            unnamed_number=settings.unnamed_receipt_number,
        ),
        sale=SaleRules(
            round_to=int(settings.round_to),
            reserve_minutes=settings.reserve_minutes,
            discount_percent=settings.discount_percent,
            discount_won=Won(settings.discount_won),
            labels=parse_patterns(settings.label_patterns),
            is_exempt=details.is_exempt,
            hand_over=settings.hand_over == "yes",
            day_starts=settings.day_starts,
            blind_count=settings.blind_count == "yes",
        ),
    )


def gateway_settings_of(settings: Settings) -> GatewaySettings:
    """Return the gateway's settings from the shop's settings."""
    # Imported here: the first window does not need it.
    from posapp.portone.settings import GatewaySettings, LinkMode

    return GatewaySettings(
        api_base=settings.api_base,
        link_base=settings.link_base,
        user_code=settings.user_code,
        channel_key=settings.channel_key,
        receipt_channel_key=settings.receipt_channel_key,
        receipt_phone="".join(filter(str.isdigit, settings.shop_phone)),
        receipt_business=settings.business_number.replace("-", ""),
        pay_method=settings.pay_method,
        link_mode=LinkMode(settings.link_mode),
        link_hosts=settings.link_hosts,
        connect_ms=settings.connect_ms,
        read_ms=settings.read_ms,
        total_ms=settings.total_ms,
        live=settings.live,
    )
