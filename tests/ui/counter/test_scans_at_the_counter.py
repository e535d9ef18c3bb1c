"""Where a scan leads from every screen, and what is said if it leads nowhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
)

from posapp.domain.actors import Actor
from posapp.services.payments.payment_progress import PaymentPhase
from tests.pictures.visits import clear_cart
from tests.store import records
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.scan_places import (
    SCREENS,
    fill,
    message,
    orders_of,
    saved_filters,
    seller_of_requests,
    written,
)
from tests.ui.scanner.typing_hands import ENDS, SCANNER_MS, Keyboard


def test_a_scan_that_finds_nothing_focused_opens_its_order(qtbot, counter, keyboard, unpaid):
    """Its keys go to the window itself."""
    counter.window.show_screen("sync")
    QApplication.focusWidget().clearFocus()
    assert QApplication.focusWidget() is None
    keyboard.scan(str(unpaid.id))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert counter.screens.pay.progress is None


def test_a_scan_of_an_unpaid_order_opens_it_to_be_paid(qtbot, counter, keyboard, unpaid):
    pay = counter.screens.pay
    for name in ("home", "orders", "more", "sync", "open_money"):
        counter.window.show_screen(name)
        before = written(counter.window)
        keyboard.scan(str(unpaid.id))
        qtbot.waitUntil(lambda: counter.window.current == "pay")
        qtbot.waitUntil(pay.view.qr.pay.isEnabled)
        assert pay.view.primary is pay.view.qr.pay
        assert pay.progress is None, "a QR was made"
        assert written(counter.window) == before
        counter.go_home()


@pytest.mark.parametrize("end", ENDS)
def test_1199_scanned_while_1200_is_to_be_paid_opens_1199(qtbot, counter, keyboard, end):
    """docs/faults.md, row 94: the scanner's Enter pressed 결제, and drew the QR of 1200."""
    other, first = list(orders_of(counter, paid=False))[:2]
    pay = counter.screens.pay
    counter.screens.open_order(first.buyer_id, first.id)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is pay.view.qr.pay)
    with counter.demo.container.store.snapshot() as uow:
        before = uow.attempts.for_order(first.id), uow.attempts.for_order(other.id)
    keyboard.scan(f"PO{other.id}", end)
    qtbot.waitUntil(lambda: pay._controller._target == (Actor.buyer(other.buyer_id), other.id))
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    keyboard.press(Qt.Key.Key_Return, 100)
    counter._scans.flush()
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert pay.progress is None
    with counter.demo.container.store.snapshot() as uow:
        assert before == (uow.attempts.for_order(first.id), uow.attempts.for_order(other.id))


def test_a_person_presses_enter_a_moment_later(qtbot, counter, keyboard, unpaid):
    keyboard.scan(str(unpaid.id))
    pay = counter.screens.pay
    qtbot.waitUntil(lambda: QApplication.focusWidget() is pay.view.qr.pay)
    keyboard.press(Qt.Key.Key_Return, 400)
    qtbot.waitUntil(lambda: pay.is_live)
    assert pay.progress.attempt.order_id == unpaid.id


def test_a_scan_of_a_paid_order_opens_its_page(qtbot, counter, keyboard, paid):
    for name in ("home", "orders", "requests", "deliveries"):
        counter.window.show_screen(name)
        keyboard.scan(str(paid.id))
        qtbot.waitUntil(lambda: counter.window.current == "order")
        counter.go_home()


def test_an_order_that_is_scanned_in_hangul_mode_opens(qtbot, counter, keyboard, unpaid):
    counter.window.show_screen("orders")
    search = counter.screens.page("orders").search
    search.setText("한빛")
    keyboard.scan_in_hangul([("", "ㅖ"), ("ㅖ", "ㅒ"), ("ㅒ", ""), *str(unpaid.id)])
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert search.text() == "한빛"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("999999", "‘999999’에 맞는 주문이 없습니다."),
        ("ABC-12", "주문번호가 아니므로"),
        ("8801043014830", "‘8801043014830’에 맞는 주문이 없습니다."),
    ],
)
@pytest.mark.parametrize("name", ["home", "orders", "sync", "open_money", "more"])
def test_scan_that_opens_nothing_shows_a_reason(qtbot, counter, keyboard, name, code, text):
    counter.window.show_screen(name)
    keyboard.scan(code)
    said = message(qtbot, counter)
    assert text in said and code in said
    assert counter.window.current == name


