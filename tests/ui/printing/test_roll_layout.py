"""Papers on a roll: the bytes that a printer gets, read back, are the text of the paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.cells import cells
from posapp.domain.orders import Order
from posapp.domain.roll import RollCode, RollLine
from posapp.domain.roll_letters import COLUMNS, Hangul
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.system.receipt_printer.encoder import encode
from posapp.ui.core.fonts import load_fonts
from posapp.ui.core.i18n import Translator
from posapp.ui.orders.order_report import papers_of
from posapp.ui.printing.page_layout import mark_after
from posapp.ui.printing.paper import RULE_TEXT, LineKind, Paper
from posapp.ui.printing.roll_layout import roll_of
from posapp.ui.printing.roll_picture import draw_parts
from posapp.ui.printing.roll_sample import SAMPLE, sample_roll
from tests.fakes.receipt_printer import EscPos
from tests.ui.cancel.shop_records import CONFIRMED, NOW, history, item, order_of
from tests.ui.printing.roll_reader import RollReader

NAMES = ("에티오피아 예가체프 200g", "똠양꿍 뷁 힣힣", "Crème brûlée – 😀", "가" * 40)
PAPERS = ("receipt", "report", "slip")


def order() -> Order:
    return order_of(*(item(2048 + at, name, 12_000, 2) for at, name in enumerate(NAMES)))


def paper(texts: Translator, place: str) -> Paper:
    found = replace(history(), order=order(), refunds=(CONFIRMED,))
    made = papers_of(texts, found, shop="하나 베이커리", online=True, made_at=NOW)
    return next(one for one in made if one.place.startswith(place))


def printed(paper: Paper, columns: int, hangul: Hangul, mark=None) -> EscPos:
    roll = roll_of(paper, mark, columns, hangul)
    printer = EscPos(columns)
    printer.read(encode(roll, draw_parts))
    assert printer.wrong == [] and printer.cuts == 1
    return printer


def bare(text: str) -> str:
    """A text without blanks, rules and invisible breaks."""
    kept = text.replace("\u200b", "").replace(RULE_TEXT, "").replace("I", "l")  # alike in dots
    return "".join(kept.split()).replace("---", "").replace("₩", "")


def words(paper: Paper) -> str:
    """All that a paper says, in the order of a roll."""
    badges = [f"[{line.text}]" for line in paper.lines if line.kind is LineKind.BADGE]
    lines = [
        line.text + line.detail + line.value
        for line in paper.lines
        if line.kind is not LineKind.BADGE
    ]
    return bare("".join([*badges, *lines, paper.code, paper.code]))


@pytest.fixture(scope="module")
def reader(qapp) -> RollReader:
    load_fonts()
    texts = Translator("ko", now=lambda: NOW)
    known = "".join(words(paper(texts, place)) for place in PAPERS)
    return RollReader(
        known
        + SAMPLE
        + "ks5601cp949raster가각갂갃간뚐뚬뷀휜흿O0Il1-_.,:[]()원사본재발행2번째출력처음"
    )


@pytest.mark.parametrize("hangul", list(Hangul))
@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("place", PAPERS)
def test_what_is_printed_says_what_the_paper_says(texts, reader, place, columns, hangul) -> None:
    made = paper(texts, place)
    lines = reader.read(printed(made, columns, hangul))
    assert all(cells(line) <= columns for line in lines)
    said = bare("".join(lines)).replace("--", "").replace("-", "")
    assert said == words(made).replace("-", "")


@pytest.mark.parametrize("columns", COLUMNS)
def test_amounts_of_items_end_at_one_edge(texts, columns) -> None:
    roll = roll_of(paper(texts, "receipt"), None, columns, Hangul.KS5601)
    amounts = [part.text for part in roll.parts if isinstance(part, RollLine) and "×" in part.text]
    assert len(amounts) == len(NAMES)
    assert all(text.endswith("24,000원") and cells(text) == columns for text in amounts)


def test_a_test_payment_says_so_on_top_whatever_the_paper(texts) -> None:
    for place in ("receipt", "slip"):
        first = roll_of(paper(texts, place), None, 42, Hangul.KS5601).parts[0]
        assert first == RollLine("[테스트 결제]", is_bold=True, is_centred=True)


def test_a_copy_is_marked_on_top_and_at_its_end(texts) -> None:
    mark = mark_after(texts, PrintRecord(1, NOW))
    parts = roll_of(paper(texts, "receipt"), mark, 32, Hangul.KS5601).parts
    stamp = RollLine("[재발행 2]", is_bold=True, is_large=True, is_centred=True)
    assert parts[1] == stamp and parts[-1] == replace(stamp, is_large=False)
    assert "2번째 출력" in parts[2].text


def test_an_original_has_no_mark(texts) -> None:
    parts = roll_of(paper(texts, "receipt"), None, 32, Hangul.KS5601).parts
    assert not any("재발행" in getattr(part, "text", "") for part in parts)


def test_the_code_is_of_the_order(texts) -> None:
    parts = roll_of(paper(texts, "receipt"), None, 42, Hangul.KS5601).parts
    assert [part for part in parts if isinstance(part, RollCode)] == [RollCode("PO1024")]


def test_in_english_amounts_are_won_as_a_printer_can_write_them(qapp) -> None:
    texts = Translator("en", now=lambda: NOW)
    parts = roll_of(paper(texts, "receipt"), None, 42, Hangul.KS5601).parts
    said = "".join(part.text for part in parts)
    assert "₩" not in said and "24,000원" in said


@pytest.mark.parametrize("columns", COLUMNS)
def test_the_test_page_has_its_sample_three_ways(reader, columns) -> None:
    printer = EscPos(columns)
    printer.read(encode(sample_roll(("하나 베이커리", "테스트 인쇄"), columns), draw_parts))
    lines = reader.read(printer)
    assert printer.wrong == [] and "TEST" in lines
    assert sum(SAMPLE in line for line in lines) == 3
    assert sum(SAMPLE in one.text for one in printer.out) == 1, "cp949 alone sends it as letters"
