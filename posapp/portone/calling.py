"""One call in PortOne's terms: carried, judged, logged in one line, and believed or refused."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.portone.clock_check import ClockCheck
from posapp.portone.outcomes import Api, Deed, Happened, judge
from posapp.portone.refusals import Purpose
from posapp.portone.retry_after import retry_after
from posapp.portone.settings import Limits
from posapp.portone.transport import Reply, Request, Transport
from posapp.portone.wire import NotBelieved, text_of
from posapp.services.ports.machine import Clock

_log = logging.getLogger(__name__)

MESSAGE_LIMIT = 300
"""Characters of PortOne's own message that travel with an error."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request, and whether it may change something."""

    deed: Deed
    request: Request
    api: Api = Api.REST
    purpose: Purpose = Purpose.OTHER


@dataclass(frozen=True, slots=True)
class Probe:
    """How the way is felt for: within these limits, and told in the log only to who looks closely,
    since it is done every second while PortOne is away."""

    limits: Limits


class Caller:
    """Makes calls and turns whatever happens into a value or a ``GatewayError``."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._clock_check = ClockCheck(clock)

    def call(self, call: Call, probe: Probe | None = None) -> Reply:
        """Return a reply that was judged CONFIRMED.

        Args:
            probe: this call only feels for the way.

        Raises:
            GatewayError: anything else, with what is known.
        """
        started = time.monotonic()
        reply = self._transport.carry(call.request, probe.limits if probe else None)
        happened = _happened(call, reply)
        judgement = judge(happened)
        routine = call.deed is Deed.READ and judgement.outcome is Outcome.CONFIRMED
        level = logging.DEBUG if routine or probe else logging.INFO
        self._log(call, reply, judgement.outcome, started, level)
        if judgement.cause is None:
            return reply
        cause = judgement.cause
        if reply.outdated and self._clock_check.is_off(call.request.base):
            cause = GatewayCause.CLOCK
        asks_to_wait = cause is GatewayCause.BUSY
        raise GatewayError(
            judgement.outcome,
            cause,
            code=happened.code or reply.status or None,
            text=happened.message[:MESSAGE_LIMIT],
            retry_after=(
                retry_after(reply.retry_after, reply.date, self._clock.now())
                if asks_to_wait
                else None
            ),
        )

    def _log(self, call: Call, reply: Reply, outcome: Outcome, started: float, level: int) -> None:
        # Polling succeeds every two seconds; only what somebody may look for later is kept.
        _log.log(
            level,
            "%s %s: %d ms, %s %s",
            call.request.method,
            call.request.path,
            (time.monotonic() - started) * 1000,
            reply.status or reply.event.value,
            outcome.value,
        )


def believed(read: Callable[[object], T], value: object) -> T:
    """Return what ``read`` makes of an answer.

    Raises:
        GatewayError: UNKNOWN and GARBAGE: the answer cannot be believed, so nobody knows.
    """
    try:
        return read(value)
    except NotBelieved as error:
        _log.info("an answer that cannot be believed: %s", error)
        raise garbage() from None


def garbage() -> GatewayError:
    """The error for an answer that cannot be believed."""
    return GatewayError(Outcome.UNKNOWN, GatewayCause.GARBAGE)


def _happened(call: Call, reply: Reply) -> Happened:
    value = reply.value or {}
    code = value.get("code")
    return Happened(
        deed=call.deed,
        event=reply.event,
        api=call.api,
        status=reply.status,
        shape=reply.shape,
        code=code if isinstance(code, int) and not isinstance(code, bool) else None,
        message=text_of(value.get("message")),
        purpose=call.purpose,
    )
