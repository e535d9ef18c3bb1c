"""The sale page: scans, counts, what is refused, and the way to the payment."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from posapp.domain.money import Won
from posapp.domain.users import WALK_IN
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.pictures.visits import BREAD, CAKE, MILK, UNKNOWN, unpaid

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
BREAD_ID, MILK_ID = 21, 17


def lines(page) -> list[tuple[str, int]]:
    cart = page.cart
    return [] if cart is None else [(one.name, one.line.count) for one in cart.lines]


def counts(page) -> list[int]:
    return [count for _, count in lines(page)]


def settle(qtbot, counter, page) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and not page.is_busy)
    QApplication.processEvents()


def said(page) -> str:
    return page.view.said.text()


def orders_made(counter) -> int:
    with counter.demo.container.store.snapshot() as uow:
        return len(uow.orders.reserved_outside(counter._clock.now(), counter._clock.now()))


def show_qr(qtbot, counter, press) -> None:
    press(KEY.Key_F8)
    pay = counter.screens.pay
    qtbot.waitUntil(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.SCAN)


def test_a_scan_adds_a_line_or_one_more_piece(counter, page, scan):
    assert page.view.table.empty.isVisible()
    scan(BREAD, CAKE, BREAD)
    assert lines(page) == [("소금빵", 2), ("딸기 생크림 케이크 2호", 1)]
    assert not page.view.table.empty.isVisible()
    assert page.current.name == "소금빵", "the line of the last scan is current"
    assert page.view.payable.text() == page.view.subtotal.text() == "44,400원"
    assert page.view.discount.text() == "0원"
    texts = [page.table.lines.index(0, at).data() for at in range(5)]
    assert texts == ["소금빵", "3,200원", "2", "", "6,400원"]


def test_no_scan_is_lost_and_all_are_in_their_order(counter, page, scan):
    scan(*[BREAD, UNKNOWN, CAKE, BREAD] * 5)
    assert lines(page)[:3] == [("소금빵", 10), (UNKNOWN, 1), ("딸기 생크림 케이크 2호", 5)]
    assert lines(page)[3:] == [(UNKNOWN, 1)] * 4, "each unknown scan is a row"


def test_the_total_is_the_largest_figure(counter, page, scan):
    scan(BREAD)
    shown = [one for one in counter.window.findChildren(QLabel) if one.isVisible()]
    sizes = {one: one.fontInfo().pixelSize() for one in shown if one.text()}
    others = [size for one, size in sizes.items() if one is not page.view.payable]
    assert sizes[page.view.payable] > max(others)


def test_digits_and_enter_are_the_count_of_the_current_line(
    qtbot, counter, page, scan, press, keyboard
):
    scan(BREAD, CAKE)
    press(KEY.Key_Up)
    press(KEY.Key_1)
    press(KEY.Key_2)
    assert page.view.typed.text() == "수량 12"
    press(KEY.Key_Backspace)
    assert page.view.typed.text() == "수량 1"
    press(KEY.Key_5)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert counts(page) == [15, 1] and page.view.typed.text() == ""
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert counts(page) == [15, 1], "Enter alone changes nothing"


def test_a_count_before_a_scan_is_the_scans(counter, page, scan, press):
    press(KEY.Key_3)
    scan(BREAD)
    assert counts(page) == [3] and page.view.typed.text() == ""
    scan(BREAD)
    assert counts(page) == [4]


def test_esc_forgets_the_count_and_a_fifth_digit_is_not_taken(counter, page, scan, press):
    scan(BREAD)
    for _ in range(5):
        press(KEY.Key_9)
    assert page.view.typed.text() == "수량 9999"
    press(KEY.Key_Escape)
    assert page.view.typed.text() == "" and counter.window.current == "sale"
    press(KEY.Key_Return)
    assert counts(page) == [1]


def test_plus_and_minus_are_one_piece_each(qtbot, counter, page, scan, press):
    scan(BREAD)
    for key in (KEY.Key_Plus, KEY.Key_Plus, KEY.Key_Plus, KEY.Key_Minus):
        press(key)
    settle(qtbot, counter, page)
    assert counts(page) == [3]
    for _ in range(3):
        press(KEY.Key_Minus)
    settle(qtbot, counter, page)
    assert counts(page) == [1] and "수량은 1부터" in said(page)


def test_a_digit_takes_the_focus_from_a_button(qtbot, counter, page, scan, press):
    """Enter is the count's then: on the button it would begin the payment."""
    scan(BREAD)
    page.view.pay.setFocus()
    press(KEY.Key_7)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert counts(page) == [7] and counter.window.current == "sale"


