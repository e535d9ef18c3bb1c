"""Labels of a product: what they say, how many, and what a scanner reads on them."""

from __future__ import annotations

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import EnvironmentCode
from posapp.domain.product_codes import own_code
from posapp.domain.roll import BAR_HEIGHT, CELL, LINE, RollBars, RollCode
from posapp.domain.roll_letters import COLUMNS, Hangul
from posapp.domain.roll_text import roll_from_text, roll_to_text
from posapp.services.ports.receipt_printer import PrinterProblem
from posapp.system.receipt_printer.encoder import encode
from posapp.ui.printing.roll_layout import PriceLabel, labels_roll
from posapp.ui.printing.roll_picture import draw_parts
from tests.fakes.receipt_printer import EscPos
from tests.pictures import papers

KEY, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
EAN, OWN, TEXT = "8801043014830", own_code(7), "cake{1}"
LONG = "abcdefghij-0123456789-abcdefghij-0123456789-abcd"
NAME, PRICE = "단팥빵", "2,200원"


def printed(codes: list[str], columns: int, hangul: Hangul) -> EscPos:
    """What a printer printed of labels with some codes."""
    roll = labels_roll([PriceLabel(NAME, PRICE, one) for one in codes], columns, hangul)
    assert roll_from_text(roll_to_text(roll)) == roll, "it is the same after it waited"
    printer = EscPos(columns)
    printer.read(encode(roll, draw_parts))
    assert printer.wrong == [] and printer.cuts == 1
    return printer


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_printer_gets_bars_as_commands(columns: int) -> None:
    printer = printed([EAN, OWN, TEXT], columns, Hangul.KS5601)
    bars = [one for one in printer.out if one.bars]
    assert [(one.kind, one.bars) for one in bars] == [
        *(("EAN-13", EAN), ("EAN-13", OWN), ("Code 128", TEXT)),
    ]
    assert all(one.is_centred and one.height == BAR_HEIGHT for one in bars)
    assert [one.module for one in bars] == [3, 3, 2 if columns == 32 else 3]
    assert printer.text.split("\n")[:6] == [NAME, PRICE, "", EAN, EAN, ""]


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("code", [EAN, OWN, TEXT, LONG])
def test_drawn_bars_are_read_by_a_scanner(qapp, columns: int, code: str) -> None:
    printer = printed([code], columns, Hangul.RASTER)
    assert not any(one.text or one.bars or one.code for one in printer.out), "all is drawn"
    width = columns * CELL
    blank = bytes(width // 8 * LINE)
    rows = b"".join(one.rows or blank for one in printer.out)
    bits = (byte >> at & 1 for byte in rows for at in range(7, -1, -1))
    dots = bytes(0 if bit else 255 for bit in bits)
    picture = memoryview(dots).cast("B", (len(dots) // width, width))
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [code]


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_code_that_is_too_long_for_bars_is_a_qr(columns: int) -> None:
    parts = labels_roll([PriceLabel(NAME, PRICE, LONG)], columns, Hangul.KS5601).parts
    (code,) = (one for one in parts if isinstance(one, RollCode | RollBars))
    assert code == RollCode(LONG)


@pytest.fixture
def printer(counter):
    papers.give_printer(counter, papers.PrinterState.READY)
    counter.printer.papers.clear()
    return counter.printer


def chosen(page, settle, text: str) -> None:
    page.view.search.setText(text)
    page.view.search.flush()
    settle()
    page.view.table.select(0)


def test_labels_of_the_chosen_product_come_out(qtbot, page, settle, press, printer, goods) -> None:
    chosen(page, settle, "소금빵")
    product = goods.get(page.view.current.id)
    press(KEY.Key_P, CONTROL)
    panel = page.labels.panel
    assert panel.isVisible() and panel.count.line.hasFocus()
    assert panel.name.text() == "소금빵" and panel.count.line.text() == "1"
    for typed in ("0", "51", "x"):
        panel.count.line.setText(typed)
        press(KEY.Key_Return)
        assert "1장부터 50장까지" in panel.count.message and panel.isVisible()
    panel.count.line.setText("12")
    press(KEY.Key_Return)
    assert not panel.isVisible()
    qtbot.waitUntil(lambda: len(printer.papers) == 2)
    assert [one.count("소금빵") for one in printer.papers] == [10, 2]
    assert f"{int(product.product.price):,}원" in printer.papers[0]
    assert not any(printer.are_copies)
    press(KEY.Key_P, CONTROL)
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: len(printer.papers) == 3)
    assert not any(printer.are_copies), "another label is no copy of the first one"


def test_a_code_that_is_made_beside_the_panel_is_on_the_label(
    page, settle, press, printer, goods, counter
) -> None:
    chosen(page, settle, "소금빵")
    product_id = page.view.current.id
    press(KEY.Key_P, CONTROL)
    panel = page.labels.panel
    assert goods.get(product_id).codes == () and "코드 만들기" in panel.code.text()
    counter.texts.set_language("en")
    assert "Make code" in panel.code.text()
    counter.texts.set_language("ko")
    press(KEY.Key_F5)
    assert panel.isVisible() and panel.code.text() == own_code(product_id)


def test_esc_closes_the_panel_and_prints_nothing(page, settle, press, printer, counter) -> None:
    chosen(page, settle, "소금빵")
    press(KEY.Key_P, CONTROL)
    for language in ("en", "ko"):  # a button that is written anew takes its key again
        counter.texts.set_language(language)
    press(KEY.Key_Escape)
    assert not page.labels.panel.isVisible() and counter.window.current == "products"
    assert printer.papers == []


def test_labels_wait_where_the_printer_has_no_paper(
    qtbot, page, settle, press, printer, counter
) -> None:
    printer.results = [PrinterProblem(EnvironmentCode.PRINTER_PAPER)] * 9
    chosen(page, settle, "소금빵")
    press(KEY.Key_P, CONTROL)
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: page.view.banner.tone == "error")
    assert "용지가 없습니다" in page.view.banner.message
    waiting = counter.demo.container.print_queue.papers()
    assert [one.job.paper.split()[0] for one in waiting] == ["label"]


def test_without_a_printer_it_is_said(page, settle, press, counter) -> None:
    papers.take_printer_away(counter)
    chosen(page, settle, "소금빵")
    press(KEY.Key_P, CONTROL)
    assert "영수증 프린터가 없습니다" in page.view.banner.message
    assert not page.labels.panel.isVisible()
    assert QApplication.activeModalWidget() is None
