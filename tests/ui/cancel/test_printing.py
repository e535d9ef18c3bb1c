"""A second print is marked as a copy; a print that failed does not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.services.orders.order_history import OrderHistoryService
from posapp.services.session import Session
from posapp.store.open_store import open_store
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.orders.order_screen import OrderScreen
from posapp.ui.printing import print_controller
from posapp.ui.printing.page_layout import CopyMark, PageLayout
from posapp.ui.printing.print_document import PrintDocument, print_paper, save_pdf
from posapp.ui.receipts.receipt_screen import ReceiptScreen
from tests.bounds import QT_WAIT_MS
from tests.store import records
from tests.ui.cancel.pdf_text import PdfText, pdf_printer
from tests.ui.cancel.shop_records import (
    CONFIRMED,
    NOW,
    FakeCancelling,
    FakeHistories,
    FakeRest,
    history,
    refund,
)

SLIP, REPORT, RECEIPT = "slip 5 returned", "account 1024", "receipt 1024"
SECOND = "사본(COPY)2번째출력·처음출력2026년11월23일(월)14:30:00"


@pytest.fixture
def texts(qapp) -> Translator:
    return Translator("ko", now=lambda: NOW)


@pytest.fixture
def histories() -> FakeHistories:
    return FakeHistories(found=replace(history(), refunds=(CONFIRMED,)))


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def printed() -> dict[str, PrintRecord]:
    """The prints of this run, which the pages share."""
    return {}


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    return tmp_path / "exports"


@pytest.fixture
def order(qtbot, texts, theme, instant, histories, session, printed, exports) -> OrderScreen:
    """The page of an order."""
    made = OrderScreen(
        *(texts, theme, instant, histories, FakeCancelling(), FakeRest(), session),
        shop="오늘의 커피",
        now=lambda: NOW,
        exports=exports,
        printed=printed,
    )
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    made.open(1024)
    return made


@pytest.fixture
def page(qtbot, texts, theme, instant, histories, session, printed, exports) -> ReceiptScreen:
    """The page of an order's papers, with the slip of its refund."""
    made = ReceiptScreen(
        *(texts, theme, instant, histories, session),
        shop="오늘의 커피",
        now=lambda: NOW,
        exports=exports,
        printed=printed,
    )
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    made.open(1024, "slip 5")
    return made


@pytest.fixture
def pages(tmp_path: Path, monkeypatch) -> list[Path]:
    """The files that the default printer writes, one for each print."""
    files: list[Path] = []

    def default_printer() -> QPrinter:
        files.append(tmp_path / f"sheet-{len(files) + 1}.pdf")
        return pdf_printer(files[-1])

    monkeypatch.setattr(print_controller, "default_printer", default_printer)
    return files


def on(path: Path) -> str:
    return "".join(PdfText(path).pages)


def test_print_is_recorded_with_the_signed_in_user(page, pages, histories, session):
    page.view.print.click()
    session.actor = Actor.person("하나")
    page.view.print.click()
    assert histories.printed_by == [Actor.person(), Actor.person("하나")]


def test_fault_74_second_print_is_marked_as_a_copy(page, pages, histories):
    paper = page.view.paper
    assert paper.mark_frame.isHidden() and "사본" not in " ".join(paper.lines())
    page.view.print.click()
    assert paper.mark_label.text() == "사본 (COPY)" and paper.mark_frame.isVisible()
    assert paper.mark_details.text() == "2번째 출력 · 처음 출력 2026년 11월 23일 (월) 14:30:00"
    assert paper.accessibleDescription().startswith("사본 (COPY), 2번째 출력")
    page.view.print.click()
    page.open(1024, "slip 5")
    assert paper.mark_details.text().startswith("3번째 출력")
    page.view.print.click()
    first, second, third = (on(file) for file in pages)
    assert "사본" not in first and "COPY" not in first and "환불전표" in first
    assert second == SECOND + first, "the same slip, but for its mark"
    assert third == SECOND.replace("2번째", "3번째") + first
    assert histories.printed == [(SLIP, NOW)] * 3
    page.view.copy.click()
    assert QGuiApplication.clipboard().text().startswith("사본 (COPY)\n4번째 출력")


