"""A paper leads back to its order: its code is read off the print and looked up at the counter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtWidgets import QApplication

from posapp.domain.refunds import RefundState
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.theme import THEMES
from posapp.ui.printing import print_controller
from posapp.ui.shell.routes import COUNTER_SIZES
from posapp.ui.widgets.qr import QrCode
from tests.ui.cancel.paper_codes import codes_on
from tests.ui.cancel.pdf_picture import pdf_pictures
from tests.ui.cancel.pdf_text import PdfText, pdf_printer

SHEETS = {
    "A4": (QSizeF(210, 297), 16.0),
    "80 mm": (QSizeF(80, 297), 4.0),
    "58 mm": (QSizeF(58, 297), 4.0),
}
"""Size and margins in millimetres."""

DOTS = 203
"""Dots per inch of a receipt printer."""

SCREEN_DOTS = 96
PLACES = ("receipt", "report", "slip")


@pytest.fixture
def counter(shared_from_home):
    return shared_from_home


@pytest.fixture
def slip(shared):
    """A confirmed refund, of whose order there are all papers."""
    with shared.demo.container.store.snapshot() as uow:
        for number in range(1200, 1000, -1):
            for refund in uow.refunds.for_order(number):
                if refund.state is RefundState.CONFIRMED:
                    return refund
    raise AssertionError("the demo shop has no confirmed refund")


@pytest.fixture(params=PLACES)
def page(request, qtbot, counter, slip):
    """The page of each paper."""
    place = f"slip {slip.id}" if request.param == "slip" else request.param
    counter.screens.open("receipt", {"order_id": slip.order_id, "paper": place})
    settle(qtbot, counter)
    made = counter.screens.page("receipt")
    assert made.current is not None and made.current.place == place
    return made


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_code_of_a_printed_paper_and_of_its_copy_names_its_order(
    qtbot, counter, page, slip, tmp_path, monkeypatch, sheet
):
    size, margin = SHEETS[sheet]
    files = [tmp_path / "first.pdf", tmp_path / "copy.pdf"]
    page.paperwork._printed.clear()
    for file in files:
        printer = pdf_printer(file)
        printer.setPageSize(QPageSize(size, QPageSize.Unit.Millimeter))
        printer.setPageMargins(
            QMarginsF(margin, margin, margin, margin), QPageLayout.Unit.Millimeter
        )
        monkeypatch.setattr(print_controller, "default_printer", lambda made=printer: made)
        page.view.print.click()
        settle(qtbot, counter)
    assert [any(PdfText(file).dotted) for file in files] == [False, True]
    for file in files:
        found = [code for picture in pdf_pictures(file, DOTS) for code in codes_on(picture, DOTS)]
        (code,) = found
        assert code.text == f"PO{slip.order_id}" and code.side_mm >= 20 and code.is_quiet
        assert code.text in PdfText(file).pages[-1], "a person reads it below"
        assert counter.demo.container.scan_lookup.find(code.text).id == slip.order_id


def test_the_code_of_a_saved_pdf_names_its_order(qtbot, counter, page, slip, tmp_path):
    page.paperwork.save_to(page.current, tmp_path / "saved.pdf")
    settle(qtbot, counter)
    *others, last = (codes_on(one, DOTS) for one in pdf_pictures(tmp_path / "saved.pdf", DOTS))
    assert not any(others)
    (code,) = last
    assert counter.demo.container.scan_lookup.find(code.text).id == slip.order_id


def test_the_code_on_the_screen_is_read_at_every_size_and_in_every_theme(
    qtbot, counter, page, slip
):
    for size in COUNTER_SIZES:
        counter.window.resize(*size)
        for language in LANGUAGES:
            counter.texts.set_language(language)
            settle(qtbot, counter)
            bar = page.view.area.verticalScrollBar()
            bar.setValue(bar.maximum())
            found = codes_on(counter.window.grab().toImage(), SCREEN_DOTS)
            assert [one.text for one in found] == [f"PO{slip.order_id}"], (size, language)
    for theme in THEMES:
        counter.theme.set_name(theme)
        settle(qtbot, counter)
        (code,) = codes_on(page.view.paper.grab().toImage(), SCREEN_DOTS)
        assert code.text == f"PO{slip.order_id}", theme
    assert page.view.paper.lines()[-1] == f"PO{slip.order_id}", "for a screen reader too"
    (square,) = (one for one in page.view.paper.findChildren(QrCode) if one.isVisible())
    assert square.accessibleName() == f"PO{slip.order_id}"


def test_a_scan_of_the_paper_opens_its_order_at_the_counter(qtbot, counter, page, slip, keyboard):
    (code,) = codes_on(page.view.paper.grab().toImage(), SCREEN_DOTS)
    counter.go_home()
    settle(qtbot, counter)
    keyboard.scan(code.text)
    qtbot.waitUntil(lambda: counter.window.current == "order")
    settle(qtbot, counter)
    assert counter.screens.page("order").title == f"주문 {slip.order_id}"
