"""One call to PortOne: sent, classified, logged in one line, and returned or raised."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.portone.clock_check import ClockCheck
from posapp.portone.http_messages import HttpReply, HttpRequest
from posapp.portone.outcome_table import Api, CallKind, CallResult, classify
from posapp.portone.payloads import InvalidPayload, stripped_text
from posapp.portone.refusals import Purpose
from posapp.portone.retry_after import retry_after
from posapp.portone.settings import Limits
from posapp.services.ports.system import Clock

_log = logging.getLogger(__name__)

MESSAGE_LIMIT = 300
"""Characters of PortOne's own message that an error keeps."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request with its kind, service and purpose."""

    kind: CallKind
    request: HttpRequest
    api: Api = Api.REST
    purpose: Purpose = Purpose.OTHER


@dataclass(frozen=True, slots=True)
class Probe:
    """Options of a reachability probe: its limits. Probes are logged at DEBUG only, since they run
    every second while PortOne is unreachable."""

    limits: Limits


class Sender(Protocol):
    """Sends requests; ``Transport`` does, or ``LateTransport``."""

    def send(self, request: HttpRequest, limits: Limits | None = None) -> HttpReply:
        """Send a request once and return the reply; raises nothing."""
        ...


class ApiClient:
    """Makes calls and turns every result into a value or a ``GatewayError``."""

    def __init__(self, transport: Sender, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._clock_check = ClockCheck(clock)

    def call(self, call: ApiCall, probe: Probe | None = None) -> HttpReply:
        """Return a reply whose outcome is CONFIRMED.

        Args:
            probe: this call only tests reachability.

        Raises:
            GatewayError: any other outcome, with what is known.
        """
        started = time.monotonic()
        reply = self._transport.send(call.request, probe.limits if probe else None)
        result = _to_result(call, reply)
        judgement = classify(result)
        routine = call.kind is CallKind.READ and judgement.outcome is GatewayOutcome.CONFIRMED
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
            code=result.code or reply.status or None,
            text=result.message[:MESSAGE_LIMIT],
            retry_after=(
                retry_after(reply.retry_after, reply.date, self._clock.now())
                if asks_to_wait
                else None
            ),
        )

    def _log(
        self, call: ApiCall, reply: HttpReply, outcome: GatewayOutcome, started: float, level: int
    ) -> None:
        # Polling succeeds every second or two; INFO is for calls that matter later.
        _log.log(
            level,
            "%s %s: %d ms, %s %s",
            call.request.method,
            call.request.path,
            (time.monotonic() - started) * 1000,
            reply.status or reply.event.value,
            outcome.value,
        )


def parse_or_unknown(read: Callable[[object], T], value: object) -> T:
    """Return the answer parsed by ``read``.

    Raises:
        GatewayError: UNKNOWN and GARBAGE: the answer is invalid, so the result is unknown.
    """
    try:
        return read(value)
    except InvalidPayload as error:
        _log.info("an answer that cannot be believed: %s", error)
        raise invalid_answer() from None


def invalid_answer() -> GatewayError:
    """Return the error for an invalid answer."""
    return GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)


def _to_result(call: ApiCall, reply: HttpReply) -> CallResult:
    value = reply.value or {}
    code = value.get("code")
    return CallResult(
        kind=call.kind,
        event=reply.event,
        api=call.api,
        status=reply.status,
        shape=reply.shape,
        code=code if isinstance(code, int) and not isinstance(code, bool) else None,
        message=stripped_text(value.get("message")),
        purpose=call.purpose,
    )
