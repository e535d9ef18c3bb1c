"""A whole till without its window: real file, real client, real HTTP to a real sandbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from posapp.domain.actors import Actor
from posapp.domain.ledger import CASH_EVENTS
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.domain.refunds import RefundState
from posapp.domain.users import User, UserStatus
from posapp.domain.vat import TaxKind
from posapp.portone.checkout import PortOneCheckout
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.sandbox.receipt_book import CHANNEL as RECEIPT_CHANNEL
from posapp.sandbox.server import Sandbox
from posapp.services.bookkeeping.access_control import AllowEverything
from posapp.services.container import build_container
from posapp.services.ports.access import AccessPolicy
from posapp.services.ports.cash_receipts import IdentityVault, ReceiptIssuer
from posapp.services.ports.checkout import Checkout
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.journal import RefundJournal
from posapp.services.ports.staff import PinHasher
from posapp.services.ports.unit_of_work import Store
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.runtime.periodic_job import Change, PeriodicJob
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import InlineWorkerPool, KeyedWorkerPool
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports
from posapp.services.timings import TIMINGS, SyncTimings
from posapp.store.files.pin_counter import FilePinCounter, pin_counter_path
from posapp.store.open_store import open_store
from posapp.store.search.buyer_search import SqlBuyerSearch
from posapp.store.search.fulfilment_search import SqlFulfilmentSearch
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.search.request_search import SqlRequestSearch
from posapp.system.identity_vault import KeyringVault
from posapp.system.pin_hashing import ArgonPinHasher, HashCost
from tests.fakes.world import FakeClock, FakeIds, FakeSecrets

BUYER, OTHER_BUYER, SELLER, OTHER_SELLER = 1, 2, 7, 8
STOCK = 100
CHEAP = HashCost(8, 1)
"""The least that Argon2 allows: tests hash many PINs."""


@dataclass(frozen=True)
class Timeouts:
    """Timeouts in milliseconds: short, so that a fault that swallows an answer is over soon, and
    long enough for a busy machine."""

    connect_ms: int = 10_000
    read_ms: int = 5_000
    total_ms: int = 10_000


class Till:
    """The container of the program, with a clock that tests move.

    ``through`` and ``around_store`` may wrap gateway and store (a killer, a counter);
    ``gateway`` and ``refund_protocol`` replace the real ones (a simulation, a mutant).
    """

    def __init__(
        self,
        path: Path,
        sandbox: Sandbox,
        clock: FakeClock,
        *,
        ids: FakeIds | None = None,
        make_ids: Callable[[str], FakeIds] = lambda till: FakeIds(),
        config: TillConfig | None = None,
        timeouts: Timeouts | None = None,
        through: Callable[[PaymentGateway], PaymentGateway] = lambda gateway: gateway,
        through_receipts: Callable[[ReceiptIssuer], ReceiptIssuer] = lambda issuer: issuer,
        vault: IdentityVault | None = None,
        receipt_channel: str = RECEIPT_CHANNEL,
        around_store: Callable[[Store], Store] = lambda store: store,
        pool: KeyedWorkerPool | None = None,
        jobs: Sequence[PeriodicJob] = (),
        gateway: PaymentGateway | None = None,
        other_gateways: Sequence[PaymentGateway] = (),
        checkout: Checkout | None = None,
        refund_protocol: type[RefundProtocol] = RefundProtocol,
        journal: RefundJournal | None = None,
        timings: SyncTimings = TIMINGS,
        access: AccessPolicy | None = None,
        pin_hasher: PinHasher | None = None,
    ) -> None:
        self.clock, self.sandbox = clock, sandbox
        self.books = sandbox.books
        self.config = config or TillConfig("하나 베이커리", live=False)
        opened = open_store(path)
        self.store = around_store(opened)
        with self.store.snapshot() as uow:
            self.ids = ids or make_ids(uow.checkpoints.till_code())
        self.client = gateway or gateway_over_http(
            sandbox, clock, timeouts or Timeouts(), receipt_channel
        )
        self.gateway = through(self.client)
        self.wakes = 0
        ports = Ports(
            store=self.store,
            gateway=self.gateway,
            checkout=checkout or PortOneCheckout(self.gateway, clock),
            clock=clock,
            ids=self.ids,
            order_search=SqlOrderSearch(opened),
            request_search=SqlRequestSearch(opened),
            fulfilment_search=SqlFulfilmentSearch(opened),
            buyer_search=SqlBuyerSearch(opened),
            receipt_issuer=through_receipts(self.client.cash_receipts),
            vault=vault or KeyringVault(FakeSecrets()),
            pool=pool or InlineWorkerPool(),
            status_store=SyncStatusStore(),
            pin_hasher=pin_hasher or ArgonPinHasher(FakeSecrets(), CHEAP),
            try_counter=FilePinCounter(pin_counter_path(path)),
            wake=self._wake,
            journal=journal,
            other_gateways=other_gateways,
            access=access or AllowEverything(),
        )
        self.container = build_container(
            ports, self.config, jobs=jobs, timings=timings, refund_protocol=refund_protocol
        )

    def __getattr__(self, name: str) -> Any:
        if name == "container":
            raise AttributeError(name)
        return getattr(self.container, name)

    def _wake(self) -> None:
        self.wakes += 1

    def close(self) -> None:
        self.client.close()
        self.store.close()

    # What a shop has.

    def stock_shop(self, *orders: Order) -> None:
        """Add two buyers, two sellers, the orders, and ``STOCK`` of each of their products."""
        products = {item.product_id: item for order in orders for item in order.items}
        with self.store.transaction() as uow:
            uow.catalogue.add_users(
                [
                    User(BUYER, "김하나", phone="010-0000-0001"),
                    User(OTHER_BUYER, "이두리", phone="010-0000-0002"),
                    User(SELLER, "박가게", status=UserStatus.SELLER),
                    User(OTHER_SELLER, "최상점", status=UserStatus.SELLER),
                ]
            )
            uow.catalogue.add_products(
                [
                    Product(number, item.seller_id, item.name, item.price, STOCK, tax=item.tax)
                    for number, item in products.items()
                ]
            )
            uow.catalogue.add_orders(list(orders))
            uow.commit()

    def order(self, order_id: int) -> Order:
        with self.store.snapshot() as uow:
            order = uow.orders.get(order_id)
        assert order is not None
        return order

    def stock_of(self, product_id: int) -> int:
        with self.store.snapshot() as uow:
            product = uow.orders.product(product_id)
        assert product is not None
        return product.stock

    # Running.

    def work(self, steps: int = 1) -> tuple[Change, ...]:
        """Let the sync engine do what is due."""
        return tuple(change for _ in range(steps) for change in self.sync_engine.step().changes)

    def pass_time(self, seconds: int, *, every: int = 30) -> tuple[Change, ...]:
        """Advance the clock and work after each step of ``every`` seconds."""
        changes: list[Change] = []
        for _ in range(max(1, seconds // every)):
            self.clock.advance(seconds=every)
            changes += self.work(2)
        return tuple(changes)

    def paid_order(self, order_id: int) -> str:
        """Pay an order as a buyer does and return its imp_uid."""
        buyer = self.order(order_id).buyer_id
        progress = self.payment_service.start(Actor.buyer(buyer), order_id)
        payment = self.books.pay(progress.attempt.merchant_uid)
        self.clock.advance(seconds=2)
        self.work(2)
        assert self.order(order_id).is_paid
        return payment.imp_uid

    def explain(self) -> None:
        """Explain every open mismatch, as a person does."""
        for one in self.unresolved_money_service.mismatches():
            self.unresolved_money_service.close_mismatch(
                Actor.seller(SELLER), one.id, "확인함", one.amount
            )

    # Invariants.

    def refund_states(self) -> list[RefundState]:
        with self.store.snapshot() as uow:
            return [one.state for one in uow.refunds.in_states(tuple(RefundState), 10_000)]

    def ledger_balance(self) -> Won:
        """Σ of the ledger's entries about money that PortOne holds, in won."""
        with self.store.snapshot() as uow:
            rows = uow.ledger.rows(0, 100_000)
        return sum((row.entry.amount for row in rows if row.entry.event not in CASH_EVENTS), Won(0))

    def portone_balance(self) -> int:
        """Σ of what PortOne's books hold of this shop, in won."""
        return sum(
            payment.amount - payment.cancel_amount
            for payment in self.books.payments()
            if payment.paid_at
        )

    def check_books(self) -> None:
        """Check that our ledger equals PortOne's books, and that refunds are at most captures."""
        assert self.ledger_balance() == self.portone_balance()
        for payment in self.books.payments():
            assert 0 <= payment.cancel_amount <= payment.amount


