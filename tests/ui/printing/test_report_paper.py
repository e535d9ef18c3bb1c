"""X and Z reports on a roll: made of the stored body alone, and read back from the bytes."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime

import pytest

from posapp.domain.actors import Actor
from posapp.domain.cells import cells
from posapp.domain.money import Won
from posapp.domain.report_content import ReportContent, read_body
from posapp.domain.roll_letters import COLUMNS, Hangul
from posapp.domain.z_addenda import (
    AddendumContent,
    Finding,
    FindingKind,
    addendum_body,
    read_addendum,
)
from posapp.domain.z_reports import CashSums, ShiftFigures, TenderSum, canonical, figures_content
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.ui.core.i18n import Translator
from posapp.ui.printing.addendum_paper import paper_of
from posapp.ui.printing.page_layout import mark_after
from posapp.ui.printing.print_document import document_of
from posapp.ui.printing.report_paper import report_paper, report_sections
from tests.ui.printing.roll_reader import RollReader
from tests.ui.printing.test_roll_layout import printed
from tests.ui.printing.test_sale_receipt import bare, rolled, words_of

OPENED, CLOSED = datetime(2026, 11, 28, 0, 2, tzinfo=UTC), datetime(2026, 11, 28, 12, tzinfo=UTC)
FIGURES = ShiftFigures(
    from_seq=3,
    to_seq=1_234,
    sales=41,
    net=Won(1_234_000),
    discounts=Won(12_000),
    supply=Won(1_000_000),
    vat=Won(100_000),
    exempt=Won(134_000),
    paid={"CASH": TenderSum(11, Won(200_000)), "KAKAOPAY": TenderSum(30, Won(1_034_000))},
    refunded={"CASH": TenderSum(1, Won(-5_000)), "KAKAOPAY": TenderSum(0, Won(0))},
    cash=CashSums(Won(100_000), Won(200_000), Won(-5_000), Won(50_000), Won(-61_600)),
    receipts=("261128-01-0001", "261128-01-0041"),
    drawer_openings=2,
)
BODY = canonical(
    {
        **figures_content(FIGURES),
        "head": "0123456789abcdef" * 4,
        "z_no": 12,
        "shop": "하나 베이커리",
        "is_test": False,
        "till": 0,
        "business_date": "2026-11-28",
        "opened_at": OPENED.isoformat(),
        "opened_by": "staff:3",
        "closed_at": CLOSED.isoformat(),
        "closed_by": "staff:4",
        "names": {"3": "김하나", "4": "이서준"},
        "counts": {"50000": 3, "10000": 12, "1000": 11, "100": 4},
        "counted": 281_400,
        "over_short": -2_000,
        "reason": "거스름돈 착오 뷁 – 😀",
        "named": [{"what": "OPEN_REFUND:7", "amount": 15_600, "why": "내일 오전에 확인"}],
    }
)


def x_report(texts: Translator) -> ReportContent:
    return ReportContent(
        FIGURES, "하나 베이커리", 0, date(2026, 11, 28), OPENED, Actor.person(), CLOSED
    )


def test_a_z_report_to_the_cell(texts: Translator) -> None:
    assert rolled(report_paper(texts, read_body(BODY)), 42) == [
        "마감 정산 (Z) 12",
        "하나 베이커리",
        "------------------------------------------",
        "[영업]",
        "영업일                          2026-11-28",
        "계산대                                  01",
        "개점 시각              2026-11-28 09:02:00",
        "개점한 직원                         김하나",
        "마감 시각              2026-11-28 21:00:00",
        "마감한 직원                         이서준",
        "------------------------------------------",
        "[매출]",
        "판매                                  41건",
        "총매출                         1,246,000원",
        "할인                             -12,000원",
        "순매출                         1,234,000원",
        "과세 공급가액                  1,000,000원",
        "부가세                           100,000원",
        "면세                             134,000원",
        "첫 영수증 번호              261128-01-0001",
        "끝 영수증 번호              261128-01-0041",
        "------------------------------------------",
        "[결제와 환불]",
        "현금 결제 11건                   200,000원",
        "카카오페이 결제 30건           1,034,000원",
        "현금 환불 1건                     -5,000원",
        "카카오페이 환불 0건                    0원",
        "------------------------------------------",
        "[현금]",
        "준비금                           100,000원",
        "현금 매출                        200,000원",
        "현금 환불                         -5,000원",
        "입금                              50,000원",
        "출금                             -61,600원",
        "예상 현금                        283,400원",
        "실제 현금                        281,400원",
        "과부족                            -2,000원",
        "과부족 사유          거스름돈 착오 뷁 – 😀",
        "금고 열기                              2회",
        "------------------------------------------",
        "[권종]",
        "50,000원 × 3                    150,000원",
        "10,000원 × 12                   120,000원",
        "1,000원 × 11                     11,000원",
        "100원 × 4                           400원",
        "------------------------------------------",
        "[사유를 적고 마감한 일]",
        "끝나지 않은 환불 (7)              15,600원",
        "사유                      내일 오전에 확인",
        "------------------------------------------",
        "장부 1,234번 기록의 해시",
        "0123456789abcdef0123456789abcdef0123456789",
        "abcdef0123456789abcdef",
    ]


@pytest.mark.parametrize("hangul", Hangul)
@pytest.mark.parametrize("columns", [int(one) for one in COLUMNS])
@pytest.mark.parametrize("is_z", [True, False])
def test_the_bytes_read_back_are_the_report(
    texts: Translator, columns: int, hangul: Hangul, is_z: bool
) -> None:
    made = report_paper(texts, read_body(BODY) if is_z else x_report(texts))
    reader = RollReader(words_of(made) + "0123456789,-:원*×[]()Il1Oo._")
    lines = reader.read(printed(made, columns, hangul))
    assert all(cells(line) <= columns for line in lines)
    said, wanted = bare("".join(lines)), words_of(made)
    for sign in "-×":
        said, wanted = said.replace(sign, ""), wanted.replace(sign, "")
    assert said == wanted


def test_a_reprint_is_a_copy_and_an_x_report_is_none(texts: Translator) -> None:
    z_paper = report_paper(texts, read_body(BODY))
    assert (z_paper.name, z_paper.code) == ("z 12", "")
    mark = mark_after(texts, PrintRecord(1, CLOSED))
    lines = rolled(z_paper, 42, mark)
    assert lines[0] == lines[-1] == "[재발행 2]"
    x_paper = report_paper(texts, x_report(texts))
    assert x_paper.name == "x 20261128120000"
    assert rolled(x_paper, 42)[-1] == "중간 정산은 마감이 아닙니다."
    assert "예상 현금" in document_of(x_paper, None).text


RECEIPTS = {
    "ISSUED": TenderSum(3, Won(36_000)),
    "PENDING": TenderSum(1, Won(7_700)),
    "FAILED": TenderSum(0, Won(0)),
}
WITH_RECEIPTS = BODY.replace(
    '"cash_receipts":{}',
    f'"cash_receipts":{canonical({k: asdict(v) for k, v in RECEIPTS.items()})}',
)


def test_cash_receipts_have_a_line_each(texts: Translator) -> None:
    lines = rolled(report_paper(texts, read_body(WITH_RECEIPTS)), 42)
    at = lines.index("[현금영수증]")
    assert lines[at : at + 4] == [
        "[현금영수증]",
        "발급 3건                          36,000원",
        "발급 대기 1건                      7,700원",
        "발급 실패 0건                          0원",
    ]
    assert "[현금영수증]" not in rolled(report_paper(texts, read_body(BODY)), 42)


def test_a_blind_x_report_has_no_amount_of_the_cash(texts: Translator) -> None:
    figures = replace(FIGURES, cash_receipts=RECEIPTS)
    seen = replace(x_report(texts), figures=figures)
    blind = rolled(report_paper(texts, replace(seen, is_blind=True)), 42)
    open_lines = rolled(report_paper(texts, seen), 42)
    for amount in ("283,400", "200,000", "-5,000", "1,234,000", "1,246,000", "36,000", "100,000원"):
        assert any(amount in line for line in open_lines), amount
    said = "\n".join(line for line in blind if not line.startswith("준비금"))
    for amount in ("283,400", "200,000", "-5,000", "1,234,000", "1,246,000", "36,000", "7,700"):
        assert amount not in said, amount
    assert "예상 현금              세고 나면 보입니다." in blind
    assert any(line.startswith("카카오페이 결제 30건") for line in blind)


ADDENDUM = AddendumContent(
    *(2, 12, "f" * 64, "하나 베이커리", 0, True),
    *(date(2026, 11, 28), CLOSED, CLOSED.replace(hour=23), CLOSED.replace(hour=23)),
    *(1_300, "0123456789abcdef" * 4),
    (
        Finding(FindingKind.PAYMENT, 1024, Won(58_600), "imp_1"),
        Finding(FindingKind.CANCELLATION, 1019, Won(-12_000), "imp_2"),
        Finding(FindingKind.DIFFERENCE, 0, Won(700), "W-9"),
    ),
)


def test_an_addendum_to_the_cell(texts: Translator) -> None:
    content = read_addendum(addendum_body(ADDENDUM))
    assert content == ADDENDUM
    made = paper_of(texts, content)
    assert (made.name, made.code) == ("addendum 2", "")
    assert rolled(made, 42) == [
        "[테스트 결제]",
        "추가 정산지 2 (Z 12)",
        "하나 베이커리",
        "------------------------------------------",
        "[PortOne 대조]",
        "마감 정산 (Z)                         Z 12",
        "영업일                          2026-11-28",
        "계산대                                  01",
        "마감 시각              2026-11-28 21:00:00",
        "대조 시각              2026-11-29 08:00:00",
        "------------------------------------------",
        "[대조 결과]",
        "나중에 확인한 결제 · 주문 1024   58,600원",
        "PortOne에서 취소한 금액 · 주문 1019",
        "                                 -12,000원",
        "확인할 차이 · W-9                   700원",
        "차이 합계                         47,300원",
        "이 금액은 다음 마감 정산에 들어갑니다.",
        "앞의 Z는 바뀌지 않습니다.",
        "------------------------------------------",
        "장부 1,300번 기록의 해시",
        "0123456789abcdef0123456789abcdef0123456789",
        "abcdef0123456789abcdef",
    ]
    agrees = rolled(paper_of(texts, replace(ADDENDUM, found=())), 42)
    assert "결과                        PortOne과 같음" in agrees


@pytest.mark.parametrize("broken", ["{}", "[]", "3", "no JSON"])
def test_what_is_no_addendum_is_not_read(broken: str) -> None:
    with pytest.raises(ValueError):
        read_addendum(broken)
    with pytest.raises(ValueError):
        read_addendum(addendum_body(ADDENDUM).replace('"PAYMENT"', '"GIFT"'))


def test_a_test_shop_says_so_on_its_paper(texts: Translator) -> None:
    content = read_body(BODY.replace('"is_test":false', '"is_test":true'))
    assert rolled(report_paper(texts, content), 32)[0] == "[테스트 결제]"


def test_that_portone_was_not_compared_is_on_the_paper(texts: Translator) -> None:
    content = read_body(BODY.replace("OPEN_REFUND:7", "NOT_COMPARED:3"))
    assert content.end is not None and content.end.is_uncompared
    lines = rolled(report_paper(texts, content), 42)
    at = lines.index("[사유를 적고 마감한 일]")
    assert lines[at + 1] == "PortOne과 대조하지 못함           15,600원"


def test_a_body_without_names_shows_numbers(texts: Translator) -> None:
    content = read_body(BODY.replace('"names":{"3":"김하나","4":"이서준"},', ""))
    rows = {row.name: row.value for row in report_sections(texts, content)[0].rows}
    assert rows["개점한 직원"] == "직원 3"
    with pytest.raises(ValueError):
        read_body(BODY.replace('"counted":281400', '"counted":"x"'))
