"""A day at the page of the shift: opened, cash moved, counted, closed, printed, and what goes wrong
in between."""

from __future__ import annotations

import json
from dataclasses import replace
from unittest import mock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.cash import MoveKind
from posapp.domain.ledger import CASH_EVENTS, LedgerEvent
from posapp.domain.permissions import Permission, StaffRole
from posapp.domain.report_content import read_body
from posapp.domain.z_reports import Blocker
from posapp.services.ports.system import Clock
from posapp.ui.navigation.addendum_news import AddendumNews
from posapp.ui.shift.closing_view import Step
from posapp.ui.shift.report_list import listed
from posapp.ui.shift.shift_layout import View
from tests.pictures.addenda import close_uncompared, compare, uncompared
from tests.pictures.visits import CAKE, closing_step, open_shift

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def facts(counter, after: int):
    with counter.demo.container.store.snapshot() as uow:
        return [(row.seq, row.entry) for row in uow.ledger.rows(after, 100_000)]


def end_of_ledger(counter) -> int:
    with counter.demo.container.store.snapshot() as uow:
        return uow.ledger.end()[0]


def count(page, **pieces: int) -> None:
    page.view.closing.count.show_counts({int(one[1:]): number for one, number in pieces.items()})


def rows_of(page) -> dict[str, str]:
    return {row.name: row.value for one in page.view.report.sections for row in one.rows}


