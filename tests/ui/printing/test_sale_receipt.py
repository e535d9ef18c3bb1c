"""The receipt of a sale at the counter and its refund slips, to the cell, and read back from the
bytes that a printer gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.cells import cells
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.roll import RollLine
from posapp.domain.roll_letters import COLUMNS, Hangul
from posapp.domain.shop_details import ShopDetails
from posapp.domain.vat import TaxKind
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.ui.core.fonts import load_fonts
from posapp.ui.core.i18n import Translator
from posapp.ui.orders.order_report import papers_of
from posapp.ui.printing.page_layout import mark_after
from posapp.ui.printing.paper import LineKind, Paper
from posapp.ui.printing.print_document import document_of, save_pdf
from posapp.ui.printing.roll_layout import roll_of
from tests.ui.cancel.pdf_text import PdfText
from tests.ui.cancel.shop_records import NOW, PAYMENT, history, order_of, refund
from tests.ui.printing.roll_reader import RollReader
from tests.ui.printing.test_roll_layout import bare, printed, words

SHOP = ShopDetails("123-45-67891", "김하나", "서울 마포구", "02-123-4567")
BREAD = OrderItem(
    1, 1024, 12, 3, 1, "단팥빵", Won(2_200), 7, ItemStatus.DELIVERY_COMPLETE, discount=Won(425)
)
BUN = replace(BREAD, id=2, name="소금빵", price=Won(8_800), count=1, discount=Won(243))
RICE = replace(
    BREAD, id=3, name="쌀", price=Won(12_000), count=1, discount=Won(332), tax=TaxKind.EXEMPT,
    measure="0.930kg × 12,900원/kg",
)  # fmt: skip
LONG = replace(
    BREAD, id=4, name="에티오피아 예가체프 내추럴 G1 원두 – 200g 😀", price=Won(99_999_999),
    count=9_999, discount=Won(0),
)  # fmt: skip
SALE = (BREAD, BUN, RICE)
BUN_BACK = refund(RefundState.CONFIRMED, 5, of=BUN, confirmed_at=NOW)
BREAD_BACK = refund(RefundState.CONFIRMED, 6, of=BREAD, confirmed_at=NOW)


def papers(
    texts: Translator,
    items: Sequence[OrderItem] = SALE,
    refunds: Sequence[Refund] = (),
    shop: ShopDetails = SHOP,
    sandbox: bool = False,
) -> tuple[Paper, ...]:
    total = sum((one.total for one in items), Won(0))
    payment = replace(PAYMENT, amount=total, sandbox=sandbox, receipt_url="")
    order = replace(order_of(*items), is_counter=True, receipt_no="261123-01-0042")
    records = replace(
        history(), order=order, payments=(payment,), refunds=tuple(refunds), shop=shop
    )
    return papers_of(texts, records, shop="하나 베이커리", online=True, made_at=NOW)


def receipt(texts: Translator, **given) -> Paper:
    return papers(texts, **given)[0]


def rolled(paper: Paper, columns: int, mark=None) -> list[str]:
    parts = roll_of(paper, mark, columns, Hangul.KS5601).parts
    return [part.text for part in parts if isinstance(part, RollLine)]


def test_the_worked_example_on_80_mm(texts) -> None:
    """docs/specification.md 2.8: T 23,532, VAT 2,139, supply 21,393, exempt 11,668."""
    lines = rolled(receipt(texts), 42)
    start = lines.index("-" * 42)
    assert lines[:start] == [
        "하나 베이커리",
        "사업자등록번호 123-45-67891 (일반과세자)",
        "대표자 김하나",
        "서울 마포구",
        "전화 02-123-4567",
    ]
    assert lines[start:] == [
        "------------------------------------------",
        "2026-11-23 13:50:00      No 261123-01-0042",
        "------------------------------------------",
        "상품                단가   수량       금액",
        "------------------------------------------",
        "단팥빵             2,200      7     15,400",
        " 할인                                 -425",
        "소금빵             8,800      1      8,800",
        " 할인                                 -243",
        "* 쌀",
        "  0.930kg × 12,900원/kg",
        "                  12,000      1     12,000",
        " 할인                                 -332",
        "------------------------------------------",
        "과세 공급가액                       21,393",
        "부가세                               2,139",
        "면세 공급가액 (*)                   11,668",
        "합계                                35,200",
        "카카오페이                          35,200",
        "------------------------------------------",
        "주문번호                              1024",
        "결제번호                  imp_448280090638",
        "교환·환불: 영수증 지참",
        "",
        "",
        "PO1024",
    ]


@pytest.mark.parametrize("columns", COLUMNS)
def test_figures_end_in_columns_and_no_line_is_wider_than_the_paper(texts, columns) -> None:
    lines = rolled(receipt(texts, items=(*SALE, LONG)), columns)
    assert all(cells(line) <= columns for line in lines)
    for name, figures in (("단팥빵", "15,400"), ("소금빵", "8,800")):
        (line,) = [one for one in lines if one.startswith(name)]
        assert line.endswith(figures) and cells(line) == columns
    assert f"{99_999_999 * 9_999:,}" in "".join(lines)


@pytest.mark.parametrize("hangul", list(Hangul))
@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("place", ["receipt", "slip"])
def test_the_bytes_read_back_are_the_paper(texts, place, columns, hangul, qapp) -> None:
    made = next(
        one
        for one in papers(texts, items=(*SALE, LONG), refunds=(BUN_BACK,), sandbox=True)
        if one.place.startswith(place)
    )
    load_fonts()
    reader = RollReader(words_of(made) + "0123456789,-:원*×[]()Il1Oo._")
    lines = reader.read(printed(made, columns, hangul))
    assert all(cells(line) <= columns for line in lines)
    said = bare("".join(lines)).replace("--", "").replace("-", "")
    assert said.replace("×", "") == words_of(made).replace("-", "").replace("×", "")


def words_of(paper: Paper) -> str:
    """All that a paper says, in the order of a roll."""
    flat = tuple(
        replace(line, kind=LineKind.ITEM, detail=line.detail + "".join(line.cells))
        if line.kind is LineKind.GOODS
        else line
        for line in paper.lines
    )
    return words(replace(paper, lines=flat))


def test_refunds_are_amounts_below_0_with_their_part_of_the_tax(texts) -> None:
    """Line 2 first: VAT 778; then line 1: 1,361; together the 2,139 of the sale."""
    made = papers(texts, refunds=(BREAD_BACK, replace(BUN_BACK, id=4)))
    slips = {one.place: rolled(one, 42) for one in made if one.place.startswith("slip")}
    bun, bread = slips["slip 4"], slips["slip 6"]
    assert "[환불]" in bun
    assert "원 영수증                   261123-01-0042" in bun
    for line in (
        "소금빵             8,800     -1     -8,800",
        " 할인                                  243",
        "과세 공급가액                       -7,779",
        "부가세                                -778",
        "합계                                -8,557",
    ):
        assert line in bun
    assert "부가세                              -1,361" in bread
    assert not any("면세" in line for line in (*bun, *bread))


def test_parts_of_the_tax_sum_up_where_each_by_itself_would_not(texts) -> None:
    """Of twice six won the tax is one won, and of six won by itself one, too."""
    first = replace(BREAD, price=Won(6), count=1, discount=Won(0))
    second = replace(first, id=2)
    backs = tuple(
        refund(RefundState.CONFIRMED, number, of=one, confirmed_at=NOW)
        for number, one in ((5, first), (6, second))
    )
    made = papers(texts, items=(first, second), refunds=backs)
    taxes = [
        int(line.value)
        for one in made
        if one.place.startswith("slip")
        for line in one.lines
        if line.text == "부가세"
    ]
    assert sorted(taxes) == [-1, 0]


def test_a_refund_that_is_not_confirmed_does_not_say_that_it_was_made(texts) -> None:
    waiting = refund(of=BUN)
    slip = next(one for one in papers(texts, refunds=(waiting,)) if one.place.startswith("slip"))
    lines = rolled(slip, 42)
    assert "[환불]" not in lines
    assert "부가세                                -778" in lines


def test_a_refund_of_a_part_is_reckoned_of_the_part(texts) -> None:
    rest, part = BREAD.divide(900_000_000_000_001, 2)
    back = refund(RefundState.CONFIRMED, 5, of=part, confirmed_at=NOW)
    made = papers(texts, items=(rest, BUN, RICE, part), refunds=(back,))
    assert "단팥빵             2,200      7     15,400" in rolled(made[0], 42)
    assert "합계                                35,200" in rolled(made[0], 42)
    slip = rolled(next(one for one in made if one.place.startswith("slip")), 42)
    assert f"합계{-part.total:,}".replace(" ", "") in "".join(slip).replace(" ", "")


@pytest.mark.parametrize(
    ("tax_type", "split", "exempt"),
    [
        ("general", True, "면세 공급가액 (*)"),
        ("simplified invoices", True, "면세 공급가액 (*)"),
        ("simplified", False, "면세 공급가액 (*)"),
        ("exempt", False, "면세 공급가액"),
    ],
)
def test_what_is_said_of_the_tax_follows_the_kind_of_taxpayer(
    texts, tax_type: str, split: bool, exempt: str
) -> None:
    items = tuple(replace(one, tax=TaxKind.EXEMPT) if tax_type == "exempt" else one for one in SALE)
    kind, _, invoices = tax_type.partition(" ")
    shop = replace(SHOP, tax_type=kind, writes_invoices=bool(invoices))
    made = receipt(texts, items=items, shop=shop)
    names = [line.text for line in made.lines if line.kind is LineKind.SUM]
    assert ("부가세" in names) is ("과세 공급가액" in names) is split
    assert exempt in names and names.count("합계") == 1
    assert any(line.text.startswith("* ") for line in made.lines) is (tax_type != "exempt")


def test_a_sale_of_one_kind_names_that_only(texts) -> None:
    taxed = [line.text for line in receipt(texts, items=(BREAD,)).lines]
    assert "면세 공급가액 (*)" not in taxed and "부가세" in taxed
    free = [line.text for line in receipt(texts, items=(RICE,)).lines]
    assert "부가세" not in free and "면세 공급가액 (*)" in free


def test_what_was_cancelled_before_it_was_paid_is_not_sold(texts) -> None:
    never = replace(BUN, status=ItemStatus.CANCEL)
    total = BREAD.total + RICE.total
    order = replace(order_of(BREAD, never, RICE), is_counter=True, receipt_no="261123-01-0001")
    records = replace(
        history(), order=order, payments=(replace(PAYMENT, amount=total),), refunds=(), shop=SHOP
    )
    (made, *_) = papers_of(texts, records, shop="하나", online=True, made_at=NOW)
    assert not any(line.text == "소금빵" for line in made.lines)
    assert any((line.text, line.value) == ("합계", f"{int(total):,}") for line in made.lines)


def test_a_test_says_so_on_top_and_a_copy_at_both_ends(texts) -> None:
    mark = mark_after(texts, PrintRecord(1, NOW))
    lines = rolled(receipt(texts, sandbox=True), 42, mark)
    assert lines[0] == "[테스트 결제]"
    assert (lines[1], lines[-1]) == ("[재발행 2]", "[재발행 2]")


def test_its_name_is_its_number(texts) -> None:
    made = receipt(texts)
    assert made.title == "영수증 261123-01-0042"
    assert made.file_name == "영수증-261123-01-0042.pdf"


@pytest.mark.parametrize("width", [210, 80, 58])
def test_the_pdf_has_every_word(texts, qapp, tmp_path: Path, width: int) -> None:
    made = receipt(texts)
    save_pdf(document_of(made, None), tmp_path / "receipt.pdf", width)
    said = "".join(PdfText(tmp_path / "receipt.pdf").pages)
    for word in ("261123-01-0042", "단팥빵", "15,400", "할인", "-425", "21,393", "35,200"):
        assert word in said
