"""From a receipt of 40 lines to the bytes that a receipt printer takes."""

from __future__ import annotations

import time

import pytest

from posapp.domain.roll_letters import Hangul
from posapp.system.receipt_printer.encoder import encode
from posapp.ui.core.fonts import load_fonts
from posapp.ui.printing.paper import RULE, LineKind, Paper, PaperLine
from posapp.ui.printing.roll_layout import roll_of
from posapp.ui.printing.roll_picture import draw_parts
from tests.benchmarks.figures import quantile, report_line

pytestmark = pytest.mark.bench

ROUNDS = 50
ITEMS = 15
"""Items of two lines each; with shop, facts and code the paper has 40 lines."""

PAPER = Paper(
    *("receipt", "receipt 1024", "영수증", "영수증 1024"),
    (
        PaperLine(LineKind.HEADING, "하나 베이커리"),
        PaperLine(LineKind.CAPTION, "2026년 11월 23일 (월) 14:05:09"),
        PaperLine(LineKind.AMOUNT, "26,643원"),
        RULE,
        *[PaperLine(LineKind.ITEM, "에티오피아 예가체프", "24,000원", "12,000원 × 2")] * ITEMS,
        RULE,
        PaperLine(LineKind.PAIR, "결제 수단", "카카오페이"),
    ),
    "PO1024",
)


GOODS = PaperLine(LineKind.GOODS, "단팥빵", "15,400", cells=("2,200", "7"))
SALE = Paper(
    *("receipt", "receipt 1024", "영수증", "영수증 261128-01-0042"),
    (
        PaperLine(LineKind.HEADING, "하나 베이커리"),
        PaperLine(LineKind.SUM, "2026-11-28 14:05:09", "No 261128-01-0042"),
        RULE,
        *[GOODS, PaperLine(LineKind.SUM, " 할인", "-757")] * ITEMS,
        RULE,
        PaperLine(LineKind.SUM, "과세 공급가액", "13,614"),
        PaperLine(LineKind.SUM, "부가세", "1,361"),
        PaperLine(LineKind.SUM, "합계", "26,643", is_strong=True),
        PaperLine(LineKind.SUM, "카카오페이", "26,643"),
    ),
    "PO1024",
)


@pytest.mark.parametrize(("hangul", "most"), [(Hangul.KS5601, 10), (Hangul.RASTER, 60)])
@pytest.mark.parametrize(("paper", "of"), [(PAPER, "receipt"), (SALE, "receipt of a sale")])
def test_receipt_to_bytes(
    qapp, measuring: bool, paper: Paper, of: str, hangul: Hangul, most: float
) -> None:
    assert load_fonts()
    taken = []
    for _ in range(ROUNDS if measuring else 1):
        begun = time.perf_counter()
        content = encode(roll_of(paper, None, 42, hangul), draw_parts)
        taken.append((time.perf_counter() - begun) * 1000)
    assert content
    report_line(f"{of} of 40 lines → bytes, {hangul}, p95", quantile(taken, 0.95), "ms", most)
