"""The slip of cash that was handed out: to the cell, as PDF, and printed by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefund, CashRefundState, CashTender, TenderState
from posapp.domain.cells import cells
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.roll_letters import COLUMNS
from posapp.domain.sale_tax import TaxPart
from posapp.services.bookkeeping.print_log import PrintRecord, cash_slip_key
from posapp.services.orders.order_history import OrderHistory
from posapp.services.payments.receipts import receipt_of
from posapp.ui.orders.order_report import cash_slips_of, papers_of
from posapp.ui.orders.timeline_events import events_of
from posapp.ui.printing.page_layout import mark_after
from posapp.ui.printing.print_document import document_of, save_pdf
from tests.ui.cancel.pdf_text import PdfText
from tests.ui.cancel.shop_records import NOW, PAYMENT, history, order_of, refund
from tests.ui.printing.test_sale_receipt import BREAD, BUN, RICE, SALE, SHOP, rolled

TOTAL = sum((one.total for one in SALE), ZERO)
GONE = {one.id: replace(one, status=ItemStatus.CANCEL) for one in SALE}


def cash_back(of, number: int = 1, amount: int | None = None, **more) -> CashRefund:
    made = CashRefund(
        *(number, of.id, 1024, Won(amount or of.total), ZERO, CashRefundState.PAID_OUT, "변심"),
        *(Actor.person(), Actor.person(), False, NOW),
        shift_id=1,
        paid_at=NOW,
    )
    return replace(made, **more)


def sold(*back: CashRefund, qr: int = 0, refunds=()) -> OrderHistory:
    """The worked example, paid in cash but for ``qr`` won; what went back is cancelled."""
    gone = {one.item_id for one in back if one.state is not CashRefundState.DROPPED}
    items = [GONE[one.id] if one.id in gone else one for one in SALE]
    cash = Won(TOTAL - qr)
    tender = CashTender(1, 1024, 1, cash, cash, ZERO, ZERO, TenderState.KEPT, 1, NOW)
    payment = replace(PAYMENT, amount=Won(qr), sandbox=False)
    return replace(
        history(),
        order=replace(order_of(*items), is_counter=True, receipt_no="261123-01-0042"),
        payments=(payment,) if qr else (),
        tenders=(tender,),
        refunds=tuple(refunds),
        cash_refunds=back,
        shop=SHOP,
    )


def slips(texts, records: OrderHistory, **given):
    return cash_slips_of(texts, records, shop="하나 베이커리", **given)


def test_the_worked_example_of_line_2_on_80_mm(texts) -> None:
    """docs/specification.md 2.8: VAT(23,532) - VAT(14,975) = 778."""
    (slip,) = slips(texts, sold(cash_back(BUN)))
    assert rolled(slip, 42) == [
        "하나 베이커리",
        "사업자등록번호 123-45-67891 (일반과세자)",
        "대표자 김하나",
        "서울 마포구",
        "전화 02-123-4567",
        "[환불]",
        "------------------------------------------",
        "원 영수증                   261123-01-0042",
        "------------------------------------------",
        "상품                단가   수량       금액",
        "------------------------------------------",
        "소금빵             8,800     -1     -8,800",
        " 할인                                  243",
        "------------------------------------------",
        "과세 공급가액                       -7,779",
        "부가세                                -778",
        "합계                                -8,557",
        "현금                                -8,557",
        "------------------------------------------",
        "주문번호                              1024",
        "취소 이유                             변심",
        "환불                   2026-11-23 14:30:00",
        "",
        "",
        "PO1024",
    ]


@pytest.mark.parametrize("columns", COLUMNS)
def test_it_fits_every_roll_and_a_second_print_is_a_copy(texts, columns) -> None:
    (slip,) = slips(texts, sold(cash_back(RICE)))
    again = rolled(slip, columns, mark_after(texts, PrintRecord(1, NOW)))
    assert all(cells(line) <= columns for line in again)
    assert any("[재발행" in line for line in again)
    assert not any("재발행" in line for line in rolled(slip, columns))
    assert any(line.startswith("면세 공급가액 (*)") for line in again)


def test_parts_of_the_tax_sum_up_over_both_tenders(texts) -> None:
    """One line went back by QR alone, the next in cash: together they are the sale's 2,139."""
    by_qr = refund(RefundState.CONFIRMED, 5, of=BUN, confirmed_at=NOW)
    in_cash = cash_back(BREAD, 1, paid_at=NOW.replace(hour=9))
    records = sold(in_cash, qr=int(BUN.total), refunds=(by_qr,))
    made = papers_of(texts, records, shop="x", online=True, made_at=NOW)
    taxes = {one.place: line.value for one in made for line in one.lines if line.text == "부가세"}
    assert taxes == {"receipt": "2,139", "slip 5": "-778", "cash slip 1": "-1,361"}