def test_an_unknown_code_is_a_row_until_it_is_dismissed(qtbot, counter, page, scan, press):
    made = orders_made(counter)
    scan(BREAD, UNKNOWN)
    assert said(page) == f"등록되지 않은 바코드입니다: {UNKNOWN}"
    assert page.table.lines.cells_of(0, 1, 1)[0].tone == "error"
    press(KEY.Key_F8)
    settle(qtbot, counter, page)
    assert "바코드가 있습니다" in said(page) and counter.window.current == "sale"
    assert orders_made(counter) == made
    page.view.fix.click()  # closes what the payment was refused for
    assert page.view.fix.text() == "지우기"
    page.view.fix.click()
    settle(qtbot, counter, page)
    assert lines(page) == [("소금빵", 1)] and said(page) == ""


def test_of_several_products_with_one_code_one_is_chosen(
    qtbot, counter, page, scan, change, monkeypatch
):
    monkeypatch.setattr(page.view.menu, "popup", lambda _: None)
    change(MILK_ID, barcode=f"0{BREAD}")
    change(BREAD_ID, barcode=f"0{BREAD}")
    scan(BREAD)
    assert "같은 바코드의 상품이 2개" in said(page)
    page.view.fix.click()
    names = [action.text() for action in page.view.menu.actions()]
    assert len(names) == 2 and "소금빵" in names
    page.view.menu.actions()[names.index("소금빵")].trigger()
    settle(qtbot, counter, page)
    assert lines(page) == [("소금빵", 1)] and page.view.payable.text() == "3,200원"


def test_a_refused_scan_stays_said_beside_the_next_ones(counter, page, scan, change):
    change(MILK_ID, active=False)
    scan(MILK, BREAD)
    assert lines(page) == [("소금빵", 1)]
    assert "판매를 멈춘 상품" in said(page) and MILK in said(page)
    scan(MILK)
    assert "외 1건" in said(page)
    page.view.fix.click()
    assert said(page) == ""


@pytest.mark.parametrize("price", [3_000, 3_500])
def test_a_price_that_changed_is_taken_over_by_choice(
    qtbot, counter, page, scan, press, change, price
):
    scan(BREAD)
    change(BREAD_ID, price=Won(price))
    page.status_changed()
    settle(qtbot, counter, page)
    assert f"지금 가격: {price:,}원" in said(page)
    assert page.view.payable.text() == "3,200원"
    press(KEY.Key_F8)
    settle(qtbot, counter, page)
    assert counter.window.current == "sale" and "바뀌었습니다" in said(page)
    page.view.fix.click()
    page.view.fix.click()
    settle(qtbot, counter, page)
    assert page.view.payable.text() == f"{price:,}원" and said(page) == ""


def test_too_little_stock_is_said_at_its_line(qtbot, counter, page, scan, change):
    change(BREAD_ID, stock=1)
    scan(BREAD)
    assert said(page) == ""
    scan(BREAD)
    assert said(page) == "소금빵의 재고가 부족합니다." and not page.view.fix.isVisible()


