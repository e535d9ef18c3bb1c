"""The page of items to ship, on a real file, driven by keys in the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus
from posapp.services.orders.seller_list import SellerListService
from posapp.store.search.fulfilment_search import SqlFulfilmentSearch
from posapp.ui.core.formats import phone
from posapp.ui.fulfilment import fulfilment_screen
from posapp.ui.fulfilment.fulfilment_screen import FulfilmentScreen
from posapp.ui.shell.routes import DELIVERIES, ORDER, ROUTE
from posapp.ui.widgets.seller_picker import SellerPicker
from posapp.ui.widgets.undo import UndoStack
from posapp.ui.widgets.undo_offer import UndoOffer
from tests.requests.desk import OTHER_BUYER, OTHER_SELLER, SELLER
from tests.store.records import refund

KEY, S = Qt.Key, ItemStatus
LEAST_PRODUCT = 240
"""Width in pixels that is left for a product's name, which alone may be elided."""

CTRL = Qt.KeyboardModifier.ControlModifier


def press(key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifiers)
    QApplication.processEvents()


@pytest.fixture
def page(qtbot, texts, theme, instant, shop, session, window) -> FulfilmentScreen:
    """Three orders an hour apart: paid, being prepared, on its way; the second of the other
    seller."""
    for order_id, status, seller in (
        (1, S.COMPLETE_PAYMENT, SELLER),
        (2, S.WAITING_FOR_DELIVERY, OTHER_SELLER),
        (3, S.SHIPPING, SELLER),
    ):
        shop.sell(order_id, 5000 * order_id, status=status, seller=seller)
        shop.clock.advance(hours=1)
    shop.sell(4, status=S.DELIVERY_COMPLETE)
    picker = SellerPicker(
        texts, instant, SellerListService(shop.store).read, session, offers_all=True
    )
    undo = UndoStack(shop.clock, window)
    window.status_bar.offer_undo(undo)
    made = FulfilmentScreen(
        *(texts, theme, instant, shop.fulfilment_service),
        *(SqlFulfilmentSearch(shop.store), picker, undo),
    )
    window.add_screen(DELIVERIES, made)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is made.table)
    return made


def offer(page) -> UndoOffer:
    return page.window().status_bar.undo


def listed(page) -> list[int]:
    return [row.item_id for row in page.model.rows]


def status(shop, item_id: int) -> ItemStatus:
    return shop.item(item_id).status


def labels(page) -> list[str]:
    return [segment.text() for segment in page.view.segments.segments]


def test_the_oldest_order_is_first_and_current_and_each_state_has_its_number(page) -> None:
    assert listed(page) == [10, 20, 30]
    assert page.current.item_id == 10
    assert labels(page) == ["전체 3", "결제완료 1", "배송준비중 1", "배송중 1"]


def test_the_list_hides_phone_numbers_that_a_buyer_could_read_over_the_counter(page) -> None:
    row = replace(page.current, buyer_phone="01012340854")
    cells = page.view._cells_of(row)
    assert cells[2].second == "010-****-0854"


def test_what_is_meant_is_shown_before_it_is_done(page, texts) -> None:
    row, detail = page.current, page.view.detail
    assert "2개" in detail.name.text()
    assert row.product_name in detail.name.text()
    facts = dict(detail.facts.rows)
    assert facts["구매자"] == "김하나"
    assert facts.get("전화번호", "") == phone(row.buyer_phone)
    assert facts["주문번호"] == "1"
    assert page.view.step.text() == "다음 단계: 배송준비중"
    spoken = page.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("결제완료", "2개", row.product_name, "김하나", texts.won(row.total)):
        assert part in spoken


def test_one_key_ships_and_the_next_row_is_current(page, shop, qtbot) -> None:
    with qtbot.waitSignal(page.item_changed) as changed:
        press(KEY.Key_F5)
    assert changed.args == [1]
    assert status(shop, 10) is S.WAITING_FOR_DELIVERY
    assert page.current.item_id == 20
    assert labels(page)[1:] == ["결제완료 0", "배송준비중 2", "배송중 1"]
    press(KEY.Key_F5)
    assert status(shop, 20) is S.SHIPPING
    assert page.current.item_id == 30


def test_a_step_is_that_of_the_items_own_seller(page, shop) -> None:
    press(KEY.Key_Down)
    press(KEY.Key_F5)
    last = shop.ledger()[-1].entry
    assert (last.event, last.actor) == (LedgerEvent.ITEM_SHIPPED, Actor.seller(OTHER_SELLER))


def test_what_is_delivered_leaves_the_list_and_the_row_in_its_place_is_current(page, shop) -> None:
    press(KEY.Key_F4)
    assert status(shop, 10) is S.DELIVERY_COMPLETE
    assert listed(page) == [20, 30]
    assert page.current.item_id == 20
    assert not page.view.hand_over.isEnabled(), "it is not paid only, but on its way"