def test_a_whole_day(qtbot, counter, closed_page, printer, press, write, settle, said):
    page, start = closed_page, end_of_ledger(counter)
    actor = counter.demo.container.session.actor
    # 개점; the same day again is asked about.
    assert page.view.view is View.OPENING and page.view.opening.float.line.hasFocus()
    write("100,000")
    press(KEY.Key_Return)
    dialog = QApplication.activeModalWidget()
    assert "날짜를 확인해 주세요" in dialog._text_label.text()
    qtbot.waitUntil(dialog.can_agree)
    press(KEY.Key_F8)
    qtbot.waitUntil(lambda: page.view.view is View.OVERVIEW)
    assert page.view.next.hasFocus()
    # Cash in and out, and the drawer.
    press(KEY.Key_F7)
    write("50000")
    press(KEY.Key_Return)
    write("change")
    press(KEY.Key_Return)
    assert said() == "50,000원을 입금했습니다." and not page.moves.is_open
    press(KEY.Key_F8)
    write("999999")
    press(KEY.Key_Return)
    write("bank")
    press(KEY.Key_Return)
    assert "현금이 부족합니다" in page.moves.panel(MoveKind.OUT).amount.message
    page.moves.panel(MoveKind.OUT).amount.line.setText("12000")
    press(KEY.Key_Return)
    press(KEY.Key_F6)
    write("coins")
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: printer.paper.drawers == 1)
    # A sale in cash.
    till = counter.demo.container
    till.cart_service.scan(actor, CAKE)
    due = int(till.cart_service.read().amounts.payable)
    till.cash_service.sell(actor, due, due)
    # X: two inputs from anywhere.
    press(KEY.Key_1, CONTROL)
    press(KEY.Key_6, CONTROL)
    press(KEY.Key_F3)
    assert page.view.view is View.REPORT
    x_rows = rows_of(page)
    assert x_rows["예상 현금"] == f"{138_000 + due:,}원" and x_rows["금고 열기"] == "1회"
    press(KEY.Key_P, CONTROL)
    qtbot.waitUntil(lambda: printer.paper.cuts == 1)
    assert "중간 정산 (X)" in printer.paper.text and "138,000" not in printer.paper.text
    press(KEY.Key_Escape)
    assert page.view.view is View.OVERVIEW
    # 마감 정산: what is expected is nowhere before the count.
    press(KEY.Key_Return)
    assert page.view.closing.step is Step.COUNT, "the check list is beside the count"
    assert page.view.closing.count.lines[0].hasFocus()
    write("2")
    press(KEY.Key_Return)
    assert page.view.closing.count.lines[1].hasFocus()
    count(page, _50000=2, _10000=3, _1000=6)
    assert page.view.closing.count.total.text() == "136,000원"
    assert "예상 현금" not in dict(page.view.closing.figures.rows)
    # It stays while another tab is visited.
    press(KEY.Key_1, CONTROL)
    press(KEY.Key_6, CONTROL)
    assert page.view.closing.count.won == 136_000 and page.view.closing.step is Step.COUNT
    page.view.closing.count.lines[-1].setFocus()
    press(KEY.Key_Return)
    short = 2_000 + due
    assert page.view.closing.step is Step.DIFFERENCE
    words = f"예상 현금보다 {short:,}원 부족합니다. 사유를 적어 주세요."
    assert page.view.closing.difference.text() == words
    assert page.view.closing.reason.line.hasFocus()
    press(KEY.Key_Return)
    assert page.view.closing.reason.message == "과부족 사유를 적어 주세요."
    write("wrong change")
    press(KEY.Key_Return)
    assert page.view.closing.step is Step.CLOSE and not page.view.pay_out.isVisible()
    press(KEY.Key_F8)
    qtbot.waitUntil(lambda: page.view.is_closed)
    # The Z report: on screen, in the ledger, on paper.
    report = till.closing_service.reports(actor)[-1]
    content, body = read_body(report.body), json.loads(report.body)
    day = f"{content.business_date:%Y-%m-%d}"
    assert page.view.banner.message == f"영업일 {day}의 마감을 마쳤습니다. (Z {report.z_no})"
    entries = [one for _, one in facts(counter, start)]
    sums = dict.fromkeys(LedgerEvent, 0)
    for one in entries:
        sums[one.event] += int(one.amount)
    assert sums[LedgerEvent.CASH_PAID_IN] == content.figures.cash.paid_in == 50_000
    assert sums[LedgerEvent.CASH_PAID_OUT] == content.figures.cash.paid_out == -12_000
    assert sums[LedgerEvent.CASH_RECEIVED] == content.figures.cash.sales == due
    assert sums[LedgerEvent.CASH_OVER_SHORT] == content.end.over_short == -short
    assert sum(sums[one] for one in CASH_EVENTS) == 0, "the drawer is empty"
    assert body["counted"] == 136_000 and content.end.reason == "wrong change"
    qtbot.waitUntil(lambda: printer.paper.cuts == 2)
    paper = printer.paper.text
    assert f"마감 정산 (Z) {report.z_no}" in paper and "재발행" not in paper
    for row in (row for one in page.view.report.sections for row in one.rows):
        assert row.value in paper, row
    qtbot.waitUntil(lambda: f"z {report.z_no}" in page.printing._printed)
    settle()
    # Printed again it is a copy, also from the list; Enter leads to the next 개점.
    press(KEY.Key_P, CONTROL)
    qtbot.waitUntil(lambda: printer.paper.cuts == 3)
    assert "재발행 2" in printer.paper.text
    press(KEY.Key_Return)
    assert page.view.view is View.OPENING and page.view.opening.float.line.hasFocus()
    press(KEY.Key_F4)
    assert page.view.reports.current.z_no == report.z_no
    press(KEY.Key_Return)
    assert page.view.view is View.REPORT and not page.view.is_closed
    assert rows_of(page)["실제 현금"] == "136,000원"
    press(KEY.Key_Escape)
    press(KEY.Key_Escape)
    assert page.view.view is View.OPENING
    assert printer.paper.wrong == []


def test_a_blocker_that_comes_while_cash_is_counted_leads_back_to_it(
    qtbot, counter, page, press, settle
):
    press(KEY.Key_Return)
    count(page, _50000=2, _10000=3, _1000=8)
    press(KEY.Key_Return) if page.view.next.hasFocus() else page.view.next.click()
    settle()
    page.view.next.click()
    assert page.view.closing.step is Step.CLOSE
    till, actor = counter.demo.container, counter.demo.container.session.actor
    till.cart_service.scan(actor, CAKE)
    due = int(till.cart_service.read().amounts.payable)
    order = till.cash_service.sell(actor, due, 1_000, rest_by_qr=True).order
    press(KEY.Key_F8)
    qtbot.waitUntil(lambda: bool(page.view.closing.checks.left))
    assert page.view.closing.step is Step.COUNT and page.view.closing.count.won == 138_000
    assert "마감할 수 없습니다" in page.view.banner.message
    assert till.shift_service.read() is not None
    # It leads to the order, and back; a reason lets the shift be closed all the same.
    page.view.closing.checks.select_first_left()
    page.view.closing.checks.show_button.click()
    settle()
    assert counter.window.current == "order"
    press(KEY.Key_6, CONTROL)
    settle()
    assert page.view.closing.count.won == 138_000
    page.view.next.click()
    assert page.view.closing.checks.table.hasFocus(), "not without a reason"
    page.view.closing.checks.name_button.click()
    QApplication.focusWidget().setText("tomorrow")
    press(KEY.Key_Return)
    assert not page.view.closing.checks.left
    page.view.next.click()
    settle()
    page.view.closing.reason.line.setText("rest")
    page.view.next.click()
    press(KEY.Key_F8)
    qtbot.waitUntil(lambda: page.view.is_closed)
    content = read_body(till.closing_service.reports(actor)[-1].body)
    assert [one.why for one in content.end.named] == ["tomorrow"]
    assert rows_of(page)[f"나머지를 기다리는 현금 ({order.id})"] == "1,000원"


