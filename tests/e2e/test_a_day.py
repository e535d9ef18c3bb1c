"""A day at the counter: open, sell by QR, in cash and by both, give back, a cash receipt whose
answers are lost, and close. Every figure of the Z report is counted again from the ledger."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.product_codes import code_key
from posapp.sandbox.receipt_book import CHANNEL
from tests.e2e.conftest import another_till, tills_of
from tests.e2e.deadline import eventually
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.sales import DONE
from tests.e2e.shop import BREAD, LATTE, chain_is_whole, counter_orders
from tests.e2e.till import Till
from tests.fakes.receipt_printer import FakeReceiptPrinter
from tests.faults.proxy import FaultProxy, Way

FLOAT = 100_000
SCANS = 30
IN_THE_SEARCH = 10
"""Of the scans: those that arrive while the search has the focus."""

BREAD_CODE, LATTE_CODE = "bread-rkskek", "latte-dhksqur"
"""Codes of the same products with letters: the barcodes are digits, which no input method takes.
The last letters are those of 가나다 and 완벽."""
GUARD_SECONDS = 1.0
"""Longer than a new question takes no key."""

BACK, BY_QR, CASH, PART = 48_000, 115_500, 7_700, 4_500
"""Won: of the 15 lattes or breads that go back, and of the three sales."""


@pytest.fixture
def printer() -> Iterator[FakeReceiptPrinter]:
    """A roll of 80 mm. ``tests/ui/printing`` reads each paper back at 32 and 48 columns, too."""
    with FakeReceiptPrinter(42) as made:
        yield made


@pytest.fixture
def network(portone: PortOne) -> Iterator[FaultProxy]:
    with FaultProxy(portone.reported["api"]) as proxy:
        yield proxy


@pytest.fixture
def open_till(
    tmp_path: Path,
    stocked: Path,
    portone: PortOne,
    network: FaultProxy,
    printer: FakeReceiptPrinter,
) -> Iterator[Callable[[], Till]]:
    direct = portone.reported["api"].removesuffix("/")
    settings = {
        **portone.settings(lambda base: base.replace(direct, network.base.removesuffix("/"))),
        "POSAPP_RECEIPT_PRINTER": printer.address,
        "POSAPP_RECEIPT_COLUMNS": str(printer.paper.columns),
        "POSAPP_RECEIPT_AUTO": "yes",
        "POSAPP_RECEIPT_CHANNEL_KEY": CHANNEL,
    }
    home = another_till(stocked, tmp_path / "home")
    with closing(sqlite3.connect(home / "posapp.db")) as file, file:
        codes = ((21, code_key(BREAD_CODE)), (22, code_key(LATTE_CODE)))
        file.executemany(
            "INSERT INTO product_codes (product_id, code, pack) VALUES (?, ?, 1)", codes
        )
    with tills_of(home, portone, settings) as opened:
        yield opened


def rows(till: Till, text: str, *values: object) -> list[tuple]:
    with closing(
        sqlite3.connect(f"{(till.home / 'posapp.db').as_uri()}?mode=ro", uri=True)
    ) as file:
        return file.execute(text, values).fetchall()


def wait_for(till: Till, text: str, found: list[tuple]) -> None:
    eventually(
        lambda: rows(till, text) == found,
        lambda: till.reported(f"{text}: {rows(till, text)}"),
    )


def scan(till: Till, *codes: str) -> None:
    for code in codes:
        till.scan(code)


def take_cash(till: Till, received: str) -> None:
    till.wait_to_press("현금")
    till.type("F7")
    till.wait_to_read("받은 현금")
    till.type(*received, "Return")


def pay_on_phone(till: Till, phone: Phone, amount: str) -> None:
    phone.open(till.wait_for_code())
    phone.wait_to_read(amount)
    phone.press("pay")
    till.wait_to_read(DONE)
    till.wait_for_no_code()


def cancel_first_line(till: Till, order: int, action: str) -> None:
    till.type("Ctrl+3")
    till.wait_to_read("주문")
    till.type_order(order)
    till.wait_to_read(f"주문 {order}")
    till.wait_to_press("결제취소")
    till.type("F8")
    till.wait_to_press(action)
    time.sleep(GUARD_SECONDS)
    till.type("F8")


def test_a_day(
    open_till: Callable[[], Till],
    portone: PortOne,
    phone: Phone,
    printer: FakeReceiptPrinter,
    network: FaultProxy,
) -> None:
    till = open_till()
    till.wait_to_read("할 일")
    till.type("Ctrl+6")
    till.wait_to_read("준비금")
    till.type(*str(FLOAT), "Return")
    till.wait_to_read("영업 중입니다.")

    # 30 scans by QR, with a Korean input method on, at the cart and in the search.
    till.type("Ctrl+2")
    till.wait_to_read("받을 금액")
    till.turn_hangul_on()
    scan(till, *([BREAD, LATTE_CODE, BREAD_CODE, LATTE] * ((SCANS - IN_THE_SEARCH) // 4)))
    assert till.composed() == 0, "the cart takes no composed text"
    till.type("F2")
    till.wait_to_be_at("productSearch")
    scan(till, *([BREAD_CODE, LATTE_CODE] * (IN_THE_SEARCH // 2)))
    till.wait_to_read("115,500원")
    letters = sum(one.isalpha() for one in BREAD_CODE + LATTE_CODE)
    assert till.composed() == letters * IN_THE_SEARCH // 2
    till.wait_to_be_at("productSearch")
    search = till.focus_place()
    assert all(one.place != search for one in till.shown()), "nothing is left in the search"
    till.wait_to_press("카카오페이")
    till.type("F8")
    pay_on_phone(till, phone, "115,500원")
    (by_qr,) = counter_orders(till.home)

    # Cash, with change; then a part of it, and the rest by QR.
    scan(till, BREAD, LATTE)
    till.wait_to_read("7,700원")
    take_cash(till, "10000")
    till.wait_to_read("거스름돈 2,300원을 내어 주세요.")
    scan(till, LATTE)
    till.wait_to_read("4,500원")
    till.wait_to_press("현금")
    till.type("F7")
    till.wait_to_read("받은 현금")
    till.type(*"1000")
    till.wait_to_press("나머지 카카오페이")
    till.type("F8")
    pay_on_phone(till, phone, "3,500원")
    _, in_cash, _ = counter_orders(till.home)

    # A cash receipt whose first answers are lost is issued once.
    network.set(Way(reset_at=1, begins=b"POST /receipts", uses=1))
    till.type("Ctrl+3")
    till.wait_to_read("주문")
    till.type_order(in_cash)
    till.wait_to_read(f"주문 {in_cash}")
    till.wait_to_press("현금영수증")
    till.type("F4")
    till.wait_to_read("소득공제")
    till.type(*"01012345678", "Return")
    wait_for(till, "SELECT state, amount FROM cash_receipts", [("ISSUED", 7_700)])

    # One line goes back by QR, and one in cash.
    till.type("Escape")
    till.type("Escape")
    cancel_first_line(till, by_qr, "48,000원 결제취소")
    wait_for(till, "SELECT state, amount FROM refunds", [("CONFIRMED", BACK)])
    till.type("Escape")
    cancel_first_line(till, in_cash, "3,200원 결제취소")
    till.wait_to_read("현금 3,200원을 내어 주세요.")
    wait_for(till, "SELECT state, amount FROM cash_refunds", [("PAID_OUT", 3_200)])
    wait_for(
        till,
        "SELECT state, amount FROM cash_receipts ORDER BY id",
        [("CANCELLED", 7_700), ("REQUESTED", 4_500)],  # the number is not kept: it may be named
    )

    # Close: 100,000 + 7,700 + 1,000 - 3,200, and 500 won are missing.
    till.type("Ctrl+6")
    till.wait_to_press("마감 정산")
    till.type("Return")
    till.wait_to_read("실제 현금")
    till.wait_to_read("마감할 수 있습니다.")  # PortOne was compared: the closing had it made
    for pieces in ("2", "0", "1", "0", "0", "0", "0", "0"):
        till.type(pieces, "Return")
    till.wait_to_read("예상 현금")
    till.type(*"wksehs", "space", *"qnwhr", "Return")
    till.wait_to_press("마감")
    till.type("F8")
    till.wait_to_read_of("영업일 20")  # 영업일 {date}의 마감을 마쳤습니다. (Z 1)
    eventually(lambda: "마감 정산" in printer.paper.text, lambda: till.reported(printer.paper.text))
    assert till.close() == 0
    assert till.trouble() == []
    assert chain_is_whole(till.home)
    check_report(till)
    check_papers(till, printer)


def total(till: Till, fact: str) -> int:
    """The sum of the ledger's entries of one kind."""
    ((won,),) = rows(till, "SELECT coalesce(sum(amount), 0) FROM ledger WHERE fact = ?", fact)
    return int(won)