def test_the_steps_are_taken_back_newest_first_with_a_countdown(page, shop) -> None:
    press(KEY.Key_F4)
    press(KEY.Key_F5)
    bar = offer(page)
    assert bar.isVisible()
    assert bar.button.text() == "되돌리기 (5초)"
    assert bar.message == "20: 배송중"
    shop.clock.advance(seconds=2)
    page.undo_stack.tick()
    assert bar.button.text() == "되돌리기 (3초)"
    press(KEY.Key_Z, CTRL)
    assert status(shop, 20) is S.WAITING_FOR_DELIVERY
    assert page.current.item_id == 20
    press(KEY.Key_Z, CTRL)
    assert status(shop, 10) is S.COMPLETE_PAYMENT
    assert listed(page) == [10, 20, 30], "back in its place"
    assert page.current.item_id == 10
    assert not bar.isVisible()


def test_after_five_seconds_nothing_is_taken_back(page, shop) -> None:
    press(KEY.Key_F5)
    shop.clock.advance(seconds=5)
    press(KEY.Key_Z, CTRL)
    assert status(shop, 10) is S.WAITING_FOR_DELIVERY
    assert not offer(page).isVisible()


def test_undoing_what_somebody_has_moved_on_is_refused_with_the_reason(page, shop, texts) -> None:
    press(KEY.Key_F5)
    shop.put(10, S.SHIPPING)
    press(KEY.Key_Z, CTRL)
    assert page.banner.message == texts.error(UserError(ErrorCode.STEP_UNDO_OVER))
    assert status(shop, 10) is S.SHIPPING
    assert next(row for row in page.model.rows if row.item_id == 10).status is S.SHIPPING


def test_a_second_press_before_the_outcome_is_the_same_step(page, shop, held) -> None:
    page._runner = held
    press(KEY.Key_F5)
    press(KEY.Key_F5)
    steps = [held.held.pop(0)]
    assert not held.held, "one step was begun"
    steps.pop()()
    assert status(shop, 10) is S.WAITING_FOR_DELIVERY


def test_the_filter_chooses_one_state_after_the_other(page) -> None:
    seen = []
    for _ in range(4):
        press(KEY.Key_F3)
        seen.append((page.view.segments.key, listed(page)))
    assert seen == [
        (S.COMPLETE_PAYMENT, [10]),
        (S.WAITING_FOR_DELIVERY, [20]),
        (S.SHIPPING, [30]),
        (None, [10, 20, 30]),
    ]


def test_in_one_state_what_is_moved_leaves_the_list(page) -> None:
    press(KEY.Key_F3)
    press(KEY.Key_F5)
    assert listed(page) == []
    assert page.view.empty.isVisible()
    assert offer(page).isVisible()
    press(KEY.Key_Z, CTRL)
    assert listed(page) == [10]
    assert page.current.item_id == 10


@pytest.mark.parametrize(
    ("typed", "found"),
    [("2", [20]), ("30", [30]), ("주문 1번", [10]), ("이두리", []), ("상품 3", [30])],
)
def test_the_search_finds_by_number_name_and_product(page, typed, found) -> None:
    press(KEY.Key_F2)
    page.view.search.setText(typed)
    page.view.search.flush()
    assert listed(page) == found
    if not found:
        assert page.view.empty.message == f"‘{typed}’에 맞는 상품이 없습니다."


def test_enter_in_the_search_opens_what_is_found(page, qtbot) -> None:
    press(KEY.Key_F2)
    QTest.keyClicks(page.view.search, "30")
    with qtbot.waitSignal(page.go_requested) as asked:
        press(KEY.Key_Return)
    assert asked.args == [ORDER, {"order_id": 3}]


def test_enter_on_a_row_opens_its_order(page, qtbot) -> None:
    press(KEY.Key_Down)
    with qtbot.waitSignal(page.go_requested) as asked:
        press(KEY.Key_Return)
    assert asked.args == [ORDER, {"order_id": 2}]


def test_undo_works_from_the_empty_search_and_undoes_typed_text_first(page, shop) -> None:
    press(KEY.Key_F5)
    press(KEY.Key_F2)
    QTest.keyClicks(page.view.search, "3")
    press(KEY.Key_Z, CTRL)
    assert page.view.search.text() == ""
    assert status(shop, 10) is S.WAITING_FOR_DELIVERY
    press(KEY.Key_Z, CTRL)
    assert status(shop, 10) is S.COMPLETE_PAYMENT


def test_a_scan_selects_a_listed_order_and_leaves_any_other(page) -> None:
    assert page.select_order(3)
    assert page.current.item_id == 30
    assert not page.select_order(4)
    assert page.current.item_id == 30