@pytest.mark.parametrize("typed", ["", "문성민"])
@pytest.mark.parametrize(("name", "field"), [("home", "homeSearch"), ("orders", "orderSearch")])
def test_a_scan_that_opens_nothing_leaves_the_search_as_it_was(
    qtbot, counter, keyboard, name, field, typed
):
    """What was typed is a person's: a code that is unknown does not take it away."""
    counter.window.show_screen(name)
    page = counter.window.screen_named(name)
    search = page.findChild(QLineEdit, field)
    search.setText(typed)
    search.setSelection(0, 1)
    search.flush()
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    before = (search.text(), search.cursorPosition(), search.selectedText())
    keyboard.scan("999999")
    assert "999999" in message(qtbot, counter)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert not search.is_pausing, "the list is searched again"
    assert (search.text(), search.cursorPosition(), search.selectedText()) == before
    assert search.hasFocus() and counter.window.current == name


def test_a_live_qr_is_not_left_for_a_scan(qtbot, counter, keyboard, unpaid, paid):
    other = list(orders_of(counter, paid=False))[1]
    pay = counter.screens.pay
    counter.screens.open_order(unpaid.buyer_id, unpaid.id)
    qtbot.waitUntil(lambda: pay.view.qr.pay.isEnabled())
    pay.view.qr.pay.click()
    keyboard.scan(str(other.id))  # while the QR is being made
    assert "결제 중에는" in message(qtbot, counter)
    qtbot.waitUntil(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.SCAN)
    for number in (other.id, paid.id):
        counter.window.toast.hide()
        keyboard.scan(str(number))
        assert "결제 중에는" in message(qtbot, counter)
        assert str(number) in counter.window.toast.message
    assert counter.window.current == "pay" and pay.is_live
    # From another screen: its own order leads back to it, another one to be paid does not open.
    counter.window.show_screen("sync")
    counter.window.toast.hide()
    keyboard.scan(str(other.id))
    assert "결제 중에는" in message(qtbot, counter)
    keyboard.scan(str(unpaid.id))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert pay.is_live and pay.progress.attempt.order_id == unpaid.id


def test_the_fixed_text_at_a_live_qr(qtbot, counter, keyboard, unpaid, on_sale):
    pay = counter.screens.pay
    counter.screens.open_order(unpaid.buyer_id, unpaid.id)
    qtbot.waitUntil(lambda: pay.view.qr.pay.isEnabled())
    pay.view.qr.pay.click()
    qtbot.waitUntil(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.SCAN)
    link, where = pay.progress.attempt, pay.view.qr.code.geometry()
    for code in (BARCODE, "PO1199", str(unpaid.id), "?x"):
        counter.window.toast.hide()
        keyboard.scan(code)
        text = f"결제 중에는 담을 수 없습니다. 스캔한 바코드: {code}"
        assert message(qtbot, counter) == text
        assert (pay.progress.attempt, pay.view.qr.code.geometry()) == (link, where)
    assert counter.window.current == "pay" and pay.is_live


BARCODE = "8801234567893"


@pytest.fixture(scope="module")
def on_sale(shared):
    product = records.product(990_001, barcode=f"0{BARCODE}", name="소금빵")
    with shared.demo.container.store.transaction() as uow:
        uow.catalogue.add_products([product])
        uow.commit()
    return product


AT_ONCE = ("home", "orders", "sale")
"""Pages from which a product leads to the sale at once; from an outcome it begins the next sale."""


def test_a_product_goes_into_the_cart_from_every_page(
    qtbot, counter, any_mode, on_sale, unpaid, paid
):
    """At once, or by the notice that is over the page, which stays."""
    fill(counter, unpaid, paid)
    sale, scans = counter.screens.page("sale"), 0
    notice = counter.arrivals._notice
    for name in SCREENS:
        if name in ("cancel", "products"):  # which shows the product: tests/ui/products
            continue
        counter.window.show_screen(name)
        counter.window.screen_named(name).setFocus()
        any_mode.scan(BARCODE)
        scans += 1
        if name not in AT_ONCE:
            qtbot.waitUntil(notice.isVisible)
            assert counter.window.current == name and notice.message == "소금빵: 판매에 담기"
            notice.view.click()
        qtbot.waitUntil(
            lambda count=scans: (
                counter.window.current == "sale"
                and sale.cart is not None
                and [one.line.count for one in sale.cart.lines] == [count]
            )
        )
    clear_cart(counter)


