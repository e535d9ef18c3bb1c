"""Reachability of PortOne, derived from real calls and a cheap probe, not from the operating
system.

A call that does not reach PortOne marks the online state as suspect; one probe at once confirms or
clears it: a single lost answer is not a lost network. One successful call restores the online
state; an unstable network must work for a while first, longer each time. Only the displayed state
waits for that; calls are sent at once.
"""

from __future__ import annotations

import logging

from posapp.domain.errors import GatewayCause, GatewayError
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.system import Clock
from posapp.services.runtime.periodic_job import JobResult
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
"""Causes that mean that PortOne was not reached at all."""

PER_PAYMENT_CAUSES = frozenset(
    {GatewayCause.GARBAGE, GatewayCause.SERVER, GatewayCause.REFUSED, GatewayCause.NOT_FOUND}
)
"""Causes that concern one payment; any other concerns the connection or the keys."""

_FOR_CERTAIN = frozenset({GatewayCause.PORTAL, GatewayCause.TLS, GatewayCause.CLOCK})
"""Another host answered in PortOne's place: a second probe would not change that."""

MIN_PROBE_GAP_MS = 250
"""Minimum pause between the end of a probe and the start of the next one."""

SUSPECT_MS = 2_500
"""Age at which a suspicion that no probe has cleared makes the next failure final."""

STABLE_MS = 60_000
"""Time without a change of the call results after which the network counts as stable."""

RECOVERY_MS = (0, 5_000, 10_000, 20_000, 30_000)
"""Time that the connection must work before it is shown as online, by the number of losses since
it was last stable."""


class Connectivity:
    """Tracks the network state from call results; also the probe job for idle times.

    ``record`` and ``due_in_ms`` belong to the sync engine's thread, ``run`` to a worker.

    Attributes:
        name: name of the job.
        online: the displayed state; ``None`` before the first result.
        cause: cause of the offline state, or ``None``.
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
        self._last_answer_ms: int | None = None
        self._begun_ms: int | None = None
        self._ended_ms: int | None = None
        self._begun = self._ended = 0
        self._doubt_ms: int | None = None
        self._doubted = 0
        self._good_ms: int | None = None
        self._turned_ms = 0
        self._losses = 0

    @property
    def is_reachable(self) -> bool:
        """Whether the last call reached PortOne, even if the online state is not shown yet."""
        return self._good_ms is not None

    def record(self, error: GatewayError | None) -> bool:
        """Record the result of a call or of the probe; True if it changed ``online``.

        Any answer of PortOne itself counts as success, a refusal too.
        """
        if error is not None and error.cause is GatewayCause.SETTINGS:
            return False  # nothing was sent
        before, now = self.online, self._clock.monotonic()
        self._last_answer_ms = now
        if error is not None and error.cause in NO_NETWORK:
            self._record_failure(now, error.cause)
        else:
            self._record_success(now)
        if self.online is before:
            return False
        log.info("on line" if self.online else "off line: %s", *self._why())
        return True

    def due_in_ms(self) -> int:
        """Milliseconds until a probe is due."""
        now = self._clock.monotonic()
        if self._last_answer_ms is None and self._begun_ms is None:
            return 0
        if self._doubt_ms is not None and self._begun == self._doubted:
            return 0
        if self.online and self._doubt_ms is None:
            due = max(self._last_answer_ms or 0, self._begun_ms or 0) + self._timings.probe_idle
        else:
            due = (self._begun_ms or 0) + self._timings.probe_away
        if self._ended_ms is not None:
            due = max(due, self._ended_ms + MIN_PROBE_GAP_MS)
        return max(0, due - now)

    def run(self) -> JobResult:
        """Probe PortOne; pass the result to ``record``."""
        self._begun_ms = self._clock.monotonic()
        self._begun += 1
        try:
            self._gateway.probe()
        except GatewayError as error:
            return JobResult(error=error, contacted_gateway=True)
        finally:
            self._ended_ms = self._clock.monotonic()
            self._ended = self._begun
        return JobResult(contacted_gateway=True)

    def _record_failure(self, now: int, cause: GatewayCause) -> None:
        self._record_change(now, good=False)
        self._good_ms = None
        if self.online and self._doubt_ms is None and cause not in _FOR_CERTAIN:
            self._doubt_ms, self._doubted = now, self._begun
            return
        if self.online and cause not in _FOR_CERTAIN and not self._is_over(now):
            return
        if self.online is not False:  # a start without network is a loss, too
            self._losses += 1
        self._doubt_ms = None
        self.online, self.cause = False, cause

    def _record_success(self, now: int) -> None:
        self._record_change(now, good=True)
        self._doubt_ms = None
        if self._good_ms is None:
            self._good_ms = now
        if self.online or now - self._good_ms >= self._recovery_ms():
            self.online, self.cause = True, None

    def _record_change(self, now: int, *, good: bool) -> None:
        """Note a changed call result; the first one after a stable period resets the losses."""
        if good is (self._good_ms is not None):
            return
        if now - self._turned_ms >= STABLE_MS:
            self._losses = 0
        self._turned_ms = now

    def _recovery_ms(self) -> int:
        return RECOVERY_MS[min(max(self._losses - 1, 0), len(RECOVERY_MS) - 1)]

    def _is_over(self, now: int) -> bool:
        """Whether the suspicion is confirmed: a probe begun after it has ended without clearing it,
        or did not end in time."""
        late = self._doubt_ms is None or now - self._doubt_ms >= SUSPECT_MS
        return late or self._ended > self._doubted

    def _why(self) -> tuple[str, ...]:
        return (self.cause.value,) if self.cause is not None else ()
