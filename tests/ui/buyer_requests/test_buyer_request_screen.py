"""A buyer's own requests, on a real file, driven by keys in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.services.requests.buyer_lists import BuyerLists
from posapp.store.search.buyer_search import SqlBuyerSearch
from posapp.ui.buyer_requests.buyer_request_screen import BuyerRequestScreen
from posapp.ui.shell.routes import BUYER_REQUEST, ROUTE
from posapp.ui.widgets import action_guard
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.requests.desk import BUYER, OTHER_BUYER, SELLER

KEY = Qt.Key


def press(key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)
    QApplication.processEvents()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch) -> None:
    """No test waits until a bounce is over."""
    monkeypatch.setattr(action_guard, "GUARD_MS", 0)


def build(texts, theme, runner, shop) -> BuyerRequestScreen:
    lists = BuyerLists(shop.store, SqlBuyerSearch(shop.store))
    return BuyerRequestScreen(texts, theme, runner, shop.request_service, lists)


@pytest.fixture
def page(qtbot, texts, theme, instant, shop, window) -> BuyerRequestScreen:
    """Two delivered items, one that is on its way, and one of another buyer."""
    shop.sell(1, 5000, 7600)
    shop.clock.advance(hours=1)
    shop.sell(2, status=ItemStatus.SHIPPING)
    shop.sell(3, buyer=OTHER_BUYER)
    made = build(texts, theme, instant, shop)
    window.add_screen(BUYER_REQUEST, made)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is made.view.number.line)
    return made


def show(page, buyer: int = BUYER) -> None:
    QTest.keyClicks(page.view.number.line, str(buyer))
    press(KEY.Key_Return)


def items(page) -> list[int]:
    return [row.item_id for row in page.view.items_model.rows]


def requests(page) -> list[tuple[int, RequestState]]:
    return [(row.item_id, row.state) for row in page.view.requests_model.rows]


def test_what_a_buyer_can_ask_back_is_listed_by_the_number(page, texts) -> None:
    assert page.view.no_items.message == "구매자 번호를 입력해 주세요."
    show(page)
    assert items(page) == [11, 10]
    assert page.subtitle == f"구매자 {BUYER}"
    spoken = page.view.items_model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("2개", "상품 11", "배송완료", "주문상품번호 11", texts.won(15200)):
        assert part in spoken
    assert page.view.items.hasFocus()


def test_a_request_is_made_by_keys_and_the_number_is_typed_once(page, shop) -> None:
    show(page)
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    assert "상품 10" in page.form.name.text()
    assert not page.form.button.isEnabled(), "there is no reason yet"
    press(KEY.Key_Return)
    assert shop.request_service.of_buyer(Actor.buyer(BUYER)) == ()
    press(KEY.Key_2)
    assert page.form.reason.text == "상품 파손"
    press(KEY.Key_Return)
    (made,) = shop.request_service.of_buyer(Actor.buyer(BUYER))
    assert (made.item_id, made.kind, made.reason) == (10, RequestKind.REFUND, "상품 파손")
    assert page.banner.message == "교환/환불 신청이 전송되었습니다."
    assert (items(page), requests(page)) == ([11], [(10, RequestState.WAIT)])
    assert page.view.items.hasFocus()


def test_an_exchange_with_a_reason_of_ones_own(page, shop) -> None:
    show(page)
    press(KEY.Key_Return)
    page.form.kind.segments[1].click()
    page.form.reason.line.setFocus()
    QTest.keyClicks(page.form.reason.line, "2 broken")
    assert page.why_stay == "scan.while_written"
    press(KEY.Key_Return)
    (made,) = shop.request_service.of_buyer(Actor.buyer(BUYER))
    assert (made.kind, made.reason) == (RequestKind.EXCHANGE, "2 broken")
    assert page.why_stay == ""


def test_blanks_are_no_reason(page, shop) -> None:
    show(page)
    press(KEY.Key_Return)
    page.form.reason.line.setText("   ")
    page.form.sent.emit()
    press(KEY.Key_Return)
    assert shop.request_service.of_buyer(Actor.buyer(BUYER)) == ()


def test_a_refusal_is_reported_and_typed_text_stays(page, shop, texts) -> None:
    show(page)
    press(KEY.Key_Return)
    shop.ask(11)
    page.form.reason.line.setText("단순 변심")
    page.form.button.click()
    assert page.banner.message == texts.error(UserError(ErrorCode.REQUEST_SENT))
    assert page.form.reason.text == "단순 변심"
    assert page.form.button.isEnabled()


def test_opened_for_an_item_the_form_is_filled_in(page, window) -> None:
    page.open(Actor.buyer(BUYER), 10)
    window.show_screen(BUYER_REQUEST, is_visit=False)
    assert page.form.item.item_id == 10
    assert page.form.kind.segments[0].hasFocus()
    page.form.close_button.click()
    assert page.form.item is None
    assert page.view.items.hasFocus()


def test_an_item_that_cannot_be_asked_back_says_so(page) -> None:
    page.open(Actor.buyer(BUYER), 20)
    assert page.banner.message.startswith("주문상품번호 20번은 지금 신청할 수 없습니다.")
    assert page.form.item is None
    assert items(page) == [11, 10]


def withdraw(page, qtbot) -> ConfirmDialog:
    page.view.requests.setFocus()
    press(KEY.Key_Return)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ConfirmDialog)
    qtbot.waitUntil(dialog.can_agree)
    return dialog


def test_a_waiting_request_is_withdrawn_after_a_question(page, shop, qtbot) -> None:
    shop.ask(10)
    show(page)
    dialog = withdraw(page, qtbot)
    assert dialog.no.hasFocus()
    assert ("상품", "상품 10") in dialog.facts
    press(KEY.Key_Return)
    assert requests(page) == [(10, RequestState.WAIT)], "Enter is the safe answer"
    withdraw(page, qtbot)
    press(KEY.Key_F8)
    assert requests(page) == [(10, RequestState.CANCEL)]
    assert page.banner.message == "요청이 성공적으로 취소되었습니다."
    assert items(page) == [11, 10], "it can be asked back again"
    assert not page.view.withdraw.isEnabled()


def test_a_withdrawal_that_was_too_late_is_reported(page, shop, qtbot) -> None:
    made = shop.ask(10)
    show(page)
    dialog = withdraw(page, qtbot)
    shop.desk.decide(Actor.seller(SELLER), made.id, Decision.REJECT, "사용 흔적")
    press(KEY.Key_F8)
    assert "대기중인 교환/환불 신청을 찾지 못했습니다." in dialog.notice.text()
    press(KEY.Key_Escape)
    assert requests(page) == [(10, RequestState.CANCEL)], "read again"


def test_an_unknown_buyer_is_reported_and_the_number_is_replaced_by_the_next(page) -> None:
    show(page, 99)
    assert page.banner.message == "가입되지 않은 회원입니다."
    assert page.view.number.line.hasFocus()
    QTest.keyClicks(page.view.number.line, str(BUYER))
    press(KEY.Key_Return)
    assert items(page) == [11, 10]


def test_a_sellers_note_reaches_the_buyer_as_plain_text(page, shop) -> None:
    made = shop.ask(10)
    note = "<b>사용 흔적</b>"
    shop.desk.decide(Actor.seller(SELLER), made.id, Decision.REJECT, note)
    show(page)
    assert f"판매자: {note}" in page.view.note.text()
    assert page.view.note.textFormat() is Qt.TextFormat.PlainText
    assert page.view.requests_model.index(0, 0).data() == "반려"


def test_the_next_visit_begins_with_nobody(page, window) -> None:
    show(page)
    window.show_screen(BUYER_REQUEST)
    assert page.view.number.is_empty
    assert (items(page), requests(page)) == ([], [])
    assert page.view.number.line.hasFocus()
    assert page.view.number.line.objectName() == ROUTE[BUYER_REQUEST].start_focus


def test_the_answer_for_the_buyer_before_is_not_shown_to_the_next(
    qtbot, texts, theme, held, shop
) -> None:
    shop.sell(1)
    screen = build(texts, theme, held, shop)
    qtbot.addWidget(screen)
    screen.open(Actor.buyer(BUYER), 10)
    for task in list(held.held):
        task()
    held.held.clear()
    screen.form.reason.line.setText("사유")
    screen.form.sent.emit()
    sending = held.held[-1]
    screen.open(Actor.buyer(OTHER_BUYER))
    with qtbot.waitSignal(screen.item_changed):
        sending()
    assert screen.banner.message == ""
    assert screen.form.reason.text == ""
    assert screen.form.item is None


@pytest.mark.parametrize("size", ROUTE[BUYER_REQUEST].sizes)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_form_is_whole_at_every_size(page, window, texts, qtbot, size, language) -> None:
    texts.set_language(language)
    window.resize(*size)
    show(page)
    press(KEY.Key_Return)
    form = page.form
    parts = (form.kind, *form.reason.chips, form.reason.line, form.button, form.close_button)

    def is_whole() -> bool:
        return all(
            part.height() >= 48
            and part.width() >= min(part.minimumSizeHint().width(), part.sizeHint().width())
            and page.rect().contains(part.mapTo(page, part.rect().bottomRight()))
            for part in parts
        )

    qtbot.waitUntil(is_whole)
    shown = form.reason.line.visibleRegion().boundingRect()
    assert shown.height() == form.reason.line.height(), "it is not scrolled away"


def test_the_language_changes_every_text(page, texts) -> None:
    show(page)
    press(KEY.Key_Return)
    texts.set_language("en")
    assert page.form.button.text() == "Send request"
    assert page.form.reason.chips[0].text() == "1 Changed mind"
    assert page.view.items_model.index(0, 0).data().startswith("2 × ")