def test_del_removes_the_current_line_and_the_next_is_current(qtbot, counter, page, scan, press):
    scan(BREAD, MILK, CAKE)
    press(KEY.Key_Up)
    press(KEY.Key_Delete)
    settle(qtbot, counter, page)
    assert [name for name, _ in lines(page)] == ["소금빵", "딸기 생크림 케이크 2호"]
    assert page.current.name == "딸기 생크림 케이크 2호"
    assert page.table.hasFocus()


def test_all_lines_are_removed_once_asked(qtbot, counter, page, scan, press):
    scan(BREAD, CAKE)
    press(KEY.Key_Delete, CONTROL)
    question = QApplication.activeModalWidget()
    assert isinstance(question, ConfirmDialog)
    assert "담은 상품 2개를 모두 지울까요?" in [one.text() for one in question.findChildren(QLabel)]
    assert question.no.hasFocus()
    press(KEY.Key_Escape)
    assert counts(page) == [1, 1]
    press(KEY.Key_Delete, CONTROL)
    question = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: question.yes.guard.is_past)
    question.yes.click()
    settle(qtbot, counter, page)
    assert lines(page) == [] and page.view.table.empty.isVisible()
    assert not page.view.pay.isEnabled() and page.table.hasFocus()


def test_a_sale_is_paid_by_qr_and_the_next_scan_begins_the_next(qtbot, counter, page, scan, press):
    scan(BREAD, BREAD)
    show_qr(qtbot, counter, press)
    pay = counter.screens.pay
    order = pay.progress.order
    assert (order.buyer_id, order.is_counter, int(order.total)) == (WALK_IN, True, 6_400)
    assert counter.window.current == "pay" and lines(page) == []
    counter.demo.sandbox.books.pay(pay.progress.attempt.merchant_uid)
    qtbot.waitUntil(lambda: pay.progress.phase is PaymentPhase.DONE)
    scan(CAKE)
    qtbot.waitUntil(lambda: counter.window.current == "sale")
    settle(qtbot, counter, page)
    assert lines(page) == [("딸기 생크림 케이크 2호", 1)]


def test_enter_at_the_outcome_leads_to_the_next_sale(qtbot, counter, page, scan, press):
    scan(BREAD)
    show_qr(qtbot, counter, press)
    pay = counter.screens.pay
    counter.demo.sandbox.books.pay(pay.progress.attempt.merchant_uid)
    qtbot.waitUntil(lambda: pay.progress.phase is PaymentPhase.DONE)
    assert pay.view.primary.text() == "다음 손님"
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: counter.window.current == "sale")
    assert lines(page) == [] and page.table.hasFocus()


def test_esc_at_the_qr_asks_and_leads_back_to_the_sale(qtbot, counter, page, scan, press):
    scan(BREAD)
    show_qr(qtbot, counter, press)
    assert counter.window.head.back.text() == "판매"
    press(KEY.Key_Escape)
    question = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: question.yes.guard.is_past)
    question.yes.click()
    qtbot.waitUntil(lambda: counter.window.current == "sale")
    assert not counter.screens.pay.is_live


def test_f8_twice_makes_one_order(qtbot, counter, page, scan, press):
    made = orders_made(counter)
    scan(BREAD)
    page.view.pay.click()
    page.view.pay.click()
    page._pay()
    pay = counter.screens.pay
    qtbot.waitUntil(lambda: pay.progress is not None and pay.is_live)
    settle(qtbot, counter, page)
    assert orders_made(counter) == made + 1 and said(page) == ""


def test_what_is_scanned_before_f8_is_in_the_order(qtbot, counter, page, keyboard, press):
    """The amount is that of the cart when its turn comes, with every scan before."""
    for _ in range(4):
        keyboard.scan(BREAD)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: page.view.pay.isEnabled())
    press(KEY.Key_F8)
    pay = counter.screens.pay
    qtbot.waitUntil(lambda: pay.progress is not None and pay.is_live)
    assert int(pay.progress.order.total) == 12_800