def test_a_scan_at_the_desk_selects_its_row_or_opens_the_order(qtbot, counter, keyboard, paid):
    desk = counter.screens.page("requests")
    counter.screens.open_requests(seller_of_requests(counter))
    qtbot.waitUntil(lambda: desk.model.rowCount() > 2)
    desk.view.search.setFocus()
    before = written(counter.window)
    for row in reversed(desk.model.rows[1:]):
        keyboard.scan(f"PO{row.order_id}")
        first = next(at for at, one in enumerate(desk.model.rows) if one.order_id == row.order_id)
        qtbot.waitUntil(lambda first=first: desk.view.view.row == first)
    assert counter.window.current == "requests" and written(counter.window) == before
    assert not desk.model.ticked_rows
    listed = {row.order_id for row in desk.model.rows}
    other = next(one for one in orders_of(counter, paid=True) if one.id not in listed)
    keyboard.scan(str(other.id))
    qtbot.waitUntil(lambda: counter.window.current == "order")


def test_a_scan_at_the_items_to_ship_selects_its_row_or_opens_the_order(
    qtbot, counter, any_mode, paid
):
    ship, seller_id = counter.screens.page("deliveries"), paid.items[0].seller_id
    counter.screens.open("deliveries", {"actor": Actor.seller(seller_id)})
    qtbot.waitUntil(
        lambda: (
            len(ship.model.rows) > 1 and all(row.seller_id == seller_id for row in ship.model.rows)
        )
    )
    rows, before = tuple(ship.model.rows)[:4], written(counter.window)
    states = {row.item_id: row.status for row in rows}
    ship.view.search.setFocus()
    for row in reversed(rows):
        any_mode.scan(f"PO{row.order_id}")
        first = next(one.item_id for one in rows if one.order_id == row.order_id)
        qtbot.waitUntil(lambda first=first: getattr(ship.current, "item_id", 0) == first)
        assert ship.table.hasFocus()
    assert counter.window.current == "deliveries" and written(counter.window) == before
    now = {row.item_id: row.status for row in ship.model.rows}
    assert {one: now[one] for one in states} == states, "a scan moved an item"
    orders = {row.order_id for row in ship.model.rows}
    other = next(one for one in orders_of(counter, paid=True) if one.id not in orders)
    any_mode.scan(str(other.id))
    qtbot.waitUntil(lambda: counter.window.current == "order")


@pytest.fixture
def small(counter):
    """The window at its smallest size: what is said has to fit there."""
    size = counter.window.size()
    counter.window.resize(1024, 600)
    yield counter.window
    counter.texts.set_language("ko")
    counter.window.resize(size)


@pytest.mark.parametrize("code", ["1200", "ABC-12", BARCODE])
def test_a_field_that_counts_ignores_a_scan_and_the_status_line_says_so(
    qtbot, counter, any_mode, small, code
):
    desk = counter.screens.page("requests")
    counter.screens.open_requests(seller_of_requests(counter))
    qtbot.waitUntil(lambda: desk.model.rowCount() > 0)
    field, page, row = desk.view.pager.field, desk.pages.number, desk.view.view.row
    field.setFocus()
    before = written(counter.window)
    any_mode.scan(code)
    status = counter.window.status_bar.message
    said = f"숫자 칸에는 스캔할 수 없습니다. 바코드: {code}"
    qtbot.waitUntil(lambda: status.text() == said)
    assert (desk.pages.number, desk.view.view.row) == (page, row)
    assert counter.window.current == "requests" and written(counter.window) == before
    counter.window.status_bar._end_passing()
    assert status.text() == ""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ko", "NumLock이 꺼져 있습니다. NumLock 키를 눌러 주세요."),
        ("en", "NumLock is off. Press NumLock to type digits."),
    ],
)
@pytest.mark.parametrize("name", ["home", "orders"])
def test_a_pad_without_num_lock_is_said_once(counter, keyboard, small, name, language, said):
    counter.texts.set_language(language)
    counter.window.show_screen(name)
    counter.window.screen_named(name).setFocus()
    status = counter.window.status_bar
    keyboard.press_on_pad(Qt.Key.Key_1, "1")
    for key in (Qt.Key.Key_End, Qt.Key.Key_Insert):
        keyboard.press_on_pad(key)
    assert status.message.text() == said
    status._end_passing()
    keyboard.press_on_pad(Qt.Key.Key_End)
    assert status.message.text() == ""
    keyboard.press_on_pad(Qt.Key.Key_1, "1")
    counter._scans.flush()