def test_both_tenders_of_an_item_are_on_both_slips_and_its_tax_is_reckoned_once(texts) -> None:
    by_qr = refund(RefundState.CONFIRMED, 5, of=BUN, confirmed_at=NOW, amount=Won(5_000))
    in_cash = cash_back(BUN, 1, int(BUN.total) - 5_000, refund_id=5)
    records = sold(in_cash, qr=5_000, refunds=(by_qr,))
    made = papers_of(texts, records, shop="x", online=True, made_at=NOW)
    for place in ("slip 5", "cash slip 1"):
        lines = rolled(next(one for one in made if one.place == place), 42)
        for line in (
            "부가세                                -778",
            "합계                                -8,557",
            "카카오페이                          -5,000",
            "현금                                -3,557",
        ):
            assert line in lines, place


def test_cash_that_was_not_handed_out_has_no_slip(texts) -> None:
    waits = cash_back(BUN, 1, state=CashRefundState.WAITING, shift_id=None, paid_at=None)
    dropped = replace(waits, id=2, item_id=BREAD.id, state=CashRefundState.DROPPED)
    out = cash_back(RICE, 3)
    records = sold(waits, dropped, out)
    assert [one.place for one in slips(texts, records)] == ["cash slip 3"]
    assert slips(texts, records, items=(BUN.id,)) == ()


def test_cash_that_was_dropped_takes_no_tax(texts) -> None:
    """Of twice six won the tax is one won: the first that goes back takes none of it."""
    first = replace(BREAD, price=Won(6), count=1, discount=ZERO)
    second = replace(first, id=2)
    dropped = cash_back(first, 1, state=CashRefundState.DROPPED, shift_id=None, paid_at=None)
    records = sold(dropped, cash_back(second, 2))
    order = replace(records.order, items=(first, replace(second, status=ItemStatus.CANCEL)))
    tender = replace(records.tenders[0], amount=Won(12), received=Won(12))
    sale = receipt_of("x", replace(records, order=order, tenders=(tender,))).sale
    assert sale.returned == {2: TaxPart(Won(6), ZERO, ZERO)}


def test_what_was_cancelled_before_the_sale_is_not_sold_by_a_refund_in_cash(texts) -> None:
    """Of an order whose bread was cancelled unpaid, the rest is what was sold."""
    records = sold(cash_back(BUN))
    paid = Won(TOTAL - BREAD.total)
    items = (GONE[BREAD.id], GONE[BUN.id], RICE)
    records = replace(
        records,
        order=replace(records.order, items=items),
        tenders=(replace(records.tenders[0], amount=paid, received=paid),),
    )
    made = papers_of(texts, records, shop="x", online=True, made_at=NOW)
    names = [line for line in rolled(made[0], 42) if line.startswith(("단팥빵", "소금빵", "* 쌀"))]
    assert [one.split()[0] for one in names] == ["소금빵", "*"]
    (slip,) = slips(texts, records)
    assert "합계                                -8,557" in rolled(slip, 42)


@pytest.mark.parametrize("width", [210, 80, 58])
def test_as_pdf_it_says_the_same(texts, tmp_path, width) -> None:
    (slip,) = slips(texts, sold(cash_back(BUN)))
    path = tmp_path / slip.file_name
    save_pdf(document_of(slip, None), path, width)
    assert path.name == "현금-환불-전표-1024-1.pdf"
    text = "".join(PdfText(path).pages).replace(" ", "")
    for said in ("[환불]", "261123-01-0042", "소금빵", "-8,557", "-778", "현금"):
        assert said in text


def test_its_print_is_an_event_of_the_order(texts) -> None:
    back = cash_back(BUN)
    printed = {cash_slip_key(back): PrintRecord(2, NOW)}
    titles = [one.title for one in events_of(texts, replace(sold(back), printed=printed))]
    assert "환불 전표 출력 (2회)" in titles
