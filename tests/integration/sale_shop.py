"""A small shop that sells at its counter, for the tests of carts and their orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.cash_receipts import ReceiptRules
from posapp.domain.errors import UserError
from posapp.domain.label_patterns import parse_patterns
from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.product_options import Option, OptionGroup
from posapp.domain.products import ProductCode, SaleUnit
from posapp.domain.sale_rules import SaleRules
from posapp.domain.vat import KakaoPayTax, TaxKind
from posapp.sandbox.server import Sandbox
from posapp.services.till_config import TillConfig
from tests.fakes.actors import WHO
from tests.fakes.till import OTHER_SELLER, SELLER, Till
from tests.fakes.world import NumberedIds

BREAD, RICE, LATTE, BAG, MILK, BUN = 501, 502, 503, 504, 505, 506
GTIN, SHARED, BOX = "8801043014830", "SAME", "BOX-1"
FLOAT = 100_000
"""준비금 of a shift in won."""

RULES = SaleRules(labels=parse_patterns(["21PPPPPVVVVVC", "22PPPPPWWWWWC"]))
PRODUCTS = (
    Product(BREAD, SELLER, "단팥빵", Won(2_200), 30, plu=12345),
    Product(
        *(RICE, OTHER_SELLER, "쌀", Won(12_900), 0),
        tax=TaxKind.EXEMPT, unit=SaleUnit.WEIGHT, is_tracked=False, plu=77,
    ),
    Product(LATTE, SELLER, "라떼", Won(4_000), 0, is_tracked=False),
    Product(BAG, SELLER, "봉투", Won(0), 100),
    Product(MILK, SELLER, "우유", Won(3_000), 5, barcode=SHARED),
    Product(BUN, SELLER, "소금빵", Won(2_800), 5, barcode=SHARED),
)  # fmt: skip


class SaleShop(Till):
    """A till with products: bread with codes, weighed rice, latte with options, and two products
    of one barcode.

    Attributes:
        groups: of the latte: one of two temperatures, and up to two extras.
    """

    def __init__(self, folder: Path, sandbox: Sandbox, clock, **given) -> None:
        self._given = (folder, sandbox, clock, dict(given))
        config = TillConfig(
            "하나 베이커리",
            live=False,
            sale=given.pop("sale", RULES),
            kakaopay_tax=given.pop("kakaopay_tax", KakaoPayTax.TAXABLE),
            receipts=given.pop("receipts", ReceiptRules()),
        )
        super().__init__(folder / "posapp.db", sandbox, clock, config=config, **given)
        with self.store.snapshot() as uow:
            is_there = uow.orders.product(BREAD) is not None
        if not is_there:
            self._fill()

    def _fill(self) -> None:
        self.stock_shop()
        heat = OptionGroup(0, "온도", 1, 1, (Option(0, "따뜻하게"), Option(0, "차갑게")))
        extra = OptionGroup(0, "추가", 0, 2, (Option(0, "샷 추가", Won(500)), Option(0, "연하게")))
        with self.store.transaction() as uow:
            uow.catalogue.add_products(PRODUCTS)
            uow.goods.set_codes(BREAD, [ProductCode(f"0{GTIN}"), ProductCode("box-1", 12)])
            self.groups = tuple(uow.goods.add_group(one) for one in (heat, extra))
            uow.goods.set_options(LATTE, [one.id for one in self.groups])
            uow.commit()

    def again(self) -> SaleShop:
        """Start the program once more, on the file as it is."""
        folder, sandbox, clock, given = self._given
        return SaleShop(folder, sandbox, clock, **given)

    def option(self, name: str) -> int:
        (number,) = (o.id for group in self.groups for o in group.options if o.name == name)
        return number

    def change(self, product_id: int, **fields: object) -> None:
        """Change a product behind the cart's back."""
        with self.store.transaction() as uow:
            product = uow.orders.product(product_id)
            uow.catalogue.update_products([replace(product, **fields)])
            uow.commit()

    def forget(self, product_id: int) -> None:
        """Delete a product, as taking back an import does."""
        with self.store.transaction() as uow:
            uow.connection.exec_driver_sql("DELETE FROM products WHERE id = ?", (product_id,))
            uow.commit()

    def order_count(self) -> int:
        with self.store.snapshot() as uow:
            return len(uow.orders.newest(1_000))


@contextmanager
def shop_with_drawer(folder: Path, sandbox: Sandbox, clock) -> Iterator[SaleShop]:
    """Open a shop whose shift is open, with ``FLOAT`` in the drawer."""
    made = SaleShop(folder, sandbox, clock, make_ids=NumberedIds)
    made.shift_service.open_shift(WHO, FLOAT)
    yield made
    made.close()


def expected(shop: SaleShop) -> int:
    """Return what is expected in the drawer, in won."""
    view = shop.shift_service.read()
    assert view is not None
    return int(view.expected)


def drawer(shop: SaleShop) -> int:
    """Return what is expected in the drawer beyond its float, in won."""
    return expected(shop) - FLOAT


def refusal(act: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as refused:
        act()
    return refused.value