@pytest.mark.parametrize("inside", [False, True], ids=["on a page", "in a dialog"])
def test_a_field_that_asks_for_a_code_takes_it(qtbot, counter, any_mode, paid, inside):
    if inside:
        saved_filters(qtbot, counter, paid)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
        line = QApplication.activeModalWidget().name
    else:
        counter.window.show_screen("orders")
        line = counter.screens.page("orders").search
    line.setProperty("scan", "code")
    line.setText("before")
    line.setFocus()
    any_mode.scan("PO1200")
    qtbot.waitUntil(lambda: line.text() == "PO1200")
    line.setProperty("scan", "")
    line.clear()


def test_scans_in_a_row_are_all_answered_in_order(qtbot, counter, keyboard):
    counter.window.show_screen("more")
    for code in ("999991", "ABC-1", "999992"):
        keyboard.scan(code)
    qtbot.waitUntil(lambda: "999992" in counter.window.toast.message)
    said = counter.window.toast.message.splitlines()
    assert [code in line for code, line in zip(("999991", "ABC-1", "999992"), said, strict=True)]
    keyboard.scan("999993")
    qtbot.waitUntil(lambda: "999993" in counter.window.toast.message)
    assert len(counter.window.toast.message.splitlines()) == 3


def test_a_scan_while_a_page_opens_opens_its_order_after_it(qtbot, counter, keyboard):
    """The second scan arrives half before, half after the page of the first one stands."""
    one, other = list(orders_of(counter, paid=False))[:2]
    pay = counter.screens.pay
    counter.window.show_screen("orders")
    search = counter.screens.page("orders").search
    search.setText("한빛")
    keyboard.scan(str(one.id))
    keyboard.press("P", 200)
    keyboard.press("O", SCANNER_MS)
    counter._scans._timer.stop()  # the time of the page is the program's, not the scanner's
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    for key in (*str(other.id), Qt.Key.Key_Return, Qt.Key.Key_Return):
        keyboard.press(key, SCANNER_MS)
    qtbot.waitUntil(lambda: pay._controller._target == (Actor.buyer(other.buyer_id), other.id))
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    counter._scans.flush()
    assert (pay.progress, search.text()) == (None, "한빛")


def test_a_reason_that_is_being_written_is_not_left_for_a_scan(qtbot, counter, keyboard, paid):
    cancel = counter.screens.page("cancel")
    counter.screens.open_cancel(Actor.buyer(paid.buyer_id), paid.items[0].id)
    reason = cancel.view.form.form.reason_field.line
    qtbot.waitUntil(reason.isVisible)
    reason.setText("봉투가 찢어졌어요")
    keyboard.scan("1200")
    assert "입력 중인 내용" in message(qtbot, counter)
    assert counter.window.current == "cancel"
    assert reason.text() == "봉투가 찢어졌어요"


def test_scan_before_the_services_are_ready_opens_then(qtbot, tmp_path):
    keyboard = Keyboard()

    def scan(counter) -> None:
        qtbot.waitUntil(lambda: counter._scans is not None)
        keyboard.scan("ABC-12")
        keyboard.scan("1200")

    with demo_counter(qtbot, tmp_path, keyboard.clock, before=scan) as counter:
        qtbot.waitUntil(lambda: counter.window.current in ("pay", "order"))
        assert "ABC-12" in counter.window.toast.message, "the scan before it is answered too"
        seen = {line: text for line, (text, *_) in written(counter.window).items()}
        assert all(not text for line, text in seen.items() if line.isVisible())