def test_a_scan_while_the_order_is_made_adds_nothing_and_says_so(
    qtbot, counter, page, scan, keyboard
):
    scan(BREAD)
    page.view.pay.click()
    counter._routes.take(CAKE)
    assert counter.window.toast.message == f"결제 중에는 담을 수 없습니다. 스캔한 바코드: {CAKE}"
    qtbot.waitUntil(lambda: counter.screens.pay.is_live)
    settle(qtbot, counter, page)
    assert lines(page) == []


def test_a_scan_at_the_qr_adds_nothing_and_says_so(qtbot, counter, page, scan, press):
    scan(BREAD)
    show_qr(qtbot, counter, press)
    scan(CAKE)
    assert counter.window.toast.message == f"결제 중에는 담을 수 없습니다. 스캔한 바코드: {CAKE}"
    assert counter.window.current == "pay" and lines(page) == []


def test_beside_a_live_qr_the_next_cart_is_filled_and_not_paid(qtbot, counter, page, scan, press):
    scan(BREAD)
    show_qr(qtbot, counter, press)
    made = orders_made(counter)
    counter.window.show_screen("sale")
    scan(CAKE)
    assert counts(page) == [1] and not page.view.pay.isEnabled()
    assert "결제 중인 QR이 있습니다" in said(page)
    press(KEY.Key_F8)
    settle(qtbot, counter, page)
    assert orders_made(counter) == made and counter.window.current == "sale"
    pay = counter.screens.pay
    counter.demo.sandbox.books.pay(pay.progress.attempt.merchant_uid)
    qtbot.waitUntil(page.view.pay.isEnabled)
    assert said(page) == ""


def test_without_a_network_the_cart_is_filled_and_the_payment_says_why_not(counter, page, scan):
    page.set_online(False)
    scan(BREAD)
    assert counts(page) == [1] and not page.view.pay.isEnabled()
    assert said(page) == "카카오페이는 인터넷이 연결되어야 합니다."
    page.set_online(True)
    assert page.view.pay.isEnabled() and said(page) == ""


def test_an_older_copy_takes_no_payment(counter, page, scan):
    scan(BREAD)
    page.set_behind(True)
    assert not page.view.pay.isEnabled() and said(page)
    page.set_behind(False)
    assert page.view.pay.isEnabled()


@pytest.mark.parametrize("name", ["home", "orders"])
def test_a_product_scanned_elsewhere_opens_the_sale_with_its_line(qtbot, counter, page, scan, name):
    counter.window.show_screen(name)
    scan(BREAD, CAKE, BREAD)
    qtbot.waitUntil(lambda: counter.window.current == "sale" and counts(page) == [2, 1])
    assert page.table.hasFocus()


def test_home_leads_to_the_sale_by_f4(qtbot, counter, press):
    counter.go_home()
    press(KEY.Key_F4)
    qtbot.waitUntil(lambda: counter.window.current == "sale")


def test_an_order_opens_from_an_empty_cart_only(qtbot, counter, page, scan):
    order = unpaid(counter)
    scan(BREAD, f"PO{order.id}")
    assert counter.window.current == "sale" and "주문을 열지 않았습니다" in said(page)
    assert f"PO{order.id}" in said(page)
    page.view.fix.click()
    page.edits._clear()
    scan(f"PO{order.id}")
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert counter.screens.pay.progress is None, "no QR is made by a scan"


def test_the_cart_is_there_after_another_page_and_follows_the_language(counter, page, scan):
    scan(BREAD, UNKNOWN)
    counter.window.show_screen("orders")
    counter.texts.set_language("en")
    counter.window.show_screen("sale")
    scan()
    assert counts(page) == [1, 1]
    assert said(page) == f"Unknown barcode: {UNKNOWN}"
    cell = page.table.lines.cells_of(0, 1, 1)[0]
    assert (cell.first, cell.second) == (UNKNOWN, "Unknown barcode")
    counter.texts.set_language("ko")
