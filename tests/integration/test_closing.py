"""Closing a shift: each figure as one adds it up by hand from the ledger, once, in a chain."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import SEALED_STATES, ReceiptState
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import CASH_EVENTS, GENESIS, LedgerEvent, NewEntry
from posapp.domain.orders import ItemStatus
from posapp.domain.permissions import StaffRole
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.domain.report_content import read_body
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.domain.staff import Staff
from posapp.domain.users import WALK_IN
from posapp.domain.vat import TaxKind, TaxSplit, vat_of
from posapp.domain.z_reports import Blocker, ZReport, canonical, counted_won, z_hash
from posapp.services.staff.staff_policy import StaffPolicy
from tests.fakes.actors import WHO
from tests.fakes.till import SELLER
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import BREAD, GTIN, MILK, RULES, SaleShop, refusal

BUYER, CLERK = Actor.buyer(WALK_IN), Actor.seller(SELLER)
FLOAT = 100_000


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds)
    made.change(MILK, tax=TaxKind.EXEMPT, stock=500)
    made.change(BREAD, stock=500)
    made.shift_service.open_shift(WHO, FLOAT)
    yield made
    made.close()


def ledger(shop: SaleShop) -> list[tuple[int, NewEntry]]:
    with shop.store.snapshot() as uow:
        return [(row.seq, row.entry) for row in uow.ledger.rows(0, 100_000)]


def exactly(won: int) -> dict[int, int]:
    """Count an amount of whole tens in notes and coins."""
    counts = {}
    for value in (50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10):
        counts[value], won = divmod(won, value)
    assert won == 0
    return counts


def compare(shop: SaleShop) -> None:
    """Let the till compare with PortOne, as it does when a closing begins."""
    shop.clock.advance(seconds=2)
    shop.closing_service.begin_closing(WHO)
    shop.work(3)


def close(shop: SaleShop, over: int = 0, reason: str = "") -> ZReport:
    compare(shop)
    expected = int(shop.shift_service.read().expected)
    return shop.closing_service.close_shift(WHO, exactly(expected + over), reason)


def trade(shop: SaleShop, seed: int, sales: int = 14) -> None:
    """Sell in cash, by QR and mixed, with discounts; refund some; move cash."""
    chance = random.Random(seed)
    sold = []
    for _ in range(sales):
        shop.cart_service.scan(WHO, GTIN, chance.randint(1, 4))
        if chance.random() < 0.7:
            shop.cart_service.add(WHO, MILK, count=chance.randint(1, 3))
        view = shop.cart_service.read()
        if chance.random() < 0.4:
            off = Discount(DiscountKind.PERCENT, chance.choice((5, 10)), "단골")
            view = shop.cart_service.discount_sale(WHO, off)
        elif chance.random() < 0.5:  # the tax of 2,200 won less some percent is whole won
            off = Discount(DiscountKind.AMOUNT, 70, "단골")
            view = shop.cart_service.discount_line(WHO, view.lines[0].line.id, off)
        due = int(view.amounts.payable)
        way = chance.choice(("cash", "qr", "mixed"))
        if way == "cash":
            sold.append(shop.cash_service.sell(WHO, due, due + 10).order.id)
        elif way == "qr":
            sold.append(shop.checkout_service.order(WHO, due).id)
            shop.paid_order(sold[-1])
        else:
            part = due // 20 * 10
            sold.append(shop.cash_service.sell(WHO, due, part, rest_by_qr=True).order.id)
            shop.paid_order(sold[-1])
    for number in chance.sample(sold, 4):
        item = shop.order(number).items[0]
        shop.cancellation_service.refund(CLERK, item.id, "변심", int(item.total))
    shop.pass_time(60)
    for due in shop.cash_service.open_cash().to_hand_out:
        shop.cash_service.hand_out(WHO, due.id)
    shop.shift_service.pay_in(WHO, 20_000, "거스름돈")
    shop.shift_service.pay_out(WHO, 5_000, "우유")
    shop.shift_service.note_drawer_opened(WHO, "교환")


def naive(shop: SaleShop, after: int, until: int) -> dict[str, object]:
    """Add up by hand what the report has to say of these entries of the ledger."""
    facts = [entry for seq, entry in ledger(shop) if after < seq <= until]

    def of(*events: LedgerEvent) -> list[int]:
        return [int(one.amount) for one in facts if one.event in events]

    e = LedgerEvent
    paid: dict[int, int] = {}
    for one in facts:
        if one.event in (e.PAYMENT_CAPTURED, e.CASH_RECEIVED):
            paid[one.order_id] = paid.get(one.order_id, 0) + int(one.amount)
    taxable = exempt = vat = off = 0
    for number, won in paid.items():
        order = shop.order(number)
        split = TaxSplit.of((one.tax, one.total) for one in order.items)
        assert split.total == won, "each sale was paid whole"
        taxable, exempt = taxable + int(split.taxable), exempt + int(split.exempt)
        vat += int(vat_of(split.taxable))
        off += sum(int(one.discount) for one in order.items)
    back_by_qr = of(e.REFUND_CONFIRMED, e.CANCELLED_EXTERNALLY)
    numbers = sorted(shop.order(number).receipt_no for number in paid)
    cash = {
        "opening_float": FLOAT,
        "sales": sum(of(e.CASH_RECEIVED, e.CASH_RETURNED)),
        "refunds": sum(of(e.CASH_REFUNDED)),
        "paid_in": sum(of(e.CASH_PAID_IN)),
        "paid_out": sum(of(e.CASH_PAID_OUT)),
    }
    return {
        "sales": len(paid),
        "net": taxable + exempt,
        "gross": taxable + exempt + off,
        "discounts": off,
        "supply": taxable - vat,
        "vat": vat,
        "exempt": exempt,
        "paid": {
            "KAKAOPAY": {
                "count": len(of(e.PAYMENT_CAPTURED)),
                "amount": sum(of(e.PAYMENT_CAPTURED)),
            },
            "CASH": {"count": len(of(e.CASH_RECEIVED)), "amount": sum(of(e.CASH_RECEIVED))},
        },
        "refunded": {
            "KAKAOPAY": {"count": len(back_by_qr), "amount": sum(back_by_qr)},
            "CASH": {
                "count": len(of(e.CASH_REFUNDED, e.CASH_RETURNED)),
                "amount": sum(of(e.CASH_REFUNDED, e.CASH_RETURNED)),
            },
        },
        "cash": cash,
        "expected": sum(cash.values()),
        "receipts": [numbers[0], numbers[-1]],
        "drawer_openings": len(of(e.DRAWER_OPENED)),
        "cash_receipts": naive_receipts(
            shop, {one.order_id for one in facts if one.event is e.CASH_RECEIVED}
        ),
    }


def naive_receipts(shop: SaleShop, orders: set[int | None]) -> dict[str, dict[str, int]]:
    """Look at each receipt of these orders."""
    sums = {name: {"count": 0, "amount": 0} for name in ("ISSUED", "PENDING", "FAILED")}
    with shop.store.snapshot() as uow:
        found = [one for number in orders for one in uow.cash_receipts.of_order(number)]
    for one in found:
        if one.state.value != "CANCELLED":
            name = one.state.value if one.state.value == "ISSUED" else "PENDING"
            name = "FAILED" if one.state.value in ("REFUSED", "CANCEL_REFUSED") else name
            sums[name]["count"] += 1
            sums[name]["amount"] += int(one.amount)
    return sums


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_figure_is_that_of_the_ledger(shop: SaleShop, seed: int) -> None:
    trade(shop, seed)
    figures = shop.closing_service.x_report(WHO).figures
    compare(shop)
    before = len(ledger(shop))
    report = close(shop)
    body = json.loads(report.body)
    assert {name: body[name] for name in naive(shop, 0, before)} == naive(shop, 0, before)
    assert (figures.net, figures.cash.expected) == (body["net"], body["expected"])
    assert (body["counted"], body["over_short"], body["reason"]) == (body["expected"], 0, "")
    assert (body["shop"], body["z_no"], body["named"]) == ("하나 베이커리", 1, [])
    with shop.store.snapshot() as uow:
        assert (body["to_seq"], body["head"]) == uow.ledger.end()
    of_shift = [entry for _, entry in ledger(shop) if entry.reference == "shift:1"]
    assert sum(int(one.amount) for one in of_shift if one.event in CASH_EVENTS) == 0


def test_reports_are_a_chain_without_gap_and_nothing_is_in_two(shop: SaleShop) -> None:
    trade(shop, 4, 6)
    first = close(shop)
    # Between two shifts a QR is paid all the same.
    shop.cart_service.scan(WHO, GTIN, 2)
    shop.paid_order(shop.checkout_service.order(WHO, 4_400).id)
    shop.clock.advance(seconds=86_400)
    shop.shift_service.open_shift(WHO, FLOAT)
    second = close(shop, over=-500, reason="잔돈 착오")
    assert (first.z_no, second.z_no) == (1, 2)
    assert (first.previous, second.previous) == (GENESIS, first.hash)
    body = json.loads(second.body)
    assert (body["from_seq"], body["sales"], body["net"]) == (
        *(json.loads(first.body)["to_seq"], 1),
        4_400,
    )
    assert (body["over_short"], body["reason"]) == (-500, "잔돈 착오")
    assert all(one.is_unchanged for one in shop.closing_service.reports(WHO))
    assert not ZReport(1, 1, first.made_at, first.body + " ", first.hash, GENESIS).is_unchanged
    assert z_hash(2, first.body, GENESIS) != first.hash
    assert canonical(json.loads(first.body)) == first.body


def test_a_difference_needs_its_reason_and_is_told_after_the_count(shop: SaleShop) -> None:
    refused = refusal(lambda: close(shop, over=1_000))
    assert refused.code is ErrorCode.COUNT_DIFFERS
    assert refused.parameters == {"expected": FLOAT, "counted": FLOAT + 1_000}
    assert shop.shift_service.read() is not None
    report = close(shop, over=1_000, reason="어제 것")
    assert json.loads(report.body)["over_short"] == 1_000
    facts = {entry.event: int(entry.amount) for _, entry in ledger(shop)}
    assert facts[LedgerEvent.CASH_OVER_SHORT] == 1_000
    assert facts[LedgerEvent.SHIFT_CLOSED] == -(FLOAT + 1_000)


def test_a_reason_is_for_the_difference_that_was_shown(shop: SaleShop) -> None:
    """Cash came in after it was shown: the reason explains another amount."""
    counts = exactly(FLOAT - 1_000)
    shop.shift_service.pay_in(WHO, 500, "잔돈")
    act = lambda shown: shop.closing_service.close_shift(  # noqa: E731
        WHO, counts, "거스름돈 착오", shown=shown
    )
    refused = refusal(lambda: act(FLOAT))
    assert refused.code is ErrorCode.COUNT_DIFFERS
    assert refused.parameters["expected"] == FLOAT + 500
    assert json.loads(act(FLOAT + 500).body)["over_short"] == -1_500


def test_two_windows_close_once(shop: SaleShop) -> None:
    outcomes: list[object] = []

    def act() -> None:
        try:
            outcomes.append(shop.closing_service.close_shift(WHO, exactly(FLOAT)).z_no)
        except UserError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=act) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes, key=str) == [1, *[ErrorCode.NO_SHIFT] * 3]
    assert len(shop.closing_service.reports(WHO)) == 1


def test_a_body_is_read_as_it_was_closed(shop: SaleShop) -> None:
    trade(shop, 5, 6)
    figures = shop.closing_service.x_report(WHO).figures
    report = close(shop, over=700, reason="어제 것")
    content = read_body(report.body)
    assert content.end is not None
    assert replace(content.figures, to_seq=figures.to_seq) == figures
    assert (content.business_date, content.shop) == (date(2026, 3, 2), "하나 베이커리")
    assert (content.end.over_short, content.end.reason) == (700, "어제 것")
    assert counted_won(content.end.counts) == content.end.counted
    assert content.is_test
    for broken in ("{}", "[]", "3", report.body.replace("closed_at", "closed"), "no JSON"):
        with pytest.raises(ValueError):
            read_body(broken)


def test_the_report_has_the_names_of_its_day(shop: SaleShop) -> None:
    with shop.store.transaction() as uow:
        one = uow.staff.add(Staff(0, "김하나", StaffRole.MANAGER, None, "hash", 6))
        uow.commit()
    report = shop.closing_service.close_shift(Actor.staff(one.id), exactly(FLOAT))
    with shop.store.transaction() as uow:
        uow.staff.save(replace(one, name="김두리"))
        uow.commit()
    assert read_body(report.body).staff_names == {one.id: "김하나"}


@pytest.mark.parametrize("counts", [{100: -1}, {100: 100_000}, {7: 1}])
def test_what_is_no_count(shop: SaleShop, counts: dict[int, int]) -> None:
    refused = refusal(lambda: shop.closing_service.close_shift(WHO, counts))
    assert refused.code is ErrorCode.CASH_COUNT


def test_a_closed_shift_takes_no_cash_and_is_closed_once(shop: SaleShop) -> None:
    close(shop)
    assert shop.shift_service.read() is None
    shop.cart_service.scan(WHO, GTIN)
    for act in (
        lambda: shop.cash_service.sell(WHO, 2_200, 2_200),
        lambda: shop.closing_service.close_shift(WHO, {}),
        lambda: shop.closing_service.x_report(WHO),
    ):
        assert refusal(act).code is ErrorCode.NO_SHIFT
    with (
        closing(sqlite3.connect(shop.store.path)) as file,
        pytest.raises(sqlite3.IntegrityError),
    ):
        file.execute("UPDATE z_reports SET body = '{}'")


def open_matter(shop: SaleShop, kind: Blocker) -> None:
    shop.cart_service.scan(WHO, GTIN, 5)
    if kind is Blocker.NOT_COMPARED:
        compare(shop)
        shop.clock.advance(seconds=2)
        shop.paid_order(shop.checkout_service.order(WHO, 11_000).id)
        return
    if kind is Blocker.LIVE_QR:
        made = shop.checkout_service.order(WHO, 11_000).id
        shop.payment_service.start(BUYER, made)
        return
    made = shop.cash_service.sell(WHO, 11_000, 3_000, rest_by_qr=True).order.id
    if kind is Blocker.HELD_CASH:
        return
    paid = shop.paid_order(made)
    (item,) = shop.order(made).items
    if kind is Blocker.DIFFERENCE:
        shop.books.console_cancel(paid, 1_000)
        shop.pass_time(1_800)
        return
    shop.cancellation_service.refund(CLERK, item.id, "변심", 11_000)
    if kind is Blocker.CASH_REFUND:
        shop.work(3)


@pytest.mark.parametrize("kind", Blocker)
def test_what_is_open_is_named_or_the_shift_stays_open(shop: SaleShop, kind: Blocker) -> None:
    open_matter(shop, kind)
    (matter,) = shop.closing_service.open_matters()
    assert matter.kind is kind
    expected = int(shop.shift_service.read().expected)
    refused = refusal(lambda: shop.closing_service.close_shift(WHO, exactly(expected)))
    assert (refused.code, refused.parameters) == (ErrorCode.SHIFT_BLOCKED, {"count": 1})
    for names in ({matter.key: "  "}, {"HELD_CASH:0": "x"}):
        act = lambda given=names: shop.closing_service.close_shift(  # noqa: E731
            WHO, exactly(expected), "", given
        )
        assert refusal(act).code is ErrorCode.SHIFT_BLOCKED
    names = {matter.key: "내일 처리"}
    report = shop.closing_service.close_shift(WHO, exactly(expected), "", names)
    assert json.loads(report.body)["named"] == [
        {"what": matter.key, "amount": int(matter.amount), "why": "내일 처리"}
    ]


def test_what_was_cancelled_before_it_was_paid_was_not_sold(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    shop.cart_service.add(WHO, MILK)
    made = shop.checkout_service.order(WHO, 5_200)
    shop.cancellation_service.cancel(CLERK, made.items[1].id, "")
    shop.cash_service.take(WHO, made.id, 2_200, 2_200)
    figures = shop.closing_service.x_report(WHO).figures
    assert (figures.sales, figures.net, figures.exempt) == (1, 2_200, 0)
    assert shop.order(made.id).items[1].status is ItemStatus.CANCEL


def test_money_that_paid_nothing_is_in_no_figure(shop: SaleShop) -> None:
    """A QR that was paid for another amount goes back: neither sold nor refunded."""
    shop.cart_service.scan(WHO, GTIN)
    made = shop.checkout_service.order(WHO, 2_200).id
    progress = shop.payment_service.start(BUYER, made)
    link = progress.attempt.link_url.rpartition("/")[2]
    shop.books.pay_try(shop.books.open_link(link).imp_uid, 9_900)
    shop.pass_time(60)
    figures = shop.closing_service.x_report(WHO).figures
    assert (figures.sales, figures.paid["KAKAOPAY"].count) == (0, 0)
    assert (figures.refunded["KAKAOPAY"].count, figures.refunded["KAKAOPAY"].amount) == (0, 0)
    shop.check_books()


RECEIPTS = {
    "ISSUED": (ReceiptState.ISSUED,),
    "PENDING": (
        *(ReceiptState.REQUESTED, ReceiptState.SENDING, ReceiptState.UNKNOWN),
        *(ReceiptState.CANCEL_REQUESTED, ReceiptState.CANCELLING, ReceiptState.CANCEL_UNKNOWN),
    ),
    "FAILED": (ReceiptState.REFUSED, ReceiptState.CANCEL_REFUSED),
    "": (ReceiptState.CANCELLED,),
}


def test_cash_receipts_of_the_cash_sales_are_in_one_line_each(shop: SaleShop) -> None:
    close(shop)
    shop.clock.advance(seconds=86_400)
    shop.shift_service.open_shift(WHO, FLOAT)
    assert {one for states in RECEIPTS.values() for one in states} == set(ReceiptState)
    shop.cart_service.scan(WHO, GTIN)
    before = shop.cash_service.sell(WHO, 2_200, 2_200).order.id  # its receipt is asked for below
    for states in RECEIPTS.values():
        for state in states:
            shop.cart_service.scan(WHO, GTIN)
            order = shop.cash_service.sell(WHO, 2_200, 2_200).order.id
            made = shop.cash_receipt_service.request(WHO, order, ReceiptPurpose.UNNAMED)
            with shop.store.transaction() as uow:
                told = "" if state in SEALED_STATES | {ReceiptState.REFUSED} else "123456789"
                uow.cash_receipts.save(
                    replace(made, state=state, sealed=None, approval_no=told, by_hand=True)
                )
                uow.commit()
    x = shop.closing_service.x_report(WHO).figures.cash_receipts
    wanted = {name: len(states) for name, states in RECEIPTS.items() if name}
    assert {name: (one.count, one.amount) for name, one in x.items()} == {
        name: (count, 2_200 * count) for name, count in wanted.items()
    }
    body = json.loads(close(shop).body)
    assert {name: one["count"] for name, one in body["cash_receipts"].items()} == wanted
    # A receipt of an earlier shift's sale is of that shift.
    shop.clock.advance(seconds=86_400)
    shop.shift_service.open_shift(WHO, FLOAT)
    shop.cash_receipt_service.request(WHO, before, ReceiptPurpose.UNNAMED)
    x = shop.closing_service.x_report(WHO).figures.cash_receipts
    assert {one.count for one in x.values()} == {0}


def test_a_body_from_before_the_line_is_read_and_its_hash_is_right(shop: SaleShop) -> None:
    report = close(shop)
    older = json.loads(report.body)
    del older["cash_receipts"], older["addendum"]
    body = canonical(older)
    content = read_body(body)
    assert content.figures.cash_receipts == {} and content.end is not None
    assert content.end.addendum is None and not content.end.is_uncompared
    kept = replace(report, body=body, hash=z_hash(1, body, GENESIS))
    assert kept.is_unchanged


def staff_of(shop: SaleShop, role: StaffRole) -> Actor:
    seller = SELLER if role is StaffRole.SELLER else None
    with shop.store.transaction() as uow:
        one = uow.staff.add(Staff(0, role.value, role, seller, "hash", 6))
        uow.commit()
    return Actor.staff(one.id)


@pytest.mark.parametrize("blind", [True, False])
def test_an_x_report_is_blind_for_whoever_counts(tmp_path, sandbox, clock, blind: bool) -> None:
    rules = replace(RULES, blind_count=blind)
    shop = SaleShop(
        tmp_path, sandbox, clock, make_ids=NumberedIds, sale=rules, access=StaffPolicy()
    )
    try:
        shop.shift_service.open_shift(WHO, FLOAT)
        is_blind = {
            role: shop.closing_service.x_report(staff_of(shop, role)).is_blind
            for role in (StaffRole.MANAGER, StaffRole.SELLER, StaffRole.CASHIER)
        }
        assert is_blind == {
            StaffRole.MANAGER: False,
            StaffRole.SELLER: blind,
            StaffRole.CASHIER: blind,
        }
    finally:
        shop.close()


def test_fault_123_a_count_is_kept_with_its_shift_until_it_is_closed(shop: SaleShop) -> None:
    service = shop.closing_service
    shift = shop.shift_service.read().shift
    assert service.kept_count() == {}
    service.keep_count(WHO, shift.id, {50_000: 1})
    service.keep_count(WHO, shift.id, {50_000: 2, 100: 3})
    assert shop.again().closing_service.kept_count() == {50_000: 2, 100: 3}
    service.keep_count(WHO, shift.id + 1, {10: 1})  # of another shift: nothing
    assert service.kept_count() == {50_000: 2, 100: 3}
    assert refusal(lambda: service.keep_count(WHO, shift.id, {7: 1})).code is ErrorCode.CASH_COUNT
    service.keep_count(WHO, shift.id, {})
    assert service.kept_count() == {}
    service.keep_count(WHO, shift.id, {100: 3})
    close(shop)
    with shop.store.snapshot() as uow:
        assert uow.shifts.kept_count(shift) == {}
    service.keep_count(WHO, shift.id, {100: 3})  # it comes late
    shop.clock.advance(seconds=86_400)
    shop.shift_service.open_shift(WHO, FLOAT)
    assert service.kept_count() == {}
