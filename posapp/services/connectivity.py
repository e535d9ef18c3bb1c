"""Whether PortOne can be reached: known from real calls and a light probe, never from the
system's word.

A call that fails without a network puts the word "on line" in doubt, and a probe at once settles
the doubt: one lost answer is not yet a lost network. Coming back takes one good call; a network
that comes and goes has to hold for a while before it is believed again, longer each time. What is
sent does not wait for that: only what people are shown does.
"""

from __future__ import annotations

import logging

from posapp.domain.errors import GatewayCause, GatewayError
from posapp.services.chores import Done
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.timings import TIMINGS, SyncTimings

log = logging.getLogger(__name__)

NO_NETWORK = frozenset(
    {
        GatewayCause.OFFLINE,
        GatewayCause.TIMEOUT,
        GatewayCause.PORTAL,
        GatewayCause.TLS,
        GatewayCause.CLOCK,
    }
)
"""Causes that say that PortOne was not reached at all."""

_FOR_CERTAIN = frozenset({GatewayCause.PORTAL, GatewayCause.TLS, GatewayCause.CLOCK})
"""Somebody else answered in PortOne's place: nothing that a second look could clear up."""

BREATH_MS = 250
"""From the end of a probe to the start of the next one, however long it took."""

DOUBT_MS = 2_500
"""A doubt that no probe has cleared up by then is none any more."""

CALM_MS = 60_000
"""After so long without a change in the words of the calls, nothing flaps any more."""

SETTLE_MS = (0, 5_000, 10_000, 20_000, 30_000)
"""How long the way has to hold before "on line" is shown again, by how often it was lost since the
last calm."""


class Connectivity:
    """Keeps what the calls say about the network; the chore that asks when nobody else does.

    ``note`` and ``due_in_ms`` belong to the synchroniser's thread, ``run`` to a lane.

    Attributes:
        name: as a chore.
        online: what people are shown; ``None`` before anything was heard.
        cause: why not, or ``None``.
    """

    name = "probe"

    def __init__(
        self, gateway: PaymentGateway, clock: Clock, timings: SyncTimings = TIMINGS
    ) -> None:
        self._gateway = gateway
        self._clock = clock
        self._timings = timings
        self.online: bool | None = None
        self.cause: GatewayCause | None = None
        self._heard_ms: int | None = None
        self._begun_ms: int | None = None
        self._ended_ms: int | None = None
        self._begun = self._ended = 0
        self._doubt_ms: int | None = None
        self._doubted = 0
        self._good_ms: int | None = None
        self._turned_ms = 0
        self._losses = 0

    @property
    def reachable(self) -> bool:
        """The last word was a good one: the way is there, whether or not it is shown already."""
        return self._good_ms is not None

    def note(self, error: GatewayError | None) -> bool:
        """Take the end of a real call or of the probe; True if ``online`` changed by it.

        Any answer of PortOne's own is good news, a refusal too.
        """
        if error is not None and error.cause is GatewayCause.SETTINGS:
            return False  # nothing was sent
        before, now = self.online, self._clock.monotonic()
        self._heard_ms = now
        if error is not None and error.cause in NO_NETWORK:
            self._bad(now, error.cause)
        else:
            self._good(now)
        if self.online is before:
            return False
        log.info("on line" if self.online else "off line: %s", *self._why())
        return True

    def due_in_ms(self) -> int:
        """Milliseconds until a probe is due."""
        now = self._clock.monotonic()
        if self._heard_ms is None and self._begun_ms is None:
            return 0
        if self._doubt_ms is not None and self._begun == self._doubted:
            return 0
        if self.online and self._doubt_ms is None:
            due = max(self._heard_ms or 0, self._begun_ms or 0) + self._timings.probe_idle
        else:
            due = (self._begun_ms or 0) + self._timings.probe_away
        if self._ended_ms is not None:
            due = max(due, self._ended_ms + BREATH_MS)
        return max(0, due - now)

    def run(self) -> Done:
        """Feel for the way; what came of it is to be given to ``note``."""
        self._begun_ms = self._clock.monotonic()
        self._begun += 1
        try:
            self._gateway.probe()
        except GatewayError as error:
            return Done(error=error, asked=True)
        finally:
            self._ended_ms = self._clock.monotonic()
            self._ended = self._begun
        return Done(asked=True)

    def _bad(self, now: int, cause: GatewayCause) -> None:
        self._turn(now, good=False)
        self._good_ms = None
        if self.online and self._doubt_ms is None and cause not in _FOR_CERTAIN:
            self._doubt_ms, self._doubted = now, self._begun
            return
        if self.online and cause not in _FOR_CERTAIN and not self._is_over(now):
            return
        if self.online:
            self._losses += 1
        self._doubt_ms = None
        self.online, self.cause = False, cause

    def _good(self, now: int) -> None:
        self._turn(now, good=True)
        self._doubt_ms = None
        if self._good_ms is None:
            self._good_ms = now
        if self.online or now - self._good_ms >= self._settle_ms():
            self.online, self.cause = True, None

    def _turn(self, now: int, *, good: bool) -> None:
        """A word that is not like the one before; after a long time of the same it is the first."""
        if good is (self._good_ms is not None):
            return
        if now - self._turned_ms >= CALM_MS:
            self._losses = 0
        self._turned_ms = now

    def _settle_ms(self) -> int:
        return SETTLE_MS[min(max(self._losses - 1, 0), len(SETTLE_MS) - 1)]

    def _is_over(self, now: int) -> bool:
        """Whether a doubt is none any more: a probe that was begun after it has failed too, or
        did not end in time."""
        late = self._doubt_ms is None or now - self._doubt_ms >= DOUBT_MS
        return late or self._ended > self._doubted

    def _why(self) -> tuple[str, ...]:
        return (self.cause.value,) if self.cause is not None else ()