def test_cash_that_moves_after_the_difference_was_shown_needs_a_new_reason(
    qtbot, counter, page, press, settle
):
    press(KEY.Key_Return)
    count(page, _50000=2)
    page.view.next.click()
    settle()
    page.view.closing.reason.line.setText("lost")
    page.view.next.click()
    till = counter.demo.container
    till.shift_service.pay_in(till.session.actor, 500, "잔돈")
    press(KEY.Key_F8)
    qtbot.waitUntil(lambda: page.view.closing.step is Step.DIFFERENCE)
    assert "38,500원 부족" in page.view.closing.difference.text()
    assert till.shift_service.read() is not None


def test_another_window_closed_it_first(qtbot, counter, page, press, settle):
    page = closing_step(counter, Step.CLOSE)
    till = counter.demo.container
    names = {one.key: "x" for one in till.closing_service.open_matters()}
    till.closing_service.close_shift(till.session.actor, {}, "elsewhere", names)
    page.view.close_button.click()
    qtbot.waitUntil(lambda: page.view.view is View.OPENING)
    assert page.view.banner.message, "it says why"
    assert not page.flow.is_begun


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_esc_leads_back_step_by_step_and_hides_what_is_expected(counter, page, press, settle, size):
    counter.window.resize(*size)
    settle()
    press(KEY.Key_Return)
    if size[0] < 1200:
        assert page.view.closing.step is Step.CHECK
        page.view.next.click()
    count(page, _50000=1)
    page.view.next.click()
    settle()
    assert dict(page.view.closing.figures.rows)["예상 현금"] == "138,000원"
    press(KEY.Key_Escape)
    assert page.view.closing.step is Step.COUNT and not page.view.closing.figures.rows
    press(KEY.Key_Escape)
    if size[0] < 1200:
        press(KEY.Key_Escape)
    assert page.view.view is View.OVERVIEW and page.view.closing.count.won == 50_000


def test_a_wrong_count_goes_no_further(page, press, settle):
    press(KEY.Key_Return)
    page.view.closing.count.lines[2].setText("many")
    page.view.next.click()
    settle()
    assert page.view.closing.step is Step.COUNT
    assert page.view.closing.count.lines[2].hasFocus() and page.view.closing.count.wrong.isVisible()


def test_a_cashier_opens_and_reads_x_and_the_rest_says_why_not(counter, page, press, settle):
    page._session.role = StaffRole.CASHIER
    try:
        for act in (
            *(page.view.next.click, page.view.reports_button.click, page.view.charts.click),
            *(page.view.drawer.click, page.view.pay_in.click, page.view.pay_out.click),
        ):
            page.view.banner.clear()
            act()
            settle()
            assert "권한이 없습니다" in page.view.banner.message
            assert page.view.view is View.OVERVIEW and page.slot.panel is None
        page.view.interim.click()
        settle()
        assert page.view.view is View.REPORT
    finally:
        page._session.role = None


