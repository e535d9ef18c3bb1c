"""A whole till without its window: real file, real client, real HTTP to a real sandbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.domain.people import User, UserStatus
from posapp.domain.refunds import RefundState
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.sandbox.server import Sandbox
from posapp.services.chores import Change, Chore
from posapp.services.container import Ports, build_container
from posapp.services.lanes import InlineLanes, Lanes
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.journal import IntentJournal
from posapp.services.ports.store import Store
from posapp.services.refunding import Refunding
from posapp.services.rules import TillRules
from posapp.services.sync_board import Board
from posapp.services.timings import TIMINGS, SyncTimings
from posapp.store.opening import open_store
from posapp.store.queries import SqlOrderSearch
from posapp.store.request_search import SqlRequestSearch
from tests.fakes.world import FakeClock, FakeIds, FakeSecrets

BUYER, OTHER_BUYER, SELLER, OTHER_SELLER = 1, 2, 7, 8
STOCK = 100


@dataclass(frozen=True)
class Timeouts:
    """Milliseconds; short, so that a fault that swallows an answer is over soon, and long enough
    for a machine that is busy with something else."""

    connect_ms: int = 10_000
    read_ms: int = 5_000
    total_ms: int = 10_000


class Till:
    """The container of the program, with a clock that tests move.

    ``through`` and ``around_store`` may put something in between (a killer, a counter);
    ``gateway`` and ``refunding`` stand in for the real ones (a simulation, a twin).
    """

    def __init__(
        self,
        path: Path,
        sandbox: Sandbox,
        clock: FakeClock,
        *,
        ids: FakeIds | None = None,
        make_ids: Callable[[str], FakeIds] = lambda till: FakeIds(),
        rules: TillRules | None = None,
        timeouts: Timeouts | None = None,
        through: Callable[[PaymentGateway], PaymentGateway] = lambda gateway: gateway,
        around_store: Callable[[Store], Store] = lambda store: store,
        lanes: Lanes | None = None,
        chores: Sequence[Chore] = (),
        gateway: PaymentGateway | None = None,
        refunding: type[Refunding] = Refunding,
        journal: IntentJournal | None = None,
        timings: SyncTimings = TIMINGS,
    ) -> None:
        self.clock, self.sandbox = clock, sandbox
        self.books = sandbox.books
        self.rules = rules or TillRules("하나 베이커리", live=False)
        opened = open_store(path)
        self.store = around_store(opened)
        with self.store.reading() as uow:
            self.ids = ids or make_ids(uow.milestones.till_code())
        self.client = gateway or gateway_over_http(sandbox, clock, timeouts or Timeouts())
        self.gateway = through(self.client)
        self.wakes = 0
        ports = Ports(
            store=self.store,
            gateway=self.gateway,
            clock=clock,
            ids=self.ids,
            order_search=SqlOrderSearch(opened),
            request_search=SqlRequestSearch(opened),
            lanes=lanes or InlineLanes(),
            board=Board(),
            wake=self._wake,
            journal=journal,
        )
        self.container = build_container(
            ports, self.rules, chores=chores, timings=timings, refunding=refunding
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
        """Two buyers, two sellers, and the products of the orders, ``STOCK`` of each left."""
        products = {item.product_id: item for order in orders for item in order.items}
        with self.store.writing() as uow:
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
                    Product(number, item.seller_id, item.name, item.price, STOCK)
                    for number, item in products.items()
                ]
            )
            uow.catalogue.add_orders(list(orders))
            uow.commit()

    def order(self, order_id: int) -> Order:
        with self.store.reading() as uow:
            order = uow.orders.get(order_id)
        assert order is not None
        return order

    def stock_of(self, product_id: int) -> int:
        with self.store.reading() as uow:
            product = uow.orders.product(product_id)
        assert product is not None
        return product.stock

    # What goes on.

    def work(self, steps: int = 1) -> tuple[Change, ...]:
        """Let the synchroniser do what is due."""
        return tuple(change for _ in range(steps) for change in self.synchroniser.step().changes)

    def pass_time(self, seconds: int, *, every: int = 30) -> tuple[Change, ...]:
        """Let time go by, working as it does."""
        changes: list[Change] = []
        for _ in range(max(1, seconds // every)):
            self.clock.advance(seconds=every)
            changes += self.work(2)
        return tuple(changes)

    def paid_order(self, order_id: int) -> str:
        """Pay an order as a buyer does and return its imp_uid."""
        buyer = self.order(order_id).buyer_id
        progress = self.paying.start(buyer, order_id)
        payment = self.books.pay(progress.attempt.merchant_uid)
        self.clock.advance(seconds=2)
        self.work(2)
        assert self.order(order_id).is_paid
        return payment.imp_uid

    def explain(self) -> None:
        """Somebody explains every difference that is named."""
        for one in self.open_money.mismatches():
            self.open_money.close_mismatch(one.id, f"seller:{SELLER}", "확인함", one.amount)

    # What must hold.

    def refund_states(self) -> list[RefundState]:
        with self.store.reading() as uow:
            return [one.state for one in uow.refunds.in_states(tuple(RefundState), 10_000)]

    def ledger_balance(self) -> Won:
        """Σ of the ledger, in won."""
        with self.store.reading() as uow:
            return sum((row.entry.amount for row in uow.ledger.rows(0, 100_000)), Won(0))

    def portone_balance(self) -> int:
        """Σ of what PortOne's books hold of this shop, in won."""
        return sum(
            payment.amount - payment.cancel_amount
            for payment in self.books.payments()
            if payment.paid_at
        )

    def check_books(self) -> None:
        """Our ledger = PortOne's books, and never more back than came in."""
        assert self.ledger_balance() == self.portone_balance()
        for payment in self.books.payments():
            assert 0 <= payment.cancel_amount <= payment.amount


def gateway_over_http(sandbox: Sandbox, clock: FakeClock, times: Timeouts) -> PortOneGateway:
    """The real client, set up for a sandbox that listens."""
    secrets = FakeSecrets(imp_key=sandbox.imp_key, imp_secret=sandbox.imp_secret)
    settings = GatewaySettings(
        api_base=sandbox.api,
        link_base=sandbox.link_api,
        user_code=sandbox.user_code,
        channel_key=sandbox.channel_key,
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


def with_status(order: Order, status: ItemStatus) -> Order:
    """The same order with every item in another status."""
    return replace(order, items=tuple(replace(item, status=status) for item in order.items))
