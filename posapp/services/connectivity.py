"""Whether PortOne can be reached: known from real calls, never from the system's word."""

from __future__ import annotations

from posapp.domain.errors import GatewayCause, GatewayError
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock

_NO_NETWORK = frozenset(
    {
        GatewayCause.OFFLINE,
        GatewayCause.TIMEOUT,
        GatewayCause.PORTAL,
        GatewayCause.TLS,
    }
)

IDLE_MS = 60_000
"""A probe when nothing else was asked for this long."""

AWAY_MS = 5_000
"""A probe while PortOne is away."""


class Connectivity:
    """Keeps what the calls say about the network.

    Used by one thread, the one that runs the synchroniser.

    Attributes:
        online: the last call that says something about the network went through; ``None`` before
            the first.
        cause: why not, or ``None``.
    """

    def __init__(self, gateway: PaymentGateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._heard_ms: int | None = None
        self.online: bool | None = None
        self.cause: GatewayCause | None = None

    def note(self, error: GatewayError | None) -> bool:
        """Take the end of a real call; True if being on line changed by it."""
        before = self.online
        self._heard_ms = self._clock.monotonic()
        if error is not None and error.cause in _NO_NETWORK:
            self.online, self.cause = False, error.cause
        else:
            self.online, self.cause = True, None
        return self.online is not before

    def probe_in_ms(self) -> int:
        """Milliseconds until a probe is due."""
        if self._heard_ms is None:
            return 0
        pause = AWAY_MS if self.online is False else IDLE_MS
        return max(0, self._heard_ms + pause - self._clock.monotonic())

    def probe(self) -> GatewayError | None:
        """Ask PortOne for its clock: the lightest call that proves the way and the keys."""
        try:
            self._gateway.server_now()
        except GatewayError as error:
            return error
        return None
