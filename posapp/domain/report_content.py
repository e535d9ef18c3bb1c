"""Content of an X or a Z report, as it is shown and printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import ReceiptOutcome
from posapp.domain.errors import InvalidAmount
from posapp.domain.money import Won
from posapp.domain.z_reports import Blocker, CashSums, ShiftFigures, TenderSum, ZReport


@dataclass(frozen=True, slots=True)
class NamedMatter:
    """What kept a shift open, and why it was closed all the same.

    Attributes:
        what: ``OpenMatter.key``.
        amount: won.
    """

    what: str
    amount: Won
    why: str


@dataclass(frozen=True, slots=True)
class ReportEnd:
    """What only a Z report has.

    Attributes:
        counts: notes and coins by their won.
        counted: 실제 현금, in won.
        over_short: 과부족: counted less expected, in won.
        reason: of that difference, or empty.
        named: what kept the shift open.
        addendum: number and hash of the newest addendum of an earlier report, by which one that is
            missing at the end of their chain is found; ``None``: there was none.
        head: hash of the ledger's last entry.
    """

    z_no: int
    closed_at: datetime
    closed_by: Actor
    counts: Mapping[int, int]
    counted: Won
    over_short: Won
    reason: str
    named: tuple[NamedMatter, ...]
    head: str
    addendum: tuple[int, str] | None = None

    @property
    def is_uncompared(self) -> bool:
        """Whether PortOne was not compared: an addendum follows."""
        kind = Blocker.NOT_COMPARED.value
        return any(one.what.partition(":")[0] == kind for one in self.named)


@dataclass(frozen=True, slots=True)
class ReportContent:
    """An X report, or a Z report if it has an end.

    Attributes:
        made_at: when the figures were read; of a Z report its end.
        is_test: of a shop whose payments are tests.
        business_date: 영업일.
        names: of the staff, by number, as they were then.
        end: ``None`` for an X report.
        is_blind: whoever reads it is to count the drawer first: what it came to is not shown.
    """

    figures: ShiftFigures
    shop: str
    till: int
    business_date: date
    opened_at: datetime
    opened_by: Actor
    made_at: datetime
    is_test: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    end: ReportEnd | None = None
    is_blind: bool = False

    @property
    def staff_names(self) -> dict[int, str]:
        """Return the names of the staff by number."""
        return {int(number): name for number, name in self.names.items()}


def read_body(body: str) -> ReportContent:
    """Return the content of a stored Z report.

    Raises:
        ValueError: this is no body of a report; somebody changed it.
    """
    try:
        return _content(json.loads(body))
    except (KeyError, TypeError, AttributeError, OverflowError, InvalidAmount) as error:
        raise ValueError("no body of a Z report") from error


def unchanged_report(report: ZReport) -> ReportContent | None:
    """Return the content of a stored Z report; ``None``: somebody changed it."""
    try:
        return read_body(report.body) if report.is_unchanged else None
    except ValueError:
        return None


def _content(body: Mapping[str, Any]) -> ReportContent:
    cash = body["cash"]
    figures = ShiftFigures(
        from_seq=body["from_seq"],
        to_seq=body["to_seq"],
        sales=body["sales"],
        net=Won(body["net"]),
        discounts=Won(body["discounts"]),
        supply=Won(body["supply"]),
        vat=Won(body["vat"]),
        exempt=Won(body["exempt"]),
        paid=_sums(body["paid"]),
        refunded=_sums(body["refunded"]),
        cash=CashSums(**{name: Won(amount) for name, amount in cash.items()}),
        receipts=(body["receipts"][0], body["receipts"][1]),
        drawer_openings=body["drawer_openings"],
        cash_receipts=_receipts(body.get("cash_receipts", {})),
    )
    end = ReportEnd(
        z_no=body["z_no"],
        closed_at=datetime.fromisoformat(body["closed_at"]),
        closed_by=Actor.parse(body["closed_by"]),
        counts={int(value): pieces for value, pieces in body["counts"].items()},
        counted=Won(body["counted"]),
        over_short=Won(body["over_short"]),
        reason=body["reason"],
        named=tuple(
            NamedMatter(one["what"], Won(one["amount"]), one["why"]) for one in body["named"]
        ),
        head=body["head"],
        addendum=_addendum(body.get("addendum")),
    )
    return ReportContent(
        figures=figures,
        shop=body["shop"],
        till=body["till"],
        business_date=date.fromisoformat(body["business_date"]),
        opened_at=datetime.fromisoformat(body["opened_at"]),
        opened_by=Actor.parse(body["opened_by"]),
        made_at=end.closed_at,
        is_test=body.get("is_test", False),
        names=body.get("names", {}),
        end=end,
    )


def _addendum(last: Mapping[str, Any] | None) -> tuple[int, str] | None:
    return None if last is None else (int(last["number"]), str(last["hash"]))


def _receipts(sums: Mapping[str, Any]) -> dict[str, TenderSum]:
    """Return the cash receipts in their order; none of a body from before there was a line."""
    return {one.value: _sum(sums[one.value]) for one in ReceiptOutcome if one.value in sums}


def _sums(tenders: Mapping[str, Any]) -> dict[str, TenderSum]:
    return {name: _sum(one) for name, one in sorted(tenders.items())}


def _sum(one: Mapping[str, Any]) -> TenderSum:
    return TenderSum(one["count"], Won(one["amount"]))
