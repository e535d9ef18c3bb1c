"""Addenda of Z reports (추가 정산지): what a comparison with PortOne found after the closing.

A Z report that was closed without being compared never changes. The comparison that comes later
makes a record of its own beside it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from posapp.domain.errors import InvalidAmount
from posapp.domain.ledger import hash_body
from posapp.domain.money import ZERO, Won
from posapp.domain.z_reports import canonical


class FindingKind(StrEnum):
    """What a later comparison found about the time before a closing.

    ``PAYMENT``: a payment that no record had. ``CANCELLATION``: one that was cancelled at PortOne
    and not by this till. ``DIFFERENCE``: a difference that a person has to explain.
    """

    PAYMENT = "PAYMENT"
    CANCELLATION = "CANCELLATION"
    DIFFERENCE = "DIFFERENCE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference of an order.

    Attributes:
        order_id: 0: it is about no order that is known.
        amount: won; below 0 for what was cancelled.
        reference: PortOne's or our number of the payment.
    """

    what: FindingKind
    order_id: int
    amount: Won
    reference: str


@dataclass(frozen=True, slots=True)
class ZAddendum:
    """The stored record; never changed.

    Attributes:
        number: from 1 on, without gap.
        z_no: the Z report that it belongs to.
        body: canonical JSON of an ``AddendumContent``.
        hash: of number, body and the hash of the addendum before.
    """

    number: int
    z_no: int
    made_at: datetime
    body: str
    hash: str
    previous: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the hash is that of its content."""
        return self.hash == addendum_hash(self.number, self.body, self.previous)


@dataclass(frozen=True, slots=True)
class AddendumContent:
    """Content of an addendum, as it is shown and printed.

    Attributes:
        z_hash: hash of its Z report.
        compared_at: up to when PortOne was compared, by PortOne's clock.
        to_seq: number of the ledger's last entry then, and ``head`` its hash.
        found: empty: PortOne agrees with the Z report.
    """

    number: int
    z_no: int
    z_hash: str
    shop: str
    till: int
    is_test: bool
    business_date: date
    closed_at: datetime
    compared_at: datetime
    made_at: datetime
    to_seq: int
    head: str
    found: tuple[Finding, ...] = ()

    @property
    def amount(self) -> Won:
        """What the differences come to, in won."""
        return sum((one.amount for one in self.found), ZERO)


def addendum_hash(number: int, body: str, previous: str) -> str:
    """Return the SHA-256 of an addendum and the hash of the one before."""
    return hash_body(["addendum", number, body, previous])


def addendum_body(content: AddendumContent) -> str:
    """Return the content in the one form that is stored."""
    times = ("closed_at", "compared_at", "made_at", "business_date")
    values = {name: getattr(content, name).isoformat() for name in times}
    return canonical({**asdict(content), **values})


def read_addendum(body: str) -> AddendumContent:
    """Return the content of a stored addendum.

    Raises:
        ValueError: this is no body of an addendum; somebody changed it.
    """
    try:
        return _content(json.loads(body))
    except (KeyError, TypeError, AttributeError, OverflowError, InvalidAmount) as error:
        raise ValueError("no body of an addendum") from error


def unchanged_addendum(addendum: ZAddendum) -> AddendumContent | None:
    """Return the content of a stored addendum; ``None``: somebody changed it."""
    try:
        return read_addendum(addendum.body) if addendum.is_unchanged else None
    except ValueError:
        return None


def _content(body: dict[str, Any]) -> AddendumContent:
    return AddendumContent(
        number=body["number"],
        z_no=body["z_no"],
        z_hash=body["z_hash"],
        shop=body["shop"],
        till=body["till"],
        is_test=body["is_test"],
        business_date=date.fromisoformat(body["business_date"]),
        closed_at=datetime.fromisoformat(body["closed_at"]),
        compared_at=datetime.fromisoformat(body["compared_at"]),
        made_at=datetime.fromisoformat(body["made_at"]),
        to_seq=body["to_seq"],
        head=body["head"],
        found=tuple(
            Finding(FindingKind(one["what"]), one["order_id"], Won(one["amount"]), one["reference"])
            for one in body["found"]
        ),
    )
