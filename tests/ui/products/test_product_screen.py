"""Products are found, added, changed and stopped on one page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.product_codes import own_code
from posapp.domain.products import ProductCode, SaleUnit
from posapp.domain.vat import TaxKind
from posapp.services.ports.record_ids import FIRST_OWN
from tests.pictures.visits import BREAD, UNKNOWN

KEY = Qt.Key
GOOD, WRONG = "4006381333931", "4006381333932"


def names(page) -> list[str]:
    return [one.name for one in page.view.rows.rows]


def search(page, settle, text: str) -> None:
    page.view.search.setText(text)
    page.view.search.flush()
    settle()


def fill(form, name: str, price: str) -> None:
    form.name.line.setText(name)
    form.price.line.setText(price)


def test_products_are_listed_found_and_filtered(page, settle, counter):
    assert counter.window.current == "products" and len(names(page)) == 23
    assert counter.window.focusWidget() is page.view.search
    search(page, settle, "ㅅㄱㅃ")
    assert names(page) == ["소금빵"]
    search(page, settle, "")
    page.view.state.segments[1].click()
    settle()
    assert "에코백" in names(page) and "소금빵" not in names(page)
    page.view.state.segments[2].click()
    settle()
    assert {"에코백", "소금빵"} <= set(names(page))
    page._show_category("커피")
    settle()
    assert "아메리카노" in names(page) and "소금빵" not in names(page)
    assert page.view.category.text().startswith("커피")
    search(page, settle, "없는 상품")
    assert names(page) == [] and "‘없는 상품’" in page.view.empty.message


def test_a_new_product_has_all_that_was_entered(page, settle, press, goods):
    press(KEY.Key_F4)
    form = page.view.form
    assert page.view.has_form and form.name.line.hasFocus()
    fill(form, "수수", "12,900원")
    form.category.line.setText("곡물")
    form.codes.field.line.setText(f"{GOOD}*12")
    form.codes.take()
    form.tax.segments[1].click()
    form.unit.segments[1].click()
    assert not form.stock.isEnabled() and not form.untracked.isEnabled()
    form.plu.line.setText("77")
    form.favourite.click()
    form._show_colour("green")
    form.options.line.line.setText("포장: 종이봉투 +100, 비닐")
    form.options.make.click()
    settle()
    form.name.line.setFocus()
    press(KEY.Key_Return)
    assert not page.view.has_form
    (product,) = goods.find("수수", 9)
    assert product.id >= FIRST_OWN
    assert (product.name, product.price, product.category) == ("수수", Won(12_900), "곡물")
    assert (product.tax, product.unit, product.plu) == (TaxKind.EXEMPT, SaleUnit.WEIGHT, 77)
    assert (product.is_favourite, product.colour, product.active) == (True, "#2e7d32", True)
    details = goods.get(product.id)
    assert details.codes == (ProductCode(f"0{GOOD}", 12),)
    ((group,), options) = details.groups, details.groups[0].options
    assert (group.name, group.least, group.most) == ("포장", 0, 1)
    assert [(one.name, int(one.price)) for one in options] == [("종이봉투", 100), ("비닐", 0)]
    goods.set_on_sale(page._actor, product.id, is_on_sale=False)


@pytest.mark.parametrize(
    "name, price, stock, plu, field, why",
    [
        ("", "3200", "", "", "name", "이름은 1자부터 60자까지입니다."),
        ("빵", "", "", "", "price", "판매가는 1원부터 99,999,999원까지입니다."),
        ("빵", "0", "", "", "price", "판매가는 1원부터 99,999,999원까지입니다."),
        ("빵", "100000000", "", "", "price", "판매가는 1원부터 99,999,999원까지입니다."),
        ("빵", "3,2x0", "", "", "price", "판매가는 1원부터 99,999,999원까지입니다."),
        ("빵", "3200", "-1", "", "stock", "재고는 0부터 999,999,999까지입니다."),
        ("빵", "3200", "많음", "", "stock", "재고는 0부터 999,999,999까지입니다."),
        ("빵", "3200", "", "ab", "plu", "PLU 번호는 숫자 10자리까지입니다."),
    ],
)
def test_what_is_wrong_stands_below_its_field(
    page, settle, press, goods, name, price, stock, plu, field, why
):
    count = len(goods.find("", 500))
    press(KEY.Key_F4)
    form = page.view.form
    fill(form, name, price)
    form.stock.line.setText(stock)
    form.plu.line.setText(plu)
    form.name.line.setFocus()
    press(KEY.Key_Return)
    wrong = getattr(form, field)
    assert page.view.has_form and wrong.message == why and wrong.line.hasFocus()
    assert len(goods.find("", 500)) == count


def test_codes_are_checked_one_by_one(page, settle, press, goods):
    press(KEY.Key_F4)
    codes = page.view.form.codes
    for text, why in (
        (WRONG, "바코드의 검사 숫자가 맞지 않습니다. 마지막 자리는 1이어야 합니다."),
        ("한글", "바코드는 영문자와 숫자로 48자까지 입력할 수 있습니다."),
        (f"{GOOD}*1000", "바코드 하나의 묶음 수량은 1부터 999까지입니다."),
    ):
        codes.field.line.setText(text)
        assert not codes.take() and codes.field.message == why
    codes.field.line.setText(GOOD)
    codes.field.line.setFocus()
    press(KEY.Key_Return)
    codes.field.line.setText("BOX-1*24")
    press(KEY.Key_Return)
    assert page.view.has_form, "Enter takes a code there, and stores nothing"
    assert [chip.text() for chip in codes._chips] == [GOOD, "box-1*24"]
    codes._chips[0].click()
    assert [one.code for one in codes.codes] == ["box-1"]


def test_a_code_of_another_product_is_refused_by_its_name(page, settle, press, goods):
    details = goods.create(page._actor, _draft("호두과자", codes=[("WALNUT", 1)]))
    press(KEY.Key_F4)
    form = page.view.form
    fill(form, "빵", "3200")
    form.codes.field.line.setText("walnut")
    form.name.line.setFocus()
    press(KEY.Key_Return)
    assert form.codes.field.message == "이미 호두과자에 등록된 바코드입니다."
    goods.set_on_sale(page._actor, details.product.id, is_on_sale=False)


def _draft(name: str, **fields):
    from posapp.services.goods.product_service import ProductDraft

    return ProductDraft(name, 3_000, 2, **fields)


def test_a_scan_in_the_code_field_is_a_code_and_elsewhere_stays(page, settle, press, scan):
    press(KEY.Key_F4)
    form = page.view.form
    form.codes.field.line.setFocus()
    scan(GOOD)
    assert form.codes.field.line.text() == GOOD
    form.codes.take()
    form.name.line.setFocus()
    scan(BREAD)
    assert page.view.has_form and form.name.line.text() == ""
    assert [one.code for one in form.codes.codes] == [f"0{GOOD}"]


def test_a_scan_on_the_list_opens_the_product_or_a_new_one(page, settle, scan, press, counter):
    scan(BREAD)
    form = page.view.form
    assert form.known is not None and form.known.name == "소금빵"
    assert counter.window.current == "products" and page.view.search.text() == ""
    press(KEY.Key_Escape)
    scan("NOBODY-HAS-THIS")
    assert form.known is None and [one.code for one in form.codes.codes] == ["nobody-has-this"]


def test_a_product_is_changed_and_what_was_sold_meanwhile_counts(
    page, settle, press, goods, counter
):
    before = goods.create(page._actor, _draft("호두파이", stock=10)).product
    search(page, settle, "호두파이")
    press(KEY.Key_Return)
    form = page.view.form
    assert form.heading.text() == "호두파이" and form.stock.line.text() == "10"
    with counter.demo.container.store.transaction() as uow:
        uow.orders.take_stock(before.id, 3)
        uow.commit()
    form.price.line.setText("3500")
    form.stock.line.setText("15")
    press(KEY.Key_Return)
    after = goods.get(before.id).product
    assert (after.price, after.stock) == (Won(3_500), 12)
    goods.set_on_sale(page._actor, before.id, is_on_sale=False)


def test_a_code_is_made_for_a_product_without_one(page, settle, press, goods):
    product = goods.create(page._actor, _draft("밤파이")).product
    search(page, settle, "밤파이")
    press(KEY.Key_F5)
    code = own_code(product.id)
    assert goods.get(product.id).codes == (ProductCode(f"0{code}"),)
    press(KEY.Key_Return)
    assert [chip.text() for chip in page.view.form.codes._chips] == [code]
    press(KEY.Key_Escape)
    press(KEY.Key_F4)
    press(KEY.Key_F5)
    assert page.view.banner.message == "상품을 저장한 뒤에 바코드를 만들 수 있습니다."
    press(KEY.Key_Escape)
    goods.set_on_sale(page._actor, product.id, is_on_sale=False)


def test_a_variant_has_its_own_name_code_and_stock(page, settle, press, goods):
    parent = goods.create(page._actor, _draft("머그컵", category="잡화", stock=5)).product
    search(page, settle, "머그컵")
    press(KEY.Key_Return)
    page.view.variant.click()
    form = page.view.form
    assert form.known is None and "머그컵의 변형" in form.about.text()
    form.name.line.setText("머그컵 (파랑)")
    form.name.line.setFocus()
    press(KEY.Key_Return)
    (variant,) = goods.find("머그컵 (파랑)", 1)
    assert (variant.parent_id, variant.category, variant.stock) == (parent.id, "잡화", 0)
    for number in (parent.id, variant.id):
        goods.set_on_sale(page._actor, number, is_on_sale=False)


def test_a_product_is_stopped_after_a_question_and_sold_again(qtbot, page, settle, press, goods):
    product = goods.create(page._actor, _draft("계피빵")).product
    search(page, settle, "계피빵")
    press(KEY.Key_F8)
    dialog = QApplication.activeModalWidget()
    assert "계피빵의 판매를 중지할까요?" in dialog._heading.text()
    assert goods.get(product.id).product.active
    dialog.agreed.emit()
    dialog.reject()
    settle()
    assert not goods.get(product.id).product.active and names(page) == []
    page.view.state.segments[1].click()
    settle()
    page.view.resume.click()
    settle()
    assert goods.get(product.id).product.active
    goods.set_on_sale(page._actor, product.id, is_on_sale=False)


def test_esc_closes_the_form_before_the_page(page, press, counter):
    press(KEY.Key_F4)
    page.view.form.name.line.setText("반만")
    press(KEY.Key_Escape)
    assert not page.view.has_form and counter.window.current == "products"
    press(KEY.Key_F4)
    assert page.view.form.name.line.text() == ""


def test_what_the_service_refuses_otherwise_stands_above(page, settle, press, monkeypatch):
    def refuse(*_: object) -> None:
        raise UserError(ErrorCode.NOT_PERMITTED)

    monkeypatch.setattr(page._goods, "create", refuse)
    press(KEY.Key_F4)
    fill(page.view.form, "빵", "3200")
    press(KEY.Key_Return)
    assert page.view.has_form and page.view.banner.isVisible()


def test_an_unknown_code_of_a_sale_becomes_a_product(qtbot, counter, page, settle, press, goods):
    """상품 등록 on the red row leads here, with the code; the sale has the product then."""
    counter.window.show_screen("sale")
    sale = counter.screens.page("sale")
    sale.take_scan(UNKNOWN)
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and not sale.is_busy)
    assert sale.view.register.isVisible()
    sale.view.register.click()
    settle()
    assert counter.window.current == "products" and page.view.has_form
    assert [one.code for one in page.view.form.codes.codes]
    fill(page.view.form, "새로 온 빵", "4100")
    page.view.form.name.line.setFocus()
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and not sale.is_busy)
    assert counter.window.current == "sale"
    assert [(one.name, one.line.price) for one in sale.cart.lines] == [("새로 온 빵", 4_100)]
    goods.set_on_sale(page._actor, sale.cart.lines[0].product.id, is_on_sale=False)


def test_whoever_closes_the_form_is_back_at_the_sale(qtbot, counter, page, settle, press):
    counter.window.show_screen("sale")
    sale = counter.screens.page("sale")
    sale.take_scan("NOTHING-HAS-THIS")
    qtbot.waitUntil(lambda: counter.runner.busy == 0 and not sale.is_busy)
    sale.view.register.click()
    settle()
    press(KEY.Key_Escape)
    assert counter.window.current == "sale" and sale.cart.has_codes
