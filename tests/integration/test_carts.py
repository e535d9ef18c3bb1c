"""The cart of the counter: each change is committed, each refusal changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from posapp.domain.carts import MOST_HELD, MOST_LINES, MOST_PIECES, CartState, LineError
from posapp.domain.errors import ErrorCode
from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.product_codes import check_digit
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.services.sale.cart_service import MOST_GRAMS, CartService, ScanKind
from posapp.services.sale.cart_view import CartView, LineProblem
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.actors import WHO
from tests.fakes.till import an_order
from tests.integration.sale_shop import (
    BAG,
    BOX,
    BREAD,
    BUN,
    GTIN,
    LATTE,
    MILK,
    RICE,
    RULES,
    SHARED,
    SaleShop,
    refusal,
)


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock)
    yield made
    made.close()


@pytest.fixture
def carts(shop: SaleShop) -> CartService:
    return shop.cart_service


def amount(won: int, reason: str = "") -> Discount:
    return Discount.given(DiscountKind.AMOUNT, won, reason)


def percent(value: int) -> Discount:
    return Discount.given(DiscountKind.PERCENT, value, "")


def rows(view: CartView | None) -> list[tuple[str, int, int, int]]:
    assert view is not None
    return [(one.name, one.line.price, one.line.count, one.amount) for one in view.lines]


def label(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


# Lines.


def test_a_sale_begins_with_its_first_line(carts: CartService, shop: SaleShop) -> None:
    assert carts.read() is None
    done = carts.scan(WHO, GTIN)
    assert done.kind is ScanKind.ADDED
    assert done.cart == carts.read()
    assert done.cart.cart.opened_by == WHO
    assert done.cart.cart.opened_at == shop.clock.now()
    (line,) = done.cart.lines
    assert done.line_id == line.line.id
    assert rows(done.cart) == [("단팥빵", 2_200, 1, 2_200)]
    assert done.cart.amounts.payable == 2_200


def test_the_pieces_of_scans_add_up(carts: CartService) -> None:
    carts.scan(WHO, GTIN)
    carts.scan(WHO, BOX, 2)
    carts.add(WHO, BREAD, count=3)
    assert rows(carts.read()) == [("단팥빵", 2_200, 28, 61_600)]


def test_a_line_with_a_discount_keeps_its_pieces(carts: CartService) -> None:
    line = carts.scan(WHO, GTIN).line_id
    carts.discount_line(WHO, line, percent(10))
    view = carts.scan(WHO, GTIN).cart
    assert rows(view) == [("단팥빵", 2_200, 1, 1_980), ("단팥빵", 2_200, 1, 2_200)]


def test_options(carts: CartService, shop: SaleShop) -> None:
    cold, shot, mild = map(shop.option, ("차갑게", "샷 추가", "연하게"))
    view = carts.add(WHO, LATTE, options=[mild, cold, shot], count=2)
    assert rows(view) == [("라떼 (차갑게, 샷 추가, 연하게)", 4_500, 2, 9_000)]
    view = carts.add(WHO, LATTE, options=[shot, mild, cold])
    assert rows(view) == [("라떼 (차갑게, 샷 추가, 연하게)", 4_500, 3, 13_500)], "in any order"
    view = carts.add(WHO, LATTE, options=[cold])
    assert [row[:3] for row in rows(view)][1:] == [("라떼 (차갑게)", 4_000, 1)]
    assert refusal(lambda: carts.add(WHO, LATTE)).code is ErrorCode.OPTIONS_FEW
    both = [cold, shop.option("따뜻하게")]
    assert refusal(lambda: carts.add(WHO, LATTE, options=both)).code is ErrorCode.OPTIONS_MANY
    assert refusal(lambda: carts.add(WHO, BREAD, options=[shot])).code is ErrorCode.OPTION_UNKNOWN
    assert carts.read() == view


def test_a_scan_asks_for_options_and_weights(carts: CartService, shop: SaleShop) -> None:
    shop.change(LATTE, barcode="LATTE")
    asked = carts.scan(WHO, "latte", 2)
    assert (asked.kind, asked.product.id, asked.count) == (ScanKind.ASK_OPTIONS, LATTE, 2)
    asked = carts.scan(WHO, "77")
    assert (asked.kind, asked.product.id) == (ScanKind.ASK_WEIGHT, RICE)
    assert carts.read() is None


def test_weights(carts: CartService) -> None:
    view = carts.add(WHO, RICE, grams=532)
    assert rows(view) == [("쌀", 6_860, 1, 6_860)]
    assert view.lines[0].measure == "0.532kg × 12,900원/kg"
    view = carts.add(WHO, RICE, grams=532)
    assert len(view.lines) == 2, "each weighing is a line"
    for grams in (None, 0, -1, MOST_GRAMS + 1):
        assert refusal(lambda g=grams: carts.add(WHO, RICE, grams=g)).code is ErrorCode.CART_WEIGHT
    assert refusal(lambda: carts.add(WHO, BREAD, grams=100)).code is ErrorCode.CART_WEIGHT
    assert refusal(lambda: carts.add(WHO, RICE, grams=100, count=2)).code is ErrorCode.CART_COUNT
    assert carts.read() == view


def test_labels(carts: CartService) -> None:
    priced = carts.scan(WHO, label("211234501298")).cart
    assert rows(priced) == [("단팥빵", 1_298, 1, 1_298)]
    view = carts.scan(WHO, label("220007700532")).cart
    assert [row[:3] for row in rows(view)][1:] == [("쌀", 6_860, 1)]
    assert view.lines[1].measure == "0.532kg × 12,900원/kg"
    assert refusal(lambda: carts.scan(WHO, label("211234501298"), 2)).code is ErrorCode.CART_COUNT
    for one in view.lines:
        changed = refusal(lambda one=one: carts.set_count(WHO, one.line.id, 2))
        assert changed.code is ErrorCode.CART_COUNT
    # A weight makes a total that is rounded down; a label's price alone is as the shop set it.
    assert (priced.amounts.payable, view.amounts.payable, view.amounts.rounding) == (
        *(1_298, 8_150),
        8,
    )


def test_a_code_that_nothing_has_is_an_error_line(carts: CartService, shop: SaleShop) -> None:
    carts.scan(WHO, GTIN)
    done = carts.scan(WHO, "x" * 5_000)
    assert done.kind is ScanKind.ERROR
    (line,) = (one for one in done.cart.lines if one.line.id == done.line_id)
    assert (line.line.error, line.line.code) == (LineError.UNKNOWN_CODE, "x" * 48)
    assert (line.name, line.choices) == ("x" * 48, ())
    assert done.cart.has_codes
    carts.scan(WHO, "9999")
    carts.scan(WHO, "9999")
    view = carts.read()
    assert len(view.lines) == 4, "no scan is lost"
    assert view.amounts.payable == 2_200
    assert refusal(lambda: carts.set_count(WHO, done.line_id, 2)).code is ErrorCode.CART_COUNT
    for number in (done.line_id, *(one.line.id for one in view.lines[2:])):
        view = carts.remove(WHO, number)
    assert not view.has_codes
    assert refusal(lambda: carts.scan(WHO, "\r\n")).code is ErrorCode.CODE_FORM


def test_a_code_becomes_a_product_once_it_has_one(carts: CartService, shop: SaleShop) -> None:
    done = carts.scan(WHO, "9999")
    choose = lambda: carts.choose(WHO, done.line_id, BUN)  # noqa: E731
    assert refusal(choose).code is ErrorCode.PRODUCT_UNKNOWN
    shop.change(BUN, barcode="9999")
    view = choose()
    assert rows(view) == [("소금빵", 2_800, 1, 2_800)]
    assert view.lines[0].line.id == done.line_id
    assert refusal(choose).code is ErrorCode.CART_LINE_UNKNOWN, "it is one already"


def test_two_products_with_one_barcode(carts: CartService, shop: SaleShop) -> None:
    done = carts.scan(WHO, SHARED)
    (line,) = done.cart.lines
    assert line.line.error is LineError.SEVERAL_PRODUCTS
    assert [one.id for one in line.choices] == [MILK, BUN]
    assert refusal(lambda: carts.choose(WHO, done.line_id, BREAD)).code is ErrorCode.PRODUCT_UNKNOWN
    view = carts.choose(WHO, done.line_id, BUN)
    assert rows(view) == [("소금빵", 2_800, 1, 2_800)]
    assert view.lines[0].line.code == SHARED
    shop.change(MILK, active=False)
    assert carts.scan(WHO, SHARED).kind is ScanKind.ADDED, "one of them is sold"


def test_a_choice_asks_for_what_the_product_needs(carts: CartService, shop: SaleShop) -> None:
    shop.change(RICE, barcode="9")
    shop.change(LATTE, barcode="9")
    line = carts.scan(WHO, "9").line_id
    assert refusal(lambda: carts.choose(WHO, line, RICE)).code is ErrorCode.CART_WEIGHT
    assert refusal(lambda: carts.choose(WHO, line, LATTE)).code is ErrorCode.OPTIONS_FEW
    assert rows(carts.choose(WHO, line, RICE, grams=1_000)) == [("쌀", 12_900, 1, 12_900)]
    line = carts.scan(WHO, "9").line_id
    view = carts.choose(WHO, line, LATTE, options=[shop.option("차갑게")])
    assert rows(view)[1] == ("라떼 (차갑게)", 4_000, 1, 4_000)


def test_a_choice_adds_the_pieces_of_its_box(carts: CartService, shop: SaleShop) -> None:
    shop.change(BUN, barcode=BOX)
    line = carts.scan(WHO, BOX).line_id
    assert rows(carts.choose(WHO, line, BREAD)) == [("단팥빵", 2_200, 12, 26_400)]


def test_what_is_not_sold_any_more(carts: CartService, shop: SaleShop) -> None:
    shop.change(BREAD, active=False)
    for act in (lambda: carts.scan(WHO, GTIN), lambda: carts.add(WHO, BREAD)):
        refused = refusal(act)
        assert refused.code is ErrorCode.PRODUCT_NOT_ON_SALE
        assert refused.parameters == {"product": "단팥빵"}
    assert refusal(lambda: carts.add(WHO, 99)).code is ErrorCode.PRODUCT_UNKNOWN
    assert carts.read() is None


def test_a_scan_of_an_order_adds_nothing(carts: CartService, shop: SaleShop) -> None:
    with shop.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(1200)])
        uow.commit()
    done = carts.scan(WHO, "PO1200")
    assert (done.kind, done.order_id, done.cart) == (ScanKind.ORDER, 1200, None)
    assert carts.read() is None


def test_counts(carts: CartService) -> None:
    line = carts.scan(WHO, GTIN, MOST_PIECES).line_id
    assert refusal(lambda: carts.scan(WHO, GTIN)).code is ErrorCode.CART_COUNT
    for count in (0, -1, MOST_PIECES + 1):
        wrong = refusal(lambda n=count: carts.set_count(WHO, line, n))
        assert wrong.code is ErrorCode.CART_COUNT
        assert refusal(lambda n=count: carts.add(WHO, MILK, count=n)).code is ErrorCode.CART_COUNT
    assert rows(carts.read()) == [("단팥빵", 2_200, MOST_PIECES, 2_200 * MOST_PIECES)]
    assert rows(carts.set_count(WHO, line, 2)) == [("단팥빵", 2_200, 2, 4_400)]
    assert refusal(lambda: carts.set_count(WHO, 99, 1)).code is ErrorCode.CART_LINE_UNKNOWN
    assert refusal(lambda: carts.remove(WHO, 99)).code is ErrorCode.CART_LINE_UNKNOWN


def test_a_removed_line_is_restored_as_it_was(carts: CartService, shop: SaleShop) -> None:
    line = carts.scan(WHO, GTIN, 3).line_id
    carts.discount_line(WHO, line, percent(10))
    carts.scan(WHO, "9999")
    bread, unknown = (one.line for one in carts.read().lines)
    for one in (bread, unknown):
        carts.remove(WHO, one.id)
    carts.add(WHO, MILK)
    carts.restore_line(WHO, unknown)
    view = carts.restore_line(WHO, bread)
    assert rows(view) == [("우유", 3_000, 1, 3_000), ("9999", 0, 1, 0), ("단팥빵", 2_200, 3, 5_940)]
    assert [replace(one.line, id=0) for one in view.lines[1:]] == [
        replace(unknown, id=0),
        replace(bread, id=0),
    ]
    # After the cart is over it begins the next one, and its price is compared all the same.
    carts.clear(WHO)
    shop.change(BREAD, price=Won(2_300))
    assert carts.restore_line(WHO, bread).lines[0].problem is LineProblem.PRICE_CHANGED


def test_the_201st_line_is_refused(carts: CartService, shop: SaleShop) -> None:
    for _ in range(MOST_LINES):
        carts.scan(WHO, "9999")
    assert refusal(lambda: carts.scan(WHO, "9999")).code is ErrorCode.CART_FULL
    line = carts.read().lines[0].line
    assert refusal(lambda: carts.restore_line(WHO, line)).code is ErrorCode.CART_FULL
    assert len(carts.read().lines) == MOST_LINES


def test_amounts_that_are_none(carts: CartService, shop: SaleShop) -> None:
    shop.change(BREAD, price=Won(MAX_AMOUNT))
    shop.change(RICE, price=Won(MAX_AMOUNT))
    line = carts.scan(WHO, GTIN).line_id
    kept = carts.read()
    for act in (
        lambda: carts.scan(WHO, GTIN),
        lambda: carts.set_count(WHO, line, 2),
        lambda: carts.add(WHO, MILK),
        lambda: carts.add(WHO, RICE, grams=2_000),
    ):
        assert refusal(act).code is ErrorCode.CART_AMOUNT
    assert carts.read() == kept


# Discounts.


def test_discounts_of_lines_and_of_the_sale(carts: CartService) -> None:
    line = carts.scan(WHO, GTIN, 7).line_id
    carts.add(WHO, MILK, count=3)
    view = carts.discount_line(WHO, line, amount(400, "모양"))
    assert rows(view) == [("단팥빵", 2_200, 7, 15_000), ("우유", 3_000, 3, 9_000)]
    view = carts.discount_sale(WHO, amount(1_000, "단골"))
    assert (view.amounts.given, view.amounts.payable) == (1_400, 23_000)
    assert [one.discount for one in view.lines] == [1_025, 375], "spread by what is left of each"
    assert sum(one.amount for one in view.lines) == view.amounts.payable
    assert view.discount_reason == "단골; 모양"
    assert carts.read() == view
    carts.discount_line(WHO, line, None)
    view = carts.discount_sale(WHO, None)
    assert (view.amounts.given, view.amounts.payable) == (0, 24_400)


@pytest.mark.parametrize("value", [2_201, MAX_AMOUNT + 1, 10**30])
def test_a_discount_above_its_amount_is_refused(carts: CartService, value: int) -> None:
    line = carts.scan(WHO, GTIN).line_id
    kept = carts.read()
    for act in (
        lambda: carts.discount_line(WHO, line, amount(value)),
        lambda: carts.discount_sale(WHO, amount(value)),
    ):
        assert refusal(act).code is ErrorCode.DISCOUNT_ABOVE
    assert carts.read() == kept


def test_what_would_leave_a_discount_above_its_amount(carts: CartService, shop: SaleShop) -> None:
    line = carts.scan(WHO, GTIN, 2).line_id
    milk = carts.add(WHO, MILK).lines[1].line.id
    carts.discount_line(WHO, line, amount(2_300))
    carts.discount_sale(WHO, amount(2_150))
    kept = carts.read()
    assert refusal(lambda: carts.set_count(WHO, line, 1)).code is ErrorCode.DISCOUNT_ABOVE
    assert refusal(lambda: carts.remove(WHO, milk)).code is ErrorCode.DISCOUNT_ABOVE
    shop.change(BREAD, price=Won(1_000))
    assert refusal(lambda: carts.renew_prices(WHO)).code is ErrorCode.DISCOUNT_ABOVE
    assert [one.line for one in carts.read().lines] == [one.line for one in kept.lines]
    carts.clear(WHO)
    assert carts.read() is None


def test_a_shop_that_rounds_otherwise_since(shop: SaleShop) -> None:
    """A discount that it made void is shown, and no cart is lost with it."""
    exact = CartService(shop.store, shop.clock, EVERYTHING, replace(RULES, round_to=1))
    shop.change(BREAD, price=Won(195))
    for _ in range(2):
        exact.discount_line(WHO, exact.scan(WHO, GTIN).line_id, percent(50))
        exact.discount_sale(WHO, amount(97))
        exact.hold(WHO)
    rough = CartService(shop.store, shop.clock, EVERYTHING, replace(RULES, round_to=100))
    one, other = rough.held()
    assert (one.cart.discount, one.amounts.given) == (amount(97), 195)
    rough.drop(WHO, other.cart.id)
    view = rough.take_up(WHO, one.cart.id)
    assert view == rough.read()
    assert refusal(lambda: rough.scan(WHO, SHARED)).code is ErrorCode.DISCOUNT_ABOVE
    assert rough.discount_sale(WHO, None).amounts.payable == 0


def test_only_what_is_sold_has_a_discount(carts: CartService) -> None:
    for act in (
        lambda: carts.discount_sale(WHO, amount(1)),
        lambda: carts.set_note(WHO, "x"),
        lambda: carts.renew_prices(WHO),
        lambda: carts.hold(WHO),
    ):
        assert refusal(act).code is ErrorCode.CART_EMPTY
    line = carts.scan(WHO, "9999").line_id
    assert refusal(lambda: carts.discount_line(WHO, line, amount(1))).code is (
        ErrorCode.CART_LINE_UNKNOWN
    )


# What changed meanwhile.


def test_prices_that_changed_meanwhile(carts: CartService, shop: SaleShop) -> None:
    carts.scan(WHO, GTIN)
    carts.add(WHO, RICE, grams=1_000)
    carts.scan(WHO, label("211234501298"))
    shop.change(BREAD, price=Won(2_500))
    shop.change(RICE, price=Won(13_900))
    view = carts.read()
    assert [(one.problem, one.price_now) for one in view.lines] == [
        (LineProblem.PRICE_CHANGED, 2_500),
        (LineProblem.PRICE_CHANGED, 13_900),
        (LineProblem.NONE, 1_298),
    ]
    assert [row[1] for row in rows(view)] == [2_200, 12_900, 1_298], "as they were added"
    assert [row[1] for row in rows(carts.scan(WHO, GTIN).cart)] == [2_200, 12_900, 1_298, 2_500]
    view = carts.renew_prices(WHO)
    assert [row[1] for row in rows(view)] == [2_500, 13_900, 1_298, 2_500]
    assert view.problems == ()


def test_stock_that_ends_in_the_cart(carts: CartService, shop: SaleShop) -> None:
    carts.add(WHO, MILK, count=3)
    line = carts.read().lines[0].line.id
    carts.discount_line(WHO, line, amount(1))
    view = carts.add(WHO, MILK, count=2)
    assert view.problems == ()
    shop.change(MILK, stock=4)
    assert [one.problem for one in carts.read().lines] == [LineProblem.OUT_OF_STOCK] * 2
    carts.add(WHO, LATTE, options=[shop.option("차갑게")], count=99)
    assert carts.read().lines[2].problem is LineProblem.NONE, "it is not counted"


def test_products_that_go_while_they_are_in_the_cart(carts: CartService, shop: SaleShop) -> None:
    carts.scan(WHO, GTIN)
    carts.add(WHO, MILK)
    carts.add(WHO, LATTE, options=[shop.option("차갑게")])
    shop.change(BREAD, active=False)
    shop.forget(MILK)
    with shop.store.transaction() as uow:
        uow.goods.set_options(LATTE, [])
        uow.commit()
    view = carts.read()
    assert [(one.problem, one.price_now) for one in view.lines] == [
        (LineProblem.NOT_ON_SALE, None),
        (LineProblem.NOT_ON_SALE, None),
        (LineProblem.OPTIONS_CHANGED, None),
    ]
    assert view.amounts.payable == 9_200
    assert len(carts.renew_prices(WHO).problems) == 3
    for one in view.lines:
        carts.remove(WHO, one.line.id)
    assert carts.read().lines == ()


# Note, hold and take up.


def test_a_sale_is_put_on_hold_and_taken_up(carts: CartService, shop: SaleShop) -> None:
    carts.scan(WHO, GTIN)
    first = carts.set_note(WHO, "봉투\n두 장", "  아기 손님 ").cart
    assert first.note == "봉투 두 장"
    carts.hold(WHO)
    assert carts.read() is None
    carts.add(WHO, MILK)
    carts.hold(WHO)
    assert [one.cart.name for one in carts.held()] == ["아기 손님", ""]
    assert [one.amounts.payable for one in carts.held()] == [2_200, 3_000]
    view = carts.take_up(WHO, first.id)
    assert (view.cart.state, view.cart.note) == (CartState.OPEN, "봉투 두 장")
    assert rows(view) == [("단팥빵", 2_200, 1, 2_200)]
    (other,) = carts.held()
    assert refusal(lambda: carts.take_up(WHO, other.cart.id)).code is ErrorCode.CART_OPEN
    assert refusal(lambda: carts.take_up(WHO, first.id)).code is ErrorCode.CART_UNKNOWN
    assert carts.read() == view
    carts.remove(WHO, view.lines[0].line.id)
    assert rows(carts.take_up(WHO, other.cart.id)) == [("우유", 3_000, 1, 3_000)]
    assert carts.held() == ()


def test_a_cleared_sale_is_begun_anew(carts: CartService, shop: SaleShop) -> None:
    carts.scan(WHO, GTIN, 3)
    carts.scan(WHO, "nothing has this")
    carts.discount_sale(WHO, Discount(DiscountKind.PERCENT, 10, "단골"))
    before = carts.set_note(WHO, "봉투", "아기 손님")
    carts.clear(WHO)
    assert carts.read() is None
    again = carts.restore(WHO, before.cart.id)
    assert rows(again) == rows(before) and again.amounts == before.amounts
    assert (again.cart.note, again.cart.name) == ("봉투", "아기 손님")
    assert again.cart.id != before.cart.id
    assert refusal(lambda: carts.restore(WHO, again.cart.id)).code is ErrorCode.CART_UNKNOWN
    assert refusal(lambda: carts.restore(WHO, before.cart.id)).code is ErrorCode.CART_OPEN
    assert carts.read() == again


def test_at_most_fifty_are_on_hold(carts: CartService) -> None:
    for _ in range(MOST_HELD):
        carts.add(WHO, MILK)
        carts.hold(WHO)
    carts.add(WHO, MILK)
    refused = refusal(lambda: carts.hold(WHO))
    assert (refused.code, refused.parameters) == (ErrorCode.CART_HOLDS_FULL, {"most": MOST_HELD})
    carts.drop(WHO, carts.held()[0].cart.id)
    carts.hold(WHO)
    assert len(carts.held()) == MOST_HELD


def test_what_is_dropped_is_over(carts: CartService, shop: SaleShop) -> None:
    carts.add(WHO, MILK)
    carts.hold(WHO)
    (held,) = carts.held()
    carts.drop(WHO, held.cart.id)
    assert refusal(lambda: carts.drop(WHO, held.cart.id)).code is ErrorCode.CART_UNKNOWN
    assert refusal(lambda: carts.take_up(WHO, held.cart.id)).code is ErrorCode.CART_UNKNOWN
    line = carts.add(WHO, BAG).lines[0].line.id
    carts.clear(WHO)
    carts.clear(WHO)
    assert carts.read() is None
    assert refusal(lambda: carts.remove(WHO, line)).code is ErrorCode.CART_LINE_UNKNOWN


def test_a_cart_outlives_the_program(carts: CartService, shop: SaleShop, tmp_path) -> None:
    carts.scan(WHO, GTIN)
    kept = carts.discount_sale(WHO, amount(200, "단골"))
    shop.store.close()
    again = SqlStore(tmp_path / "posapp.db")
    try:
        assert CartService(again, shop.clock, EVERYTHING, RULES).read() == kept
    finally:
        again.close()