def gateway_over_http(
    sandbox: Sandbox, clock: FakeClock, times: Timeouts, receipt_channel: str = RECEIPT_CHANNEL
) -> PortOneGateway:
    """The real client, set up for a sandbox that listens."""
    secrets = FakeSecrets(imp_key=sandbox.imp_key, imp_secret=sandbox.imp_secret)
    settings = GatewaySettings(
        api_base=sandbox.api,
        link_base=sandbox.link_api,
        user_code=sandbox.user_code,
        channel_key=sandbox.channel_key,
        receipt_channel_key=receipt_channel,
        link_hosts=(sandbox.api,),
        connect_ms=times.connect_ms,
        read_ms=times.read_ms,
        total_ms=times.total_ms,
    )
    return PortOneGateway(settings, secrets, clock)


def an_order(
    order_id: int,
    *lines: tuple[int, int],
    buyer: int = BUYER,
    seller: int = SELLER,
    clock: FakeClock | None = None,
) -> Order:
    """An order of (price, count) lines; item ids are order id × 10 + n, products likewise."""
    items = tuple(
        OrderItem(
            order_id * 10 + n,
            order_id,
            buyer,
            seller,
            order_id * 10 + n,
            f"상품 {order_id * 10 + n}",
            Won(price),
            count,
        )
        for n, (price, count) in enumerate(lines or ((5000, 1),))
    )
    at = (clock or FakeClock()).now() - timedelta(hours=1)
    return Order(order_id, buyer, at, items)


def some_exempt(order: Order) -> Order:
    """The order with every third item free of tax."""
    items = (
        replace(item, tax=TaxKind.EXEMPT if item.id % 3 == 0 else TaxKind.TAXABLE)
        for item in order.items
    )
    return replace(order, items=tuple(items))


def with_status(order: Order, status: ItemStatus) -> Order:
    """Return the order with every item in this status."""
    return replace(order, items=tuple(replace(item, status=status) for item in order.items))
