"""One total function: from what happened to what is known.

``TABLE`` is read from its top; the first row that applies answers. Whatever is on no row is
UNKNOWN. A read and a write that ended alike differ where a page that is not PortOne's may stand in
the way, and in what a no is worth: nothing is lost by believing one of a reading, but a write that
PortOne says no to may be carried out a minute later. Its refusals are a white list (``refusals``).

Sources: docs/portone.md, "V1 REST" (the table of refusals) and "HTTP manners";
docs/faults.md, rows 15-27, 78.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import GatewayCause, Outcome
from posapp.portone.refusals import Purpose, known_refusal, says_not_found, says_unauthorized


class Deed(StrEnum):
    """Whether a call may change something at PortOne."""

    READ = "read"
    WRITE = "write"


class Api(StrEnum):
    """Which service was asked: REST answers in envelopes, the link service in plain objects."""

    REST = "rest"
    LINK = "link"


class Event(StrEnum):
    """How far a call came."""

    TLS_FAILED = "tls_failed"
    NOT_CONNECTED = "not_connected"
    NOT_SENT = "not_sent"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    TOO_LARGE = "too_large"
    UNFORESEEN = "unforeseen"
    ANSWERED = "answered"


class Shape(StrEnum):
    """What an answer's body is, whatever its status."""

    ENVELOPE = "envelope"
    OBJECT = "object"
    HTML = "html"
    EMPTY = "empty"
    OTHER = "other"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to one call.

    Attributes:
        status: HTTP status, 0 without an answer.
        code, message: of the envelope, where there was one.
        purpose: what a write was for.
    """

    deed: Deed
    event: Event = Event.ANSWERED
    api: Api = Api.REST
    status: int = 0
    shape: Shape = Shape.OTHER
    code: int | None = None
    message: str = ""
    purpose: Purpose = Purpose.OTHER


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known; ``cause`` is ``None`` exactly when it is CONFIRMED."""

    outcome: Outcome
    cause: GatewayCause | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: when it applies, and what is known then for a read and a write."""

    name: str
    applies: Callable[[Happened], bool]
    read: Outcome
    write: Outcome
    cause: GatewayCause | None


_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RETRY_SAFE, _UNKNOWN, _REFUSED = Outcome.RETRY_SAFE, Outcome.UNKNOWN, Outcome.REFUSED


def _event(event: Event) -> Callable[[Happened], bool]:
    return lambda happened: happened.event is event


def _status(*statuses: int) -> Callable[[Happened], bool]:
    return lambda happened: happened.status in statuses


_SAYS_NO = frozenset({200, 400, 403, 404})
"""Statuses under which PortOne puts a no into its envelope; 200 as well (docs/portone.md)."""


def _said_no(happened: Happened) -> bool:
    """PortOne's own envelope with a code that is not 0: a failure, whatever the HTTP status."""
    return (
        happened.api is Api.REST
        and happened.status in _SAYS_NO
        and happened.shape is Shape.ENVELOPE
        and happened.code not in (0, None)
    )


def _refused_token(happened: Happened) -> bool:
    """PortOne's own words for a token that it does not take: it never came to the call itself.

    The link service takes no token, and moves no money.
    """
    return happened.status == 401 and (
        happened.api is Api.LINK
        or (
            happened.shape is Shape.ENVELOPE
            and happened.code == -1
            and says_unauthorized(happened.message)
        )
    )


def _found_nothing(happened: Happened) -> bool:
    return (
        happened.deed is Deed.READ
        and happened.status in (200, 404)
        and _said_no(happened)
        and says_not_found(happened.message)
    )


def _listed_as(cause: GatewayCause) -> Callable[[Happened], bool]:
    """A write's no that is on the white list; such ones come with HTTP 200."""

    def applies(happened: Happened) -> bool:
        if happened.deed is not Deed.WRITE or happened.status != 200 or not _said_no(happened):
            return False
        known = known_refusal(happened.purpose, happened.message)
        return known is not None and known.cause is cause

    return applies


def _link(statuses: frozenset[int], *shapes: Shape) -> Callable[[Happened], bool]:
    return lambda happened: (
        happened.api is Api.LINK and happened.status in statuses and happened.shape in shapes
    )


