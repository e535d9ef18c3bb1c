"""Checkout of PortOne V1: a registered amount and a payment link (docs/portone.md, "The QR")."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from posapp.domain.errors import GatewayError, GatewayOutcome
from posapp.domain.money import Won
from posapp.domain.payment_ref import Provider
from posapp.portone.links import Link
from posapp.services.ports.checkout import CheckoutHandle, CheckoutOrder, CheckoutSession
from posapp.services.ports.system import Clock


class LinkGateway(Protocol):
    """The calls of V1 that a checkout consists of (``posapp.portone.client``)."""

    def prepare(self, merchant_uid: str, amount: Won) -> None:
        """Register the only amount that may be paid under this number."""
        ...

    def create_link(self, order: CheckoutOrder) -> Link:
        """Create a payment link."""
        ...

    def close_link(self, url: str) -> None:
        """Disable a payment link."""
        ...


class PortOneCheckout:
    """``Checkout`` over PortOne V1. Thread-safe."""

    provider = Provider.PORTONE_V1

    def __init__(self, gateway: LinkGateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock

    def create(self, order: CheckoutOrder) -> CheckoutSession:
        """Register the amount, then make the link.

        Without a link nobody can pay under the number, whether it was registered or not. A
        registration without a clear answer is therefore RETRY_SAFE here.
        """
        try:
            self._gateway.prepare(order.merchant_uid, order.amount)
        except GatewayError as error:
            if error.outcome is GatewayOutcome.UNKNOWN:
                raise _without_link(error) from error
            raise
        link = self._gateway.create_link(order)
        expires_at = self._clock.now() + timedelta(seconds=order.seconds)
        return CheckoutSession(link.url, expires_at, CheckoutHandle(order.merchant_uid, link.url))

    def close(self, handle: CheckoutHandle) -> None:
        """Disable the link."""
        self._gateway.close_link(handle.url)


def _without_link(error: GatewayError) -> GatewayError:
    return GatewayError(
        GatewayOutcome.RETRY_SAFE,
        error.cause,
        code=error.code,
        text=error.text,
        retry_after=error.retry_after,
    )
