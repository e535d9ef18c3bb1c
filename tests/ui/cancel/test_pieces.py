"""Some pieces of an item: chosen in the dialog, with their amount, and refunded exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import GENESIS, LedgerEvent, link_entry
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, OrderItem, Pieces
from posapp.domain.refunds import RefundState
from posapp.services.payments.receipts import receipt_of
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.cancellation.cancel_flow import CancelFlow
from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.theme import Theme
from posapp.ui.orders.item_row import ItemRow
from posapp.ui.orders.items_card import ItemsCard
from posapp.ui.orders.order_report import order_report
from posapp.ui.orders.timeline_events import events_of
from posapp.ui.printing.receipt_paper import receipt_paper
from posapp.ui.printing.refund_slip import slip_of
from posapp.ui.shell.main_window import SMALLEST
from posapp.ui.widgets import action_guard
from tests.ui.cancel.shop_records import (
    ITEMS,
    NOW,
    FakeCancelling,
    FakeRest,
    entry,
    history,
    item,
    order_of,
    refund,
)

FIVE = item(2050, "종이 필터 100매", 4_500, 5)
FOUR = Pieces(4, 5)


@pytest.fixture
def page(qtbot) -> QWidget:
    made = QWidget()
    made.resize(1024, 700)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_field_of_the_reason_is_in_view_on_the_smallest_window(
    page, ask, texts, language
):
    page.resize(*SMALLEST)
    texts.set_language(language)
    dialog = ask(FIVE)
    line = dialog.form.reason_field.line
    QApplication.processEvents()
    assert line.visibleRegion().boundingRect() == line.rect()


def test_a_field_that_is_typed_into_stays_in_view_when_the_texts_change(page, ask, texts):
    page.resize(1024, 480)
    dialog = ask(FIVE)
    line = dialog.form.reason_field.line
    line.setFocus()
    texts.set_language("en")
    QApplication.processEvents()
    assert line.visibleRegion().boundingRect() == line.rect()


@pytest.fixture
def service() -> FakeCancelling:
    return FakeCancelling(kept=refund(of=FIVE), cancelled=replace(FIVE, status=ItemStatus.CANCEL))


@pytest.fixture
def texts(qapp) -> Translator:
    return Translator("ko")


@pytest.fixture
def ask(qtbot, monkeypatch, page, texts, theme: Theme, instant, service):
    monkeypatch.setattr(action_guard, "GUARD_MS", 0)
    flow = CancelFlow(texts, theme, instant, service, FakeRest(), page)

    def asked(*items: OrderItem) -> CancelDialog:
        flow.ask(1024, items, {}, Actor.seller(3))
        (dialog,) = [one for one in page.findChildren(CancelDialog) if one.isVisible()]
        qtbot.waitUntil(dialog.can_agree)
        return dialog

    return asked


def test_all_pieces_are_proposed_and_minus_takes_fewer(qtbot, ask, service):
    dialog = ask(FIVE)
    pieces = dialog.form.pieces
    assert pieces.isVisible() and pieces.count == 5 and not pieces.more.isEnabled()
    assert min(pieces.fewer.height(), pieces.more.height()) >= 48
    assert dialog.yes.text() == "22,500원 결제취소"
    for _ in range(3):
        qtbot.keyClick(dialog, Qt.Key.Key_Minus)
    qtbot.keyClick(dialog, Qt.Key.Key_Plus)
    assert pieces.count == 3 and dialog.yes.text() == "13,500원 결제취소"
    assert dialog.form.plan.lines(Translator("ko")) == [
        ("종이 필터 100매  4,500원 × 3개", "13,500원")
    ]
    assert dialog.form.left.text() == "남은 2개는 결제된 상태로 남습니다."
    assert dialog.form.left.text() in dialog.accessibleDescription()
    assert "3개, 13,500원" in dialog.windowTitle()
    qtbot.keyClick(dialog, Qt.Key.Key_F8)
    assert service.actions() == [("refund", Actor.seller(3), 2050, "", 13_500, Pieces(3, 5))]


def test_nothing_moves_when_the_count_changes(qtbot, ask):
    dialog = ask(FIVE)
    parts = (dialog, dialog.no, dialog.form.reason_field, dialog.form.pieces)
    before = [part.geometry() for part in parts]
    dialog.form.pieces.step(-3)
    QApplication.processEvents()
    assert [part.geometry() for part in parts] == before


def test_buttons_step_and_stop_at_both_ends(qtbot, ask):
    dialog = ask(FIVE)
    pieces = dialog.form.pieces
    for _ in range(9):
        qtbot.mouseClick(pieces.fewer, Qt.MouseButton.LeftButton)
    assert pieces.count == 1 and not pieces.fewer.isEnabled()
    assert pieces.accessibleName() == "5개 가운데 1개"
    for _ in range(9):
        qtbot.mouseClick(pieces.more, Qt.MouseButton.LeftButton)
    assert pieces.count == 5 and dialog.plan.count is None


def test_all_pieces_are_the_item_as_a_whole(qtbot, ask, service):
    dialog = ask(FIVE)
    qtbot.keyClick(dialog, Qt.Key.Key_Minus)
    qtbot.keyClick(dialog, Qt.Key.Key_Plus)
    qtbot.keyClick(dialog, Qt.Key.Key_F8)
    assert service.actions() == [("refund", Actor.seller(3), 2050, "", 22_500)]


@pytest.mark.parametrize(
    "items",
    [
        (replace(FIVE, count=1),),
        (replace(FIVE, part_of=2049),),
        (replace(FIVE, price=Won(0)),),
        (replace(FIVE, status=ItemStatus.WAITING_FOR_PAYMENT),),
        (FIVE, item()),
    ],
    ids=["one piece", "a part", "free", "unpaid", "several items"],
)
def test_there_is_no_choice(qtbot, ask, items):
    dialog = ask(*items)
    before = dialog.yes.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Minus)
    assert not dialog.form.pieces.isVisible() and dialog.yes.text() == before


def test_signs_typed_into_the_reason_are_its_text(qtbot, ask):
    dialog = ask(FIVE)
    line = dialog.form.reason_field.line
    line.setFocus()
    qtbot.keyClicks(line, "1+1-")
    assert line.text() == "1+1-" and dialog.form.pieces.count == 5


def test_the_reason_stays_while_the_count_changes(qtbot, ask, service):
    dialog = ask(FIVE)
    qtbot.keyClick(dialog, Qt.Key.Key_2)
    qtbot.keyClick(dialog, Qt.Key.Key_Minus)
    qtbot.keyClick(dialog, Qt.Key.Key_F8)
    assert service.actions() == [
        ("refund", Actor.seller(3), 2050, "상품 파손", 18_000, Pieces(4, 5))
    ]


def test_the_count_stays_while_its_refund_is_stored(qtbot, ask, service):
    dialog = ask(FIVE)
    qtbot.keyClick(dialog, Qt.Key.Key_Minus)
    service.kept = UserError(ErrorCode.PIECES_CHANGED)
    service.before_answer = lambda: [
        qtbot.keyClick(dialog, key) for key in (Qt.Key.Key_Minus, Qt.Key.Key_Plus)
    ]
    seen = []
    dialog.form.plan_changed.connect(lambda: seen.append(dialog.form.pieces.count))
    qtbot.keyClick(dialog, Qt.Key.Key_F8)
    assert service.actions() == [("refund", Actor.seller(3), 2050, "", 18_000, FOUR)]
    assert seen == [] and dialog.isVisible()
    assert "수량이 바뀌었습니다" in dialog.notice.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Minus)
    assert seen == [3]


def test_the_language_changes_all_of_it(ask, texts):
    dialog = ask(FIVE)
    dialog.form.pieces.step(-2)
    texts.set_language("en")
    assert dialog.form.left.text() == "The other 2 stay paid."
    assert dialog.form.pieces.accessibleName() == "3 of 5"


# What shows the order afterwards.

REST = replace(FIVE, count=3)
PART = replace(FIVE, id=900_000_000_000_001, count=2, part_of=2050, status=ItemStatus.CANCEL)


def divided_history():
    divided = entry(LedgerEvent.ITEM_DIVIDED, 0, 20, item_id=2050, reference=f"{PART.id}:2")
    gone = refund(RefundState.CONFIRMED, of=PART, confirmed_at=NOW)
    return replace(
        history(),
        order=order_of(*ITEMS[:2], REST, PART),
        ledger=(link_entry(1, divided, GENESIS),),
        refunds=(gone,),
    )


def test_the_row_of_a_part_says_of_which_item_it_is(texts, theme: Theme):
    row = ItemRow(texts, theme)
    row.show_item(PART, None, None, online=True)
    assert row.details.text() == "주문상품번호 2050의 일부 · 4,500원 × 2개"
    row.show_item(REST, None, None, online=True)
    assert row.details.text() == "주문상품번호 2050 · 4,500원 × 3개"


def test_the_history_has_the_pieces_and_counts_what_was_ordered(texts):
    events = events_of(texts, divided_history())
    (ordered,) = [one for one in events if one.kind == "order"]
    assert ordered.details[0].startswith("상품 3종 · ")
    asked = next(one for one in events if one.title == "환불 접수")
    assert asked.details[0] == "상품: 종이 필터 100매 2개"
    assert any("장부 1: 일부 수량 나눔" in line for line in asked.evidence)
    assert not [one for one in events if one.kind == "ledger"], "one movement, one line"


def test_the_history_has_the_pieces_of_a_part_without_money(texts):
    events = events_of(texts, replace(divided_history(), refunds=()))
    (divided,) = [one for one in events if one.title == "일부 수량 나눔"]
    assert divided.details == ("상품: 종이 필터 100매", "수량: 2개", "요청: 구매자 12")


def test_the_slip_says_how_many_pieces_went_back(texts):
    gone = refund(RefundState.CONFIRMED, of=PART, confirmed_at=NOW)
    paper = slip_of(texts, gone, shop="오늘의 커피", buyer="김하나", items=(PART,))
    assert ("상품", "종이 필터 100매 2개") in [(one.text, one.value) for one in paper.lines]


def test_the_report_names_part_and_item(texts):
    text = order_report(texts, divided_history())
    assert f"주문상품번호 {PART.id} (주문상품번호 2050의 일부)" in text.replace("\u200b", "")


def test_the_receipt_has_a_line_for_what_stays_and_one_for_what_went_back(texts):
    receipt = receipt_of("오늘의 커피", divided_history())
    paper = receipt_paper(texts, receipt)
    lines = [one for one in paper.lines if one.text.startswith("종이 필터")]
    assert [(one.value, one.detail, one.is_void) for one in lines] == [
        ("13,500원", "4,500원 × 3", False),
        ("취소", "4,500원 × 2", True),
    ]


def test_the_rows_of_the_order_stay_when_a_part_becomes_one_more(qtbot, page, texts, theme: Theme):
    card = ItemsCard(texts, theme)
    card.setParent(page)
    card.resize(page.size())
    card.show()
    whole = replace(divided_history(), order=order_of(*ITEMS[:2], FIVE))
    card.show_history(whole, {}, online=True)
    rows = card.rows
    with qtbot.waitActive(page):
        page.activateWindow()
    rows[2].tick.setFocus()
    rows[0].tick.click()
    card.show_history(divided_history(), {}, online=True)
    assert card.rows[:3] == rows and len(card.rows) == 4
    assert rows[2].tick.hasFocus() and rows[0].is_ticked
    assert rows[2].details.text().endswith("3개")
    rows[0].tick.click()
    assert [one.id for one in card.targets()] == [2050], "F8 is about what is left of it"
    places = [row.mapTo(card, row.rect().topLeft()).y() for row in card.rows]
    assert places == sorted(places)
    other = replace(history(), order=order_of(item(9001), item(9002)))
    card.show_history(other, {}, online=True)
    assert len(card.rows) == 2 and card.targets() == ()