def test_a_sale_on_hold_from_before_is_dropped_by_choice(
    qtbot, counter, closed_page, press, settle
):
    till, actor = counter.demo.container, counter.demo.container.session.actor
    till.cart_service.scan(actor, CAKE)
    till.cart_service.hold(actor)
    open_shift(counter)
    closed_page._reader.refresh()
    settle()
    closed_page.view.next.click()
    checks = closed_page.view.closing.checks
    (held,) = [one for one in checks.rows.rows if one.cart is not None]
    assert not checks.left, "it keeps nothing open"
    checks.table.select(checks.rows.place_of(held.key))
    checks.drop_button.click()
    dialog = QApplication.activeModalWidget()
    assert dialog._amount.text() == "38,000원"
    press(KEY.Key_Escape)
    assert len(till.cart_service.held()) == 1, "it asks first"
    checks.drop_button.click()
    qtbot.waitUntil(QApplication.activeModalWidget().can_agree)
    press(KEY.Key_F8)
    assert not till.cart_service.held()
    assert not [one for one in checks.rows.rows if one.cart is not None]


def test_a_shift_that_is_open_for_long_says_so(counter, page, settle, monkeypatch):
    class Later:
        def __init__(self, clock: Clock) -> None:
            self._clock = clock

        def now(self):
            return self._clock.now().replace(year=self._clock.now().year + 1)

    service = counter.demo.container.shift_service
    monkeypatch.setattr(service, "_clock", Later(service._clock))
    page._reader.refresh()
    settle()
    assert page.view.long_open.message == "개점한 지 24시간이 지났습니다. 마감해 주세요."


def test_a_backup_that_fails_after_the_end_is_a_notice(counter, closed_page, settle):
    page = closed_page
    report = page._sync_reports.last
    page._follows_backup = True
    object.__setattr__(report.status, "backup_trouble", "env_disk_full")
    try:
        page._follow_backup(report)
    finally:
        object.__setattr__(report.status, "backup_trouble", "")
    assert "백업하지 못했습니다" in page.view.banner.message


def test_a_changed_report_is_listed_and_not_shown(counter, closed_page, press, settle):
    till = counter.demo.container
    (*_, last) = till.closing_service.reports(till.session.actor)
    closed_page.view.reports_button.click()
    settle()
    closed_page.view.reports.show_reports(listed([replace(last, body=last.body + " ")]))
    closed_page._offer_report()
    assert not closed_page.view.open_report.isEnabled()
    closed_page.view.open_report.click()
    assert closed_page.view.view is View.REPORTS


def test_a_scan_leads_nowhere_while_cash_is_counted(counter, page, keyboard, press, said):
    press(KEY.Key_Return)
    QApplication.focusWidget().clearFocus()
    keyboard.scan("PO1199")
    counter._scans.flush()
    assert counter.window.current == "shift" and page.view.closing.count.won == 0


def test_sales_on_hold_are_counted_and_lead_to_the_sale(counter, page, press, settle):
    till, actor = counter.demo.container, counter.demo.container.session.actor
    till.cart_service.scan(actor, CAKE)
    till.cart_service.hold(actor)
    page._reader.refresh()
    settle()
    page.view.next.click()
    checks = page.view.closing.checks
    try:
        cells = {checks._cells(one)[0].first: one for one in checks.rows.rows}
        assert "보류 1건" in cells and "보류 없음" not in cells
        checks.table.select(checks.rows.place_of(cells["보류 1건"].key))
        assert not checks.drop_button.isVisible(), "it is of this shift"
        checks.show_button.click()
        settle()
        assert counter.window.current == "sale"
    finally:
        (held,) = till.cart_service.held()
        till.cart_service.drop(actor, held.cart.id)
    press(KEY.Key_6, CONTROL)
    settle()
    assert "보류 없음" in {checks._cells(one)[0].first for one in checks.rows.rows}


def test_not_compared_is_named_leads_to_the_comparison_and_is_over_once_compared(
    counter, page, press, settle
):
    till = counter.demo.container
    asked = mock.Mock()
    with uncompared(), mock.patch.object(till.closing_service, "_compare_soon", asked):
        page._reader.refresh()
        settle()
        page.view.next.click()
        settle()
        checks = page.view.closing.checks
        assert [one.kind for one in checks.left] == [Blocker.NOT_COMPARED]
        checks.select_first_left()
        checks.name_button.click()
        QApplication.focusWidget().setText("offline")
        press(KEY.Key_Return)
        assert not checks.left
        checks.show_button.click()
        settle()
        assert counter.window.current == "sync"
    press(KEY.Key_6, CONTROL)
    settle()
    assert not page.flow._named(), "it was compared: there is nothing to name"