def check_report(till: Till) -> None:
    """Count every figure of the report again, one by one, from the ledger and the items."""
    ((body,),) = rows(till, "SELECT body FROM z_reports")
    report = json.loads(body)
    sales = [
        int(won)
        for (won,) in rows(
            till,
            "SELECT sum(price * count - discount) FROM order_items i JOIN orders o"
            " ON o.id = i.order_id WHERE o.counter = 1 GROUP BY o.id ORDER BY o.id",
        )
    ]
    assert sales == [BY_QR, CASH, PART]
    vat = sum((2 * won + 11) // 22 for won in sales)
    assert (report["sales"], report["net"], report["discounts"]) == (3, sum(sales), 0)
    assert (report["vat"], report["supply"]) == (vat, sum(sales) - vat)
    assert (report["exempt"], report["gross"]) == (0, sum(sales))
    assert report["paid"]["KAKAOPAY"]["amount"] == total(till, "PAYMENT_CAPTURED") == BY_QR + 3_500
    assert report["paid"]["CASH"]["amount"] == total(till, "CASH_RECEIVED") == CASH + 1_000
    assert report["refunded"]["KAKAOPAY"]["amount"] == total(till, "REFUND_CONFIRMED") == -BACK
    assert report["refunded"]["CASH"]["amount"] == total(till, "CASH_REFUNDED") == -3_200
    expected = sum(
        total(till, fact)
        for fact in ("SHIFT_OPENED", "CASH_RECEIVED", "CASH_RETURNED", "CASH_REFUNDED")
    )
    assert report["expected"] == expected == FLOAT + 5_500
    assert (report["counted"], report["over_short"]) == (FLOAT + 5_000, -500)
    assert total(till, "CASH_OVER_SHORT") == -500
    assert total(till, "SHIFT_CLOSED") == -(FLOAT + 5_000)
    # The receipt of 7,700 won is cancelled, that of the rest waits for a name.
    assert report["cash_receipts"] == {
        "ISSUED": {"count": 0, "amount": 0},
        "PENDING": {"count": 1, "amount": CASH - 3_200},
        "FAILED": {"count": 0, "amount": 0},
    }
    assert report["named"] == [] and report["addendum"] is None
    numbers = [no for (no,) in rows(till, "SELECT receipt_no FROM orders WHERE counter = 1")]
    assert report["receipts"] == [min(numbers), max(numbers)]
    assert [no[-4:] for no in sorted(numbers)] == ["0001", "0002", "0003"]


def check_papers(till: Till, printer: FakeReceiptPrinter) -> None:
    """Three receipts and the slip of the refund in cash by themselves, and the report, each
    readable off the bytes."""
    assert printer.paper.wrong == []
    assert printer.paper.cuts == 5 and printer.paper.drawers == 3  # two sales, one refund
    text = " ".join(printer.paper.text.split())
    for (no,) in rows(till, "SELECT receipt_no FROM orders WHERE counter = 1"):
        assert no in text
    assert text.count("[환불]") == 1 and "-3,200" in text
    for said in ("115,500", "7,700", "2,300", "105,500", "105,000", "-500", "잔돈 부족"):
        assert said in text, said
