"""Parses PortOne's JSON into frozen dataclasses of the domain.

Strict where money or identity is at stake (the fields that the V1 schema requires of a payment),
tolerant of nulls in other fields and of unknown fields (docs/portone.md, "Payment": real answers
hold nulls nearly anywhere and new fields at any time). A null where the schema forbids it must not
become a guess: a missing currency read as a foreign one would refund a good payment.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from posapp.domain.cash_receipts import ReportedReceipt
from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.payments import (
    MERCHANT_UID_LIMIT,
    ReportedCancellation,
    ReportedPayment,
    ReportedStatus,
)
from posapp.services.ports.gateway import UnreadableLine

IMP_UID_LIMIT = 32
TEXT_LIMIT = 1000
"""Characters of a text that are kept; a reason with its tag has at most about 220."""
PAGE_LIMIT = 1000
APPROVAL_LIMIT = 40
"""Characters of an approval number; the tax office's have 9."""
_LAST_SECOND = 253_402_300_799  # 9999-12-31, the last that a datetime holds

_RECEIPT_TYPES = ("person", "company")
_STATUSES = {status.value: status for status in ReportedStatus}


class InvalidPayload(ValueError):
    """JSON with an impossible value; the error names the field and never quotes the value."""


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """A token; ``life`` in seconds, ``now`` is PortOne's clock (UTC)."""

    text: str = field(repr=False)
    life: int
    now: datetime


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """One numbered page of payments.

    Attributes:
        total: payments on all pages; 0 if PortOne does not say.
        next_page: ``None`` after the last.
        unreadable: invalid lines.
    """

    payments: tuple[ReportedPayment, ...]
    total: int
    next_page: int | None
    unreadable: tuple[UnreadableLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """One of the shop's channels at PortOne."""

    pg_provider: str
    channel_key: str
    sandbox: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """A registered amount, in won."""

    merchant_uid: str
    amount: Won


def token(value: object) -> TokenAnswer:
    """Read the answer of ``getToken``; raises ``InvalidPayload``."""
    fields = _fields(value, "token")
    text = fields.get("access_token")
    if not isinstance(text, str) or not 1 <= len(text) <= 4096 or not _is_visible_ascii(text):
        raise InvalidPayload("access_token")
    ends, now = _whole(fields, "expired_at"), _whole(fields, "now")
    if ends <= now or now == 0:
        raise InvalidPayload("expired_at")
    moment = _moment(fields, "now")
    if moment is None:
        raise InvalidPayload("now")
    return TokenAnswer(text, ends - now, moment)


def prepared(value: object) -> PreparedAnswer:
    """Read a registered amount; raises ``InvalidPayload``."""
    fields = _fields(value, "prepared")
    return PreparedAnswer(
        _identity(fields, "merchant_uid", MERCHANT_UID_LIMIT), _amount(fields, "amount")
    )


def payment(value: object) -> ReportedPayment:
    """Read one payment; raises ``InvalidPayload``."""
    fields = _fields(value, "payment")
    amount = _amount(fields, "amount")
    cancelled = _amount(fields, "cancel_amount")
    if cancelled > amount:
        raise InvalidPayload("cancel_amount")
    return ReportedPayment(
        imp_uid=_identity(fields, "imp_uid", IMP_UID_LIMIT),
        merchant_uid=_identity(fields, "merchant_uid", MERCHANT_UID_LIMIT),
        status=_status(fields),
        amount=amount,
        cancelled=cancelled,
        currency=_needed_text(fields, "currency"),
        sandbox=_flag(fields, "sandbox"),
        pg_provider=_text(fields, "pg_provider"),
        emb_pg_provider=_text(fields, "emb_pg_provider"),
        name=_text(fields, "name"),
        started_at=_moment(fields, "started_at"),
        paid_at=_moment(fields, "paid_at"),
        fail_reason=_text(fields, "fail_reason"),
        receipt_url=_text(fields, "receipt_url"),
        history=_cancellations(_list(fields, "cancel_history")),
        # Optional, and decides nothing: whatever else is there means that nobody says so.
        cash_receipt_issued=fields.get("cash_receipt_issued") is True,
    )


def page(value: object) -> PageAnswer:
    """Read one page of payments; raises ``InvalidPayload``.

    Another system's payments share the account, and some of them cannot be parsed (for example of a
    currency with decimals). An invalid line is returned separately, with the numbers that it
    contains.
    """
    fields = _fields(value, "page")
    payments, unreadable = list[ReportedPayment](), list[UnreadableLine]()
    for line in _list(fields, "list"):
        try:
            payments.append(payment(line))
        except InvalidPayload as error:
            unreadable.append(_unreadable(line, str(error)))
    total = 0 if fields.get("total") is None else _whole(fields, "total")
    following = 0 if fields.get("next") is None else _whole(fields, "next")
    return PageAnswer(tuple(payments), total, following or None, tuple(unreadable))


def _unreadable(line: object, why: str) -> UnreadableLine:
    fields = line if isinstance(line, dict) else {}
    return UnreadableLine(
        imp_uid=stripped_text(fields.get("imp_uid"))[:IMP_UID_LIMIT],
        merchant_uid=stripped_text(fields.get("merchant_uid"))[:MERCHANT_UID_LIMIT],
        why=why,
    )


def channels(value: object) -> tuple[Channel, ...]:
    """Read the shop's channels; raises ``InvalidPayload``. Channels without a key are omitted:
    older channels have none, and a link cannot be made with them."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InvalidPayload("channels")
    read = tuple(_channel(each) for each in value)
    return tuple(each for each in read if each.channel_key)


def _channel(value: object) -> Channel:
    fields = _fields(value, "channel")
    return Channel(
        pg_provider=_text(fields, "pg_provider"),
        channel_key=_text(fields, "channel_key"),
        sandbox=_flag(fields, "sandbox"),
        name=_text(fields, "channel_name"),
    )


def cash_receipt(value: object) -> ReportedReceipt:
    """Read one cash receipt; raises ``InvalidPayload``. An approval number that is not visible text
    is none: the receipt cannot be shown to anybody."""
    fields = _fields(value, "receipt")
    kind = fields.get("type")
    if kind not in _RECEIPT_TYPES:
        raise InvalidPayload("type")
    return ReportedReceipt(
        own_no=_identity(fields, "merchant_uid", MERCHANT_UID_LIMIT),
        approval_no=_identity(fields, "apply_num", APPROVAL_LIMIT),
        amount=_amount(fields, "amount"),
        is_company=kind == _RECEIPT_TYPES[1],
        issued_at=_moment(fields, "applied_at"),
        cancelled_at=_moment(fields, "cancelled_at"),
    )


def _cancellations(lines: list[object]) -> tuple[ReportedCancellation, ...]:
    """Read a cancel history. Every line gets an id of its own. A line without PortOne's id gets one
    derived from its content, so that the same line has the same id in every reading and no line is
    counted twice."""
    nameless: Counter[tuple[datetime | None, int]] = Counter()
    read = []
    for line in map(_cancellation, lines):
        if not line.cancellation_id:
            key = (line.cancelled_at, int(line.amount))
            nameless[key] += 1
            at = int(line.cancelled_at.timestamp()) if line.cancelled_at else 0
            line = replace(line, cancellation_id=f"~{at}-{line.amount}-{nameless[key]}")
        read.append(line)
    return tuple(read)


def _cancellation(value: object) -> ReportedCancellation:
    fields = _fields(value, "cancel_history")
    return ReportedCancellation(
        amount=_amount(fields, "amount"),
        reason=_text(fields, "reason"),
        cancellation_id=_text(fields, "cancellation_id"),
        cancelled_at=_moment(fields, "cancelled_at"),
        receipt_url=_text(fields, "receipt_url"),
    )


def stripped_text(value: object) -> str:
    """Return foreign text as storable text: without NUL and lone surrogates, cut to
    ``TEXT_LIMIT``."""
    if not isinstance(value, str):
        return ""
    cut = value[:TEXT_LIMIT].replace("\0", "")
    return cut.encode("utf-8", "replace").decode("utf-8")


def _fields(value: object, name: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InvalidPayload(name)
    return value


def _list(fields: dict[str, object], name: str) -> list[object]:
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > PAGE_LIMIT:
        raise InvalidPayload(name)
    return value


def _whole(fields: dict[str, object], name: str) -> int:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_AMOUNT:
        raise InvalidPayload(name)
    return value


def _amount(fields: dict[str, object], name: str) -> Won:
    """Return whole won, written with or without a decimal point: the schema says ``number`` of
    amounts (of times ``integer``), and 5000.0 is 5000."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidPayload(name)
    # The size is checked first: the digits of 1e999999999 do not fit into memory.
    if not 0 <= value <= MAX_AMOUNT or int(value) != value:
        raise InvalidPayload(name)
    return Won(int(value))


def _moment(fields: dict[str, object], name: str) -> datetime | None:
    seconds = 0 if fields.get(name) is None else _whole(fields, name)
    if seconds > _LAST_SECOND:
        raise InvalidPayload(name)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _identity(fields: dict[str, object], name: str, limit: int) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= limit or not value.isprintable():
        raise InvalidPayload(name)
    return value


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidPayload(name)
    return stripped_text(value)


def _flag(fields: dict[str, object], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise InvalidPayload(name)
    return value


def _needed_text(fields: dict[str, object], name: str) -> str:
    if fields.get(name) is None:
        raise InvalidPayload(name)
    return _text(fields, name)


def _status(fields: dict[str, object]) -> ReportedStatus:
    value = fields.get("status")
    if not isinstance(value, str):
        raise InvalidPayload("status")
    return _STATUSES.get(value, ReportedStatus.UNKNOWN)


def _is_visible_ascii(text: str) -> bool:
    return all("!" <= character <= "~" for character in text)