TABLE: tuple[Row, ...] = (
    Row("tls_failed", _event(Event.TLS_FAILED), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.TLS),
    Row(
        "not_connected", _event(Event.NOT_CONNECTED), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.OFFLINE
    ),
    Row("not_sent", _event(Event.NOT_SENT), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.TIMEOUT),
    Row("timed_out", _event(Event.TIMED_OUT), _UNKNOWN, _UNKNOWN, GatewayCause.TIMEOUT),
    Row("connection_lost", _event(Event.CONNECTION_LOST), _UNKNOWN, _UNKNOWN, GatewayCause.OFFLINE),
    Row("too_large", _event(Event.TOO_LARGE), _UNKNOWN, _UNKNOWN, GatewayCause.GARBAGE),
    Row("unforeseen", _event(Event.UNFORESEEN), _UNKNOWN, _UNKNOWN, GatewayCause.GARBAGE),
    # From here on there was an answer.
    Row("unauthorized", _refused_token, _RETRY_SAFE, _RETRY_SAFE, GatewayCause.UNAUTHORIZED),
    # In any other words it may be a server's in between, that had handed the call on.
    Row("unlisted_401", _status(401), _RETRY_SAFE, _UNKNOWN, GatewayCause.UNAUTHORIZED),
    # RFC 6585, 4: too many requests were made, and this one is not served. Whoever says so counts
    # requests before they are worked on; its words are not PortOne's, so no text is compared.
    Row("too_many", _status(429), _RETRY_SAFE, _RETRY_SAFE, GatewayCause.BUSY),
    Row("busy", _status(503), _UNKNOWN, _UNKNOWN, GatewayCause.BUSY),
    Row("portal_511", _status(511), _RETRY_SAFE, _UNKNOWN, GatewayCause.PORTAL),
    Row(
        "server",
        lambda happened: 500 <= happened.status <= 599,
        _UNKNOWN,
        _UNKNOWN,
        GatewayCause.SERVER,
    ),
    Row(
        "redirect",
        lambda happened: happened.status in _REDIRECTS,
        _RETRY_SAFE,
        _UNKNOWN,
        GatewayCause.PORTAL,
    ),
    Row(
        "html",
        lambda happened: happened.status == 200 and happened.shape is Shape.HTML,
        _RETRY_SAFE,
        _UNKNOWN,
        GatewayCause.PORTAL,
    ),
    Row("not_found", _found_nothing, _REFUSED, _UNKNOWN, GatewayCause.NOT_FOUND),
    Row(
        "read_refused",
        lambda happened: happened.deed is Deed.READ and _said_no(happened),
        _REFUSED,
        _UNKNOWN,
        GatewayCause.REFUSED,
    ),
    # A link moves no money, and one whose address is not known cannot be opened by anybody.
    Row(
        "link_not_found",
        _link(frozenset({404}), Shape.OBJECT, Shape.ENVELOPE),
        _REFUSED,
        _REFUSED,
        GatewayCause.NOT_FOUND,
    ),
    Row(
        "link_refused",
        _link(frozenset({400, 403, 409, 410, 422}), Shape.OBJECT, Shape.ENVELOPE),
        _REFUSED,
        _REFUSED,
        GatewayCause.REFUSED,
    ),
    Row(
        "link_done",
        _link(frozenset({200, 201}), Shape.OBJECT),
        Outcome.CONFIRMED,
        Outcome.CONFIRMED,
        None,
    ),
    Row(
        "partial_refused",
        _listed_as(GatewayCause.PARTIAL),
        _UNKNOWN,
        _REFUSED,
        GatewayCause.PARTIAL,
    ),
    Row(
        "balance_refused",
        _listed_as(GatewayCause.BALANCE),
        _UNKNOWN,
        _REFUSED,
        GatewayCause.BALANCE,
    ),
    Row("refused", _listed_as(GatewayCause.REFUSED), _UNKNOWN, _REFUSED, GatewayCause.REFUSED),
    # Everything else that says no: it may be done all the same, now or in a minute.
    Row("unlisted_no", _said_no, _UNKNOWN, _UNKNOWN, GatewayCause.SERVER),
    Row(
        "done",
        lambda happened: (
            happened.status == 200 and happened.code == 0 and happened.shape is Shape.ENVELOPE
        ),
        Outcome.CONFIRMED,
        Outcome.CONFIRMED,
        None,
    ),
)
"""The table; a test shows an example of every row."""

UNLISTED = Judgement(Outcome.UNKNOWN, GatewayCause.GARBAGE)
"""Whatever is on no row."""


def row_of(happened: Happened) -> Row | None:
    """Return the row that answers, or ``None`` when no row applies."""
    return next((row for row in TABLE if row.applies(happened)), None)


def judge(happened: Happened) -> Judgement:
    """Say what is known after a call. Total: it raises nothing and always answers."""
    row = row_of(happened)
    if row is None:
        return UNLISTED
    return Judgement(row.read if happened.deed is Deed.READ else row.write, row.cause)
