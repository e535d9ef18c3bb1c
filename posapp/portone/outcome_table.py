"""Outcome table: one total function from the result of a call to what is known about it.

The first row of ``TABLE`` that applies decides. A result on no row is UNKNOWN. Reads and writes
with the same result differ where a page that is not PortOne's may have answered, and in how far a
refusal can be believed. Believing the refusal of a read costs nothing, but PortOne may carry out a
write a minute after it refused it: refusals of writes are a white list (``refusals``).

Sources: docs/portone.md, "V1 REST" (the table of refusals) and "HTTP manners";
docs/faults.md, rows 15-27, 78.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import GatewayCause, GatewayOutcome
from posapp.portone.refusals import Purpose, known_refusal, says_not_found, says_unauthorized


class CallKind(StrEnum):
    """Kind of a call: a write may change something at PortOne, a read does not."""

    READ = "read"
    WRITE = "write"


class Api(StrEnum):
    """Service that was called: REST answers in envelopes, the link service in plain objects."""

    REST = "rest"
    LINK = "link"


class Event(StrEnum):
    """Point at which a call ended."""

    TLS_FAILED = "tls_failed"
    NOT_CONNECTED = "not_connected"
    NOT_SENT = "not_sent"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    TOO_LARGE = "too_large"
    UNFORESEEN = "unforeseen"
    ANSWERED = "answered"


class Shape(StrEnum):
    """Form of an answer's body, whatever its status."""

    ENVELOPE = "envelope"
    OBJECT = "object"
    HTML = "html"
    EMPTY = "empty"
    OTHER = "other"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class CallResult:
    """Result of one call.

    Attributes:
        status: HTTP status, 0 without an answer.
        code, message: of the envelope, if there was one.
        purpose: the purpose of a write.
    """

    kind: CallKind
    event: Event = Event.ANSWERED
    api: Api = Api.REST
    status: int = 0
    shape: Shape = Shape.OTHER
    code: int | None = None
    message: str = ""
    purpose: Purpose = Purpose.OTHER


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known after a call; ``cause`` is ``None`` exactly when it is CONFIRMED."""

    outcome: GatewayOutcome
    cause: GatewayCause | None


@dataclass(frozen=True, slots=True)
class Rule:
    """Row of the table: its condition, and the outcome for a read and for a write."""

    name: str
    applies: Callable[[CallResult], bool]
    read: GatewayOutcome
    write: GatewayOutcome
    cause: GatewayCause | None


_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RETRY_SAFE, _UNKNOWN, _REFUSED = (
    GatewayOutcome.RETRY_SAFE,
    GatewayOutcome.UNKNOWN,
    GatewayOutcome.REFUSED,
)


def _event(event: Event) -> Callable[[CallResult], bool]:
    return lambda result: result.event is event


def _status(*statuses: int) -> Callable[[CallResult], bool]:
    return lambda result: result.status in statuses


_SAYS_NO = frozenset({200, 400, 403, 404})
"""HTTP statuses of a PortOne envelope that refuses; 200 is one of them (docs/portone.md)."""


_DONE = 200
"""HTTP status of an answer that was carried out, and of refusals of payments."""


def _said_no(result: CallResult) -> bool:
    """Return whether PortOne's own envelope, under one of ``_SAYS_NO``, has a code that is not
    0."""
    return (
        result.api is Api.REST
        and result.status in _SAYS_NO
        and result.shape is Shape.ENVELOPE
        and result.code not in (0, None)
    )


def _refused_token(result: CallResult) -> bool:
    """Return whether PortOne's own text refuses the token: the call itself was not executed.

    The link service takes no token, and moves no money.
    """
    return result.status == 401 and (
        result.api is Api.LINK
        or (
            result.shape is Shape.ENVELOPE
            and result.code == -1
            and says_unauthorized(result.message)
        )
    )


def _found_nothing(result: CallResult) -> bool:
    return (
        result.kind is CallKind.READ
        and result.status in (200, 404)
        and _said_no(result)
        and says_not_found(result.message)
    )


def _listed_as(cause: GatewayCause) -> Callable[[CallResult], bool]:
    """Return a condition for refusals of writes on the white list; those of payments come with HTTP
    200."""

    def applies(result: CallResult) -> bool:
        if result.kind is not CallKind.WRITE or result.status != _DONE or not _said_no(result):
            return False
        known = known_refusal(result.purpose, result.message)
        return known is not None and known.status == _DONE and known.cause is cause

    return applies


def _refused_receipt(result: CallResult) -> bool:
    """Return whether a receipt is refused by a text of the white list under its own status."""
    if result.kind is not CallKind.WRITE or result.shape is not Shape.ENVELOPE:
        return False
    if result.api is not Api.REST or result.code in (0, None):
        return False
    known = known_refusal(result.purpose, result.message)
    return known is not None and known.status == result.status != _DONE


def _no_receipt(result: CallResult) -> bool:
    """Return whether PortOne shows no receipt of a number: 404 in its own envelope, whatever it
    says. Where that is wrong, PortOne refuses a second receipt of the number."""
    return (
        result.kind is CallKind.READ
        and result.purpose is Purpose.RECEIPT
        and result.status == 404
        and _said_no(result)
    )


def _link(statuses: frozenset[int], *shapes: Shape) -> Callable[[CallResult], bool]:
    return lambda result: (
        result.api is Api.LINK and result.status in statuses and result.shape in shapes
    )


TABLE: tuple[Rule, ...] = (
    Rule("tls_failed", _event(Event.TLS_FAILED), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.TLS),
    Rule(
        "not_connected", _event(Event.NOT_CONNECTED), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.OFFLINE
    ),
    Rule("not_sent", _event(Event.NOT_SENT), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.TIMEOUT),
    Rule("timed_out", _event(Event.TIMED_OUT), _UNKNOWN, _UNKNOWN, GatewayCause.TIMEOUT),
    Rule(
        "connection_lost", _event(Event.CONNECTION_LOST), _UNKNOWN, _UNKNOWN, GatewayCause.OFFLINE
    ),
    Rule("too_large", _event(Event.TOO_LARGE), _UNKNOWN, _UNKNOWN, GatewayCause.GARBAGE),
    Rule("unforeseen", _event(Event.UNFORESEEN), _UNKNOWN, _UNKNOWN, GatewayCause.GARBAGE),
    # From here on, there is an answer.
    Rule("unauthorized", _refused_token, _RETRY_SAFE, _RETRY_SAFE, GatewayCause.UNAUTHORIZED),
    # With any other text, it may come from an intermediate server that had forwarded the call.
    Rule("unlisted_401", _status(401), _RETRY_SAFE, _UNKNOWN, GatewayCause.UNAUTHORIZED),
    # RFC 6585, 4: too many requests were made, and this one is not served. A rate limiter counts
    # requests before they are processed; its text is not PortOne's, so no text is compared.
    Rule("too_many", _status(429), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.BUSY),
    Rule("receipt_refused", _refused_receipt, _UNKNOWN, _REFUSED, GatewayCause.REFUSED),
    Rule("busy", _status(503), _UNKNOWN, _UNKNOWN, GatewayCause.BUSY),
    Rule("portal_511", _status(511), _RETRY_SAFE, _UNKNOWN, GatewayCause.PORTAL),
    Rule(
        "server",
        lambda result: 500 <= result.status <= 599,
        _UNKNOWN,
        _UNKNOWN,
        GatewayCause.SERVER,
    ),
    Rule(
        "redirect",
        lambda result: result.status in _REDIRECTS,
        _RETRY_SAFE,
        _UNKNOWN,
        GatewayCause.PORTAL,
    ),
    Rule(
        "html",
        lambda result: result.status == 200 and result.shape is Shape.HTML,
        _RETRY_SAFE,
        _UNKNOWN,
        GatewayCause.PORTAL,
    ),
    Rule("no_receipt", _no_receipt, _REFUSED, _UNKNOWN, GatewayCause.NOT_FOUND),
    Rule("not_found", _found_nothing, _REFUSED, _UNKNOWN, GatewayCause.NOT_FOUND),
    Rule(
        "read_refused",
        lambda result: result.kind is CallKind.READ and _said_no(result),
        _REFUSED,
        _UNKNOWN,
        GatewayCause.REFUSED,
    ),
    # A link moves no money, and a link with an unknown address cannot be opened.
    Rule(
        "link_not_found",
        _link(frozenset({404}), Shape.OBJECT, Shape.ENVELOPE),
        _REFUSED,
        _REFUSED,
        GatewayCause.NOT_FOUND,
    ),
    Rule(
        "link_refused",
        _link(frozenset({400, 403, 409, 410, 422}), Shape.OBJECT, Shape.ENVELOPE),
        _REFUSED,
        _REFUSED,
        GatewayCause.REFUSED,
    ),
    Rule(
        "link_done",
        _link(frozenset({200, 201}), Shape.OBJECT),
        GatewayOutcome.CONFIRMED,
        GatewayOutcome.CONFIRMED,
        None,
    ),
    Rule(
        "partial_refused",
        _listed_as(GatewayCause.PARTIAL),
        _UNKNOWN,
        _REFUSED,
        GatewayCause.PARTIAL,
    ),
    Rule(
        "balance_refused",
        _listed_as(GatewayCause.BALANCE),
        _UNKNOWN,
        _REFUSED,
        GatewayCause.BALANCE,
    ),
    Rule("limit_refused", _listed_as(GatewayCause.LIMIT), _UNKNOWN, _REFUSED, GatewayCause.LIMIT),
    Rule("refused", _listed_as(GatewayCause.REFUSED), _UNKNOWN, _REFUSED, GatewayCause.REFUSED),
    # Any other refusal: PortOne may carry the call out all the same, now or in a minute.
    Rule("unlisted_no", _said_no, _UNKNOWN, _UNKNOWN, GatewayCause.SERVER),
    Rule(
        "done",
        lambda result: result.status == 200 and result.code == 0 and result.shape is Shape.ENVELOPE,
        GatewayOutcome.CONFIRMED,
        GatewayOutcome.CONFIRMED,
        None,
    ),
)
"""The table; a test has an example of every row."""

UNLISTED = Verdict(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)
"""Verdict for a result on no row."""


def matching_rule(result: CallResult) -> Rule | None:
    """Return the first rule that applies, or ``None``."""
    return next((row for row in TABLE if row.applies(result)), None)


def classify(result: CallResult) -> Verdict:
    """Return what is known after a call. Total: it never raises."""
    row = matching_rule(result)
    if row is None:
        return UNLISTED
    return Verdict(row.read if result.kind is CallKind.READ else row.write, row.cause)
