"""The code at the end of a printed paper: whole, alone in its place, and on one page."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter

from posapp.services.session import Session
from posapp.ui.core.fonts import load_fonts
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.orders.order_report import papers_of
from posapp.ui.printing import order_code
from posapp.ui.printing.page_layout import CopyMark, PageLayout
from posapp.ui.printing.paper import RULE_TEXT, Paper
from posapp.ui.printing.print_document import PrintDocument, document_of, print_paper
from posapp.ui.receipts.receipt_screen import ReceiptScreen
from posapp.ui.widgets import qr_matrix
from tests.bounds import QT_WAIT_MS
from tests.ui.cancel.paper_codes import codes_on
from tests.ui.cancel.pdf_picture import pdf_pictures
from tests.ui.cancel.pdf_text import PdfText, pdf_printer
from tests.ui.cancel.shop_records import CONFIRMED, NOW, FakeHistories, history

DOTS = 203
"""Dots per inch of a receipt printer."""

DETAILS = "2번째 출력 · 처음 출력 2026년 11월 23일 (월) 14:30:00"
MARK = CopyMark("사본 (COPY)", DETAILS, "[재발행 2]")


@pytest.fixture(autouse=True)
def fonts(qapp) -> None:
    """The program's own: letters of another cannot all be read back from a PDF."""
    load_fonts()


@pytest.fixture
def texts(qapp) -> Translator:
    return Translator("ko", now=lambda: NOW)


@pytest.fixture
def papers(texts) -> tuple[Paper, ...]:
    """The receipt, the report and a slip of order 1024."""
    found = replace(history(), refunds=(CONFIRMED,))
    made = papers_of(texts, found, shop="오늘의 커피", online=True, made_at=NOW)
    assert [one.place for one in made] == ["receipt", "report", "slip 5"]
    return made


def roll(path: Path, width: float, height: float) -> QPrinter:
    printer = pdf_printer(path)
    printer.setPageSize(QPageSize(QSizeF(width, height), QPageSize.Unit.Millimeter))
    printer.setPageMargins(QMarginsF(3, 3, 3, 3), QPageLayout.Unit.Millimeter)
    return printer


def pages(
    tmp_path: Path,
    lines: int,
    mark: CopyMark | None = None,
    *,
    code: str = "PO1024",
    width: float = 80,
    height: float = 110,
) -> tuple[list[QImage], PdfText]:
    """Print so many lines and the code; return the pictures and the texts of the pages."""
    path, text = tmp_path / "roll.pdf", "\n".join(f"줄{number}끝" for number in range(lines))
    printer = roll(path, width, height)
    print_paper(PrintDocument("report 1", "주문", text, mark, code=code), printer)
    return pdf_pictures(path, DOTS), PdfText(path)


@pytest.mark.parametrize("mark", [None, MARK], ids=["first", "copy"])
def test_no_page_break_cuts_the_code(tmp_path, mark):
    """Wherever the text ends on its page."""
    alone = beside = 0
    for lines in range(1, 36):
        pictures, texts = pages(tmp_path, lines, mark)
        found = [codes_on(picture, DOTS) for picture in pictures]
        assert not any(found[:-1]) and [one.text for one in found[-1]] == ["PO1024"], lines
        written = "".join(texts.pages)
        assert all(f"줄{number}끝" in written for number in range(lines)), "no line gives way"
        assert "PO1024" in texts.pages[-1] and written.count("PO1024") == 1
        alone += "줄" not in texts.pages[-1]
        beside += len(pictures) > 1 and "줄" in texts.pages[-1]
        if mark is not None:
            assert all(text.startswith("사본(COPY)") for text in texts.pages)
            assert all(texts.dotted)
    assert alone and beside, "both happened"


@pytest.mark.parametrize(("width", "height"), [(58, 38), (24, 60), (80, 38)])
def test_on_a_page_with_too_little_room_the_code_is_smaller_and_whole(tmp_path, width, height):
    pictures, _ = pages(tmp_path, 1, code="PO1", width=width, height=height)
    assert [one.text for one in codes_on(pictures[-1], DOTS)] == ["PO1"]
    layout = PageLayout("줄", None, roll(tmp_path / "roll.pdf", width, height), (), "PO1")
    assert layout._body.contains(layout._code_area), "within what the printer can reach"


@pytest.mark.parametrize("width", [58, 80, 210])
@pytest.mark.parametrize("code", ["PO1", "PO99999999", "PO9223372036854775807"])
def test_every_number_of_an_order_is_at_least_20_mm_with_its_quiet_zone(tmp_path, width, code):
    pictures, texts = pages(tmp_path, 3, MARK, code=code, width=width, height=200)
    (found,) = codes_on(pictures[0], DOTS)
    assert found.text == code and len(texts.pages) == 1
    assert 20 <= found.side_mm <= 28
    assert found.is_quiet, "neither text nor the mark of the copy comes near"


def test_a_page_without_a_code_has_none(tmp_path):
    pictures, texts = pages(tmp_path, 3, code="")
    assert codes_on(pictures[0], DOTS) == [] and "PO" not in texts.pages[0]


def test_the_text_of_each_paper_ends_with_its_code(papers):
    for paper in papers:
        assert paper.code == "PO1024"
        assert paper.text.endswith("\n\nPO1024\n") and paper.text.count("PO1024") == 1
        document = document_of(paper, None)
        assert document.code == "PO1024" and "PO1024" not in document.text, "printed once"


def test_a_rule_is_one_line_on_the_narrowest_roll(papers, tmp_path):
    printer = roll(tmp_path / "roll.pdf", 58, 297)
    for paper in papers:
        layout = PageLayout(document_of(paper, None).text, None, printer)
        block, rules = layout._document.firstBlock(), 0
        while block.isValid():
            if block.text() == RULE_TEXT:
                rules += 1
                assert block.layout().lineCount() == 1
            block = block.next()
        assert rules


def test_the_code_is_encoded_in_the_background_before_the_page_shows_it(
    qtbot, texts, theme, monkeypatch
):
    order_code.code_matrix.cache_clear()
    threads, real = [], qr_matrix.encode
    monkeypatch.setattr(
        qr_matrix, "encode", lambda text: threads.append(threading.current_thread()) or real(text)
    )
    runner, histories = TaskRunner(), FakeHistories(found=history())
    page = ReceiptScreen(
        *(texts, theme, runner, histories, Session()), shop="오늘의 커피", now=lambda: NOW
    )
    qtbot.addWidget(page)
    page.show()
    page.open(1024)
    qtbot.waitUntil(lambda: page.current is not None)
    page.open(1024, "report")
    qtbot.waitUntil(lambda: page.current is not None)
    assert len(threads) == 1 and threads[0] is not threading.main_thread()
    page.close()
    assert runner.stop(QT_WAIT_MS)