def test_an_addendum_is_listed_below_its_report_and_printed_once(
    qtbot, counter, closed_page, printer, press, settle
):
    page, till = closed_page, counter.demo.container
    close_uncompared(counter)
    page.view.reports_button.click()
    settle()
    (waits, *_) = page.view.reports.rows.rows
    assert page.view.reports._cells(waits)[0].second == "PortOne 대조 대기"
    press(KEY.Key_Escape)
    made = compare(counter)
    # The worker's next report of a comparison has it printed, once.
    report = page._sync_reports.last
    news = counter.findChild(AddendumNews)
    for _ in range(2):
        news._compared_at = None
        news._read_new(replace(report, status=replace(report.status, reconciled_at=made.made_at)))
        settle()
    qtbot.waitUntil(lambda: printer.paper.cuts == 1)
    title = f"추가 정산지 {made.number} (Z {made.z_no})"
    assert title in printer.paper.text and "재발행" not in printer.paper.text
    assert "주문 1024" in printer.paper.text and "46,600" in printer.paper.text
    assert "추가 정산지가 나왔습니다" in counter.arrivals.unseen[-1].make()
    counter.arrivals._close()
    qtbot.waitUntil(lambda: not till.closing_service.unprinted_addenda())
    settle()
    page.view.reports_button.click()
    settle()
    first, second, *_ = page.view.reports.rows.rows
    assert (first.z_no, first.addendum, first.awaits) == (made.z_no, 0, False)
    assert (second.z_no, second.addendum) == (made.z_no, made.number)
    page.view.reports.table.select(1)
    press(KEY.Key_Return)
    assert rows_of(page)["PortOne에서 취소한 금액 · 주문 1019"] == "-12,000원"
    press(KEY.Key_P, CONTROL)
    qtbot.waitUntil(lambda: printer.paper.cuts == 2)
    assert "재발행 2" in printer.paper.text and printer.paper.wrong == []


def test_a_changed_addendum_is_listed_and_not_shown(counter, closed_page, settle):
    till = counter.demo.container
    close_uncompared(counter)
    made = compare(counter, ())
    reports = till.closing_service.reports(till.session.actor)
    rows = listed(reports, [replace(made, body=made.body + " ")])
    (row,) = [one for one in rows if one.addendum == made.number]
    assert row.content is None
    (right,) = [one for one in listed(reports, [made]) if one.addendum]
    assert closed_page.view.reports._cells(right)[1].first == "PortOne과 같음"


def test_a_count_is_kept_while_it_is_typed_and_comes_back(counter, page, press, settle):
    till = counter.demo.container
    press(KEY.Key_Return)
    lines = page.view.closing.count.lines
    lines[0].setText("2")
    lines[3].setText("7")
    lines[4].setText("x")  # no count: not kept, and no harm to the others
    settle()
    assert till.closing_service.kept_count() == {50_000: 2, 1_000: 7}
    page.flow._shift_id = 0  # as the page of a new start
    page._reader.refresh()
    settle()
    assert page.view.closing.count.won == 107_000
    assert "다시 불러왔습니다" in counter.window.toast.message


def test_a_cashiers_x_report_says_nothing_of_the_drawer(counter, page, press, settle):
    till, actor = counter.demo.container, counter.demo.container.session.actor
    till.cart_service.scan(actor, CAKE)
    due = int(till.cart_service.read().amounts.payable)
    till.cash_service.sell(actor, due, due)
    real = till.closing_service._access.allows
    with mock.patch.object(
        till.closing_service._access,
        "allows",
        lambda uow, who, what: what is not Permission.SEE_EXPECTED_CASH and real(uow, who, what),
    ):
        page.view.interim.click()
        settle()
    rows = rows_of(page)
    assert rows["예상 현금"] == "세고 나면 보입니다."
    figures = till.closing_service.x_report(actor).figures
    said = set(rows.values())
    for won in (figures.cash.expected, figures.cash.sales, figures.net, figures.gross, due):
        assert f"{won:,}원" not in said, won
    assert rows["준비금"] == "100,000원" and rows["판매"] == f"{figures.sales}건"
