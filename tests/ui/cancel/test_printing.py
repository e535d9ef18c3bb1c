"""A second print is marked as a copy; a print that failed does not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.services.orders.order_history import OrderHistoryService
from posapp.services.orders.print_log import PrintRecord
from posapp.services.session import Session
from posapp.store.open_store import open_store
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.orders.order_screen import OrderScreen
from posapp.ui.printing import print_output
from posapp.ui.printing.copy_mark import CopyMark
from posapp.ui.printing.print_document import PrintDocument, print_paper, save_pdf
from tests.bounds import QT_WAIT_MS
from tests.store import records
from tests.ui.cancel.pdf_text import PdfText
from tests.ui.cancel.shop_records import (
    CONFIRMED,
    NOW,
    FakeCancelling,
    FakeHistories,
    FakeRest,
    history,
    refund,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

SLIP, ACCOUNT = "slip 5 returned", "account 1024"
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
def page(qtbot, texts, theme, instant, histories, session) -> OrderScreen:
    made = OrderScreen(
        *(texts, theme, instant, histories, FakeCancelling(), FakeRest(), session),
        shop="오늘의 커피",
        now=lambda: NOW,
    )
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    made.open(1024)
    return made


@pytest.fixture
def pages(page, tmp_path: Path, monkeypatch) -> list[Path]:
    """The files that printing writes, one for each print. A file that a test appends counts as the
    next print."""
    files: list[Path] = []

    def print_(make) -> None:
        file = tmp_path / f"sheet-{len(files) + 1}.pdf"
        files.append(file)
        page.paperwork.taking.print_on(make, printer(file))

    monkeypatch.setattr(page.paperwork.taking, "print", print_)
    return files


def printer(path: Path) -> QPrinter:
    made = QPrinter()
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    return made


def open_slip(page: OrderScreen):
    page.view.items.rows[2].slip.click()
    assert page.paperwork.slip is not None
    return page.paperwork.slip


def on(path: Path) -> str:
    return "".join(PdfText(path).pages)


def test_print_is_recorded_with_the_signed_in_user(page, pages, histories, session):
    slip = open_slip(page)
    slip.print.click()
    session.actor = Actor.person("하나")
    slip.print.click()
    slip.reject()
    assert histories.printed_by == [Actor.person(), Actor.person("하나")]


def test_fault_74_second_print_is_marked_as_a_copy(page, pages, histories):
    slip = open_slip(page)
    assert slip.mark_frame.isHidden() and "사본" not in slip.text
    slip.print.click()
    assert slip.mark_label.text() == "사본 (COPY)" and slip.mark_frame.isVisible()
    assert slip.mark_details.text() == "2번째 출력 · 처음 출력 2026년 11월 23일 (월) 14:30:00"
    assert slip.accessibleDescription().startswith("사본 (COPY)\n2번째 출력")
    slip.print.click()
    slip.reject()
    again = open_slip(page)
    assert again.mark_details.text().startswith("3번째 출력")
    again.print.click()
    first, second, third = (on(file) for file in pages)
    assert "사본" not in first and "COPY" not in first and "환불전표" in first
    assert second == SECOND + first, "the same slip, but for its mark"
    assert third == SECOND.replace("2번째", "3번째") + first
    assert histories.printed == [(SLIP, NOW)] * 3
    again.copy.click()
    assert QGuiApplication.clipboard().text().startswith("사본 (COPY)\n4번째 출력")
    again.reject()


def test_copy_mark_is_translated(page, pages, texts):
    texts.set_language("en")
    slip = open_slip(page)
    slip.print.click()
    slip.print.click()
    assert "COPY" not in on(pages[0])
    assert on(pages[1]).startswith(
        "COPY(사본)Printno.2·firstprintedMon23Nov2026,14:30:00오늘의커피Refundslip"
    )
    slip.reject()


def test_slip_recorded_as_printed_is_a_copy_at_once(page, pages, histories):
    printed = {SLIP: PrintRecord(4, NOW - timedelta(days=1))}
    histories.found = replace(histories.found, printed=printed)
    page.open(1024)
    slip = open_slip(page)
    assert slip.mark_details.text() == "5번째 출력 · 처음 출력 2026년 11월 22일 (일) 14:30:00"
    slip.print.click()
    assert on(pages[0]).startswith("사본(COPY)5번째출력")
    page.refund_changed(5)
    assert page.paperwork.mark(SLIP).details.startswith("6번째"), "what was read was older"
    slip.reject()


def test_a_pdf_and_a_print_of_the_same_are_a_copy_of_each_other(page, pages, tmp_path):
    take, found = page.paperwork, page._history
    first, third = tmp_path / "first.pdf", tmp_path / "third.pdf"
    take.taking.save_to(lambda: take.account(found, online=True), first)
    page.view.history.print.click()
    take.taking.save_to(lambda: take.account(found, online=True), third)
    assert "COPY" not in on(first) and "주문1024처리이력" in on(first)
    assert on(pages[0]).startswith(SECOND)
    assert on(third).startswith(SECOND.replace("2번째", "3번째"))
    page.view.history.copy.click()
    assert "사본" not in QGuiApplication.clipboard().text(), "a text for a call is no paper"


def test_requested_and_confirmed_refund_have_two_slips(page, pages, histories):
    waiting = refund(RefundState.APPROVED, 5, of=histories.found.order.items[2])
    paid, histories.found = histories.found, replace(histories.found, refunds=(waiting,))
    page.open(1024)
    slip = open_slip(page)
    slip.print.click()
    slip.reject()
    histories.found = paid
    page.open(1024)
    slip = open_slip(page)
    assert slip.mark_frame.isHidden()
    slip.print.click()
    assert [name for name, _ in histories.printed] == ["slip 5 asked", SLIP]
    assert "아직환불되지않았습니다" in on(pages[0]) and "COPY" not in on(pages[1])
    slip.reject()


@pytest.mark.qt_log_ignore("propagateSizeHints", r"QPainter::begin\(\): Returned false")
def test_fault_74_a_printer_that_takes_nothing_makes_no_copy(page, histories, tmp_path):
    """Switched off or out of paper: the error is shown and not counted; the next print that
    succeeds is the original."""
    take, slip, said = page.paperwork, open_slip(page), []
    page.notified.connect(said.append)
    paper = take._paper(SLIP, slip._slip)
    take.taking.print_on(lambda: paper, printer(tmp_path / "no such folder" / "x.pdf"))
    assert page.view.banner.tone == "error" and "프린터의 전원과 용지" in page.view.banner.message
    assert histories.printed == [] and said == []
    assert take.mark(SLIP) is None and slip.mark_frame.isHidden()
    take.taking.print_on(lambda: take._paper(SLIP, slip._slip), printer(tmp_path / "x.pdf"))
    assert histories.printed == [(SLIP, NOW)] and "COPY" not in on(tmp_path / "x.pdf")
    slip.reject()


def test_fault_74_a_copy_is_one_after_a_restart_too(qtbot, texts, theme, tmp_path):
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
        page = OrderScreen(
            *(texts, theme, runner, OrderHistoryService(store), FakeCancelling()),
            *(FakeRest(), Session()),
            shop="오늘의 커피",
            now=lambda: NOW,
        )
        qtbot.addWidget(page)
        page.show()
        page.open(1)
        qtbot.waitUntil(lambda page=page: bool(page.view.items.rows))
        page.view.items.rows[0].slip.click()
        slip, take = page.paperwork.slip, page.paperwork
        assert slip is not None and slip.mark_frame.isHidden() is (at == 0)
        slip.reject()
        paper = take._paper(take._slip_name, slip._slip)
        take.taking.print_on(lambda paper=paper: paper, printer(tmp_path / f"{at}.pdf"))
        qtbot.waitUntil(lambda runner=runner: runner.busy == 0)
        page.close()
        assert runner.stop(QT_WAIT_MS)
        store.close()
    first, second, third = (on(tmp_path / f"{at}.pdf") for at in range(3))
    assert "COPY" not in first and "환불전표" in first
    assert second == SECOND + first
    assert third == SECOND.replace("2번째", "3번째") + first


class OutOfPaper(QPrinter):
    """Takes the first page and no other."""

    def newPage(self) -> bool:
        return False


def test_interrupted_print_does_not_count(qapp, tmp_path):
    long = PrintDocument(ACCOUNT, "주문 1024", "\n".join("한 줄" for _ in range(200)))
    half = OutOfPaper()
    half.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    half.setOutputFileName(str(tmp_path / "half.pdf"))
    with pytest.raises(EnvironmentProblem) as reported:
        print_paper(long, half)
    assert reported.value.code is EnvironmentCode.PRINTER
    print_paper(long, printer(tmp_path / "whole.pdf"))
    assert len(PdfText(tmp_path / "whole.pdf").pages) > 2


@pytest.mark.parametrize("way", ["print", "pdf"])
def test_a_dialog_that_is_dismissed_makes_no_copy(page, histories, monkeypatch, way):
    names = staticmethod(lambda: ["Counter"])
    monkeypatch.setattr(print_output.QPrinterInfo, "availablePrinterNames", names)
    getattr(page.view.history, way).click()
    kind = QPrintDialog if way == "print" else QFileDialog
    dialog = page.findChild(kind)
    assert dialog is not None
    dialog.reject()
    assert histories.printed == [] and page.paperwork.mark(ACCOUNT) is None


def test_accepted_print_dialog_counts(page, histories, monkeypatch, tmp_path):
    names = staticmethod(lambda: ["Counter"])
    monkeypatch.setattr(print_output.QPrinterInfo, "availablePrinterNames", names)
    taking, layout = page.paperwork.taking, tmp_path / "sheet.pdf"
    print_on = taking.print_on
    monkeypatch.setattr(taking, "print_on", lambda make, _: print_on(make, printer(layout)))
    page.view.history.pdf.click()
    page.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "first.pdf"))
    page.view.history.print.click()
    page.findChild(QPrintDialog).done(QPrintDialog.DialogCode.Accepted)
    assert "COPY" not in on(tmp_path / "first.pdf") and on(layout).startswith(SECOND)
    assert histories.printed == [(ACCOUNT, NOW)] * 2
    page.findChild(QFileDialog).reject()


def test_a_pdf_that_cannot_be_written_makes_no_copy(page, histories, tmp_path):
    take, found = page.paperwork, page._history
    nowhere = tmp_path / "no such folder" / "x.pdf"
    take.taking.save_to(lambda: take.account(found, online=True), nowhere)
    assert histories.printed == [] and take.mark(ACCOUNT) is None


def test_a_print_that_cannot_be_noted_is_out_and_reported(page, pages, histories, caplog):
    """The paper is not held up, and while the program runs the next one is a copy all the same."""
    histories.unwritable = EnvironmentProblem(EnvironmentCode.DISK_FULL)
    said = []
    page.notified.connect(said.append)
    slip = open_slip(page)
    slip.print.click()
    assert "환불전표" in on(pages[0]) and said == ["인쇄를 시작했습니다."]
    banner = page.view.banner
    assert banner.tone == "notice" and banner.message.startswith("출력되었지만")
    assert "저장 공간이 부족해" in banner.message
    assert "a print could not be noted: " in caplog.text
    slip.print.click()
    assert on(pages[1]).startswith(SECOND)
    slip.reject()


def test_every_page_of_a_copy_is_marked_and_its_text_is_behind_the_text(qapp, tmp_path):
    mark = CopyMark("사본 (COPY)", "2번째 출력")
    first = PrintDocument(ACCOUNT, "주문 1024", "\n".join(f"줄 {n}" for n in range(200)))
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
    slip = open_slip(page)
    slip.print.click()
    slip.print.click()
    for layout in pages:
        colours = {
            tuple(float(part) for part in colour.split()) for colour in PdfText(layout).colours
        }
        assert colours == {(0.0, 0.0, 0.0)}
    slip.reject()


def test_a_narrow_roll_has_the_mark_whole(qapp, tmp_path):
    roll = printer(tmp_path / "roll.pdf")
    roll.setPageSize(QPageSize(QSizeF(80, 200), QPageSize.Unit.Millimeter))
    roll.setPageMargins(QMarginsF(3, 3, 3, 3), QPageLayout.Unit.Millimeter)
    mark = CopyMark("사본 (COPY)", "2번째 출력 · 처음 출력 2026년 11월 23일 (월) 14:30:00")
    print_paper(PrintDocument(SLIP, "환불 전표", "오늘의 커피\n9,000원", mark), roll)
    assert PdfText(tmp_path / "roll.pdf").pages == [SECOND + "오늘의커피9,000원"]
