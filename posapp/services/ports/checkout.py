"""Port to a provider's checkout: the page on which a buyer pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.money import ZERO, Won
from posapp.domain.payment_ref import Provider


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """What a buyer is to pay.

    Attributes:
        merchant_uid: our number of the attempt.
        title: the shop's name, as the buyer's page shows it.
        name: the payment's name (``Order.name``).
        seconds: how long the page admits buyers, from the provider's current time.
        buyer_name, buyer_tel: may be empty.
        tax_free: won of the amount that are free of tax.
    """

    merchant_uid: str
    amount: Won
    title: str
    name: str
    seconds: int
    buyer_name: str = ""
    buyer_tel: str = ""
    tax_free: Won = ZERO


@dataclass(frozen=True, slots=True)
class CheckoutHandle:
    """What closes a session: all that an attempt has stored of it. A provider uses what it needs.

    Attributes:
        merchant_uid: our number of the attempt.
        url: the address that the QR encodes.
    """

    merchant_uid: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """A page that admits buyers.

    Attributes:
        url: its address, which the QR encodes.
        expires_at: when it admits no buyer any more, by the till's clock (UTC).
    """

    url: str
    expires_at: datetime
    handle: CheckoutHandle


class Checkout(Protocol):
    """Checkout of a provider. Every call may take long: never on the screen's thread, never inside
    a unit of work."""

    @property
    def provider(self) -> Provider:
        """The provider that captures what is paid here."""
        ...

    def create(self, order: CheckoutOrder) -> CheckoutSession:
        """Make the page on which exactly this amount can be paid under this number.

        Raises:
            GatewayError: REFUSED or RETRY_SAFE: there is certainly no page. UNKNOWN: there may be
                one, and a buyer who finds it can pay.
            EnvironmentProblem: nothing was sent that a buyer could pay by.
        """
        ...

    def close(self, handle: CheckoutHandle) -> None:
        """Admit no further buyer. One already in KakaoPay can still pay for 15 minutes.

        Raises:
            GatewayError: the page may still admit buyers.
        """
        ...