def test_copy_mark_is_translated(page, pages, texts):
    texts.set_language("en")
    page.view.print.click()
    page.view.print.click()
    assert "COPY" not in on(pages[0])
    assert on(pages[1]).startswith(
        "COPY(사본)Printno.2·firstprintedMon23Nov2026,14:30:00오늘의커피Refundslip"
    )


def test_slip_recorded_as_printed_is_a_copy_at_once(page, pages, histories):
    printed = {SLIP: PrintRecord(4, NOW - timedelta(days=1))}
    histories.found = replace(histories.found, printed=printed)
    page.open(1024, "slip 5")
    details = page.view.paper.mark_details
    assert details.text() == "5번째 출력 · 처음 출력 2026년 11월 22일 (일) 14:30:00"
    page.view.print.click()
    assert on(pages[0]).startswith("사본(COPY)5번째출력")
    page.refund_changed(5)
    assert page.paperwork.mark(SLIP).details.startswith("6번째"), "what was read was older"


def test_a_pdf_and_a_print_of_the_same_are_a_copy_of_each_other(page, pages, exports):
    page.open(1024, "report")
    page.view.save.click()
    page.view.print.click()
    page.view.save.click()
    first, third = (exports / f"주문-1024-처리-이력{end}.pdf" for end in ("", "-2"))
    assert "COPY" not in on(first) and "주문1024처리이력" in on(first)
    assert on(pages[0]).startswith(SECOND)
    assert on(third).startswith(SECOND.replace("2번째", "3번째"))
    page.view.copy.click()
    assert "사본" not in QGuiApplication.clipboard().text(), "a text for a call is no paper"


def test_a_receipt_printed_on_either_page_makes_the_next_one_a_copy(
    order, page, pages, exports, histories
):
    """The second page has not read the records since."""
    order.view.history.print.click()
    page.open(1024)
    assert page.view.paper.mark_frame.isVisible()
    page.view.print.click()
    order.view.history.pdf.click()
    assert "COPY" not in on(pages[0]) and "51,000원" in on(pages[0])
    assert on(pages[1]) == SECOND + on(pages[0])
    assert on(exports / "영수증-1024.pdf").startswith(SECOND.replace("2번째", "3번째"))
    assert [name for name, _ in histories.printed] == [RECEIPT] * 3


def test_an_order_without_a_payment_prints_its_report(order, pages, histories):
    histories.found = replace(histories.found, payments=())
    order.open(1024)
    assert order.view.history.print.text() == "이력 인쇄"
    order.view.history.print.click()
    assert histories.printed == [(REPORT, NOW)] and "처리이력" in on(pages[0])


def test_requested_and_confirmed_refund_have_two_slips(page, pages, histories):
    waiting = refund(RefundState.APPROVED, 5, of=histories.found.order.items[2])
    paid, histories.found = histories.found, replace(histories.found, refunds=(waiting,))
    page.open(1024, "slip 5")
    page.view.print.click()
    histories.found = paid
    page.open(1024, "slip 5")
    assert page.view.paper.mark_frame.isHidden()
    page.view.print.click()
    assert [name for name, _ in histories.printed] == ["slip 5 asked", SLIP]
    assert "아직환불되지않았습니다" in on(pages[0]) and "COPY" not in on(pages[1])


@pytest.mark.qt_log_ignore("propagateSizeHints", r"QPainter::begin\(\): Returned false")
def test_fault_74_a_printer_that_takes_nothing_makes_no_copy(
    page, histories, tmp_path, monkeypatch
):
    """Switched off or out of paper: the error is shown and not counted; the next print that
    succeeds is the original."""
    said, paths = [], iter((tmp_path / "no such folder" / "x.pdf", tmp_path / "x.pdf"))
    page.notified.connect(said.append)
    monkeypatch.setattr(print_controller, "default_printer", lambda: pdf_printer(next(paths)))
    page.view.print.click()
    assert page.view.banner.tone == "error" and "프린터의 전원과 용지" in page.view.banner.message
    assert histories.printed == [] and said == []
    assert page.paperwork.mark(SLIP) is None and page.view.paper.mark_frame.isHidden()
    page.view.print.click()
    assert histories.printed == [(SLIP, NOW)] and "COPY" not in on(tmp_path / "x.pdf")


