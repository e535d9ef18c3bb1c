"""Some pieces of an item: chosen in the dialog, with their amount, and refunded exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, OrderItem, Pieces
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.cancellation.cancel_flow import CancelFlow
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import action_guard
from tests.ui.cancel.shop_records import (
    FakeCancelling,
    FakeRest,
    item,
    refund,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

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


def test_the_language_changes_all_of_it(ask, texts):
    dialog = ask(FIVE)
    dialog.form.pieces.step(-2)
    texts.set_language("en")
    assert dialog.form.left.text() == "The other 2 stay paid."
    assert dialog.form.pieces.accessibleName() == "3 of 5"
