"""Discount (F4) and note (F5) in the place of the tiles."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.permissions import Permission, StaffRole
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.services.staff.sign_in import StaffTile
from tests.pictures.visits import BREAD, CAKE, LATTE, UNKNOWN
from tests.ui.sale.test_sale_screen import KEY, lines, said, settle

BY_MANAGER = StaffTile(1, "이서준", StaffRole.MANAGER, 4)


@pytest.fixture
def panel(page):
    return page.view.goods.discount


def type_in(field, text: str) -> None:
    field.line.clear()
    field.line.insert(text)


def test_a_percentage_of_the_whole_sale(qtbot, counter, page, scan, press, panel):
    scan(BREAD, CAKE)  # 3,200 and 38,000
    press(KEY.Key_F4)
    assert panel.isVisible() and panel.value.line.hasFocus()
    panel.kind.segments[1].click()
    panel.scope.segments[1].click()
    type_in(panel.value, "10")
    type_in(panel.reason, "단골")
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert not panel.isVisible() and page.table.hasFocus()
    assert page.view.payable.text() == "37,080원" and page.view.discount.text() == "-4,120원"
    assert page.cart.cart.discount == Discount(DiscountKind.PERCENT, 10, "단골")


def test_won_of_the_current_line_by_keys_alone(qtbot, counter, page, scan, press, panel):
    scan(CAKE, BREAD)
    press(KEY.Key_F4)
    assert not panel.is_of_sale and panel.line_name.text() == "소금빵"
    for key in (KEY.Key_2, KEY.Key_0, KEY.Key_0, KEY.Key_Return):
        press(key)
    settle(qtbot, counter, page)
    assert [int(one.discount) for one in page.cart.lines] == [0, 200]
    press(KEY.Key_F4)
    assert panel.value.line.text() == "200" and panel.away_button.isEnabled()
    panel.away_button.click()
    settle(qtbot, counter, page)
    assert page.cart.lines[1].line.discount is None and not panel.isVisible()


@pytest.mark.parametrize(
    "typed, percent, why",
    [
        ("0", True, "할인은 1원 이상, 또는 1%부터 100%까지입니다."),
        ("101", True, "할인은 1원 이상, 또는 1%부터 100%까지입니다."),
        ("", False, "할인은 1원 이상, 또는 1%부터 100%까지입니다."),
        ("3201", False, "할인이 상품 금액보다 클 수 없습니다."),
    ],
)
def test_what_is_no_discount_changes_nothing(
    qtbot, counter, page, scan, press, panel, typed, percent, why
):
    scan(BREAD)
    press(KEY.Key_F4)
    panel.kind.segments[percent].click()
    type_in(panel.value, typed)
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert panel.isVisible() and panel.said.text() == why
    assert page.view.payable.text() == "3,200원"


def test_no_payment_begins_beside_a_half_typed_discount(qtbot, counter, page, scan, press, panel):
    scan(BREAD)
    press(KEY.Key_F4)
    press(KEY.Key_1)
    press(KEY.Key_F8)
    settle(qtbot, counter, page)
    assert counter.window.current == "sale" and not page.view.pay.isEnabled()
    assert said(page) == "할인이나 메모를 먼저 적용하거나 닫아 주세요."
    press(KEY.Key_Escape)
    assert not panel.isVisible() and page.view.pay.isEnabled() and page.table.hasFocus()
    assert page.view.payable.text() == "3,200원"


def test_a_scan_beside_it_is_added_and_its_options_are_asked_for(
    qtbot, counter, page, scan, press, panel
):
    scan(BREAD)
    press(KEY.Key_F4)
    press(KEY.Key_5)
    scan(CAKE, LATTE)
    assert [name for name, _ in lines(page)] == ["소금빵", "딸기 생크림 케이크 2호"]
    assert page.view.goods.picker.isVisible() and not panel.isVisible()
    press(KEY.Key_Escape)
    assert panel.isVisible() and panel.value.line.text() == "5"


def test_a_code_without_a_product_has_no_discount_of_its_own(counter, page, scan, press, panel):
    scan(BREAD, UNKNOWN)
    press(KEY.Key_F4)
    assert panel.is_of_sale and not panel.scope.segments[0].isEnabled()


def test_a_discount_over_the_limit_asks_for_another_person(
    qtbot, counter, page, scan, press, panel, monkeypatch
):
    scan(CAKE)
    carts, approved, asked = page._carts, [], []
    give = carts.discount_line

    def limited(actor, line_id, discount):
        if not approved:
            raise UserError(ErrorCode.APPROVAL_REQUIRED, what="cart:1", amount=20_000, reason="")
        return give(actor, line_id, discount)

    def approvers(actor, *, manager, of):
        asked.append(of)
        return (BY_MANAGER,)

    approvals = SimpleNamespace(
        approvers=approvers, approve=lambda *given, **_: approved.append(given)
    )
    monkeypatch.setattr(carts, "discount_line", limited)
    monkeypatch.setattr(page.panels._approval, "_approvals", approvals)
    press(KEY.Key_F4)
    type_in(panel.value, "20000")
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert panel.said.text() == "30% 또는 50,000원을 넘는 할인은 승인이 필요합니다."
    assert panel.approval.isVisible() and asked == [Permission.GIVE_DISCOUNT]
    assert page.view.payable.text() == "38,000원"
    panel.approval.chips[0].setChecked(True)
    panel.approval.pin.setText("1234")
    panel.agreed.emit()
    settle(qtbot, counter, page)
    ((_, subject, approver, pin),) = approved
    assert (subject.what, subject.amount, approver, pin) == ("cart:1", Won(20_000), 1, "1234")
    assert page.view.payable.text() == "18,000원" and not panel.isVisible()


def test_a_note_and_a_name_are_kept_with_the_sale(qtbot, counter, page, scan, press):
    scan(BREAD)
    press(KEY.Key_F5)
    note = page.view.goods.note
    assert note.isVisible() and note.note.line.hasFocus()
    type_in(note.note, "봉투 두 장")
    type_in(note.name, "아기 손님")
    press(KEY.Key_Return)
    settle(qtbot, counter, page)
    assert (page.cart.cart.note, page.cart.cart.name) == ("봉투 두 장", "아기 손님")
    assert not note.isVisible() and page.table.hasFocus()
    press(KEY.Key_F3)
    settle(qtbot, counter, page)
    ((held,),) = [page._carts.held()]
    assert "아기 손님 · 1줄" in page.held._text_of(held)


def test_panels_are_for_a_cart_with_lines(counter, page, press, panel):
    assert not page.view.discount_button.isEnabled() and not page.view.note_button.isEnabled()
    press(KEY.Key_F4)
    press(KEY.Key_F5)
    assert page.view.goods.tiles.isVisible()
    assert page.view.goods.focusPolicy() is Qt.FocusPolicy.NoFocus