@pytest.mark.parametrize("place", ["slip 1", "receipt"])
def test_fault_74_a_copy_is_one_after_a_restart_too(
    qtbot, texts, theme, tmp_path, monkeypatch, place
):
    """The real file, opened anew for each program."""
    database = tmp_path / "shop.db"
    store = open_store(database)
    with store.transaction() as uow:
        uow.catalogue.add_users([records.user(1), records.SELLER])
        uow.catalogue.add_products([records.product(1)])
        uow.catalogue.add_orders([records.order(1, ItemStatus.COMPLETE_PAYMENT)])
        uow.payments.add(records.payment())
        uow.refunds.add(records.refund(state=RefundState.CONFIRMED))
        uow.commit()
    store.close()
    for at in range(3):
        store, runner = open_store(database), TaskRunner()
        page = ReceiptScreen(
            *(texts, theme, runner, OrderHistoryService(store), Session()),
            shop="오늘의 커피",
            now=lambda: NOW,
        )
        qtbot.addWidget(page)
        page.show()
        page.open(1, place)
        qtbot.waitUntil(lambda page=page: page.current is not None)
        assert page.view.paper.mark_frame.isHidden() is (at == 0)
        file = tmp_path / f"{at}.pdf"
        monkeypatch.setattr(
            print_controller, "default_printer", lambda file=file: pdf_printer(file)
        )
        page.view.print.click()
        qtbot.waitUntil(lambda runner=runner: runner.busy == 0)
        page.close()
        assert runner.stop(QT_WAIT_MS)
        store.close()
    first, second, third = (on(tmp_path / f"{at}.pdf") for at in range(3))
    assert "COPY" not in first and ("환불전표" if place != "receipt" else "결제금액") in first
    assert second == SECOND + first
    assert third == SECOND.replace("2번째", "3번째") + first


class OutOfPaper(QPrinter):
    """Takes the first page and no other."""

    def newPage(self) -> bool:
        return False


def test_interrupted_print_does_not_count(qapp, tmp_path):
    long = PrintDocument(REPORT, "주문 1024", "\n".join("한 줄" for _ in range(200)))
    half = OutOfPaper()
    half.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    half.setOutputFileName(str(tmp_path / "half.pdf"))
    with pytest.raises(EnvironmentProblem) as reported:
        print_paper(long, half)
    assert reported.value.code is EnvironmentCode.PRINTER
    print_paper(long, pdf_printer(tmp_path / "whole.pdf"))
    assert len(PdfText(tmp_path / "whole.pdf").pages) > 2


def without_a_default(monkeypatch) -> None:
    monkeypatch.setattr(print_controller, "default_printer", lambda: None)
    names = staticmethod(lambda: ["Counter"])
    monkeypatch.setattr(print_controller.QPrinterInfo, "availablePrinterNames", names)


def test_a_dialog_that_is_dismissed_makes_no_copy(page, histories, monkeypatch):
    without_a_default(monkeypatch)
    page.view.print.click()
    dialog = page.findChild(QPrintDialog)
    assert dialog is not None
    dialog.reject()
    assert histories.printed == [] and page.paperwork.mark(SLIP) is None


def test_accepted_print_dialog_counts(page, histories, monkeypatch, exports, tmp_path):
    without_a_default(monkeypatch)
    layout, print_on = tmp_path / "sheet.pdf", page.paperwork.print_on
    monkeypatch.setattr(
        page.paperwork, "print_on", lambda paper, printer_: print_on(paper, pdf_printer(layout))
    )
    page.view.save.click()
    page.view.print.click()
    page.findChild(QPrintDialog).done(QPrintDialog.DialogCode.Accepted)
    (first,) = exports.iterdir()
    assert "COPY" not in on(first) and on(layout).startswith(SECOND)
    assert histories.printed == [(SLIP, NOW)] * 2


def test_a_pdf_that_cannot_be_written_makes_no_copy(page, histories, exports):
    page.paperwork.save_to(page.current, exports / "no such folder" / "x.pdf")
    assert histories.printed == [] and page.paperwork.mark(SLIP) is None


