"""Figures of what was sold in a time: by hour, by day, by tender and by product, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Permission
from posapp.domain.time_zone import SEOUL
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.records import MoneyTotal
from posapp.services.ports.sales_figures import (
    MoneyMovement,
    ProductSales,
    SalesFigures,
    SalesUnit,
)
from posapp.services.ports.unit_of_work import Store
from posapp.services.spreadsheets.spreadsheet import Cell
from posapp.services.spreadsheets.table_file import write_table

MOST_PRODUCTS = 20
MOST_DAYS = 62
"""Days that are shown one by one; of a longer time it is the months."""

LONGEST = timedelta(days=3_660)
"""The longest time of a report."""

_PAGE = 1_000
_NOTHING = MoneyTotal(0, ZERO)
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SalesBar:
    """What was paid and what was refunded in one hour of the day, on one day or in one month
    (``datetime.date``), or by one tender."""

    key: int | str | date
    paid: MoneyTotal
    refunded: MoneyTotal

    @property
    def net(self) -> Won:
        """What was paid without what was refunded, in won."""
        return self.paid.amount - self.refunded.amount


@dataclass(frozen=True, slots=True)
class SalesReport:
    """The figures of a time. Hours, days and tenders each sum up to ``total``.

    Attributes:
        hours: all 24.
        days: every day, or every month where there are more than ``MOST_DAYS``.
        by_month: whether ``days`` are months.
        products: the ``MOST_PRODUCTS`` of which most stands: paid in the time, not cancelled since.
    """

    hours: tuple[SalesBar, ...]
    days: tuple[SalesBar, ...]
    by_month: bool
    tenders: tuple[SalesBar, ...]
    products: tuple[ProductSales, ...]
    total: SalesBar


@dataclass(frozen=True, slots=True)
class MovementLabels:
    """Texts of a file of payments and refunds, in the language of its reader.

    Attributes:
        headings: one for each column, in the order of ``movement_cells``.
        tenders: by a ``Tender``'s value.
    """

    title: str
    headings: tuple[str, ...]
    paid: str
    refunded: str
    tenders: Mapping[str, str]


class SalesReportService:
    """Reads what was sold, for whoever may see the shop's figures."""

    def __init__(self, store: Store, access: AccessControl) -> None:
        self._store = store
        self._access = access

    def read(self, actor: Actor, since: datetime, until: datetime) -> SalesReport:
        """Return the figures of a time, its end excluded (UTC), from one read transaction.

        Raises:
            UserError: ``NOT_PERMITTED``.
            ValueError: it is longer than ``LONGEST``, or ends before it begins.
            EnvironmentProblem: the database cannot be read.
        """
        if not timedelta() <= until - since <= LONGEST:
            raise ValueError("no time of a report")
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.SEE_FIGURES)
            figures = uow.sales_figures
            hours = _bars(figures, SalesUnit.HOUR, since, until)
            days = _bars(figures, SalesUnit.DAY, since, until)
            tenders = _bars(figures, SalesUnit.TENDER, since, until)
            products = figures.products(since, until, MOST_PRODUCTS)
        listed = _listed_days(days, since, until)
        by_month = len(listed) > MOST_DAYS
        return SalesReport(
            tuple(hours.get(hour, SalesBar(hour, _NOTHING, _NOTHING)) for hour in range(24)),
            _by_month(listed) if by_month else listed,
            by_month,
            tuple(sorted(tenders.values(), key=lambda bar: -bar.paid.amount)),
            tuple(products),
            _sum("total", tuple(hours.values())),
        )

    def export(
        self,
        actor: Actor,
        since: datetime,
        until: datetime,
        path: Path,
        labels: MovementLabels,
        progress: Callable[[int], bool] = lambda _: True,
    ) -> int:
        """Write every payment and refund of a time to a CSV or .xlsx file; return how many.

        Their amounts sum up to the net of ``read``.

        Raises:
            UserError: ``NOT_PERMITTED``; nothing is written.
            EnvironmentProblem: as ``write_table``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.SEE_FIGURES)
            pages = (
                [movement_cells(one, labels) for one in page]
                for page in uow.sales_figures.movements(since, until, _PAGE)
            )
            return write_table(path, labels.title, labels.headings, pages, progress)


def movement_cells(movement: MoneyMovement, labels: MovementLabels) -> tuple[Cell, ...]:
    """Return the cells of one row of the file."""
    return (
        movement.at,
        labels.paid if movement.amount >= 0 else labels.refunded,
        movement.order_id,
        labels.tenders.get(movement.tender, movement.tender),
        int(movement.amount),
        movement.reference,
        str(movement.actor) if movement.actor is not None else "",
    )


def _bars(
    figures: SalesFigures, unit: SalesUnit, since: datetime, until: datetime
) -> dict[int | str, SalesBar]:
    paid = figures.paid_by(unit, since, until)
    refunded = figures.refunded_by(unit, since, until)
    return {
        key: SalesBar(key, paid.get(key, _NOTHING), refunded.get(key, _NOTHING))
        for key in {**paid, **refunded}
    }


def _listed_days(
    days: Mapping[int | str, SalesBar], since: datetime, until: datetime
) -> tuple[SalesBar, ...]:
    """Return a bar for each day of Seoul that the time touches."""
    first = since.astimezone(SEOUL).date()
    last = (until - timedelta(microseconds=1)).astimezone(SEOUL).date()
    listed = []
    for after in range((last - first).days + 1):
        day = first + timedelta(days=after)
        bar = days.get((day - _FIRST_DAY).days)
        listed.append(SalesBar(day, *((bar.paid, bar.refunded) if bar else (_NOTHING, _NOTHING))))
    return tuple(listed)


def _by_month(days: Sequence[SalesBar]) -> tuple[SalesBar, ...]:
    return tuple(_sum(month, bars) for month, bars in _months(days))


def _months(days: Sequence[SalesBar]) -> Iterator[tuple[date, list[SalesBar]]]:
    months: dict[date, list[SalesBar]] = {}
    for bar in days:
        if isinstance(bar.key, date):
            months.setdefault(bar.key.replace(day=1), []).append(bar)
    yield from months.items()


def _sum(key: int | str | date, bars: Sequence[SalesBar]) -> SalesBar:
    paid, refunded = _NOTHING, _NOTHING
    for bar in bars:
        paid = _plus(paid, bar.paid)
        refunded = _plus(refunded, bar.refunded)
    return SalesBar(key, paid, refunded)


def _plus(one: MoneyTotal, other: MoneyTotal) -> MoneyTotal:
    return MoneyTotal(one.count + other.count, one.amount + other.amount)
