"""Products are made, changed and found at the counter; every refusal leaves them as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.permissions import Permission
from posapp.domain.product_options import Option, OptionGroup
from posapp.domain.products import MOST_PICTURE_BYTES, ProductCode, SaleUnit
from posapp.domain.users import User, UserStatus
from posapp.domain.vat import TaxKind
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.goods.product_service import (
    HIGHEST_PLU,
    HIGHEST_PRICE,
    LONGEST_NAME,
    MOST_OPTIONS,
    MOST_STOCK,
    ProductDraft,
    ProductService,
)
from posapp.store.files.backup import backup
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import Denying
from tests.fakes.actors import WHO

SELLER, OTHER_SELLER, BUYER = 7, 8, 1
GTIN = "8801043014830"
DRAFT = ProductDraft("단팥빵", 2_200, SELLER, codes=((GTIN, 1), ("BOX-1", 12)), stock=30)
PLAIN = replace(DRAFT, codes=())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(tmp_path / "posapp.db")
    with opened.transaction() as uow:
        people = (
            User(SELLER, "박가게", status=UserStatus.SELLER),
            User(OTHER_SELLER, "최상점", status=UserStatus.SELLER),
            User(BUYER, "김"),
        )
        uow.catalogue.add_users(people)
        uow.commit()
    yield opened
    opened.close()


@pytest.fixture
def policy() -> Denying:
    return Denying()


@pytest.fixture
def service(store: SqlStore, policy: Denying) -> ProductService:
    return ProductService(store, AccessControl(policy))


def refusal(act: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as refused:
        act()
    return refused.value


def test_a_product_is_made_found_and_changed(service: ProductService) -> None:
    group = service.add_group(WHO, "추가", [("버터", 500), ("잼", 0)], most=2)
    assert [(one.name, one.price) for one in group.options] == [("버터", 500), ("잼", 0)]
    made = service.create(WHO, replace(DRAFT, group_ids=[group.id], tax=TaxKind.EXEMPT, plu=12))
    product = made.product
    assert (product.name, product.price, product.stock) == ("단팥빵", 2_200, 30)
    assert (product.tax, product.plu, product.is_tracked) == (TaxKind.EXEMPT, 12, True)
    assert made.codes == (ProductCode(f"0{GTIN}"), ProductCode("box-1", 12))
    assert made.groups == (group,)
    assert service.get(product.id) == made
    assert service.find("ㄷㅍㅃ", 5) == (product,) == service.find("box-1", 5)
    changed = service.change(WHO, product.id, replace(PLAIN, name="소금빵", is_on_sale=False), 30)
    assert changed.product == replace(
        product, name="소금빵", active=False, tax=TaxKind.TAXABLE, plu=None
    )
    assert (changed.codes, changed.groups) == ((), ())
    assert service.get(product.id) == changed
    assert service.find("소금빵", 5) == ()


BREAD, CAKE = b"RIFF bread", b"\x89PNG\r\n\x1a\n cake"


def test_a_product_has_one_picture_or_none(store: SqlStore, service: ProductService) -> None:
    made = service.create(WHO, DRAFT).product
    assert made.picture == "" and service.pictures([made.id]) == {}
    with_bread, before = service.set_picture(WHO, made.id, BREAD)
    assert before == b"" and service.get(made.id).product == with_bread
    assert with_bread == replace(made, picture=with_bread.picture)
    with_cake, before = service.set_picture(WHO, made.id, CAKE)
    assert before == BREAD and service.pictures([made.id, 99]) == {made.id: CAKE}
    assert len({"", with_bread.picture, with_cake.picture}) == 3
    again, _ = service.set_picture(WHO, made.id, BREAD)
    assert again == with_bread, "another name only for another picture"
    none, before = service.set_picture(WHO, made.id, b"")
    assert (none, before) == (made, BREAD) and service.pictures([made.id]) == {}
    assert service.get(made.id).product == made
    assert service.set_picture(WHO, made.id, b"") == (made, b"")


def test_a_picture_stays_when_the_product_is_changed(
    store: SqlStore, service: ProductService
) -> None:
    old = service.create(WHO, DRAFT, BREAD)
    assert old == service.get(old.product.id) and old.product.picture
    changed = service.change(WHO, old.product.id, replace(DRAFT, name="소금빵"), 30)
    assert changed.product.picture == old.product.picture
    stale = replace(old.product, picture="", price=Won(9))
    service.set_on_sale(WHO, old.product.id, is_on_sale=False)
    with store.transaction() as uow:
        uow.catalogue.update_products([stale])
        assert uow.orders.product(stale.id) == replace(stale, picture=old.product.picture)
        uow.imports.remove_products([stale.id])
        assert uow.goods.pictures([stale.id]) == {}
        uow.commit()


@pytest.mark.parametrize("content", [b"GIF89a", b"RIFF".ljust(MOST_PICTURE_BYTES + 1)])
def test_what_is_no_picture_is_refused_and_the_old_one_stays(
    service: ProductService, content: bytes
) -> None:
    made = service.create(WHO, DRAFT, BREAD).product
    set_it = lambda: service.set_picture(WHO, made.id, content)  # noqa: E731
    assert refusal(set_it).code is ErrorCode.PICTURE_BROKEN
    assert refusal(lambda: service.create(WHO, PLAIN, content)).code is ErrorCode.PICTURE_BROKEN
    assert service.pictures([made.id]) == {made.id: BREAD}
    assert len(service.find("", 9)) == 1


def test_the_picture_of_another_sellers_product_stays(service: ProductService) -> None:
    made = service.create(WHO, DRAFT, BREAD).product
    other = Actor.seller(OTHER_SELLER)
    act = lambda: service.set_picture(other, made.id, b"")  # noqa: E731
    assert refusal(act).code is ErrorCode.PRODUCT_OF_ANOTHER
    unknown = lambda: service.set_picture(WHO, 99, BREAD)  # noqa: E731
    assert refusal(unknown).code is ErrorCode.PRODUCT_UNKNOWN
    assert service.pictures([made.id]) == {made.id: BREAD}


def test_a_picture_is_in_the_backup(
    store: SqlStore, service: ProductService, tmp_path: Path
) -> None:
    made = service.create(WHO, DRAFT, BREAD).product
    copy = backup(tmp_path / "posapp.db", tmp_path / "copy.db").path
    opened = open_store(copy)
    with opened.snapshot() as uow:
        assert uow.goods.pictures([made.id]) == {made.id: BREAD}
        assert uow.orders.product(made.id) == made
    opened.close()


def test_a_product_that_is_stopped_is_found_by_its_code_alone(
    store: SqlStore, service: ProductService
) -> None:
    made = service.create(WHO, DRAFT)
    stopped = service.set_on_sale(WHO, made.product.id, is_on_sale=False)
    assert stopped == replace(made.product, active=False)
    assert service.get(stopped.id) == replace(made, product=stopped)
    assert service.find("단팥빵", 5) == ()
    with store.snapshot() as uow:
        assert uow.goods.with_code(GTIN) == ((stopped, 1),)
    assert service.set_on_sale(WHO, stopped.id, is_on_sale=True) == made.product


WRONG: list[tuple[dict[str, object], ErrorCode]] = [
    ({"name": ""}, ErrorCode.PRODUCT_NAME),
    ({"name": "\u200b"}, ErrorCode.PRODUCT_NAME),
    ({"name": "가" * (LONGEST_NAME + 1)}, ErrorCode.PRODUCT_NAME),
    ({"price": 0}, ErrorCode.PRODUCT_PRICE),
    ({"price": -1}, ErrorCode.PRODUCT_PRICE),
    ({"price": HIGHEST_PRICE + 1}, ErrorCode.PRODUCT_PRICE),
    ({"stock": -1}, ErrorCode.PRODUCT_STOCK),
    ({"stock": MOST_STOCK + 1}, ErrorCode.PRODUCT_STOCK),
    ({"seller_id": BUYER}, ErrorCode.NOT_A_SELLER),
    ({"seller_id": 99}, ErrorCode.NOT_A_SELLER),
    ({"colour": "red"}, ErrorCode.PRODUCT_COLOUR),
    ({"plu": -1}, ErrorCode.PRODUCT_PLU),
    ({"plu": HIGHEST_PLU + 1}, ErrorCode.PRODUCT_PLU),
    ({"plu": 5}, ErrorCode.PLU_TAKEN),
    ({"parent_id": 99}, ErrorCode.PRODUCT_PARENT),
    ({"codes": (("8801043014831", 1),)}, ErrorCode.CODE_CHECK_DIGIT),
    ({"codes": (("", 1),)}, ErrorCode.CODE_FORM),
    ({"codes": (("free", 0),)}, ErrorCode.PRODUCT_PACK),
    ({"codes": (("free", 1_000),)}, ErrorCode.PRODUCT_PACK),
    ({"codes": (("free", 1), ("FREE", 2))}, ErrorCode.CODE_TAKEN),
    ({"codes": (("taken", 1),)}, ErrorCode.CODE_TAKEN),
    ({"group_ids": (99,)}, ErrorCode.OPTION_UNKNOWN),
]


@pytest.mark.parametrize(("change", "code"), WRONG)
def test_what_is_no_product_is_refused_and_nothing_is_written(
    store: SqlStore, service: ProductService, change: dict, code: ErrorCode
) -> None:
    other = service.create(WHO, replace(PLAIN, codes=(("taken", 1),), plu=5)).product
    kept = service.create(WHO, DRAFT)
    wrong = replace(PLAIN, **change)
    assert refusal(lambda: service.create(WHO, wrong)).code is code
    wrong = replace(DRAFT, **change)
    assert refusal(lambda: service.change(WHO, kept.product.id, wrong, 30)).code is code
    assert service.get(kept.product.id) == kept
    with store.snapshot() as uow:
        there = uow.catalogue.existing_products(range(other.id, other.id + 99))
        assert set(there) == {other.id, kept.product.id}


def test_what_was_sold_while_a_product_was_changed_counts(
    store: SqlStore, service: ProductService
) -> None:
    number = service.create(WHO, PLAIN).product.id
    with store.transaction() as uow:
        uow.orders.take_stock(number, 12)
        uow.commit()
    same = service.change(WHO, number, replace(PLAIN, name="소금빵"), 30)
    assert same.product.stock == 18
    more = service.change(WHO, number, replace(PLAIN, stock=38), 18)
    assert more.product.stock == 38
    assert refusal(lambda: service.change(WHO, number, replace(PLAIN, stock=0), 39)).code is (
        ErrorCode.PRODUCT_STOCK
    )
    assert service.get(number) == more


def test_a_variant_has_a_parent_that_is_none(service: ProductService) -> None:
    parent = service.create(WHO, PLAIN).product
    variant = service.create(WHO, replace(PLAIN, parent_id=parent.id)).product
    assert variant.parent_id == parent.id
    of_variant = replace(PLAIN, parent_id=variant.id)
    assert refusal(lambda: service.create(WHO, of_variant)).code is ErrorCode.PRODUCT_PARENT
    own = replace(PLAIN, parent_id=parent.id)
    assert refusal(lambda: service.change(WHO, parent.id, own, 30)).code is ErrorCode.PRODUCT_PARENT


def test_the_stock_of_weighed_goods_is_not_counted(service: ProductService) -> None:
    rice = service.create(WHO, replace(PLAIN, unit=SaleUnit.WEIGHT)).product
    assert not rice.is_tracked


def test_an_own_code_is_given_once(service: ProductService) -> None:
    one = service.create(WHO, DRAFT).product
    two = service.create(WHO, PLAIN).product
    code = service.add_own_code(WHO, one.id)
    assert code.startswith("20") and len(code) == 13
    assert service.add_own_code(WHO, one.id) == code
    assert len(service.get(one.id).codes) == 3
    assert service.find(code, 1) == (one,)
    other = service.add_own_code(WHO, two.id)
    assert service.find(other, 1) == (two,)
    # The code that a third product would have is another one's already.
    service.change(WHO, two.id, PLAIN, 30)
    service.change(WHO, one.id, replace(PLAIN, codes=((other, 1),)), 30)
    another = service.add_own_code(WHO, two.id)
    assert another not in (code, other)
    assert service.find(another, 1) == (two,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, ErrorCode.PRODUCT_NAME),
        ({"options": [("", 0)]}, ErrorCode.PRODUCT_NAME),
        ({"options": [("샷", -1)]}, ErrorCode.OPTION_PRICE),
        ({"options": [("샷", HIGHEST_PRICE + 1)]}, ErrorCode.OPTION_PRICE),
        ({"options": []}, ErrorCode.OPTION_COUNTS),
        ({"options": [("샷", 1)] * (MOST_OPTIONS + 1)}, ErrorCode.OPTION_COUNTS),
        ({"least": 2}, ErrorCode.OPTION_COUNTS),
        ({"least": -1}, ErrorCode.OPTION_COUNTS),
        ({"most": 0}, ErrorCode.OPTION_COUNTS),
        ({"most": 3}, ErrorCode.OPTION_COUNTS),
    ],
)
def test_what_is_no_group_of_options_is_refused(
    store: SqlStore, service: ProductService, change: dict, code: ErrorCode
) -> None:
    right = {"name": "추가", "options": [("샷", 500), ("연하게", 0)], "least": 0, "most": 1}
    assert refusal(lambda: service.add_group(WHO, **{**right, **change})).code is code
    made = service.add_group(WHO, **right)
    options = (Option(1, "샷", Won(500)), Option(2, "연하게", Won(0)))
    assert made == OptionGroup(1, "추가", 0, 1, options), "nothing was written before"


def acts(service: ProductService, actor: Actor, number: int) -> list[Callable[[], object]]:
    return [
        lambda: service.create(actor, PLAIN),
        lambda: service.change(actor, number, replace(PLAIN, name="바뀐 빵"), 30),
        lambda: service.set_on_sale(actor, number, is_on_sale=False),
        lambda: service.add_own_code(actor, number),
    ]


@pytest.mark.parametrize(
    "actor",
    [Actor.seller(OTHER_SELLER), Actor.parse("staff:3:seller:8"), Actor.buyer(SELLER)],
    ids=str,
)
def test_a_sellers_products_are_no_other_users(service: ProductService, actor: Actor) -> None:
    kept = service.create(WHO, PLAIN)
    for act in acts(service, actor, kept.product.id):
        assert refusal(act).code is ErrorCode.PRODUCT_OF_ANOTHER
    assert service.get(kept.product.id) == kept
    mine = Actor.seller(SELLER)
    given_away = replace(PLAIN, seller_id=OTHER_SELLER)
    assert refusal(lambda: service.change(mine, kept.product.id, given_away, 30)).code is (
        ErrorCode.PRODUCT_OF_ANOTHER
    )
    for act in acts(service, mine, kept.product.id):
        act()


def test_who_acts_for_no_seller_needs_the_right_to_act_for_all(
    service: ProductService, policy: Denying
) -> None:
    kept = service.create(WHO, PLAIN)
    policy.denied = Permission.ACT_FOR_OTHERS
    for act in acts(service, Actor.staff(3), kept.product.id):
        policy.allowed_before = 0
        assert refusal(act).code is ErrorCode.NOT_PERMITTED
    assert service.get(kept.product.id) == kept


def test_an_unknown_product(service: ProductService) -> None:
    for act in (lambda: service.get(5), *acts(service, WHO, 5)[1:]):
        assert refusal(act).code is ErrorCode.PRODUCT_UNKNOWN