def test_a_print_that_cannot_be_noted_is_out_and_reported(page, pages, histories, caplog):
    """The paper is not held up, and while the program runs the next one is a copy all the same."""
    histories.unwritable = EnvironmentProblem(EnvironmentCode.DISK_FULL)
    said = []
    page.notified.connect(said.append)
    page.view.print.click()
    assert "환불전표" in on(pages[0]) and said == ["인쇄를 시작했습니다."]
    banner = page.view.banner
    assert banner.tone == "notice" and banner.message.startswith("출력되었지만")
    assert "저장 공간이 부족해" in banner.message
    assert "a print could not be noted: " in caplog.text
    page.view.print.click()
    assert on(pages[1]).startswith(SECOND)


def test_every_page_of_a_copy_is_marked_and_its_text_is_behind_the_text(qapp, tmp_path):
    mark = CopyMark("사본 (COPY)", "2번째 출력", "[재발행 2]")
    first = PrintDocument(REPORT, "주문 1024", "\n".join(f"줄 {n}" for n in range(200)))
    save_pdf(first, tmp_path / "first.pdf")
    save_pdf(replace(first, mark=mark), tmp_path / "copy.pdf")
    plain, marked = PdfText(tmp_path / "first.pdf"), PdfText(tmp_path / "copy.pdf")
    assert len(marked.pages) >= 4
    count = len(marked.pages)
    for at, text in enumerate(marked.pages, 1):
        assert text.startswith("사본(COPY)2번째출력줄") and text.endswith(f"{at}/{count}")
    assert all("사본" not in text for text in plain.pages)
    for number in (0, 99, 199):
        assert sum(f"줄{number}" in text for text in marked.pages) >= 1, "nothing is cut off"
    assert plain.dotted == [0] * len(plain.pages), "outlines are ink, and no letters"
    assert all(lines > 0 for lines in marked.dotted)


def test_text_is_black_in_every_theme(page, theme, qapp, tmp_path, pages):
    theme.set_name("dark")
    theme.apply(qapp)
    page.view.print.click()
    page.view.print.click()
    page.open(1024)
    page.view.print.click()
    for layout in pages:
        colours = {
            tuple(float(part) for part in colour.split()) for colour in PdfText(layout).colours
        }
        assert colours == {(0.0, 0.0, 0.0)}


def test_a_narrow_roll_has_the_mark_whole(qapp, tmp_path):
    roll = pdf_printer(tmp_path / "roll.pdf")
    roll.setPageSize(QPageSize(QSizeF(80, 200), QPageSize.Unit.Millimeter))
    roll.setPageMargins(QMarginsF(3, 3, 3, 3), QPageLayout.Unit.Millimeter)
    details = "2번째 출력 · 처음 출력 2026년 11월 23일 (월) 14:30:00"
    mark = CopyMark("사본 (COPY)", details, "[재발행 2]")
    print_paper(PrintDocument(SLIP, "환불 전표", "오늘의 커피\n9,000원", mark), roll)
    assert PdfText(tmp_path / "roll.pdf").pages == [SECOND + "오늘의커피9,000원"]


@pytest.mark.parametrize("width", [58, 80, 210])
def test_amounts_are_right_aligned_and_apart_from_price_and_count(qapp, tmp_path, width):
    """At first they ran together: “18,000원 × 118,000원”."""
    roll = pdf_printer(tmp_path / "roll.pdf")
    roll.setPageSize(QPageSize(QSizeF(width, 297), QPageSize.Unit.Millimeter))
    roll.setPageMargins(QMarginsF(3, 3, 3, 3), QPageLayout.Unit.Millimeter)
    text = "유자차\n  18,000원 × 1 \t18,000원\n빵\n  4,500원 × 12 \t취소"
    layout = PageLayout(text, None, roll, (0,))
    document, ends = layout._document, set()
    for number in (1, 3):
        block = document.findBlockByNumber(number)
        line = block.layout().lineAt(0)
        assert block.layout().lineCount() == 1
        tab = block.text().index("\t")
        assert line.cursorToX(tab + 1)[0] - line.cursorToX(tab)[0] > layout._mm(2)
        ends.add(round(line.cursorToX(len(block.text()))[0] / layout._mm(1)))
    (end,) = ends
    room = layout._body.width() / layout._mm(1)
    assert end == pytest.approx(min(room, 90), abs=1)
    heights = [document.findBlockByNumber(n).layout().boundingRect().height() for n in (0, 2)]
    assert heights[0] > heights[1], "the first line is large"
