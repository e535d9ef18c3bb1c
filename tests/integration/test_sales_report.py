"""The report of sales: every sum as one adds up by hand, and the file that agrees with it."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from python_calamine import load_workbook

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.domain.time_zone import SEOUL
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.orders.sales_report import (
    LONGEST,
    MOST_DAYS,
    MOST_PRODUCTS,
    MovementLabels,
    SalesReport,
    SalesReportService,
)
from posapp.store.columns import to_microseconds
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.store.cash_rows import cash_row
from tests.store.records import item, order, payment, product, refund, user

WHO = Actor.person("김")
SINCE = datetime(2026, 10, 31, 15, tzinfo=UTC)
"""Midnight in Seoul of 1 November."""

UNTIL = SINCE + timedelta(days=30)
MOMENT = timedelta(microseconds=1)
STATES = tuple(ItemStatus)
LABELS = MovementLabels(
    "매출",
    ("시각", "구분", "주문번호", "결제 수단", "금액", "번호", "처리한 사람"),
    "결제",
    "환불",
    {"KAKAOPAY": "카카오페이"},
)


@dataclass(frozen=True)
class Sale:
    """A payment of a shop, and what was refunded of it."""

    order: int
    at: datetime
    won: int
    accepted: bool
    refunds: tuple[tuple[datetime | None, int], ...]
    items: tuple[tuple[int, int, int, ItemStatus], ...]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_store(tmp_path / "shop.db")) as made:
        yield made


def random_sales(chance: Random, count: int = 120) -> list[Sale]:
    """Payments around the time of the report, some exactly at its ends."""
    ends = (SINCE, SINCE - MOMENT, UNTIL, UNTIL - MOMENT)
    sales = []
    for number in range(1, count + 1):
        at = SINCE + timedelta(seconds=chance.randrange(-3 * 86_400, 33 * 86_400))
        items = tuple(
            (chance.randint(1, 30), chance.randint(1, 5_000), chance.randint(1, 4), status)
            for status in chance.choices(STATES, k=chance.randint(1, 3))
        )
        back = tuple(
            (
                at + timedelta(hours=chance.randint(0, 200)) if chance.random() < 0.8 else None,
                chance.randint(1, 9),
            )
            for _ in range(chance.randint(0, 2))
        )
        won = sum(price * pieces for _, price, pieces, _ in items)
        at = ends[number] if number < len(ends) else at
        sales.append(Sale(number, at, won, chance.random() < 0.9, back, items))
    return sales


def write(store: SqlStore, sales: list[Sale]) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1), user(9)])
        names = {number: f"상품 {number}" for number in range(1, 31)}
        uow.catalogue.add_products([product(one, name=name) for one, name in names.items()])
        for sale in sales:
            rows = tuple(
                item(
                    sale.order * 10 + at,
                    sale.order,
                    status,
                    product_id=one,
                    price=Won(price),
                    count=pieces,
                )
                for at, (one, price, pieces, status) in enumerate(sale.items)
            )
            uow.catalogue.add_orders([replace(order(sale.order), items=rows)])
            standing = PaymentDisposition.ACCEPTED if sale.accepted else PaymentDisposition.REJECTED
            uow.payments.add(
                payment(
                    f"imp_{sale.order}",
                    sale.order,
                    merchant_uid=f"M-{sale.order}",
                    amount=Won(sale.won),
                    paid_at=sale.at,
                    disposition=standing,
                )
            )
            for at, (confirmed_at, won) in enumerate(sale.refunds):
                stored = uow.refunds.add(
                    refund(
                        f"[RF-{sale.order}-{at}]",
                        f"imp_{sale.order}",
                        order_id=sale.order,
                        item_id=sale.order * 10 + at,
                        amount=Won(won),
                        created_at=sale.at,
                    )
                )
                if confirmed_at is not None:
                    uow.refunds.save(
                        replace(stored, state=RefundState.CONFIRMED, confirmed_at=confirmed_at)
                    )
                else:
                    uow.refunds.save(replace(stored, state=RefundState.REFUSED))
        uow.commit()


def read(store: SqlStore, since: datetime = SINCE, until: datetime = UNTIL) -> SalesReport:
    return SalesReportService(store, EVERYTHING).read(WHO, since, until)


def naive(sales: list[Sale], key) -> tuple[Counter, Counter]:
    """What was paid and refunded, by what a time is counted under."""
    paid, refunded = Counter(), Counter()
    for sale in sales:
        if not sale.accepted:
            continue
        if SINCE <= sale.at < UNTIL:
            paid[key(sale.at.astimezone(SEOUL))] += sale.won
        for at, won in sale.refunds:
            if at is not None and SINCE <= at < UNTIL:
                refunded[key(at.astimezone(SEOUL))] += won
    return paid, refunded


@pytest.mark.parametrize("seed", range(5))
def test_every_sum_is_that_of_the_single_records(store: SqlStore, seed: int) -> None:
    sales = random_sales(Random(seed))
    write(store, sales)
    report = read(store)
    for bars, key in (
        (report.hours, lambda at: at.hour),
        (report.days, lambda at: at.date()),
        (report.tenders, lambda _: "KAKAOPAY"),
        ((report.total,), lambda _: "total"),
    ):
        paid, refunded = naive(sales, key)
        assert {bar.key: bar.paid.amount for bar in bars if bar.paid.count} == paid
        assert {bar.key: bar.refunded.amount for bar in bars if bar.refunded.count} == refunded
        assert sum(bar.net for bar in bars) == report.total.net
    gone = {ItemStatus.CANCEL, ItemStatus.WAITING_FOR_PAYMENT}
    sold: Counter[int] = Counter()
    for sale in sales:
        if sale.accepted and SINCE <= sale.at < UNTIL:
            for one, price, pieces, status in sale.items:
                sold[one] += price * pieces if status not in gone else 0
    best = sorted(((won, -one) for one, won in sold.items() if won), reverse=True)[:MOST_PRODUCTS]
    assert [(row.amount, -row.product_id) for row in report.products] == best
    assert all(row.name == f"상품 {row.product_id}" for row in report.products)


def test_days_without_a_sale_are_there_and_long_times_are_of_months(store: SqlStore) -> None:
    write(store, [Sale(1, SINCE + timedelta(days=40), 500, True, (), ((1, 500, 1, STATES[1]),))])
    assert [bar.key for bar in read(store).days] == [date(2026, 11, 1 + day) for day in range(30)]
    days = read(store, SINCE, SINCE + timedelta(days=MOST_DAYS))
    assert not days.by_month and len(days.days) == MOST_DAYS
    months = read(store, SINCE, SINCE + timedelta(days=MOST_DAYS) + MOMENT)
    assert months.by_month
    assert [(bar.key, bar.paid.amount) for bar in months.days] == [
        *((date(2026, 11, 1), 0), (date(2026, 12, 1), 500), (date(2027, 1, 1), 0)),
    ]


def test_a_time_that_is_none_is_refused(store: SqlStore) -> None:
    for since, until in ((UNTIL, SINCE), (SINCE, SINCE + LONGEST + MOMENT)):
        with pytest.raises(ValueError, match="no time"):
            read(store, since, until)
    assert read(store, SINCE, SINCE).total.net == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_has_every_movement_and_their_sum(
    store: SqlStore, tmp_path: Path, ending: str
) -> None:
    sales = random_sales(Random(7))
    write(store, sales)
    path = tmp_path / f"매출.{ending}"
    service = SalesReportService(store, EVERYTHING)
    written = service.export(WHO, SINCE, UNTIL, path, LABELS)
    if ending == "csv":
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    else:
        rows = load_workbook(path).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == LABELS.headings
    total = read(store).total
    assert written == len(rows) - 1 == total.paid.count + total.refunded.count
    assert sum(int(row[4]) for row in rows[1:]) == total.net
    times = [str(row[0]) for row in rows[1:]]
    assert times == sorted(times)
    assert {row[1] for row in rows[1:]} == {"결제", "환불"}
    assert {row[3] for row in rows[1:]} == {"카카오페이"}
    assert all(bool(row[6]) == (row[1] == "환불") for row in rows[1:])


def test_a_stopped_file_is_not_there(store: SqlStore, tmp_path: Path) -> None:
    write(store, random_sales(Random(7)))
    path = tmp_path / "매출.csv"
    service = SalesReportService(store, EVERYTHING)
    assert service.export(WHO, SINCE, UNTIL, path, LABELS, lambda _: False) < 0
    assert not path.exists()


def test_only_who_may_see_figures_reads_or_writes_them(store: SqlStore, tmp_path: Path) -> None:
    class Nothing:
        def is_allowed(self, *_: object) -> bool:
            return False

    service = SalesReportService(store, AccessControl(Nothing()))
    path = tmp_path / "매출.csv"
    for act in (
        lambda: service.read(WHO, SINCE, UNTIL),
        lambda: service.export(WHO, SINCE, UNTIL, path, LABELS),
    ):
        with pytest.raises(UserError) as refused:
            act()
        assert refused.value.code is ErrorCode.NOT_PERMITTED
    assert not path.exists()


def _microseconds(at: datetime | None) -> int | None:
    return None if at is None else to_microseconds(at)


@pytest.mark.parametrize("seed", range(3))
def test_cash_counts_with_the_rest(tmp_path: Path, seed: int) -> None:
    """Kept cash is paid and handed out cash refunded; what waits or was returned is neither. Goods
    of a mixed sale count once, with its payment."""
    chance, path = Random(seed), tmp_path / "cash.db"
    open_store(path).close()
    times = (
        SINCE,
        SINCE - MOMENT,
        UNTIL - MOMENT,
        UNTIL,
        *(SINCE + timedelta(days=one) for one in (3, 9)),
    )
    paid, refunded, sold = Counter(), Counter(), 0
    with closing(sqlite3.connect(path)) as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(cash_row("shifts"))
        for number in range(1, 61):
            price, first = chance.randint(2, 9_000), chance.choice(times)
            raw.execute(f"INSERT INTO orders (id, buyer_id, created_at) VALUES ({number}, 1, 0)")
            raw.execute(
                "INSERT INTO order_items (id, order_id, buyer_id, seller_id, product_id, name,"
                " price, count, status, cancel_reason, position)"
                f" VALUES ({number}, {number}, 1, 9, 1, 'x', {price}, 1,"
                " 'DELIVERY_COMPLETE', '', 0)"
            )
            in_cash = chance.choice([price, chance.randint(1, price - 1)])
            state = chance.choice(["KEPT", "KEPT", "RECEIVED", "RETURNED"])
            raw.execute(
                cash_row(
                    "cash_tenders", id=number, order_id=number, amount=in_cash, received=in_cash,
                    change=0, state=state, received_at=_microseconds(first),
                )
            )  # fmt: skip
            if state == "KEPT" and SINCE <= first < UNTIL:
                paid["CASH"] += in_cash
            done = first if state == "KEPT" and in_cash == price else None
            if state == "KEPT" and in_cash < price:
                done = chance.choice(times)
                raw.execute(
                    "INSERT INTO payments (id, imp_uid, merchant_uid, order_id, amount, paid_at,"
                    " standing, receipt_url, sandbox, problem)"
                    " VALUES (?, ?, ?, ?, ?, ?, 'ACCEPTED', '', 1, '')",
                    (number, f"imp_{number}", f"m-{number}", number, price - in_cash,
                     _microseconds(done)),
                )  # fmt: skip
                if SINCE <= done < UNTIL:
                    paid["KAKAOPAY"] += price - in_cash
            if done is not None and SINCE <= done < UNTIL:
                sold += price
            if state == "KEPT" and chance.random() < 0.5:
                back = chance.choice(times)
                is_out = chance.random() < 0.7
                raw.execute(
                    cash_row(
                        "cash_refunds", id=number, item_id=number, order_id=number, amount=1,
                        state="PAID_OUT" if is_out else "WAITING",
                        shift_id=1 if is_out else None,
                        paid_at=_microseconds(back) if is_out else None,
                    )
                )  # fmt: skip
                refunded["CASH"] += is_out and SINCE <= back < UNTIL
        raw.commit()
    with closing(open_store(path)) as store:
        report = read(store)
        tenders = {bar.key: bar for bar in report.tenders}
        assert {key: bar.paid.amount for key, bar in tenders.items() if bar.paid.count} == paid
        assert {key: bar.refunded.amount for key, bar in tenders.items() if bar.refunded.count} == {
            key: won for key, won in refunded.items() if won
        }
        for bars in (report.hours, report.days):
            assert sum(bar.net for bar in bars) == report.total.net
        assert report.total.net == sum(paid.values()) - sum(refunded.values())
        assert sum(row.amount for row in report.products) == sold
        file = tmp_path / "매출.csv"
        SalesReportService(store, EVERYTHING).export(WHO, SINCE, UNTIL, file, LABELS)
        rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))[1:]
        assert sum(int(row[4]) for row in rows) == report.total.net
