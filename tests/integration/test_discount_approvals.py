"""Discounts above the limit: another person agrees, for as many won, for this cart, and once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Permission, StaffRole
from posapp.domain.refund_limits import RefundLimits, RefundSubject
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.domain.staff_events import StaffEventKind
from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.sale.cart_service import CartService
from posapp.services.sale.cart_view import CartView
from posapp.services.staff.staff_policy import StaffPolicy, StaffRefundGuard
from tests.fakes.till import SELLER
from tests.integration.sale_shop import BREAD, GTIN, LATTE, MILK, RULES, SaleShop, refusal

MANAGER, KIM, PARK, CHOI = 1, 2, 3, 4
"""A manager, a seller and two cashiers."""

PINS = {MANAGER: "905182", KIM: "270936", PARK: "2580", CHOI: "8163"}
WHO = Actor.staff(PARK)


@pytest.fixture
def shop(tmp_path: Path, sandbox, clock) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock, access=StaffPolicy())
    directory, boss = made.staff.directory, Actor.staff(MANAGER)
    directory.set_up(Actor.person(), "점장", PINS[MANAGER])
    made.staff.sign_in.sign_in(MANAGER, PINS[MANAGER])
    directory.add(boss, "김하나", StaffRole.SELLER, PINS[KIM], SELLER)
    directory.add(boss, "박지우", StaffRole.CASHIER, PINS[PARK])
    directory.add(boss, "최도윤", StaffRole.CASHIER, PINS[CHOI])
    made.staff.sign_in.sign_in(PARK, PINS[PARK])
    yield made
    made.close()


@pytest.fixture
def carts(shop: SaleShop) -> CartService:
    shop.cart_service.scan(WHO, GTIN, 10)
    return shop.cart_service


def percent(value: int, reason: str = "") -> Discount:
    return Discount.given(DiscountKind.PERCENT, value, reason)


def amount(won: int) -> Discount:
    return Discount.given(DiscountKind.AMOUNT, won, "")


def subject_of(refused: UserError) -> RefundSubject:
    what, won, reason = (refused.parameters[name] for name in ("what", "amount", "reason"))
    return RefundSubject(str(what), Won(int(won)), str(reason))


def approve(shop: SaleShop, subject: RefundSubject, by: int, *, actor: Actor = WHO) -> None:
    shop.staff.approvals.approve(actor, subject, by, PINS[by])


def given(view: CartView | None) -> int:
    assert view is not None
    return int(view.amounts.given)


@pytest.mark.parametrize("who", [PARK, KIM, MANAGER])
def test_up_to_the_limit_nobody_else_is_needed(carts: CartService, who: int) -> None:
    view = carts.discount_sale(Actor.staff(who), percent(30))
    assert (given(view), view.cart.approved_discount) == (6_600, 0)


@pytest.mark.parametrize("who", [PARK, KIM, MANAGER])
def test_above_it_another_person_is(carts: CartService, who: int) -> None:
    refused = refusal(lambda: carts.discount_sale(Actor.staff(who), percent(31, "단골")))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED
    assert refused.parameters == {"what": "cart:1", "amount": 6_820, "reason": "단골"}
    assert given(carts.read()) == 0


def test_won_count_too(carts: CartService, shop: SaleShop) -> None:
    carts.add(WHO, LATTE, options=[shop.option("차갑게")], count=100)
    assert given(carts.discount_sale(WHO, amount(50_000))) == 50_000
    refused = refusal(lambda: carts.discount_sale(WHO, amount(50_001)))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED


def test_discounts_of_lines_are_counted_together(carts: CartService) -> None:
    carts.add(WHO, MILK, count=2)
    bread, milk = (one.line.id for one in carts.read().lines)
    carts.discount_line(WHO, bread, percent(30))
    carts.discount_line(WHO, milk, percent(30))
    refused = refusal(lambda: carts.discount_sale(WHO, amount(10)))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED


def test_the_discount_of_one_line_is_measured_by_the_line(carts: CartService) -> None:
    milk = carts.add(WHO, MILK).lines[1].line.id
    refused = refusal(lambda: carts.discount_line(WHO, milk, percent(31)))
    assert subject_of(refused).amount == 930
    carts.discount_line(WHO, milk, percent(30))


def test_rounding_in_favour_of_the_buyer_is_nobodys_discount(shop: SaleShop) -> None:
    shop.change(BREAD, price=Won(2_195))
    shop.change(MILK, price=Won(2_195))
    carts = shop.cart_service
    carts.scan(WHO, GTIN)
    carts.add(WHO, MILK)
    for one in carts.read().lines:
        carts.discount_line(WHO, one.line.id, percent(30))
    assert given(carts.read()) == 1_330, "30 percent of 4,390 are 1,317, of which 1,320 are given"


@pytest.mark.parametrize("approver", [KIM, MANAGER])
def test_with_an_approval_it_is_given(carts: CartService, shop: SaleShop, approver: int) -> None:
    refused = refusal(lambda: carts.discount_sale(WHO, percent(50, "단골")))
    approve(shop, subject_of(refused), approver)
    view = carts.discount_sale(WHO, percent(50, "단골"))
    assert given(view) == 11_000
    assert (view.cart.approved_discount, view.cart.approved_by) == (11_000, Actor.staff(approver))
    with shop.store.snapshot() as uow:
        events = [row.entry for row in uow.staff.events(0, 99)]
    (event,) = (one for one in events if one.event is StaffEventKind.APPROVAL_GIVEN)
    assert (event.staff_id, event.detail) == (PARK, "cart:1 11000")


def test_it_is_good_for_as_many_won_and_no_more(carts: CartService, shop: SaleShop) -> None:
    approve(shop, RefundSubject("cart:1", Won(11_000), ""), KIM)
    carts.discount_sale(WHO, percent(50))
    assert given(carts.discount_sale(WHO, percent(40))) == 8_800
    assert given(carts.discount_sale(WHO, percent(50))) == 11_000
    refused = refusal(lambda: carts.discount_sale(WHO, percent(51)))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED
    approve(shop, subject_of(refused), MANAGER)
    assert carts.discount_sale(WHO, percent(51)).cart.approved_by == Actor.staff(MANAGER)


@pytest.mark.parametrize(
    "other",
    [{"what": "cart:2"}, {"amount": Won(10_999)}, {"reason": "다른 이유"}, {"what": "item:1"}],
)
def test_an_approval_is_for_exactly_this(
    carts: CartService, shop: SaleShop, other: dict[str, object]
) -> None:
    approve(shop, replace(RefundSubject("cart:1", Won(11_000), "단골"), **other), KIM)
    refused = refusal(lambda: carts.discount_sale(WHO, percent(50, "단골")))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED


def test_an_approval_is_over_after_two_minutes(carts: CartService, shop: SaleShop) -> None:
    approve(shop, RefundSubject("cart:1", Won(11_000), ""), KIM)
    shop.clock.advance(seconds=121)
    refused = refusal(lambda: carts.discount_sale(WHO, percent(50)))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED


def test_who_may_approve(carts: CartService, shop: SaleShop) -> None:
    subject = RefundSubject("cart:1", Won(11_000), "")
    assert refusal(lambda: approve(shop, subject, CHOI)).code is ErrorCode.APPROVER_WITHOUT_RIGHT
    own = refusal(lambda: approve(shop, subject, PARK))
    assert own.code is ErrorCode.REFUND_OWN_APPROVAL
    named = shop.staff.approvals.approvers(WHO, manager=False, of=Permission.GIVE_DISCOUNT)
    assert [one.name for one in named] == ["점장", "김하나"]
    approve(shop, subject, KIM)
    with shop.store.transaction() as uow:
        uow.staff.save(replace(uow.staff.get(KIM), active=False))
        uow.commit()
    # The approver is looked at again where the discount is given.
    refused = refusal(lambda: carts.discount_sale(WHO, percent(50)))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED


def test_the_own_pin_once_more_is_no_second_person(carts: CartService, shop: SaleShop) -> None:
    shop.staff.sign_in.sign_in(KIM, PINS[KIM])
    subject = RefundSubject("cart:1", Won(11_000), "")
    shop.staff.approvals.confirm(Actor.staff(KIM), subject, PINS[KIM])
    refused = refusal(lambda: carts.discount_sale(Actor.staff(KIM), percent(50)))
    assert refused.code is ErrorCode.APPROVAL_REQUIRED


def test_the_order_asks_again(carts: CartService, shop: SaleShop) -> None:
    """What was within the limit when it was given is above it once the other lines are gone."""
    carts.add(WHO, MILK, count=4)
    milk = carts.read().lines[1].line.id
    carts.discount_sale(WHO, amount(10_000))
    view = carts.remove(WHO, milk)
    assert (given(view), view.amounts.payable) == (10_000, 12_000)
    order = lambda: shop.checkout_service.order(WHO, 12_000)  # noqa: E731
    refused = refusal(order)
    assert refused.code is ErrorCode.APPROVAL_REQUIRED
    assert carts.read() == view
    approve(shop, subject_of(refused), MANAGER)
    made = order()
    assert made.total == 12_000
    with shop.store.snapshot() as uow:
        assert uow.carts.get(view.cart.id).approved_by == Actor.staff(MANAGER)


def test_before_there_is_staff_nobody_is_asked(tmp_path: Path, sandbox, clock) -> None:
    shop = SaleShop(tmp_path, sandbox, clock, access=StaffPolicy())
    try:
        person = Actor.person()
        shop.cart_service.scan(person, GTIN)
        view = shop.cart_service.discount_sale(person, percent(90))
        assert (given(view), view.cart.approved_discount) == (1_980, ZERO)
    finally:
        shop.close()


def test_who_is_not_on_the_staff_gives_none(carts: CartService) -> None:
    refused = refusal(lambda: carts.discount_sale(Actor.person("김"), percent(5)))
    assert refused.code is ErrorCode.NOT_PERMITTED


def test_the_guard_itself_asks_who_it_is(carts: CartService, shop: SaleShop) -> None:
    """Also beside a policy that allows everything."""
    guard = StaffRefundGuard(shop.clock, RefundLimits(), lambda staff_id, seconds: True)
    access = AccessControl(AllowEverything(), guard)
    free = CartService(shop.store, shop.clock, access, RULES)
    assert given(free.discount_sale(Actor.person("김"), percent(30))) == 6_600
    refused = refusal(lambda: free.discount_sale(Actor.person("김"), percent(31)))
    assert refused.code is ErrorCode.NOT_PERMITTED