def test_a_seller_is_picked_and_remembered(page, session) -> None:
    page.picker.pick(OTHER_SELLER)
    assert listed(page) == [20]
    assert session.seller_id == OTHER_SELLER
    assert page.picker.text().startswith(f"판매자 {OTHER_SELLER} 최상점")
    page.picker.pick(None)
    assert listed(page) == [10, 20, 30]


def test_a_refused_step_is_reported_and_the_rows_are_read_again(page, shop, texts) -> None:
    shop.put(10, S.CANCEL)
    press(KEY.Key_F5)
    assert page.banner.message == texts.error(UserError(ErrorCode.ITEM_CANCELLED))
    assert listed(page) == [20, 30]
    assert not offer(page).isVisible()


def test_an_item_whose_money_is_on_its_way_back_says_so_and_cannot_move(page, shop, texts) -> None:
    with shop.store.transaction() as uow:
        uow.refunds.add(refund("[RF-1]", order_id=1, item_id=10, imp_uid="imp_1"))
        uow.commit()
    page.status_changed()
    why = texts.error(UserError(ErrorCode.REFUND_IN_FLIGHT))
    assert page.view.why_not.text() == why
    assert page.view.detail.hold.text() == why
    assert not page.view.step.isEnabled()
    press(KEY.Key_F5)
    assert status(shop, 10) is S.COMPLETE_PAYMENT


def test_behind_nothing_moves(page, shop) -> None:
    page.set_behind(True)
    press(KEY.Key_F5)
    press(KEY.Key_F4)
    assert status(shop, 10) is S.COMPLETE_PAYMENT
    page.set_behind(False)
    press(KEY.Key_F5)
    assert status(shop, 10) is S.WAITING_FOR_DELIVERY


def test_further_pages_are_read_as_the_view_needs_them(page, shop, monkeypatch) -> None:
    monkeypatch.setattr(fulfilment_screen, "PAGE", 2)
    page.enter()
    page._begin()
    assert listed(page)[:2] == [10, 20]
    page.model.fetchMore(page.model.index(-1, -1))
    assert listed(page) == [10, 20, 30]
    assert not page.model.canFetchMore(page.model.index(-1, -1))


def test_news_keep_the_current_row_and_put_new_ones_below(page, shop) -> None:
    press(KEY.Key_Down)
    shop.sell(5, status=S.COMPLETE_PAYMENT, buyer=OTHER_BUYER)
    page.status_changed()
    assert listed(page) == [10, 20, 30, 50]
    assert page.current.item_id == 20


def test_the_language_changes_every_text(page, texts) -> None:
    texts.set_language("en")
    assert page.view.step.text() == "Next: Preparing delivery"
    assert labels(page)[0] == "All 3"
    assert page.model.index(0, 0).data() == "Paid"
    assert page.picker.text().startswith("All sellers")


def test_the_focus_is_on_the_list_and_the_keys_of_the_route_are_on_buttons(page) -> None:
    route = ROUTE[DELIVERIES]
    assert page.table.objectName() == route.start_focus
    shown = {button.key for button in (page.view.filter, page.view.hand_over, page.view.step)}
    assert shown | {"Enter"} == {use.key for use in route.keys}


def test_the_last_row_leaves_the_focus_in_the_search_and_the_page_can_be_visited(
    page, window, shop
) -> None:
    for item_id in (20, 30, 10):
        shop.put(item_id, S.DELIVERY_COMPLETE)
    page.status_changed()
    assert page.view.search.hasFocus()
    window.show_screen(DELIVERIES)
    assert page.view.search.hasFocus()
    assert not page.view.step.isEnabled()


@pytest.mark.parametrize("size", ROUTE[DELIVERIES].sizes)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_cut_at_any_size(qtbot, page, window, texts, size, language) -> None:
    texts.set_language(language)
    window.resize(*size)
    QApplication.processEvents()
    press(KEY.Key_F5)
    QApplication.processEvents()
    view = page.view
    for part in (view.segments, view.filter, view.search, view.hand_over, view.step):
        corner = part.mapTo(page, part.rect().bottomRight())
        assert page.rect().contains(corner)
        assert part.width() >= part.minimumSizeHint().width()
        assert part.height() >= 48
    bar = offer(page)
    assert bar.isVisible() and 48 <= bar.button.height() <= window.status_bar.height()
    parts = (bar.text_label, bar.button)
    # The seconds that are left change its text, and the layout follows in the next turn.
    qtbot.waitUntil(lambda: all(part.width() >= part.sizeHint().width() for part in parts))
    header = page.table.horizontalHeader()
    widths = [header.sectionSize(at) for at in range(header.count())]
    assert sum(widths) <= page.table.viewport().width()
    assert widths[1] >= LEAST_PRODUCT
