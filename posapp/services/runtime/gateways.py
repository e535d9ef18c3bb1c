"""The gateways of a till: one a provider, found by the payment's."""

from __future__ import annotations

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.payment_ref import PaymentRef, Provider
from posapp.services.ports.gateway import PaymentGateway


class Gateways:
    """Finds the gateway of a payment: a shop that changes its provider still refunds what the
    earlier one captured. Thread-safe."""

    def __init__(self, current: PaymentGateway, *others: PaymentGateway) -> None:
        """Take the gateway of new payments, and those of earlier ones."""
        self._gateways = {one.capabilities.provider: one for one in (*others, current)}

    def for_(self, ref: PaymentRef) -> PaymentGateway:
        """Return the gateway of the payment's provider.

        Raises:
            GatewayError: SETTINGS: the till has none. Nothing was sent.
        """
        return self.of(ref.provider)

    def has(self, provider: Provider) -> bool:
        """Return whether the till has a gateway of the provider."""
        return provider in self._gateways

    def of(self, provider: Provider) -> PaymentGateway:
        """Return the gateway of a provider; raises as ``for_``."""
        found = self._gateways.get(provider)
        if found is None:
            raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.SETTINGS, text=provider)
        return found

    def close(self) -> None:
        """Close the connections of all."""
        for gateway in self._gateways.values():
            gateway.close()
