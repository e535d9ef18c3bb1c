"""The demo shop: PortOne's sandbox inside the program, and a shop with past sales.

Needs no account, server or keyring: the sandbox makes its own keys, which are valid until the
program ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from posapp.app.command_access import COMMAND_ACCESS
from posapp.app.container import open_container
from posapp.app.demo_sandbox import sandbox_secrets, sandbox_settings, start_sandbox
from posapp.app.shop_config import Shop, till_config_of
from posapp.domain.actors import TILL
from posapp.domain.modes import Mode
from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.product_options import Option, OptionGroup
from posapp.domain.products import ProductCode, SaleUnit
from posapp.domain.seals import DEMO_KEY
from posapp.domain.vat import TaxKind
from posapp.sandbox import Cancellation, Payment, Sandbox, Status
from posapp.sandbox.records import Buyer
from posapp.services.container import Container
from posapp.services.importing import ImportService, SeedPayment, seed_payments
from posapp.services.ports.record_ids import RecordKind
from posapp.services.ports.system import Clock, IdGeneratorFactory
from posapp.services.reconciliation.payment_pages import read_pages
from posapp.ui.core.resources import resource

WINDOW = timedelta(days=89)
"""Window of the list that confirms the demo's past sales; all of them are younger. The till later
reads by its number any payment that the list does not contain."""

FAVOURITES = (11, 12, 21, 22)
"""Products of the demo shop that come first on the sale page."""

OPTIONS = (
    OptionGroup(0, "온도", 1, 1, (Option(0, "따뜻하게"), Option(0, "차갑게"))),
    OptionGroup(0, "추가", 0, 2, (Option(0, "샷 추가", Won(500)), Option(0, "시럽", Won(300)))),
)
_EXEMPT, _WEIGHT = TaxKind.EXEMPT, SaleUnit.WEIGHT
WEIGHED = {"category": "곡물·과일", "tax": _EXEMPT, "unit": _WEIGHT, "is_tracked": False}
GOODS: Mapping[Product, tuple[ProductCode, ...]] = {
    Product(0, 3, "햇사과", Won(6_900), 0, plu=101, **WEIGHED): (),  # type: ignore[arg-type]
    Product(0, 3, "쌀 (백미)", Won(4_500), 0, plu=102, **WEIGHED): (),  # type: ignore[arg-type]
    Product(0, 3, "달걀 10구", Won(4_200), 40, category="식품", tax=_EXEMPT): (
        ProductCode("08801000001026"),
    ),
    Product(0, 3, "생수 500ml", Won(900), 240, category="식품"): (
        ProductCode("08801000001019"),
        ProductCode("08801000001033", 20),
    ),
}
"""What the demo shop's file has none of, with their codes: goods that are weighed, exempt from tax,
or have a code of a bottle and of a box of 20."""

PICTURES_OF_GOODS = ("apple", "rice", "eggs", "water")
"""Pictures of ``GOODS``; those of the file's products have their ids."""

WITH_OPTIONS = 12
"""카페라떼, which asks for one of the first group."""

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Demo:
    """A till and its sandbox."""

    container: Container
    sandbox: Sandbox

    def close(self) -> None:
        """Close the till first: it may still have calls to the sandbox."""
        self.container.close()
        self.sandbox.stop()


def open_demo(shop: Shop, clock: Clock, ids: IdGeneratorFactory, wake: Callable[[], None]) -> Demo:
    """Start the sandbox, open the demo shop's database, and give both the same past sales.

    A demo shop that is opened again keeps its state: known orders are unchanged.

    Raises:
        EnvironmentProblem: the database, the disk, or the sandbox's stored books cannot be read.
    """
    sandbox = start_sandbox(shop)
    settings, secrets = sandbox_settings(shop, sandbox), sandbox_secrets(sandbox)
    config = replace(till_config_of(shop.settings), live=False, practice=True)
    try:
        container = open_container(
            shop.home.database,
            settings,
            config,
            secrets,
            clock,
            ids,
            wake,
            mode=Mode.DEMO,
            pin_secrets=secrets,
            seal=DEMO_KEY,
            shop=shop,
        )
    except BaseException:
        sandbox.stop()
        raise
    demo = Demo(container, sandbox)
    try:
        _seed_demo_data(demo, clock)
    except BaseException:
        demo.close()
        raise
    return demo


def _seed_demo_data(demo: Demo, clock: Clock) -> None:
    """Give till and sandbox the same sales. Imported payments count only once the sandbox shows
    them, as for any file. Here the sandbox's list confirms them at once, because the books are this
    program's own."""
    importing = ImportService(demo.container.store, clock, COMMAND_ACCESS, sellers=True)
    batch = importing.read(resource("demo", "shop.json"), shift_to=clock.now())
    importing.apply(TILL, batch)
    _seed_goods(demo)
    waiting = {claim.imp_uid for claim in demo.container.claim_verification.waiting()}
    if waiting:
        past = (one for one in seed_payments(batch) if one.imp_uid in waiting)
        demo.sandbox.books.take_over(_to_sandbox_payment(one) for one in past)
        now = clock.now()
        shown = {
            one.imp_uid: one
            for page in read_pages(demo.container.gateway, now - WINDOW, now + A_MINUTE)
            for one in page.payments
        }
        demo.container.claim_verification.resolve(shown)


def _seed_goods(demo: Demo) -> None:
    """Give the shop favourites, options, goods of other kinds, and pictures, once."""
    with demo.container.store.transaction() as uow:
        known = [uow.orders.product(number) for number in FAVOURITES]
        shop = [product for product in known if product is not None]
        if len(shop) < len(FAVOURITES) or uow.goods.options_of(WITH_OPTIONS):
            return
        uow.catalogue.update_products([replace(product, is_favourite=True) for product in shop])
        groups = [uow.goods.add_group(group).id for group in OPTIONS]
        uow.goods.set_options(WITH_OPTIONS, groups)
        pictures = {path.stem: path for path in resource("demo", "pictures").glob("*.webp")}
        for (one, codes), picture in zip(GOODS.items(), PICTURES_OF_GOODS, strict=True):
            made = replace(one, id=uow.record_ids.next(RecordKind.PRODUCT))
            uow.catalogue.add_products([made])
            uow.goods.set_codes(made.id, codes)
            uow.goods.set_picture(made.id, pictures.pop(picture).read_bytes())
        for name, path in pictures.items():
            uow.goods.set_picture(int(name), path.read_bytes())
        uow.commit()


def _to_sandbox_payment(paid: SeedPayment) -> Payment:
    paid_at = int(paid.paid_at.timestamp())
    cancellations = tuple(
        Cancellation(
            amount=int(line.amount),
            cancelled_at=int(line.cancelled_at.timestamp()),
            reason=line.reason,
            cancellation_id=line.cancellation_id,
            pg_tid=f"T{paid.imp_uid}",
        )
        for line in paid.cancellations
    )
    gone = sum(line.amount for line in cancellations)
    return Payment(
        imp_uid=paid.imp_uid,
        merchant_uid=paid.merchant_uid,
        name=paid.name,
        amount=int(paid.amount),
        started_at=paid_at,
        sequence=0,
        status=Status.CANCELLED if gone == paid.amount else Status.PAID,
        sandbox=paid.sandbox,
        pg_tid=f"T{paid.imp_uid}",
        buyer=Buyer(name=paid.buyer_name, tel=paid.buyer_phone),
        paid_at=paid_at,
        updated_at=paid_at,
        cancellations=cancellations,
    )
